import type { EntityManager } from 'typeorm';
import type {
  Favourite,
  FavouriteDevice,
  FavouriteLists,
  FavouriteRepository,
} from '../../../application/booking/ports.js';
import type { Instant } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { favouriteSchema, type FavouriteRow } from './schemas.js';

const toFavourite = ({ deviceSnapshot, ...row }: FavouriteRow): Favourite => ({
  ...row,
  devices: JSON.parse(deviceSnapshot) as FavouriteDevice[],
});

export class TypeormFavourites implements FavouriteRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  get #rows() {
    return this.#manager.getRepository(favouriteSchema);
  }

  async find(id: number): Promise<Favourite | null> {
    const row = await this.#rows.findOneBy({ id });
    return row && toFavourite(row);
  }

  async save(
    { userId, groupId, name, devices }: Pick<Favourite, 'userId' | 'groupId' | 'name' | 'devices'>,
    at: Instant,
  ): Promise<Favourite> {
    // In one statement: two who save at once and only then find that there is one already would wait in a circle.
    await this.#rows
      .createQueryBuilder()
      .insert()
      .values({ userId, groupId, name, deviceSnapshot: JSON.stringify(devices), createdAt: at, updatedAt: at })
      .orUpdate(['name', 'device_snapshot', 'updated_at'], ['user_id', 'group_id'])
      .updateEntity(false)
      .execute();
    return toFavourite(await this.#rows.findOneByOrFail({ userId, groupId }));
  }

  async rename(id: number, name: string, at: Instant): Promise<void> {
    await this.#rows.update({ id }, { name, updatedAt: at });
  }

  async remove(id: number): Promise<void> {
    await this.#rows.delete({ id });
  }
}

export class TypeormFavouriteLists implements FavouriteLists {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async ofUser(userId: number): Promise<Favourite[]> {
    const rows = await this.#database.read((manager) =>
      manager.getRepository(favouriteSchema).find({ where: { userId }, order: { id: 'ASC' } }),
    );
    return rows.map(toFavourite);
  }
}

import type { EntityManager } from 'typeorm';
import type {
  Favourite,
  FavouriteDevice,
  FavouriteLists,
  FavouriteRepository,
} from '../../../application/booking/ports.js';
import type { Instant } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { isDuplicate } from '../sql.js';
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
    const content = { name, deviceSnapshot: JSON.stringify(devices), updatedAt: at };
    try {
      await this.#rows.insert({ userId, groupId, ...content, createdAt: at });
    } catch (error) {
      // There is one already, perhaps since a moment ago.
      if (!isDuplicate(error)) throw error;
      await this.#rows.update({ userId, groupId }, content);
    }
    return toFavourite(await this.#rows.findOneByOrFail({ userId, groupId }));
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

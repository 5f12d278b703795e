import type { EntityManager, EntitySchema, ObjectLiteral } from 'typeorm';
import {
  invalid,
  nameKey,
  type DeviceType,
  type Instant,
  type Manufacturer,
  type Site,
  type Tag,
} from '../../../domain/index.js';
import type {
  Catalogue,
  CatalogueListings,
  CatalogueStores,
  Dated,
  Named,
  NewNamed,
} from '../../../application/inventory/ports.js';
import type { Database } from '../database.js';
import { isDuplicate, isMysql, rowsOf } from '../sql.js';
import {
  deviceTypeSchema,
  manufacturerSchema,
  siteSchema,
  tagSchema,
  type DeviceTypeRow,
  type ManufacturerRow,
  type NamedRow,
  type SiteRow,
  type TagRow,
} from './schemas.js';

/** A catalogue over one table of named rows. */
class TypeormCatalogue<
  Row extends NamedRow & ObjectLiteral,
  Entry extends Named,
  NewEntry extends NewNamed,
> implements Catalogue<Entry, NewEntry> {
  readonly #manager: EntityManager;
  readonly #schema: EntitySchema<Row>;
  readonly #title: string;
  readonly #toEntry: (row: Row) => Entry;

  constructor(manager: EntityManager, schema: EntitySchema<Row>, title: string, toEntry: (row: Row) => Entry) {
    this.#manager = manager;
    this.#schema = schema;
    this.#title = title;
    this.#toEntry = toEntry;
  }

  async all(): Promise<Entry[]> {
    const rows = await this.#manager
      .getRepository(this.#schema)
      .createQueryBuilder('entry')
      .orderBy('entry.nameKey')
      .getMany();
    return rows.map(this.#toEntry);
  }

  named(name: string): Promise<Entry | null> {
    return this.#one('entry.nameKey = :key', { key: nameKey(name) });
  }

  async claim(id: number): Promise<Entry | null> {
    if (isMysql(this.#manager)) {
      const { tableName } = this.#schema.options;
      await rowsOf(this.#manager, `SELECT id FROM ${tableName ?? ''} WHERE id = ? FOR UPDATE`, [id]);
    }
    return this.#one('entry.id = :id', { id });
  }

  async add(entry: NewEntry, at: Instant): Promise<Entry> {
    const row = { ...entry, nameKey: nameKey(entry.name), createdAt: at, updatedAt: at };
    return this.#refusingDuplicate(entry, async () => {
      const { identifiers } = await this.#manager
        .createQueryBuilder()
        .insert()
        .into(this.#schema)
        .values(row as never)
        .execute();
      return this.#toEntry({ ...row, id: Number(identifiers[0]?.id) } as unknown as Row);
    });
  }

  async update(id: number, entry: NewEntry, at: Instant): Promise<void> {
    const row = { ...entry, nameKey: nameKey(entry.name), updatedAt: at };
    await this.#refusingDuplicate(entry, () =>
      this.#manager
        .createQueryBuilder()
        .update(this.#schema)
        .set(row as never)
        .where('id = :id', { id })
        .execute(),
    );
  }

  async remove(id: number): Promise<void> {
    await this.#manager.createQueryBuilder().delete().from(this.#schema).where('id = :id', { id }).execute();
  }

  async #one(where: string, parameters: ObjectLiteral): Promise<Entry | null> {
    const row = await this.#manager
      .getRepository(this.#schema)
      .createQueryBuilder('entry')
      .where(where, parameters)
      .getOne();
    return row && this.#toEntry(row);
  }

  async #refusingDuplicate<T>({ name }: NewNamed, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw invalid('catalogue.duplicate-name', `${this.#title} with name '${name}' already exists`);
    }
  }
}

const toDeviceType = (row: DeviceTypeRow): Dated<DeviceType> => {
  const { id, name, category, description, schedulable, hasPorts, createdAt, updatedAt } = row;
  return { id, name, category, description, schedulable, hasPorts, createdAt, updatedAt };
};

// A row that was just written lacks what was left out.
const toManufacturer = (row: Partial<ManufacturerRow> & NamedRow): Dated<Manufacturer> => {
  const { id, name, website = null, notes = null, createdAt, updatedAt } = row;
  return { id, name, website, notes, createdAt, updatedAt };
};

const toSite = (row: Partial<SiteRow> & NamedRow): Dated<Site> => {
  const { id, name, address = null, notes = null, createdAt, updatedAt } = row;
  return { id, name, address, notes, createdAt, updatedAt };
};

export const toTag = (row: Partial<TagRow> & NamedRow): Dated<Tag> => {
  const { id, name, description = null, color = null, createdAt, updatedAt } = row;
  return { id, name, description, color, createdAt, updatedAt };
};

/** The catalogues of one transaction. */
export const typeormCatalogues = (manager: EntityManager): CatalogueStores => ({
  deviceTypes: new TypeormCatalogue(manager, deviceTypeSchema, 'Device type', toDeviceType),
  manufacturers: new TypeormCatalogue(manager, manufacturerSchema, 'Manufacturer', toManufacturer),
  sites: new TypeormCatalogue(manager, siteSchema, 'Site', toSite),
  tags: new TypeormCatalogue(manager, tagSchema, 'Tag', toTag),
});

export class TypeormCatalogueListings implements CatalogueListings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  deviceTypes(): Promise<Dated<DeviceType>[]> {
    return this.#database.read((manager) => typeormCatalogues(manager).deviceTypes.all());
  }

  manufacturers(): Promise<Dated<Manufacturer>[]> {
    return this.#database.read((manager) => typeormCatalogues(manager).manufacturers.all());
  }

  sites(): Promise<Dated<Site>[]> {
    return this.#database.read((manager) => typeormCatalogues(manager).sites.all());
  }

  tags(): Promise<Dated<Tag>[]> {
    return this.#database.read((manager) => typeormCatalogues(manager).tags.all());
  }
}

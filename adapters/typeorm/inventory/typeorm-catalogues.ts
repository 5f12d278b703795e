import type { EntityManager, EntitySchema, ObjectLiteral } from 'typeorm';
import { invalid, nameKey, type DeviceType, type Instant } from '../../../domain/index.js';
import type { Catalogue, Named, NewDeviceType, NewNamed } from '../../../application/inventory/ports.js';
import { isDuplicate } from '../sql.js';
import {
  deviceTypeSchema,
  manufacturerSchema,
  siteSchema,
  tagSchema,
  type DeviceTypeRow,
  type NamedRow,
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

  async named(name: string): Promise<Entry | null> {
    const row = await this.#manager
      .getRepository(this.#schema)
      .createQueryBuilder('entry')
      .where('entry.nameKey = :key', { key: nameKey(name) })
      .getOne();
    return row && this.#toEntry(row);
  }

  async add(entry: NewEntry, at: Instant): Promise<Entry> {
    const row = { ...entry, nameKey: nameKey(entry.name), createdAt: at, updatedAt: at };
    try {
      const { identifiers } = await this.#manager
        .createQueryBuilder()
        .insert()
        .into(this.#schema)
        .values(row as never)
        .execute();
      return this.#toEntry({ ...row, id: Number(identifiers[0]?.id) } as unknown as Row);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw invalid('catalogue.duplicate-name', `${this.#title} with name '${entry.name}' already exists`);
    }
  }
}

const toNamed = ({ id, name }: NamedRow): Named => ({ id, name });

const toDeviceType = ({ id, name, category, description, schedulable, hasPorts }: DeviceTypeRow): DeviceType => ({
  id,
  name,
  category,
  description,
  schedulable,
  hasPorts,
});

/** The catalogues of one transaction. */
export const typeormCatalogues = (
  manager: EntityManager,
): {
  deviceTypes: Catalogue<DeviceType, NewDeviceType>;
  manufacturers: Catalogue<Named, NewNamed>;
  sites: Catalogue<Named, NewNamed>;
  tags: Catalogue<Named, NewNamed>;
} => ({
  deviceTypes: new TypeormCatalogue(manager, deviceTypeSchema, 'Device type', toDeviceType),
  manufacturers: new TypeormCatalogue(manager, manufacturerSchema, 'Manufacturer', toNamed),
  sites: new TypeormCatalogue(manager, siteSchema, 'Site', toNamed),
  tags: new TypeormCatalogue(manager, tagSchema, 'Tag', toNamed),
});

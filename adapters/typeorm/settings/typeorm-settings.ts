import type { EntityManager } from 'typeorm';
import type { KeptSetting, SettingsReader, SettingsRepository } from '../../../application/settings/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';
import { settingSchema, type SettingRow } from './schemas.js';

const all = async (manager: EntityManager): Promise<KeptSetting[]> => {
  const rows = await rowsOf<SettingRow>(
    manager,
    'SELECT name, value, changed_at AS changedAt, changed_by AS changedBy FROM settings ORDER BY name',
  );
  return rows.map(({ name, value, ...change }) => ({ key: name, value: JSON.parse(value) as unknown, ...change }));
};

export class TypeormSettings implements SettingsRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  all(): Promise<KeptSetting[]> {
    return all(this.#manager);
  }

  async save({ key, value, ...change }: KeptSetting): Promise<void> {
    const row = { name: key, value: JSON.stringify(value), ...change };
    await this.#manager.getRepository(settingSchema).upsert(row, ['name']);
  }

  async remove(key: string): Promise<void> {
    await this.#manager.getRepository(settingSchema).delete({ name: key });
  }
}

export class TypeormSettingsReader implements SettingsReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): Promise<KeptSetting[]> {
    return this.#database.read(all);
  }
}

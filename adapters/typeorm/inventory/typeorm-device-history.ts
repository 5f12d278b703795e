import type { EntityManager } from 'typeorm';
import type { DeviceHistory, HistoryEntry, HistoryListings, Page } from '../../../application/inventory/ports.js';
import type { DeviceChange } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';
import { changedFieldSchema, deviceChangeSchema } from './schemas.js';

const WITHOUT_FIELDS = [{ field: null, before: null, after: null }];

export class TypeormDeviceHistory implements DeviceHistory {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async add({ fields, metadata, ...change }: DeviceChange): Promise<void> {
    const row = { ...change, metadata: metadata && JSON.stringify(metadata) };
    const { identifiers } = await this.#manager.getRepository(deviceChangeSchema).insert(row);
    const changeId = Number(identifiers[0]?.id);
    await this.#manager
      .createQueryBuilder()
      .insert()
      .into(changedFieldSchema)
      .values(
        (fields.length > 0 ? fields : WITHOUT_FIELDS).map(({ field, before, after }) => ({
          ...{ changeId, fieldName: field, oldValue: before, newValue: after },
        })),
      )
      .updateEntity(false)
      .execute();
  }
}

type EntryRow = Omit<HistoryEntry, 'metadata'> & { readonly metadata: string | null };

export class TypeormHistoryListings implements HistoryListings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async ofDevice(deviceId: number, { limit, offset }: Page): Promise<HistoryEntry[]> {
    const rows = await this.#database.read((manager) =>
      rowsOf<EntryRow>(
        manager,
        `SELECT fields.id AS id, changes.id AS changeId, changes.device_id AS deviceId,
                changes.device_name AS deviceName, changes.action AS action, changes.at AS at,
                changes.actor_id AS actorId, changes.actor_name AS actorName, changes.notes AS notes,
                changes.metadata AS metadata, fields.field_name AS field, fields.old_value AS \`before\`,
                fields.new_value AS \`after\`
           FROM device_changes changes JOIN device_change_fields fields ON fields.change_id = changes.id
          WHERE changes.device_id = ?
          ORDER BY changes.id DESC, fields.id LIMIT ? OFFSET ?`,
        [deviceId, limit, offset],
      ),
    );
    return rows.map(({ metadata, ...row }) => ({
      ...row,
      metadata: metadata === null ? null : (JSON.parse(metadata) as Record<string, unknown>),
    }));
  }
}

import type { EntityManager } from 'typeorm';
import type { Dated, DeviceTags } from '../../../application/inventory/ports.js';
import type { Tag } from '../../../domain/index.js';
import { marks, rowsOf } from '../sql.js';
import { deviceTagSchema, type TagRow } from './schemas.js';
import { toTag } from './typeorm-catalogues.js';

/** The tags of some devices, each with the device that has it; of all devices when none are named. By name. */
export const tagRows = (
  manager: EntityManager,
  deviceIds: readonly number[] | null,
): Promise<(TagRow & { readonly deviceId: number })[]> =>
  rowsOf(
    manager,
    `SELECT device_tags.device_id AS deviceId, tags.id AS id, tags.name AS name, tags.name_key AS nameKey,
            tags.description AS description, tags.color AS color, tags.created_at AS createdAt,
            tags.updated_at AS updatedAt
       FROM device_tags JOIN tags ON tags.id = device_tags.tag_id
      ${deviceIds ? `WHERE device_tags.device_id IN (${marks(deviceIds)})` : ''}
      ORDER BY tags.name_key`,
    deviceIds ?? [],
  );

export class TypeormDeviceTags implements DeviceTags {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async all(): Promise<Map<number, string[]>> {
    const rows = await rowsOf<{ deviceId: number; name: string }>(
      this.#manager,
      `SELECT device_tags.device_id AS deviceId, tags.name AS name
         FROM device_tags JOIN tags ON tags.id = device_tags.tag_id
        ORDER BY device_tags.device_id, tags.name_key`,
    );
    const tags = new Map<number, string[]>();
    for (const { deviceId, name } of rows) tags.set(deviceId, [...(tags.get(deviceId) ?? []), name]);
    return tags;
  }

  async of(deviceId: number): Promise<Dated<Tag>[]> {
    return (await tagRows(this.#manager, [deviceId])).map(toTag);
  }

  async having(tagId: number): Promise<number[]> {
    const sql = 'SELECT device_id AS deviceId FROM device_tags WHERE tag_id = ? ORDER BY device_id';
    return (await rowsOf<{ deviceId: number }>(this.#manager, sql, [tagId])).map(({ deviceId }) => deviceId);
  }

  async set(deviceId: number, tagIds: readonly number[]): Promise<void> {
    const rows = this.#manager.getRepository(deviceTagSchema);
    await rows.delete({ deviceId });
    if (tagIds.length > 0) await rows.insert([...new Set(tagIds)].map((tagId) => ({ deviceId, tagId })));
  }
}

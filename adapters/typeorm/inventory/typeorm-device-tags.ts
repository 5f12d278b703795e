import type { EntityManager } from 'typeorm';
import type { DeviceTags } from '../../../application/inventory/ports.js';
import { rowsOf } from '../sql.js';
import { deviceTagSchema } from './schemas.js';

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

  async set(deviceId: number, tagIds: readonly number[]): Promise<void> {
    const rows = this.#manager.getRepository(deviceTagSchema);
    await rows.delete({ deviceId });
    if (tagIds.length > 0) await rows.insert([...new Set(tagIds)].map((tagId) => ({ deviceId, tagId })));
  }
}

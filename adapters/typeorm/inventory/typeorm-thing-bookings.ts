import type { EntityManager } from 'typeorm';
import type { ThingBookings } from '../../../application/inventory/ports.js';
import type { Instant } from '../../../domain/index.js';
import { rowsOf } from '../sql.js';

export class TypeormThingBookings implements ThingBookings {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async countHolding(thingId: number, after: Instant): Promise<number> {
    const [row] = await rowsOf<{ held: number }>(
      this.#manager,
      `SELECT COUNT(*) AS held FROM bookings
        WHERE device_id = ? AND ends_at > ? AND status IN ('PENDING', 'CONFLICTING', 'CONFIRMED')`,
      [thingId, after],
    );
    return row?.held ?? 0;
  }

  async move(fromThingId: number, toThingId: number): Promise<void> {
    await this.#manager.query('UPDATE bookings SET device_id = ? WHERE device_id = ?', [toThingId, fromThingId]);
    for (const column of ['from_device_id', 'to_device_id', 'switch_id']) {
      await this.#manager.query(`UPDATE cross_connects SET ${column} = ? WHERE ${column} = ?`, [
        toThingId,
        fromThingId,
      ]);
    }
  }

  async rememberName(thingId: number, type: string, name: string): Promise<void> {
    await this.#manager.query('UPDATE bookings SET gone_type = ?, gone_name = ? WHERE device_id = ?', [
      type,
      name,
      thingId,
    ]);
  }
}

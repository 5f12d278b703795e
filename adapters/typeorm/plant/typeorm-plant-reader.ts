import type { EntityManager } from 'typeorm';
import type { PlantReader } from '../../../application/plant/ports.js';
import type { Link, PastUse, PlantRow, SlotTriples, TimeSlot } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, marks, rowsOf } from '../sql.js';
import { plantRows } from './plant-rows.js';
import type { LinkRow } from './schemas.js';
import { LINK_COLUMNS, toLink } from './typeorm-links.js';

interface SlotRow {
  id: number;
  startsAt: number;
  endsAt: number;
}

const triplesOf = (rows: readonly SlotRow[]): SlotTriples => {
  const triples = new Float64Array(rows.length * 3);
  rows.forEach(({ id, startsAt, endsAt }, index) => {
    triples[3 * index] = id;
    triples[3 * index + 1] = startsAt;
    triples[3 * index + 2] = endsAt;
  });
  return triples;
};

export class TypeormPlantReader implements PlantReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  rowsAfter(id: number, limit: number): Promise<PlantRow[]> {
    return this.#database.read((manager) =>
      plantRows(manager, `WHERE devices.id > ? ORDER BY devices.id LIMIT ${limit}`, [id]),
    );
  }

  linksAfter(id: number, limit: number): Promise<Link[]> {
    const sql = `SELECT ${LINK_COLUMNS} FROM links WHERE id > ? ORDER BY id LIMIT ${limit}`;
    return this.#database.read(async (manager) => (await rowsOf<LinkRow>(manager, sql, [id])).map(toLink));
  }

  busy(thingIds: readonly number[], window: TimeSlot): Promise<SlotTriples> {
    return this.#database.read(async (manager) => {
      const rows: SlotRow[] = [];
      for (const part of inParts(thingIds)) {
        rows.push(
          ...(await rowsOf<SlotRow>(
            manager,
            `SELECT device_id AS id, starts_at AS startsAt, ends_at AS endsAt FROM bookings
              WHERE device_id IN (${marks(part)}) AND status IN ('PENDING', 'CONFLICTING', 'CONFIRMED')
                AND ends_at > ? AND starts_at < ?
              ORDER BY device_id, starts_at, id`,
            [...part, window.start, window.end],
          )),
        );
      }
      return triplesOf(rows);
    });
  }

  maintenance(window: TimeSlot): Promise<SlotTriples> {
    return this.#database.read(async (manager) =>
      triplesOf(
        await rowsOf<SlotRow>(
          manager,
          `SELECT device_id AS id, starts_at AS startsAt, ends_at AS endsAt FROM maintenance_windows
            WHERE ends_at > ? AND starts_at < ? ORDER BY device_id, starts_at, id`,
          [window.start, window.end],
        ),
      ),
    );
  }

  pastUses(thingIds: readonly number[], { start, end }: TimeSlot): Promise<PastUse[]> {
    return this.#database.read(async (manager) => {
      const found: PastUse[] = [];
      for (const part of inParts(thingIds)) {
        const uses = await rowsOf<{ id: number; uses: number }>(
          manager,
          `SELECT device_id AS id, COUNT(*) AS uses FROM bookings
            WHERE device_id IN (${marks(part)}) AND status IN ('CONFIRMED', 'EXPIRED') AND ends_at > ? AND ends_at <= ?
            GROUP BY device_id ORDER BY device_id`,
          [...part, start, end],
        );
        const faults = await this.#faults(manager, part, { start, end });
        for (const { id, uses: count } of uses) {
          const failed = faults.get(id) ?? 0;
          found.push({ thingId: id, ok: count - failed, faults: failed });
        }
      }
      return found;
    });
  }

  async #faults(
    manager: EntityManager,
    thingIds: readonly number[],
    { start, end }: TimeSlot,
  ): Promise<Map<number, number>> {
    const rows = await rowsOf<{ id: number; failed: number }>(
      manager,
      `SELECT bookings.device_id AS id, COUNT(DISTINCT bookings.id) AS failed
         FROM maintenance_windows AS windows
         JOIN devices AS own ON own.id = windows.device_id
         JOIN devices AS leads ON leads.device_type_id = own.device_type_id AND leads.name_key = own.name_key
         JOIN bookings ON bookings.device_id = leads.id
        WHERE windows.ends_at > ? AND bookings.device_id IN (${marks(thingIds)})
          AND bookings.status IN ('CONFIRMED', 'EXPIRED') AND bookings.ends_at > ? AND bookings.ends_at <= ?
          AND windows.starts_at < bookings.ends_at AND windows.ends_at > bookings.starts_at
          AND windows.created_at > bookings.created_at
        GROUP BY bookings.device_id`,
      [start, ...thingIds, start, end],
    );
    return new Map(rows.map(({ id, failed }) => [id, failed]));
  }
}

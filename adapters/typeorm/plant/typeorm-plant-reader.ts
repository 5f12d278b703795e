import type { EntityManager } from 'typeorm';
import type { PlantReader } from '../../../application/plant/ports.js';
import type { DeviceStatus, Link, PastUse, PlantRow, SlotTriples, TimeSlot } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, marks, rowsOf } from '../sql.js';
import type { LinkRow } from './schemas.js';
import { LINK_COLUMNS, toLink } from './typeorm-links.js';

interface RowOfPlant {
  id: number;
  typeId: number;
  nameKey: string;
  oiId: string | null;
  type: string;
  name: string;
  manufacturer: string | null;
  model: string | null;
  site: string | null;
  status: DeviceStatus;
  schedulable: number;
  ports: string;
}

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

const tagsBetween = async (manager: EntityManager, first: number, last: number): Promise<Map<number, string[]>> => {
  const tags = new Map<number, string[]>();
  const rows = await rowsOf<{ deviceId: number; name: string }>(
    manager,
    `SELECT device_tags.device_id AS deviceId, tags.name AS name
       FROM device_tags JOIN tags ON tags.id = device_tags.tag_id
      WHERE device_tags.device_id BETWEEN ? AND ?
      ORDER BY device_tags.device_id, tags.name_key`,
    [first, last],
  );
  for (const { deviceId, name } of rows) {
    const list = tags.get(deviceId);
    if (list) list.push(name);
    else tags.set(deviceId, [name]);
  }
  return tags;
};

export class TypeormPlantReader implements PlantReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  rowsAfter(id: number, limit: number): Promise<PlantRow[]> {
    return this.#database.read(async (manager) => {
      const rows = await rowsOf<RowOfPlant>(
        manager,
        `SELECT devices.id AS id, devices.device_type_id AS typeId, devices.name_key AS nameKey, devices.oi_id AS oiId,
                device_types.name AS type, devices.name AS name, manufacturers.name AS manufacturer,
                devices.model AS model, sites.name AS site, devices.status AS status,
                device_types.is_schedulable AS schedulable, devices.ports AS ports
           FROM devices
           JOIN device_types ON device_types.id = devices.device_type_id
           LEFT JOIN manufacturers ON manufacturers.id = devices.manufacturer_id
           LEFT JOIN sites ON sites.id = devices.site_id
          WHERE devices.id > ? ORDER BY devices.id LIMIT ${limit}`,
        [id],
      );
      const last = rows[rows.length - 1];
      const tags = last ? await tagsBetween(manager, id + 1, last.id) : new Map<number, string[]>();
      return rows.map(({ typeId, nameKey, schedulable, ports, ...row }) => ({
        ...row,
        thingKey: `${typeId}/${nameKey}`,
        schedulable: Boolean(schedulable),
        ports: JSON.parse(ports) as string[],
        tags: tags.get(row.id) ?? [],
      }));
    });
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
          found.push({ thingId: id, ok: Number(count) - failed, faults: failed });
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
    return new Map(rows.map(({ id, failed }) => [id, Number(failed)]));
  }
}

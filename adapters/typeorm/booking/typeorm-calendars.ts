import type { EntityManager } from 'typeorm';
import type { CalendarBook, CalendarReader, DeviceReference, Turnaround } from '../../../application/booking/ports.js';
import {
  nameKey,
  thingOf,
  type Calendar,
  type DeviceStatus,
  type EndedHold,
  type Hold,
  type HoldingStatus,
  type Instant,
  type Thing,
  type ThingRow,
  type TimeSlot,
} from '../../../domain/index.js';
import type { Database } from '../database.js';
import type { MaintenanceRow } from '../inventory/schemas.js';
import { toWindow, WINDOW_COLUMNS } from '../inventory/typeorm-maintenance.js';
import { inParts, isMysql, marks, rowsOf } from '../sql.js';

/** No user has this id. */
const NOBODY = 0;

export interface RowOfThing {
  id: number;
  typeId: number;
  nameKey: string;
  type: string;
  name: string;
  status: DeviceStatus;
  schedulable: number;
}

interface HoldRow {
  bookingId: number;
  groupId: string;
  deviceId: number;
  ownerId: number;
  ownerUsername: string;
  startsAt: number;
  endsAt: number;
  status: HoldingStatus;
}

export const ROWS_OF_THINGS = `
  SELECT devices.id AS id, devices.device_type_id AS typeId, devices.name_key AS nameKey, device_types.name AS type,
         devices.name AS name, devices.status AS status, device_types.is_schedulable AS schedulable
    FROM devices JOIN device_types ON device_types.id = devices.device_type_id`;

const toThingRow = ({ id, type, name, status, schedulable }: RowOfThing): ThingRow => ({
  id,
  type,
  name,
  status,
  schedulable: Boolean(schedulable),
});

export const toThings = (rows: readonly RowOfThing[]): Thing[] => {
  const byThing = new Map<string, ThingRow[]>();
  for (const row of rows) {
    const key = `${row.typeId}/${row.nameKey}`;
    const siblings = byThing.get(key);
    if (siblings) siblings.push(toThingRow(row));
    else byThing.set(key, [toThingRow(row)]);
  }
  return [...byThing.values()].map(thingOf).sort((a, b) => a.id - b.id);
};

/** Whole things of which the given ids are rows. */
const thingsWithRows = async (manager: EntityManager, ids: readonly number[]): Promise<Thing[]> => {
  const rows: RowOfThing[] = [];
  for (const part of inParts([...new Set(ids)].sort((a, b) => a - b))) {
    rows.push(
      ...(await rowsOf<RowOfThing>(
        manager,
        `${ROWS_OF_THINGS}
          JOIN (SELECT DISTINCT device_type_id, name_key FROM devices WHERE id IN (${marks(part)})) AS wanted
            ON wanted.device_type_id = devices.device_type_id AND wanted.name_key = devices.name_key`,
        part,
      )),
    );
  }
  const byId = new Map(rows.map((row) => [row.id, row]));
  return toThings([...byId.values()]);
};

const thingsNamed = async (
  manager: EntityManager,
  names: readonly { type: string; name: string }[],
): Promise<Map<string, Thing>> => {
  const found = new Map<string, Thing>();
  for (const part of inParts(names, 2)) {
    const rows = await rowsOf<RowOfThing>(
      manager,
      `${ROWS_OF_THINGS}
        WHERE ${part.map(() => '(device_types.name_key = ? AND devices.name_key = ?)').join(' OR ')}`,
      part.flatMap(({ type, name }) => [nameKey(type), nameKey(name)]),
    );
    for (const thing of toThings(rows)) found.set(keyOf(thing), thing);
  }
  return found;
};

const keyOf = ({ type, name }: { type: string; name: string }) => JSON.stringify([nameKey(type), nameKey(name)]);

const holdsOf = async (
  manager: EntityManager,
  ids: readonly number[],
  window: TimeSlot,
): Promise<Map<number, Hold[]>> => {
  const holds = new Map<number, Hold[]>(ids.map((id) => [id, []]));
  for (const part of inParts(ids)) {
    const rows = await rowsOf<HoldRow>(
      manager,
      `SELECT bookings.id AS bookingId, bookings.group_id AS groupId, bookings.device_id AS deviceId,
              bookings.owner_id AS ownerId, users.username AS ownerUsername, bookings.starts_at AS startsAt,
              bookings.ends_at AS endsAt, bookings.status AS status
         FROM bookings JOIN users ON users.id = bookings.owner_id
        WHERE bookings.device_id IN (${marks(part)}) AND bookings.ends_at > ? AND bookings.starts_at < ?
          AND bookings.status IN ('PENDING', 'CONFLICTING', 'CONFIRMED')
        ORDER BY bookings.id`,
      [...part, window.start, window.end],
    );
    for (const { deviceId, startsAt, endsAt, ...hold } of rows) {
      holds.get(deviceId)?.push({ ...hold, slot: { start: startsAt, end: endsAt } });
    }
  }
  return holds;
};

const readCalendars = async (
  manager: EntityManager,
  thingIds: readonly number[],
  window: TimeSlot,
): Promise<Map<number, Calendar>> => {
  if (thingIds.length === 0) return new Map();
  const wanted = new Set(thingIds);
  const things = (await thingsWithRows(manager, thingIds)).filter((thing) => wanted.has(thing.id));
  const holds = await holdsOf(
    manager,
    things.map((thing) => thing.id),
    window,
  );
  const thingOfRow = new Map(things.flatMap((thing) => thing.rowIds.map((rowId) => [rowId, thing.id] as const)));
  const maintenance = new Map<number, Calendar['maintenance'][number][]>();
  for (const part of inParts([...thingOfRow.keys()])) {
    const rows = await rowsOf<MaintenanceRow>(
      manager,
      `SELECT ${WINDOW_COLUMNS} FROM maintenance_windows
        WHERE device_id IN (${marks(part)}) AND ends_at > ? AND starts_at < ? ORDER BY starts_at, id`,
      [...part, window.start, window.end],
    );
    for (const row of rows) {
      const thingId = thingOfRow.get(row.deviceId) ?? row.deviceId;
      maintenance.set(thingId, [...(maintenance.get(thingId) ?? []), toWindow(row)]);
    }
  }
  return new Map(
    things.map((thing) => [
      thing.id,
      { thing, holds: holds.get(thing.id) ?? [], maintenance: maintenance.get(thing.id) ?? [] },
    ]),
  );
};

/** Only what a look far ahead needs: no names, no order. */
const blockedSlots = async (
  manager: EntityManager,
  thingIds: readonly number[],
  window: TimeSlot,
  { gap, userId }: Turnaround = { gap: 0, userId: NOBODY },
): Promise<Map<number, TimeSlot[]>> => {
  const blocked = new Map<number, TimeSlot[]>(thingIds.map((id) => [id, []]));
  const collect = (
    rows: readonly { id: number; startsAt: number; endsAt: number }[],
    thingOfRow?: Map<number, number>,
  ) => {
    for (const { id, startsAt, endsAt } of rows) {
      blocked.get(thingOfRow?.get(id) ?? id)?.push({ start: startsAt, end: endsAt });
    }
  };
  for (const part of inParts(thingIds)) {
    // Without a turnaround the index has all that is asked for.
    const [sql, parameters] =
      gap === 0
        ? [
            `SELECT device_id AS id, starts_at AS startsAt, ends_at AS endsAt FROM bookings
              WHERE device_id IN (${marks(part)}) AND status IN ('PENDING', 'CONFLICTING', 'CONFIRMED')
                AND ends_at > ? AND starts_at < ?`,
            [...part, window.start, window.end],
          ]
        : [
            `SELECT id, startsAt, endsAt FROM (
               SELECT device_id AS id, starts_at - CASE WHEN owner_id = ? THEN 0 ELSE ? END AS startsAt,
                      ends_at + CASE WHEN owner_id = ? THEN 0 ELSE ? END AS endsAt FROM bookings
                WHERE device_id IN (${marks(part)})
                  AND status IN ('PENDING', 'CONFLICTING', 'CONFIRMED', 'EXPIRED')
                  AND (status <> 'EXPIRED' OR ends_at <= ?)
                  AND ends_at > ? AND starts_at < ?) AS held
              WHERE endsAt > ? AND startsAt < ?`,
            [
              ...[userId, gap, userId, gap, ...part],
              ...[window.start, window.start - gap, window.end + gap, window.start, window.end],
            ],
          ];
    collect(await rowsOf(manager, sql, parameters));
  }
  const things = await thingsWithRows(manager, thingIds);
  const thingOfRow = new Map(things.flatMap((thing) => thing.rowIds.map((rowId) => [rowId, thing.id] as const)));
  for (const part of inParts([...thingOfRow.keys()])) {
    collect(
      await rowsOf(
        manager,
        `SELECT device_id AS id, starts_at AS startsAt, ends_at AS endsAt FROM maintenance_windows
          WHERE device_id IN (${marks(part)}) AND ends_at > ? AND starts_at < ?`,
        [...part, window.start, window.end],
      ),
      thingOfRow,
    );
  }
  return blocked;
};

const endedHolds = async (
  manager: EntityManager,
  thingIds: readonly number[],
  since: Instant,
  now: Instant,
): Promise<Map<number, EndedHold[]>> => {
  const ended = new Map<number, EndedHold[]>();
  for (const part of inParts(thingIds)) {
    const rows = await rowsOf<Omit<HoldRow, 'status'>>(
      manager,
      `SELECT bookings.id AS bookingId, bookings.group_id AS groupId, bookings.device_id AS deviceId,
              bookings.owner_id AS ownerId, users.username AS ownerUsername, bookings.starts_at AS startsAt,
              bookings.ends_at AS endsAt
         FROM bookings JOIN users ON users.id = bookings.owner_id
        WHERE bookings.device_id IN (${marks(part)}) AND bookings.ends_at > ? AND bookings.ends_at <= ?
          AND bookings.status IN ('PENDING', 'CONFLICTING', 'CONFIRMED', 'EXPIRED')
        ORDER BY bookings.id`,
      [...part, since, now],
    );
    for (const { deviceId, startsAt, endsAt, ...hold } of rows) {
      const over: EndedHold = { ...hold, slot: { start: startsAt, end: endsAt }, status: 'EXPIRED' };
      ended.set(deviceId, [...(ended.get(deviceId) ?? []), over]);
    }
  }
  return ended;
};

const findThings = async (
  manager: EntityManager,
  references: readonly DeviceReference[],
): Promise<(Thing | null)[]> => {
  const ids = references.flatMap((reference) => ('id' in reference ? [reference.id] : []));
  const names = new Map(references.flatMap((reference) => ('id' in reference ? [] : [[keyOf(reference), reference]])));
  const byRow = new Map<number, Thing>();
  if (ids.length > 0) {
    for (const thing of await thingsWithRows(manager, ids)) for (const rowId of thing.rowIds) byRow.set(rowId, thing);
  }
  const byName = names.size > 0 ? await thingsNamed(manager, [...names.values()]) : new Map<string, Thing>();
  return references.map(
    (reference) => ('id' in reference ? byRow.get(reference.id) : byName.get(keyOf(reference))) ?? null,
  );
};

const ofType = async (manager: EntityManager, type: string): Promise<Thing[]> =>
  toThings(await rowsOf<RowOfThing>(manager, `${ROWS_OF_THINGS} WHERE device_types.name_key = ?`, [nameKey(type)]));

/** Calendars inside a transaction. */
export class TypeormCalendarBook implements CalendarBook {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  things(references: readonly DeviceReference[]): Promise<(Thing | null)[]> {
    return findThings(this.#manager, references);
  }

  ofType(type: string): Promise<Thing[]> {
    return ofType(this.#manager, type);
  }

  read(thingIds: readonly number[], window: TimeSlot): Promise<Map<number, Calendar>> {
    return readCalendars(this.#manager, thingIds, window);
  }

  blocked(thingIds: readonly number[], window: TimeSlot, turnaround?: Turnaround): Promise<Map<number, TimeSlot[]>> {
    return blockedSlots(this.#manager, thingIds, window, turnaround);
  }

  ended(thingIds: readonly number[], since: Instant, now: Instant): Promise<Map<number, EndedHold[]>> {
    return endedHolds(this.#manager, thingIds, since, now);
  }

  async withOver(before: Instant): Promise<number[]> {
    const rows = await rowsOf<{ id: number }>(
      this.#manager,
      `SELECT DISTINCT device_id AS id FROM bookings
        WHERE status IN ('PENDING', 'CONFLICTING', 'CONFIRMED') AND ends_at <= ? ORDER BY device_id`,
      [before],
    );
    return rows.map((row) => row.id);
  }

  async claim(thingIds: readonly number[], window: TimeSlot): Promise<Map<number, Calendar>> {
    // The embedded database lets one writer in at a time: the transaction itself is the claim.
    if (isMysql(this.#manager)) await this.#lock(thingIds);
    return readCalendars(this.#manager, thingIds, window);
  }

  /** Locks every row of the things, lowest id first, so that two who claim several devices never wait in a circle. */
  async #lock(thingIds: readonly number[]): Promise<void> {
    const rowIds = (await thingsWithRows(this.#manager, thingIds)).flatMap((thing) => thing.rowIds);
    for (const part of inParts([...new Set([...rowIds, ...thingIds])].sort((a, b) => a - b))) {
      await rowsOf(this.#manager, `SELECT id FROM devices WHERE id IN (${marks(part)}) ORDER BY id FOR UPDATE`, part);
    }
  }
}

/** Calendars as they were last committed. */
export class TypeormCalendarReader implements CalendarReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  things(references: readonly DeviceReference[]): Promise<(Thing | null)[]> {
    return this.#database.read((manager) => findThings(manager, references));
  }

  ofType(type: string): Promise<Thing[]> {
    return this.#database.read((manager) => ofType(manager, type));
  }

  blocked(thingIds: readonly number[], window: TimeSlot, turnaround?: Turnaround): Promise<Map<number, TimeSlot[]>> {
    return this.#database.read((manager) => blockedSlots(manager, thingIds, window, turnaround));
  }

  ended(thingIds: readonly number[], since: Instant, now: Instant): Promise<Map<number, EndedHold[]>> {
    return this.#database.read((manager) => endedHolds(manager, thingIds, since, now));
  }

  read(thingIds: readonly number[], window: TimeSlot): Promise<Map<number, Calendar>> {
    return this.#database.read((manager) => readCalendars(manager, thingIds, window));
  }
}

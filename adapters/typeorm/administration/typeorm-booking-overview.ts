import type { EntityManager } from 'typeorm';
import {
  SHORTEST_GROUP,
  type BookingFilter,
  type BookingOrder,
  type BookingOverview,
  type DeviceUse,
  type OverseenBooking,
} from '../../../application/administration/ports.js';
import type { Page } from '../../../application/inventory/ports.js';
import {
  groupBy,
  holds,
  HOLDING_STATUSES,
  nameKey,
  type BookingStatus,
  type Instant,
  type Role,
  type TimeSlot,
} from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, likeText, marks, rowsOf } from '../sql.js';

type Row = Omit<
  OverseenBooking,
  'slot' | 'collaborators' | 'deviceType' | 'deviceName' | 'ownerUsername' | 'ownerRole'
> & {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly deviceType: string | null;
  readonly deviceName: string | null;
  readonly ownerUsername: string | null;
  readonly ownerRole: Role | null;
};

/** A condition on `bookings` and its parameters. */
interface Where {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

const HOLDING = HOLDING_STATUSES.map((status) => `'${status}'`).join(', ');
const STATUS_NOW = `CASE WHEN bookings.ends_at <= ? AND bookings.status IN (${HOLDING}) THEN 'EXPIRED'
  ELSE bookings.status END`;

/** Names are joined for the order only where it asks for them. */
const DEVICE = 'LEFT JOIN devices ON devices.id = bookings.device_id';
const DEVICE_TYPE = `${DEVICE} LEFT JOIN device_types ON device_types.id = devices.device_type_id`;
const OWNER = 'LEFT JOIN users ON users.id = bookings.owner_id';
const ORDERS: Readonly<Record<BookingOrder['by'], { readonly by: string; readonly join?: string }>> = {
  start_time: { by: 'bookings.starts_at' },
  end_time: { by: 'bookings.ends_at' },
  booking_id: { by: 'bookings.id' },
  status: { by: STATUS_NOW },
  created_at: { by: 'bookings.created_at' },
  device_name: { by: `COALESCE(devices.name_key, LOWER(bookings.gone_name), '')`, join: DEVICE },
  device_type: { by: `COALESCE(device_types.name_key, LOWER(bookings.gone_type), '')`, join: DEVICE_TYPE },
  user_name: { by: 'users.username_key', join: OWNER },
};

export class TypeormBookingOverview implements BookingOverview {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  page(
    filter: BookingFilter,
    { by, descending }: BookingOrder,
    { limit, offset }: Page,
    now: Instant,
  ): Promise<{ bookings: OverseenBooking[]; total: number }> {
    return this.#database.read(async (manager) => {
      const { sql, parameters } = await whereOf(manager, filter, now);
      const [counted] = await rowsOf<{ total: number }>(
        manager,
        `SELECT COUNT(*) AS total FROM bookings WHERE ${sql}`,
        parameters,
      );
      const order = ORDERS[by];
      const found = await rowsOf<{ id: number }>(
        manager,
        `SELECT bookings.id AS id FROM bookings ${order.join ?? ''} WHERE ${sql}
          ORDER BY ${order.by} ${descending ? 'DESC' : 'ASC'}, bookings.id LIMIT ? OFFSET ?`,
        [...parameters, ...(by === 'status' ? [now] : []), limit, offset],
      );
      const ids = found.map(({ id }) => id);
      const bookings = await overseen(manager, ids);
      return { bookings: ids.flatMap((id) => bookings.get(id) ?? []), total: counted?.total ?? 0 };
    });
  }

  after(id: number, filter: BookingFilter, limit: number, now: Instant): Promise<OverseenBooking[]> {
    return this.#database.read(async (manager) => {
      const { sql, parameters } = await whereOf(manager, filter, now);
      const found = await rowsOf<{ id: number }>(
        manager,
        `SELECT id FROM bookings WHERE bookings.id > ? AND ${sql} ORDER BY bookings.id LIMIT ?`,
        [id, ...parameters, limit],
      );
      return [
        ...(
          await overseen(
            manager,
            found.map((row) => row.id),
          )
        ).values(),
      ];
    });
  }

  async find(id: number): Promise<OverseenBooking | null> {
    const found = await this.#database.read((manager) => overseen(manager, [id]));
    return found.get(id) ?? null;
  }

  during(deviceId: number, slot: TimeSlot, limit: number): Promise<DeviceUse[]> {
    return this.#uses(
      `bookings.device_id = ? AND bookings.ends_at > ? AND bookings.starts_at < ?
        ORDER BY bookings.starts_at, bookings.id LIMIT ?`,
      [deviceId, slot.start, slot.end, limit],
    );
  }

  before(deviceId: number, end: Instant, limit: number): Promise<DeviceUse[]> {
    return this.#uses(
      'bookings.device_id = ? AND bookings.ends_at <= ? ORDER BY bookings.ends_at DESC, bookings.id DESC LIMIT ?',
      [deviceId, end, limit],
    );
  }

  async #uses(condition: string, parameters: readonly unknown[]): Promise<DeviceUse[]> {
    const rows = await this.#database.read((manager) =>
      rowsOf<Omit<DeviceUse, 'slot'> & { startsAt: number; endsAt: number }>(
        manager,
        `SELECT bookings.id AS id, bookings.owner_id AS ownerId, users.username AS ownerUsername,
                bookings.starts_at AS startsAt, bookings.ends_at AS endsAt, bookings.status AS status
           FROM bookings JOIN users ON users.id = bookings.owner_id WHERE ${condition}`,
        parameters,
      ),
    );
    return rows.map(({ startsAt, endsAt, ...use }) => ({ ...use, slot: { start: startsAt, end: endsAt } }));
  }
}

/** Those that there are, by id. */
const overseen = async (manager: EntityManager, ids: readonly number[]): Promise<Map<number, OverseenBooking>> => {
  const found = new Map<number, OverseenBooking>();
  for (const part of inParts(ids)) {
    const rows = await rowsOf<Row>(
      manager,
      `SELECT bookings.id AS id, bookings.group_id AS groupId, bookings.device_id AS deviceId,
              COALESCE(device_types.name, bookings.gone_type) AS deviceType,
              COALESCE(devices.name, bookings.gone_name) AS deviceName, devices.mgmt_ip AS managementIp,
              devices.status AS deviceStatus, bookings.owner_id AS ownerId, users.username AS ownerUsername,
              users.role AS ownerRole, bookings.starts_at AS startsAt, bookings.ends_at AS endsAt,
              bookings.status AS status, bookings.comment AS comment, bookings.decided_at AS decidedAt,
              bookings.decision_comment AS decisionComment, bookings.created_at AS createdAt,
              bookings.updated_at AS updatedAt
         FROM bookings ${DEVICE_TYPE} ${OWNER} WHERE bookings.id IN (${marks(part)}) ORDER BY bookings.id`,
      part,
    );
    const names = groupBy(
      await rowsOf<{ bookingId: number; username: string }>(
        manager,
        `SELECT booking_collaborators.booking_id AS bookingId, users.username AS username
           FROM booking_collaborators JOIN users ON users.id = booking_collaborators.user_id
          WHERE booking_collaborators.booking_id IN (${marks(part)}) ORDER BY users.username_key`,
        part,
      ),
      (row) => row.bookingId,
    );
    for (const row of rows)
      found.set(row.id, toOverseen(row, names.get(row.id)?.map(({ username }) => username) ?? []));
  }
  return found;
};

const toOverseen = (row: Row, collaborators: readonly string[]): OverseenBooking => ({
  id: row.id,
  groupId: row.groupId,
  deviceId: row.deviceId,
  deviceType: row.deviceType ?? '',
  deviceName: row.deviceName ?? '',
  managementIp: row.managementIp,
  deviceStatus: row.deviceStatus,
  ownerId: row.ownerId,
  ownerUsername: row.ownerUsername ?? '',
  ownerRole: row.ownerRole ?? 'User',
  slot: { start: row.startsAt, end: row.endsAt },
  status: row.status,
  comment: row.comment,
  decidedAt: row.decidedAt,
  decisionComment: row.decisionComment,
  collaborators,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

const ANY: Where = { sql: '1 = 1', parameters: [] };

const joined = (conditions: readonly Where[], word: 'AND' | 'OR', nothing: Where): Where =>
  conditions.length === 0
    ? nothing
    : {
        sql: `(${conditions.map(({ sql }) => sql).join(` ${word} `)})`,
        parameters: conditions.flatMap(({ parameters }) => parameters),
      };

const whereOf = async (manager: EntityManager, filter: BookingFilter, now: Instant): Promise<Where> => {
  const { statuses, from, until, search, deviceType, deviceName, ownerName, notOwnedBy } = filter;
  const conditions: Where[] = [];
  if (statuses.length > 0) conditions.push(asOfNow(statuses, now));
  if (from !== null) conditions.push({ sql: 'bookings.ends_at > ?', parameters: [from] });
  if (until !== null) conditions.push({ sql: 'bookings.starts_at < ?', parameters: [until] });
  if (notOwnedBy !== null) conditions.push({ sql: 'bookings.owner_id <> ?', parameters: [notOwnedBy] });
  if (ownerName !== null) conditions.push(ownedBySome(ownerName));
  if (search !== null || deviceType !== null || deviceName !== null) {
    const gone = await goneDevices(manager);
    const onDevices = (matches: (device: GoneDevice) => boolean, sql: string, parameters: readonly string[]): Where => {
      const ids = gone.filter(matches).map(({ id }) => id);
      return joined(
        [
          { sql: `bookings.device_id IN (SELECT devices.id FROM devices WHERE ${sql})`, parameters },
          ...(ids.length > 0 ? [{ sql: `bookings.device_id IN (${marks(ids)})`, parameters: ids }] : []),
        ],
        'OR',
        ANY,
      );
    };
    const ofType = (part: string) =>
      onDevices(({ type }) => nameKey(type).includes(part), `devices.device_type_id IN (${TYPES_LIKE})`, [part]);
    const named = (part: string) => onDevices(({ name }) => nameKey(name).includes(part), NAME_LIKE, [part]);
    if (deviceType !== null) conditions.push(ofType(nameKey(deviceType)));
    if (deviceName !== null) conditions.push(named(nameKey(deviceName)));
    if (search !== null) {
      const part = nameKey(search);
      const numbers: Where[] = [
        ...(part.length >= SHORTEST_GROUP
          ? [{ sql: `bookings.group_id LIKE ? ESCAPE '!'`, parameters: [`${likeText(part)}%`] }]
          : []),
        ...(/^\d{1,10}$/.test(part) ? [{ sql: 'bookings.id = ?', parameters: [Number(part)] }] : []),
      ];
      conditions.push(joined([ofType(part), named(part), ownedBySome(search), ...numbers], 'OR', ANY));
    }
  }
  return joined(conditions, 'AND', ANY);
};

// INSTR knows no wildcards, and what it looks through is in comparable form already.
const TYPES_LIKE = 'SELECT device_types.id FROM device_types WHERE INSTR(device_types.name_key, ?) > 0';
const NAME_LIKE = 'INSTR(devices.name_key, ?) > 0';

const ownedBySome = (part: string): Where => ({
  sql: 'bookings.owner_id IN (SELECT users.id FROM users WHERE INSTR(users.username_key, ?) > 0)',
  parameters: [nameKey(part)],
});

/** A booking that still holds but whose time is over has expired, whether or not that was written down. */
const asOfNow = (statuses: readonly BookingStatus[], now: Instant): Where => {
  const holding = statuses.filter(holds);
  const ended = statuses.filter((status) => !holds(status));
  return joined(
    [
      ...(holding.length > 0
        ? [{ sql: `(bookings.ends_at > ? AND bookings.status IN (${marks(holding)}))`, parameters: [now, ...holding] }]
        : []),
      ...(ended.length > 0 ? [{ sql: `bookings.status IN (${marks(ended)})`, parameters: ended }] : []),
      ...(ended.includes('EXPIRED')
        ? [{ sql: `(bookings.ends_at <= ? AND bookings.status IN (${HOLDING}))`, parameters: [now] }]
        : []),
    ],
    'OR',
    ANY,
  );
};

interface GoneDevice {
  readonly id: number;
  readonly type: string;
  readonly name: string;
}

/** Devices that left the inventory, as their bookings remember them. */
const goneDevices = (manager: EntityManager): Promise<GoneDevice[]> =>
  rowsOf<GoneDevice>(
    manager,
    `SELECT bookings.device_id AS id, COALESCE(MAX(bookings.gone_type), '') AS type, MAX(bookings.gone_name) AS name
       FROM bookings LEFT JOIN devices ON devices.id = bookings.device_id
      WHERE bookings.gone_name IS NOT NULL AND devices.id IS NULL GROUP BY bookings.device_id`,
  );

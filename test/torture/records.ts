import type { EntityManager } from 'typeorm';
import type { Clock } from '../../application/index.js';
import type { Database } from '../../adapters/typeorm/database.js';

export interface BookingRecord {
  readonly id: number;
  readonly groupId: string;
  readonly deviceId: number;
  readonly ownerId: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly status: string;
  /** The comment, by which the ledger knows its request. */
  readonly mark: string;
  /** How many. */
  readonly collaborators: number;
}

export interface DeviceRecord {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly status: string;
  readonly inPort: number | null;
  /** The window of the first scheduler's form, `startsAt-endsAt`; empty when there is none. */
  readonly window: string;
}

/** What the database says of everything that the torture changes, as of one moment between `from` and `until`. */
export interface Records {
  readonly from: number;
  readonly until: number;
  /** The lab's clock then. */
  readonly now: number;
  readonly bookings: ReadonlyMap<number, BookingRecord>;
  readonly devices: ReadonlyMap<number, DeviceRecord>;
  /** How often the audit trail has each, for example `booking.cancelled 7`. */
  readonly audited: ReadonlyMap<string, number>;
  readonly usernames: ReadonlySet<string>;
  /** Of announced maintenance, one for each window. */
  readonly reasons: readonly string[];
  /** Names of favourites, by `user/group`. */
  readonly favourites: ReadonlyMap<string, string>;
}

const byId = <Row extends { readonly id: number }>(rows: readonly Row[]): Map<number, Row> =>
  new Map(rows.map((row) => [row.id, row]));

const read = async (manager: EntityManager): Promise<Omit<Records, 'from' | 'until' | 'now'>> => {
  const bookings = await manager.query<BookingRecord[]>(
    `SELECT id, group_id AS groupId, device_id AS deviceId, owner_id AS ownerId, starts_at AS startsAt, ends_at AS endsAt,
            status, comment AS mark,
            (SELECT COUNT(*) FROM booking_collaborators WHERE booking_id = bookings.id) AS collaborators
       FROM bookings`,
  );
  const devices = await manager.query<Omit<DeviceRecord, 'window'>[]>(
    `SELECT devices.id AS id, device_types.name AS type, devices.name AS name, devices.status AS status,
            devices.in_port AS inPort FROM devices JOIN device_types ON device_types.id = devices.device_type_id`,
  );
  const windows = await manager.query<{ deviceId: number; startsAt: number; endsAt: number }[]>(
    'SELECT device_id AS deviceId, starts_at AS startsAt, ends_at AS endsAt FROM maintenance_windows WHERE legacy = 1 ORDER BY id',
  );
  const audit = await manager.query<{ action: string; entityId: string | null; times: number }[]>(
    `SELECT action, entity_id AS entityId, COUNT(*) AS times FROM audit_log
      WHERE action IN ('booking.cancelled', 'booking.rejected')
      GROUP BY action, entity_id`,
  );
  const users = await manager.query<{ username: string }[]>('SELECT username FROM users');
  const reasons = await manager.query<{ reason: string }[]>('SELECT reason FROM maintenance_windows WHERE legacy = 0');
  const favourites = await manager.query<{ owner: number; groupId: string; name: string }[]>(
    'SELECT user_id AS owner, group_id AS groupId, name FROM favourites',
  );
  const windowOf = new Map<number, string[]>();
  for (const { deviceId, startsAt, endsAt } of windows) {
    windowOf.set(deviceId, [...(windowOf.get(deviceId) ?? []), `${startsAt}-${endsAt}`]);
  }
  return {
    bookings: byId(bookings),
    devices: byId(devices.map((row) => ({ ...row, window: (windowOf.get(row.id) ?? []).join(' and ') }))),
    audited: new Map(audit.map(({ action, entityId, times }) => [`${action} ${entityId ?? ''}`, times])),
    usernames: new Set(users.map(({ username }) => username)),
    reasons: reasons.map(({ reason }) => reason),
    favourites: new Map(favourites.map(({ owner, groupId, name }) => [`${owner}/${groupId}`, name])),
  };
};

/**
 * Reads what the database holds now, all of it as of one moment.
 * @param clock the servers'.
 */
export const recordsOf = async (database: Database, clock: Clock): Promise<Records> => {
  const from = performance.now();
  const rows = await database.snapshot(read);
  return { from, until: performance.now(), now: clock.now(), ...rows };
};

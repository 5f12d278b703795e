import type { EntityManager } from 'typeorm';
import type { BookingListing, BookingListings } from '../../../application/booking/ports.js';
import { groupBy, type BookingStatus, type HeldTime, type Instant, type TimeSlot } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, marks, rowsOf } from '../sql.js';
import { heldBy } from './held-by.js';

interface Row extends Omit<BookingListing, 'slot' | 'collaborators' | keyof DeviceNames | 'ownerUsername'> {
  startsAt: number;
  endsAt: number;
}

export type DeviceNames = Pick<BookingListing, 'deviceType' | 'deviceName' | 'managementIp'>;

const NAMELESS: DeviceNames = { deviceType: '', deviceName: '', managementIp: null };

const NOBODY: readonly string[] = [];

/** "All of them", for databases that know OFFSET only with LIMIT. */
const MOST_ROWS = 2_147_483_647;

/** Devices by id: as the inventory names them, or, once they left it, as their bookings remember them. */
export const namesOfDevices = async (
  manager: EntityManager,
  ids: readonly number[],
): Promise<ReadonlyMap<number, DeviceNames>> => {
  const found = new Map<number, DeviceNames>();
  const look = async (wanted: readonly number[], from: (part: readonly number[]) => string) => {
    for (const part of inParts(wanted)) {
      for (const row of await rowsOf<DeviceNames & { id: number }>(manager, from(part), part)) found.set(row.id, row);
    }
  };
  await look(
    ids,
    (part) => `SELECT devices.id AS id, device_types.name AS deviceType, devices.name AS deviceName,
                      devices.mgmt_ip AS managementIp
                 FROM devices JOIN device_types ON device_types.id = devices.device_type_id
                WHERE devices.id IN (${marks(part)})`,
  );
  await look(
    ids.filter((id) => !found.has(id)),
    (part) => `SELECT device_id AS id, COALESCE(MAX(gone_type), '') AS deviceType,
                      COALESCE(MAX(gone_name), '') AS deviceName, NULL AS managementIp
                 FROM bookings WHERE device_id IN (${marks(part)}) GROUP BY device_id`,
  );
  return found;
};

/** What users are called, by id. */
export const usernames = async (
  manager: EntityManager,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> => {
  const found = new Map<number, string>();
  for (const part of inParts(ids)) {
    const sql = `SELECT id, username FROM users WHERE id IN (${marks(part)})`;
    for (const row of await rowsOf<{ id: number; username: string }>(manager, sql, part))
      found.set(row.id, row.username);
  }
  return found;
};

/**
 * Names are looked up once for each device and owner: joined to each booking, they were most of what a long list cost.
 * @param condition on `bookings`, used for the bookings and for their collaborators.
 */
const listings = async (
  manager: EntityManager,
  condition: string,
  parameters: readonly unknown[],
): Promise<BookingListing[]> => {
  const rows = await rowsOf<Row>(
    manager,
    `SELECT bookings.id AS id, bookings.group_id AS groupId, bookings.device_id AS deviceId,
            bookings.owner_id AS ownerId, bookings.starts_at AS startsAt, bookings.ends_at AS endsAt,
            bookings.status AS status, bookings.comment AS comment, bookings.created_at AS createdAt,
            bookings.decided_at AS decidedAt, bookings.decision_comment AS decisionComment
       FROM bookings WHERE ${condition} ORDER BY bookings.starts_at, bookings.id`,
    parameters,
  );
  const devices = await namesOfDevices(manager, [...new Set(rows.map((row) => row.deviceId))]);
  const owners = await usernames(manager, [...new Set(rows.map((row) => row.ownerId))]);
  const names = await rowsOf<{ bookingId: number; username: string }>(
    manager,
    `SELECT booking_collaborators.booking_id AS bookingId, users.username AS username
       FROM bookings
       JOIN booking_collaborators ON booking_collaborators.booking_id = bookings.id
       JOIN users ON users.id = booking_collaborators.user_id
      WHERE ${condition} ORDER BY users.username_key`,
    parameters,
  );
  const collaborators = groupBy(names, (row) => row.bookingId);
  // Written out: leaving two columns out of a spread took longer than the query, and made objects that are slow to read.
  return rows.map((row) => {
    const device = devices.get(row.deviceId) ?? NAMELESS;
    return {
      id: row.id,
      groupId: row.groupId,
      deviceId: row.deviceId,
      deviceType: device.deviceType,
      deviceName: device.deviceName,
      managementIp: device.managementIp,
      ownerId: row.ownerId,
      ownerUsername: owners.get(row.ownerId) ?? '',
      slot: { start: row.startsAt, end: row.endsAt },
      status: row.status,
      comment: row.comment,
      decidedAt: row.decidedAt,
      decisionComment: row.decisionComment,
      collaborators: collaborators.get(row.id)?.map(({ username }) => username) ?? NOBODY,
      createdAt: row.createdAt,
    };
  });
};

export class TypeormBookingListings implements BookingListings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  during(slot: TimeSlot): Promise<BookingListing[]> {
    return this.#database.read((manager) =>
      listings(manager, 'bookings.ends_at > ? AND bookings.starts_at < ?', [slot.start, slot.end]),
    );
  }

  heldBy(userId: number, after: Instant): Promise<HeldTime[]> {
    return this.#database.read((manager) => heldBy(manager, userId, after));
  }

  async withStatus(
    statuses: readonly BookingStatus[] | null,
    { limit, offset }: { readonly limit: number | null; readonly offset: number },
  ): Promise<BookingListing[]> {
    if (statuses?.length === 0) return [];
    const condition = statuses === null ? '1 = 1' : `bookings.status IN (${marks(statuses)})`;
    // MySQL takes LIMIT in a subquery only one level further down.
    const page = `bookings.id IN (SELECT id FROM (
        SELECT id FROM bookings WHERE ${condition} ORDER BY starts_at DESC, id DESC LIMIT ? OFFSET ?) AS page)`;
    const found = await this.#database.read((manager) =>
      limit === null && offset === 0
        ? listings(manager, condition, statuses ?? [])
        : listings(manager, page, [...(statuses ?? []), limit ?? MOST_ROWS, offset]),
    );
    return found.reverse();
  }

  ofUser(userId: number): Promise<BookingListing[]> {
    return this.#database.read((manager) =>
      listings(
        manager,
        `bookings.id IN (SELECT id FROM bookings WHERE owner_id = ?
                          UNION SELECT booking_id FROM booking_collaborators WHERE user_id = ?)`,
        [userId, userId],
      ),
    );
  }
}

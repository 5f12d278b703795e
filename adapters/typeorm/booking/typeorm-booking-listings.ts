import type { EntityManager } from 'typeorm';
import type { BookingListing, BookingListings } from '../../../application/booking/ports.js';
import type { TimeSlot } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';

interface Row extends Omit<BookingListing, 'slot' | 'collaborators'> {
  startsAt: number;
  endsAt: number;
}

const NOBODY: readonly string[] = [];

/** @param condition on `bookings`, used for the bookings and for their collaborators. */
const listings = async (
  manager: EntityManager,
  condition: string,
  parameters: readonly unknown[],
): Promise<BookingListing[]> => {
  const rows = await rowsOf<Row>(
    manager,
    `SELECT bookings.id AS id, bookings.group_id AS groupId, bookings.device_id AS deviceId,
            COALESCE(device_types.name, bookings.gone_type, '') AS deviceType,
            COALESCE(devices.name, bookings.gone_name, '') AS deviceName, devices.mgmt_ip AS managementIp,
            bookings.owner_id AS ownerId, users.username AS ownerUsername, bookings.starts_at AS startsAt,
            bookings.ends_at AS endsAt, bookings.status AS status, bookings.comment AS comment,
            bookings.created_at AS createdAt
       FROM bookings
       JOIN users ON users.id = bookings.owner_id
       LEFT JOIN devices ON devices.id = bookings.device_id
       LEFT JOIN device_types ON device_types.id = devices.device_type_id
      WHERE ${condition} ORDER BY bookings.starts_at, bookings.id`,
    parameters,
  );
  const collaborators = new Map<number, string[]>();
  const names = await rowsOf<{ bookingId: number; username: string }>(
    manager,
    `SELECT booking_collaborators.booking_id AS bookingId, users.username AS username
       FROM bookings
       JOIN booking_collaborators ON booking_collaborators.booking_id = bookings.id
       JOIN users ON users.id = booking_collaborators.user_id
      WHERE ${condition} ORDER BY users.username_key`,
    parameters,
  );
  for (const { bookingId, username } of names) {
    const known = collaborators.get(bookingId);
    if (known) known.push(username);
    else collaborators.set(bookingId, [username]);
  }
  return rows.map(({ startsAt, endsAt, ...row }) => ({
    ...row,
    slot: { start: startsAt, end: endsAt },
    collaborators: collaborators.get(row.id) ?? NOBODY,
  }));
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

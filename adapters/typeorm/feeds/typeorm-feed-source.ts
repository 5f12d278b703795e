import type { FeedBooking, FeedSource } from '../../../application/feeds/ports.js';
import { nameKey, type Instant } from '../../../domain/index.js';
import { namesOfDevices, usernames } from '../booking/typeorm-booking-listings.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';

interface Row extends Omit<FeedBooking, 'slot' | 'deviceType' | 'deviceName' | 'ownerUsername'> {
  readonly deviceId: number;
  readonly ownerId: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

export class TypeormFeedSource implements FeedSource {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  after(since: Instant): Promise<FeedBooking[]> {
    return this.#where('ends_at > ?', [since]);
  }

  ofDevice(deviceId: number, since: Instant): Promise<FeedBooking[]> {
    return this.#where('device_id = ? AND ends_at > ?', [deviceId, since]);
  }

  ofUser(userId: number, since: Instant): Promise<FeedBooking[]> {
    return this.#where(
      `id IN (SELECT id FROM bookings WHERE owner_id = ?
               UNION SELECT booking_id FROM booking_collaborators WHERE user_id = ?) AND ends_at > ?`,
      [userId, userId, since],
    );
  }

  device(deviceId: number): Promise<{ id: number; name: string } | null> {
    return this.#database.read(async (manager) => {
      const [row] = await rowsOf<{ name: string; typeId: number }>(
        manager,
        'SELECT name, device_type_id AS typeId FROM devices WHERE id = ?',
        [deviceId],
      );
      if (!row) return null;
      const [lowest] = await rowsOf<{ id: number }>(
        manager,
        'SELECT MIN(id) AS id FROM devices WHERE device_type_id = ? AND name_key = ?',
        [row.typeId, nameKey(row.name)],
      );
      return { id: lowest?.id ?? deviceId, name: row.name };
    });
  }

  #where(condition: string, parameters: readonly unknown[]): Promise<FeedBooking[]> {
    return this.#database.read(async (manager) => {
      const rows = await rowsOf<Row>(
        manager,
        `SELECT id, device_id AS deviceId, owner_id AS ownerId, starts_at AS startsAt, ends_at AS endsAt, status, comment,
                created_at AS createdAt, updated_at AS updatedAt
           FROM bookings WHERE ${condition} ORDER BY starts_at, id`,
        parameters,
      );
      const devices = await namesOfDevices(manager, [...new Set(rows.map((row) => row.deviceId))]);
      const owners = await usernames(manager, [...new Set(rows.map((row) => row.ownerId))]);
      return rows.map((row) => ({
        id: row.id,
        deviceType: devices.get(row.deviceId)?.deviceType ?? '',
        deviceName: devices.get(row.deviceId)?.deviceName ?? '',
        ownerUsername: owners.get(row.ownerId) ?? '',
        slot: { start: row.startsAt, end: row.endsAt },
        status: row.status,
        comment: row.comment,
        createdAt: row.createdAt,
        updatedAt: row.updatedAt,
      }));
    });
  }
}

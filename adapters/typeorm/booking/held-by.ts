import type { EntityManager } from 'typeorm';
import type { HeldTime, Instant } from '../../../domain/index.js';
import { rowsOf } from '../sql.js';

/** What the user holds that ends after that instant. */
export const heldBy = async (manager: EntityManager, userId: number, after: Instant): Promise<HeldTime[]> => {
  const rows = await rowsOf<{ groupId: string; type: string | null; startsAt: number; endsAt: number }>(
    manager,
    `SELECT bookings.group_id AS groupId, device_types.name AS type, bookings.starts_at AS startsAt,
            bookings.ends_at AS endsAt
       FROM bookings
       LEFT JOIN devices ON devices.id = bookings.device_id
       LEFT JOIN device_types ON device_types.id = devices.device_type_id
      WHERE bookings.owner_id = ? AND bookings.ends_at > ?
        AND bookings.status IN ('PENDING', 'CONFLICTING', 'CONFIRMED')`,
    [userId, after],
  );
  return rows.map(({ groupId, type, startsAt, endsAt }) => ({
    groupId,
    type: type ?? '',
    slot: { start: startsAt, end: endsAt },
  }));
};

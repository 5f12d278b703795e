import { z } from 'zod';
import { isoOf, type Hold } from '../../../domain/index.js';
import { isoText } from './fields.js';

/** Bookings that stay, and that something was done to the ground of. */
export const AffectedBookings = z.array(
  z.object({
    booking_id: z.int(),
    owner_username: z.string(),
    start_time: isoText,
    end_time: isoText,
    status: z.string(),
  }),
);

export const affectedBookings = (holds: readonly Hold[]): z.input<typeof AffectedBookings> =>
  holds.map(({ bookingId, ownerUsername, slot, status }) => ({
    booking_id: bookingId,
    owner_username: ownerUsername,
    start_time: isoOf(slot.start),
    end_time: isoOf(slot.end),
    status,
  }));

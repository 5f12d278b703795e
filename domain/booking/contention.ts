import { overlaps, type TimeSlot } from '../shared/index.js';
import type { HoldingStatus } from './booking.js';
import type { Hold } from './calendar.js';

/** The largest number of groups that hold one instant of the slot together. */
export const peakHolders = (slot: TimeSlot, holds: readonly Pick<Hold, 'slot' | 'groupId'>[]): number => {
  const arriving = holds.filter((hold) => overlaps(hold.slot, slot)).sort((a, b) => a.slot.start - b.slot.start);
  let present: typeof arriving = [];
  let peak = 0;
  for (const hold of arriving) {
    present = [...present.filter((other) => other.slot.end > hold.slot.start), hold];
    peak = Math.max(peak, new Set(present.map((other) => other.groupId)).size);
  }
  return peak;
};

/**
 * The status that the calendar gives an unconfirmed booking: CONFLICTING when a confirmed one, or one made earlier,
 * overlaps it; PENDING otherwise.
 */
export const unconfirmedStatus = (
  booking: Pick<Hold, 'bookingId' | 'slot'>,
  holds: readonly Pick<Hold, 'bookingId' | 'slot' | 'status'>[],
): 'PENDING' | 'CONFLICTING' => {
  const contended = holds.some(
    (other) =>
      other.bookingId !== booking.bookingId &&
      (other.status === 'CONFIRMED' || other.bookingId < booking.bookingId) &&
      overlaps(other.slot, booking.slot),
  );
  return contended ? 'CONFLICTING' : 'PENDING';
};

/** An unconfirmed booking that is to get another status. */
export interface StatusChange {
  readonly bookingId: number;
  readonly from: HoldingStatus;
  readonly to: 'PENDING' | 'CONFLICTING';
}

/**
 * Unconfirmed bookings whose status no longer follows from the calendar, after something on it came, went or was
 * confirmed. One becoming PENDING is not confirmed by this: a person decides.
 * @param holds every hold that overlaps any of the bookings to look at.
 */
export const reevaluate = (holds: readonly Hold[]): StatusChange[] => {
  const byStart = [...holds].sort((a, b) => a.slot.start - b.slot.start);
  const changes: StatusChange[] = [];
  let open: Hold[] = [];
  const contended = new Set<number>();
  for (const hold of byStart) {
    open = open.filter((earlier) => earlier.slot.end > hold.slot.start);
    for (const other of open) {
      const [first, second] = other.bookingId < hold.bookingId ? [other, hold] : [hold, other];
      contended.add(second.bookingId);
      if (second.status === 'CONFIRMED') contended.add(first.bookingId);
    }
    open.push(hold);
  }
  for (const hold of holds) {
    if (hold.status === 'CONFIRMED') continue;
    const to = contended.has(hold.bookingId) ? 'CONFLICTING' : 'PENDING';
    if (hold.status !== to) changes.push({ bookingId: hold.bookingId, from: hold.status, to });
  }
  return changes;
};

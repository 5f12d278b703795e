import { overlaps, type TimeSlot } from '../shared/index.js';
import type { HoldingStatus } from './booking.js';
import type { Hold } from './calendar.js';

/** The largest number of holds that share one instant of the slot. */
export const peakHolders = (slot: TimeSlot, holds: readonly Pick<Hold, 'slot'>[]): number => {
  const edges: { at: number; change: 1 | -1 }[] = [];
  for (const hold of holds) {
    if (!overlaps(hold.slot, slot)) continue;
    edges.push({ at: hold.slot.start, change: 1 }, { at: hold.slot.end, change: -1 });
  }
  // Slots are half-open: at one instant, those that end leave before those that begin arrive.
  edges.sort((a, b) => a.at - b.at || a.change - b.change);
  let holders = 0;
  let peak = 0;
  for (const { at, change } of edges) {
    holders += change;
    if (at < slot.end && holders > peak) peak = holders;
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

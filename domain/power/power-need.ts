import type { BookingStatus } from '../booking/index.js';
import type { Instant, TimeSlot } from '../shared/index.js';
import type { PowerPolicy } from './outlet-mode.js';

/** A booking as power sees it. */
export interface BookedTime {
  readonly bookingId: number;
  /** The thing: the lowest row id of its type and name. */
  readonly deviceId: number;
  readonly ownerId: number;
  readonly ownerUsername: string;
  readonly collaboratorIds: readonly number[];
  readonly slot: TimeSlot;
  /** As stored: the clock is applied here. */
  readonly status: BookingStatus;
  readonly changedAt: Instant;
}

/** What one booking asks of the power of its device. */
export interface PowerNeed {
  readonly booking: BookedTime;
  /** When the device has to be on; null when it only has to be left alone, because the booking is over. */
  readonly on: TimeSlot | null;
  /** When it must not be switched off; never ends before `on`. */
  readonly kept: TimeSlot;
}

/**
 * What a booking needs: on from some time before its slot, not off until some time after it. Given back while it ran, it
 * has its grace from then on. Null for one that needs nothing.
 */
export const needOf = (booking: BookedTime, { lead, grace }: PowerPolicy): PowerNeed | null => {
  const { slot, status, changedAt } = booking;
  const from = slot.start - lead;
  switch (status) {
    case 'CONFIRMED':
      return { booking, on: { start: from, end: slot.end }, kept: { start: from, end: slot.end + grace } };
    // Whether it was confirmed until then is not written down: a device that is on for it stays on for its grace.
    case 'EXPIRED':
      return { booking, on: null, kept: { start: from, end: slot.end + grace } };
    case 'CANCELLED':
    case 'REJECTED': {
      const end = Math.min(changedAt, slot.end);
      return end > from ? { booking, on: null, kept: { start: from, end: end + grace } } : null;
    }
    case 'PENDING':
    case 'CONFLICTING':
      return null;
  }
};

/** The needs of many bookings, by when they begin. */
export const needsOf = (bookings: readonly BookedTime[], policy: PowerPolicy): PowerNeed[] =>
  bookings
    .flatMap((booking) => needOf(booking, policy) ?? [])
    .sort((a, b) => a.kept.start - b.kept.start || a.booking.bookingId - b.booking.bookingId);

const covers = (slot: TimeSlot, now: Instant): boolean => slot.start <= now && now < slot.end;

/** The booking that a device is on for: of several, the one that began last. */
export const governingNeed = (needs: readonly PowerNeed[], now: Instant): PowerNeed | null =>
  needs.filter(({ on }) => on !== null && covers(on, now)).at(-1) ?? null;

/** A booking for which a device must not be switched off. */
export const keepingNeed = (needs: readonly PowerNeed[], now: Instant): PowerNeed | null =>
  needs
    .filter(({ kept }) => covers(kept, now))
    .reduce<PowerNeed | null>((last, need) => (last && last.kept.end >= need.kept.end ? last : need), null);

/** Whether somebody's confirmed slot of the device is on now that was not on yet at that earlier instant. */
export const slotBeganSince = (bookings: readonly BookedTime[], instant: Instant, now: Instant): boolean =>
  bookings.some(({ status, slot }) => status === 'CONFIRMED' && covers(slot, now) && slot.start > instant);

/** Whether the user owns or shares a confirmed booking of the device whose slot is on now. */
export const hasSlotNow = (bookings: readonly BookedTime[], userId: number, now: Instant): boolean =>
  bookings.some(
    ({ status, slot, ownerId, collaboratorIds }) =>
      status === 'CONFIRMED' && covers(slot, now) && (ownerId === userId || collaboratorIds.includes(userId)),
  );

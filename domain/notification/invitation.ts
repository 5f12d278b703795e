import type { BookingEvent, EventBooking } from '../events/index.js';
import { DAY, type Instant } from '../shared/index.js';
import type { Invitation } from './message.js';

const EXACT_FOR = 6 * DAY;

/**
 * A number that rises with every change of a booking and fits into 31 bits, as calendars want: milliseconds from its
 * making to the change, and, after six days, seconds.
 */
export const sequenceOf = (createdAt: Instant, changedAt: Instant): number => {
  const age = Math.max(0, changedAt - createdAt);
  return age <= EXACT_FOR ? age : EXACT_FOR + Math.ceil((age - EXACT_FOR) / 1000);
};

/** More would be a mail that no server takes. */
const MOST_INVITATIONS = 50;

/** Events after which a calendar must look different. */
const CHANGES = new Set<BookingEvent['type']>([
  ...(['booking.requested', 'booking.rebooked', 'booking.extended', 'booking.confirmed'] as const),
  ...(['booking.rejected', 'booking.cancelled', 'booking.deleted', 'booking.collaborators-changed'] as const),
  'booking.collaborators-removed',
]);

const formOf = (type: BookingEvent['type'], { status }: EventBooking): Pick<Invitation, 'method' | 'status'> | null => {
  const isGone = type === 'booking.deleted' || type === 'booking.collaborators-removed';
  if (isGone || status === 'CANCELLED' || status === 'REJECTED') {
    return { method: 'CANCEL', status: 'CANCELLED' };
  }
  if (status === 'EXPIRED') return null;
  return { method: 'REQUEST', status: status === 'CONFIRMED' ? 'CONFIRMED' : 'TENTATIVE' };
};

/** What the event does to the calendars of those whom it concerns: one entry for each booking. */
export const invitationsOf = ({ type, at, bookings }: BookingEvent): Invitation[] => {
  if (!CHANGES.has(type)) return [];
  return bookings.slice(0, MOST_INVITATIONS).flatMap((booking) => {
    const form = formOf(type, booking);
    if (form === null || booking.createdAt === undefined) return [];
    return {
      ...form,
      bookingId: booking.id,
      sequence: sequenceOf(booking.createdAt, at),
      changedAt: at,
      slot: { start: booking.start, end: booking.end },
      summary: booking.deviceName === '' ? `Device ${booking.deviceId}` : booking.deviceName,
    };
  });
};

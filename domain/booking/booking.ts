import { invalid, type Instant, type TimeSlot } from '../shared/index.js';

/** Holding statuses keep others out of the slot. */
export const HOLDING_STATUSES = ['PENDING', 'CONFLICTING', 'CONFIRMED'] as const;

/** PENDING waits for a decision, CONFLICTING waits behind somebody else, CONFIRMED has the slot. */
export type HoldingStatus = (typeof HOLDING_STATUSES)[number];

/** Nothing leaves a terminal status. */
export const TERMINAL_STATUSES = ['REJECTED', 'CANCELLED', 'EXPIRED'] as const;

/** How far a booking is: holding its slot, or over for good. */
export type BookingStatus = HoldingStatus | (typeof TERMINAL_STATUSES)[number];

/** One device for one owner in one slot. Bookings made by one request share a group. */
export interface Booking {
  readonly id: number;
  readonly groupId: string;
  /** The thing: the lowest row id of its type and name. */
  readonly deviceId: number;
  readonly ownerId: number;
  readonly slot: TimeSlot;
  readonly status: BookingStatus;
  /** What the owner wrote with the request. */
  readonly comment: string;
  readonly collaboratorIds: readonly number[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Whether a booking of that status keeps others out of its slot. */
export const holds = (status: BookingStatus): status is HoldingStatus =>
  (HOLDING_STATUSES as readonly BookingStatus[]).includes(status);

/** The status as of now: a holding booking whose time is over has expired, whether or not that was written down yet. */
export const statusAt = <S extends BookingStatus>(status: S, end: Instant, now: Instant): S | 'EXPIRED' =>
  holds(status) && end <= now ? 'EXPIRED' : status;

const allowed: readonly string[] = [...HOLDING_STATUSES, ...TERMINAL_STATUSES, 'DECLINED'];

/**
 * Reads a status word in any case; DECLINED is another word for REJECTED.
 * @throws DomainError `booking.unknown-status` with the allowed words.
 */
export const parseBookingStatus = (word: string): BookingStatus => {
  const upper = word.trim().toUpperCase();
  if (!allowed.includes(upper)) {
    throw invalid(
      'booking.unknown-status',
      `'${word.slice(0, 40)}' is not a booking status. Allowed: ${allowed.join(', ')}.`,
    );
  }
  return upper === 'DECLINED' ? 'REJECTED' : (upper as BookingStatus);
};

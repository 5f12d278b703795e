import {
  reevaluate,
  type Calendar,
  type Hold,
  type Instant,
  type StatusChange,
  type TimeSlot,
} from '../../domain/index.js';
import type { BookingStores } from './ports.js';

type Stores = Pick<BookingStores, 'calendars' | 'bookings'>;

/** Later than any booking can end: 9999-12-31. */
const END_OF_TIME: Instant = Date.UTC(9999, 11, 31);

/**
 * Claims calendars and writes down what has expired on them, so that what they hold is what they show. Every change to
 * bookings goes through here first.
 */
export const claimCalendars = async (
  { calendars, bookings }: Stores,
  thingIds: readonly number[],
  window: TimeSlot,
  now: Instant,
): Promise<Map<number, Calendar>> => {
  const claimed = await calendars.claim(thingIds, window);
  const over: number[] = [];
  const current = new Map<number, Calendar>();
  for (const [id, calendar] of claimed) {
    const holds = calendar.holds.filter((hold) => hold.slot.end > now);
    if (holds.length < calendar.holds.length) {
      over.push(...calendar.holds.filter((hold) => hold.slot.end <= now).map((hold) => hold.bookingId));
    }
    current.set(id, holds.length < calendar.holds.length ? { ...calendar, holds } : calendar);
  }
  if (over.length > 0) await bookings.setStatus(over, 'EXPIRED', now);
  return current;
};

/** As `claimCalendars`, for all the time that is left: what re-evaluation needs to see. */
export const claimFutures = (stores: Stores, thingIds: readonly number[], now: Instant) =>
  claimCalendars(stores, thingIds, { start: now, end: END_OF_TIME }, now);

/**
 * Brings unconfirmed bookings in line with claimed calendars after a change to them.
 * @param holds all holds of one thing from now on, as they are after the change.
 */
export const settleContention = async (
  { bookings }: Pick<Stores, 'bookings'>,
  holds: readonly Hold[],
  now: Instant,
): Promise<StatusChange[]> => {
  const changes = reevaluate(holds);
  for (const status of ['PENDING', 'CONFLICTING'] as const) {
    const ids = changes.filter((change) => change.to === status).map((change) => change.bookingId);
    if (ids.length > 0) await bookings.setStatus(ids, status, now);
  }
  return changes;
};

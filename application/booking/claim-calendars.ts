import {
  MINUTE,
  reevaluate,
  widestTurnaround,
  type Booking,
  type BookingPolicy,
  type Calendar,
  type Instant,
  type StatusChange,
  type TimeSlot,
} from '../../domain/index.js';
import { SYSTEM } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announce } from './announce.js';
import type { BookingStores, CalendarReader } from './ports.js';

/** What keeps calendars as they are shown reads and writes. */
export type CalendarStores = Pick<BookingStores, 'calendars' | 'bookings' | 'events'>;

/** From before any booking to after every one. */
export const ALL_TIME: TimeSlot = { start: 0, end: Date.UTC(9999, 11, 31) };

/** Calendars that belong to this unit of work, and the time at which they were got. */
export interface ClaimedCalendars {
  readonly calendars: Map<number, Calendar>;
  /** Read after the claim was granted: of two who change one calendar, the later one has the later time. */
  readonly now: Instant;
}

/**
 * Claims calendars and writes down what has expired on them, so that what they hold is what they show. Every change to
 * bookings goes through here first.
 */
export const claimCalendars = async (
  stores: CalendarStores,
  thingIds: readonly number[],
  window: TimeSlot,
  clock: Clock,
): Promise<ClaimedCalendars> => {
  const calendars = await stores.calendars.claim(thingIds, window);
  const now = clock.now();
  const over = [...calendars.values()].flatMap(({ thing, holds }) =>
    holds.filter((hold) => hold.slot.end <= now).map((hold) => ({ thingId: thing.id, bookingId: hold.bookingId })),
  );
  if (over.length === 0) return { calendars, now };
  await expire(stores, over, now);
  return { calendars: await stores.calendars.read(thingIds, window), now };
};

/** Those who contended with what is over now have a free slot perhaps, within the window that was claimed or beyond. */
const expire = async (
  stores: CalendarStores,
  over: readonly { readonly thingId: number; readonly bookingId: number }[],
  now: Instant,
): Promise<void> => {
  const ids = over.map((hold) => hold.bookingId);
  const expired = await stores.bookings.withIds(ids);
  await stores.bookings.setStatus(ids, 'EXPIRED', now);
  const calendars = await stores.calendars.read([...new Set(over.map((hold) => hold.thingId))], ALL_TIME);
  const asExpired = expired.map((booking) => ({ ...booking, status: 'EXPIRED' as const }));
  await announce(stores, 'booking.expired', SYSTEM, asExpired, calendars, now);
  await settleContention(stores, calendars, new Set(), now);
};

/** Writes down what has expired on one calendar that was changed otherwise, and what follows from it for the others. */
export const settleCalendar = async (stores: CalendarStores, thingId: number, clock: Clock): Promise<void> => {
  await claimCalendars(stores, [thingId], ALL_TIME, clock);
};

/** The calendar without holds whose time is over, whether or not that was written down yet. */
export const withoutOver = (calendar: Calendar, now: Instant): Calendar =>
  calendar.holds.some((hold) => hold.slot.end <= now)
    ? { ...calendar, holds: calendar.holds.filter((hold) => hold.slot.end > now) }
    : calendar;

/** The calendars with what ended so short a time ago that the lab's turnaround is not over. */
export const withEnded = async (
  calendars: ReadonlyMap<number, Calendar>,
  reader: Pick<CalendarReader, 'ended'>,
  policy: BookingPolicy,
  now: Instant,
): Promise<Map<number, Calendar>> => {
  const gap = widestTurnaround(policy) * MINUTE;
  if (gap === 0) return new Map(calendars);
  const ended = await reader.ended([...calendars.keys()], now - gap, now);
  return new Map([...calendars].map(([id, calendar]) => [id, { ...calendar, ended: ended.get(id) ?? [] }]));
};

/**
 * Claims the whole calendars on which these bookings are, and reads the bookings again once they are claimed:
 * until then somebody else may decide about them, or a renamed device may take them along to another calendar.
 */
export const claimBookings = async (
  stores: CalendarStores,
  read: () => Promise<Booking[]>,
  clock: Clock,
): Promise<ClaimedCalendars & { readonly bookings: Booking[] }> => {
  let bookings = await read();
  for (;;) {
    const thingIds = new Set(bookings.map((booking) => booking.deviceId));
    const claimed = await claimCalendars(stores, [...thingIds], ALL_TIME, clock);
    bookings = await read();
    if (bookings.every((booking) => thingIds.has(booking.deviceId))) return { ...claimed, bookings };
  }
};

/**
 * Brings unconfirmed bookings in line with claimed calendars after a change to them, and tells those whose are.
 * @param calendars as they were claimed for all time, before the change.
 * @param gone ids of the bookings that hold nothing any more.
 */
export const settleContention = async (
  stores: Pick<CalendarStores, 'bookings' | 'events'>,
  calendars: ReadonlyMap<number, Calendar>,
  gone: ReadonlySet<number>,
  now: Instant,
): Promise<StatusChange[]> => {
  const changes = [...calendars.values()].flatMap(({ holds }) =>
    reevaluate(holds.filter((hold) => !gone.has(hold.bookingId))),
  );
  for (const status of ['PENDING', 'CONFLICTING'] as const) {
    const ids = changes.filter((change) => change.to === status).map((change) => change.bookingId);
    if (ids.length === 0) continue;
    await stores.bookings.setStatus(ids, status, now);
    const type = status === 'PENDING' ? 'booking.contention-resolved' : 'booking.contended';
    const changed = (await stores.bookings.withIds(ids)).map((booking) => ({ ...booking, status }));
    await announce(stores, type, SYSTEM, changed, calendars, now);
  }
  return changes;
};

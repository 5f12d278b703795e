import { groupBy, isoOf, overlaps, type Instant, type TimeSlot } from '../shared/index.js';
import { limitsFor, type BookingPolicy } from './booking-policy.js';
import { holds, type BookingStatus, type HoldingStatus } from './booking.js';
import { unconfirmedStatus } from './contention.js';

/** A booking as it is stored. */
export interface RecordedBooking {
  readonly id: number;
  readonly groupId: string;
  readonly deviceId: number;
  readonly ownerId: number;
  readonly slot: TimeSlot;
  readonly status: BookingStatus;
  readonly createdAt: Instant;
}

/** Everything that the invariants speak about, as of one moment. */
export interface Census {
  readonly bookings: readonly RecordedBooking[];
  readonly things: readonly {
    readonly id: number;
    readonly rowIds: readonly number[];
    readonly type: string;
    readonly bookable: boolean;
    /** When any of its rows or its type was last changed. */
    readonly changedAt: Instant;
  }[];
  readonly windows: readonly {
    readonly id: number;
    readonly deviceId: number;
    readonly slot: TimeSlot;
    readonly createdAt: Instant;
  }[];
  /** Requests as the audit trail remembers them, with the bookings each of them made. */
  readonly requests: readonly { readonly groupId: string; readonly bookingIds: readonly number[] }[];
  /** Bookings whose end was moved: from which end on, and when that was done. */
  readonly extensions: readonly { readonly bookingId: number; readonly from: Instant; readonly at: Instant }[];
  /** Bookings that were deleted on purpose. */
  readonly deletedIds: ReadonlySet<number>;
}

/** One broken invariant, with a sentence about it and the bookings that break it. */
export interface Violation {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5';
  readonly detail: string;
  readonly bookingIds: readonly number[];
}

type Holding = RecordedBooking & { readonly status: HoldingStatus };

const isHolding = (booking: RecordedBooking): booking is Holding => holds(booking.status);

const spanOf = ({ start, end }: TimeSlot): string => `${isoOf(start)} to ${isoOf(end)}`;

/** Pairs that overlap, found by a sweep over the starts. */
const overlappingPairs = (bookings: readonly Holding[]): [Holding, Holding][] => {
  const pairs: [Holding, Holding][] = [];
  let open: Holding[] = [];
  for (const booking of [...bookings].sort((a, b) => a.slot.start - b.slot.start)) {
    open = open.filter((earlier) => earlier.slot.end > booking.slot.start);
    for (const earlier of open) pairs.push([earlier, booking]);
    open.push(booking);
  }
  return pairs;
};

const doublyConfirmed = (deviceId: number, pairs: readonly [Holding, Holding][]): Violation[] =>
  pairs
    .filter(([a, b]) => a.status === 'CONFIRMED' && b.status === 'CONFIRMED')
    .map(([a, b]) => ({
      invariant: 'I1',
      detail: `device ${deviceId}: two confirmed bookings overlap (${spanOf(a.slot)}; ${spanOf(b.slot)})`,
      bookingIds: [a.id, b.id],
    }));

const overcrowded = (deviceId: number, bookings: readonly Holding[], maxContenders: number): Violation[] =>
  bookings.flatMap((booking) => {
    const there = bookings.filter(({ slot }) => slot.start <= booking.slot.start && booking.slot.start < slot.end);
    if (new Set(there.map((other) => other.groupId)).size <= maxContenders) return [];
    const detail = `device ${deviceId}: ${there.length} hold it at ${isoOf(booking.slot.start)}, at most ${maxContenders} may`;
    return [{ invariant: 'I2' as const, detail, bookingIds: there.map((other) => other.id) }];
  });

const misjudged = (
  deviceId: number,
  bookings: readonly Holding[],
  pairs: readonly [Holding, Holding][],
): Violation[] => {
  const neighbours = new Map<number, Holding[]>(bookings.map((booking) => [booking.id, []]));
  for (const [a, b] of pairs) {
    neighbours.get(a.id)?.push(b);
    neighbours.get(b.id)?.push(a);
  }
  return bookings.flatMap((booking) => {
    if (booking.status === 'CONFIRMED') return [];
    const others = (neighbours.get(booking.id) ?? []).map(({ id, slot, status }) => ({ bookingId: id, slot, status }));
    const due = unconfirmedStatus({ bookingId: booking.id, slot: booking.slot }, others);
    if (booking.status === due) return [];
    const detail = `device ${deviceId}: booking ${booking.id} is ${booking.status} and should be ${due}`;
    return [{ invariant: 'I3' as const, detail, bookingIds: [booking.id, ...others.map((other) => other.bookingId)] }];
  });
};

const torn = (census: Census): Violation[] => {
  const present = new Set(census.bookings.map((booking) => booking.id));
  const asked = new Set(census.requests.flatMap((request) => request.bookingIds));
  const missing = census.requests.flatMap(({ groupId, bookingIds }): Violation[] => {
    const lost = bookingIds.filter((id) => !present.has(id) && !census.deletedIds.has(id));
    if (lost.length === 0) return [];
    return [{ invariant: 'I4', detail: `group ${groupId}: ${lost.length} of its bookings are gone`, bookingIds: lost }];
  });
  const groupsAsked = new Set(census.requests.map((request) => request.groupId));
  const stray = census.bookings
    .filter((booking) => groupsAsked.has(booking.groupId) && !asked.has(booking.id))
    .map(({ id, groupId }): Violation => {
      return { invariant: 'I4', detail: `group ${groupId}: nobody asked for booking ${id}`, bookingIds: [id] };
    });
  const owners = new Map<string, Set<number>>();
  for (const { groupId, ownerId } of census.bookings)
    owners.set(groupId, (owners.get(groupId) ?? new Set()).add(ownerId));
  const shared = [...owners]
    .filter(([, ids]) => ids.size > 1)
    .map(([groupId]): Violation => {
      const members = census.bookings.filter((booking) => booking.groupId === groupId);
      return {
        invariant: 'I4',
        detail: `group ${groupId}: has several owners`,
        bookingIds: members.map(({ id }) => id),
      };
    });
  return [...missing, ...stray, ...shared];
};

/** What was on a device before the booking was made and should have kept it from being made. */
const misplaced = (census: Census, byDevice: ReadonlyMap<number, readonly Holding[]>): Violation[] => {
  const violations: Violation[] = [];
  const things = new Map(census.things.map((thing) => [thing.id, thing]));
  const extensions = groupBy(census.extensions, ({ bookingId }) => bookingId);
  for (const [deviceId, bookings] of byDevice) {
    const thing = things.get(deviceId);
    const report = ({ id }: Holding, what: string) =>
      violations.push({ invariant: 'I5', detail: `device ${deviceId}: booking ${id} ${what}`, bookingIds: [id] });
    if (!thing) {
      for (const booking of bookings) report(booking, 'holds a device that is not in the inventory');
      continue;
    }
    const windows = census.windows.filter((window) => thing.rowIds.includes(window.deviceId));
    for (const booking of bookings) {
      const { end } = booking.slot;
      const asked = [
        { slot: booking.slot, at: booking.createdAt },
        ...(extensions.get(booking.id) ?? []).map(({ from, at }) => ({ slot: { start: from, end }, at })),
      ];
      for (const { slot, at } of asked) {
        if (!thing.bookable && thing.changedAt < at) report(booking, 'was made on a device that is not bookable');
        for (const window of windows) {
          // A row that joins brings its windows along, however old they are.
          const since = Math.max(window.createdAt, thing.changedAt);
          if (since >= at || !overlaps(window.slot, slot)) continue;
          report(booking, `was made into maintenance window ${window.id} (${spanOf(window.slot)})`);
        }
      }
    }
  }
  return violations;
};

/**
 * Every violation of I1 to I5 that the records show. Maintenance and device changes that came after a booking are no
 * violation: they leave it standing.
 */
export const violationsIn = (census: Census, policy: BookingPolicy): Violation[] => {
  const types = new Map(census.things.map((thing) => [thing.id, thing.type]));
  const byDevice = new Map<number, Holding[]>();
  for (const booking of census.bookings) {
    if (!isHolding(booking)) continue;
    const bookings = byDevice.get(booking.deviceId);
    if (bookings) bookings.push(booking);
    else byDevice.set(booking.deviceId, [booking]);
  }
  const calendars = [...byDevice].flatMap(([deviceId, bookings]) => {
    const pairs = overlappingPairs(bookings);
    return [
      ...doublyConfirmed(deviceId, pairs),
      ...overcrowded(deviceId, bookings, limitsFor(policy, types.get(deviceId) ?? '', 'User').maxContenders),
      ...misjudged(deviceId, bookings, pairs),
    ];
  });
  return [...calendars, ...torn(census), ...misplaced(census, byDevice)];
};

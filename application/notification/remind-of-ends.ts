import { groupBy, MINUTE, timeSlot, type Booking, type EventBooking, type Instant } from '../../domain/index.js';
import type { BookingListing, BookingListings, BookingStores } from '../booking/ports.js';
import type { Clock, UnitOfWork } from '../shared/ports.js';
import type { NotificationStores } from './ports.js';

/** A transaction that reminds somebody. */
export type RemindingWork = UnitOfWork<Pick<BookingStores, 'bookings'> & Pick<NotificationStores, 'outbox' | 'events'>>;

/** Tells those whose time with a device will soon be over, once for each end. */
export class RemindOfEnds {
  readonly #work: RemindingWork;
  readonly #listings: BookingListings;
  readonly #clock: Clock;
  readonly #ahead: number;

  /** @param minutes how long before; 0 is never. */
  constructor(work: RemindingWork, listings: BookingListings, clock: Clock, minutes: number) {
    this.#work = work;
    this.#listings = listings;
    this.#clock = clock;
    this.#ahead = minutes * MINUTE;
  }

  /** May run as often as one likes, on any process: nobody is reminded twice of one end, and of a new end anew. */
  async execute(): Promise<void> {
    if (this.#ahead === 0) return;
    const now = this.#clock.now();
    const until = now + this.#ahead;
    const ending = (await this.#listings.during(timeSlot(now, until))).filter(
      ({ status, slot }) => status === 'CONFIRMED' && slot.end <= until,
    );
    for (const [groupId, listings] of groupBy(ending, (listing) => listing.groupId)) {
      await this.#remind(groupId, listings, now);
    }
  }

  #remind(groupId: string, listings: readonly BookingListing[], now: Instant): Promise<void> {
    return this.#work.run(async ({ bookings, outbox, events }) => {
      const group = await bookings.ofGroup(groupId);
      const told: { booking: Booking; event: EventBooking }[] = [];
      for (const listing of listings) {
        const booking = group.find(({ id }) => id === listing.id);
        if (booking?.status !== 'CONFIRMED' || goesOn(booking, group)) continue;
        if (!(await outbox.once(`expires-soon ${booking.id} ${booking.slot.end}`, now))) continue;
        told.push({ booking, event: eventBookingOf(listing, booking) });
      }
      const [first] = told;
      if (!first) return;
      const { ownerId } = first.booking;
      const collaboratorIds = [...new Set(told.flatMap(({ booking }) => booking.collaboratorIds))];
      await events.append({
        ...{ type: 'booking.expires-soon', at: now, actorId: null, groupId, ownerId, collaboratorIds, message: '' },
        concerns: [...new Set([ownerId, ...collaboratorIds])],
        bookings: told.map(({ event }) => event),
      });
    });
  }
}

/** Whether the group has the device again later: then it need not be left for good. */
const goesOn = ({ deviceId, slot }: Booking, group: readonly Booking[]): boolean =>
  group.some((other) => other.status === 'CONFIRMED' && other.deviceId === deviceId && other.slot.end > slot.end);

const eventBookingOf = (
  { deviceType, deviceName }: BookingListing,
  { id, deviceId, slot, status, createdAt }: Booking,
): EventBooking => ({ id, deviceId, deviceType, deviceName, start: slot.start, end: slot.end, status, createdAt });

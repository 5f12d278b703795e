import { holds, invalid, statusAt, type Actor, type Booking, type User } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { bookingsNamed, bookingsOfGroup } from './find-bookings.js';
import { assertOwner } from './part-in-booking.js';
import { claimBookings } from './claim-calendars.js';
import { giveBack } from './give-back.js';
import type { BookingStores, BookingWork, UserFinder } from './ports.js';
import { requesterOf } from './requester.js';

/** Gives a slot back, with a reason perhaps. Those who contended for it are re-evaluated in the same transaction. */
export class CancelBooking {
  readonly #work: BookingWork;
  readonly #users: UserFinder;
  readonly #clock: Clock;

  constructor(work: BookingWork, users: UserFinder, clock: Clock) {
    this.#work = work;
    this.#users = users;
    this.#clock = clock;
  }

  /** @throws DomainError `booking.not-found`, `booking.not-owner`, `booking.already-over`. */
  async one(
    actor: Actor,
    bookingId: number,
    userId: number | null = null,
    reason: string | null = null,
  ): Promise<void> {
    const requester = await requesterOf(actor, userId, this.#users);
    await this.#work.run(async (stores) => {
      const read = () => bookingsNamed(bookingId, null, stores.bookings);
      const what = 'Only the booking owner can cancel this booking.';
      if ((await this.#cancel(actor, requester, read, what, reason, stores)) > 0) return;
      const [{ status, slot }] = (await read()) as [Booking];
      const over = statusAt(status, slot.end, this.#clock.now());
      throw invalid('booking.already-over', `Booking is already ${over.toLowerCase()}`, { status: over });
    });
  }

  /**
   * Cancels what still holds of a group, and tells how many bookings that were.
   * @throws DomainError `booking.unknown-group`, `booking.not-owner`.
   */
  async group(
    actor: Actor,
    groupId: string,
    userId: number | null = null,
    reason: string | null = null,
  ): Promise<number> {
    const requester = await requesterOf(actor, userId, this.#users);
    return this.#work.run((stores) => {
      const read = () => bookingsOfGroup(groupId, stores.bookings);
      const what = 'Only the booking owner can cancel this booking group.';
      return this.#cancel(actor, requester, read, what, reason, stores);
    });
  }

  /** Cancels those that `read` finds and that still hold. */
  async #cancel(
    actor: Actor,
    requester: Pick<User, 'id'>,
    read: () => Promise<Booking[]>,
    refusal: string,
    reason: string | null,
    stores: BookingStores,
  ): Promise<number> {
    const { calendars, now, bookings } = await claimBookings(stores, read, this.#clock);
    assertOwner(actor, requester, bookings, refusal);
    const holding = bookings.filter(({ status, slot }) => holds(statusAt(status, slot.end, now)));
    if (holding.length === 0) return 0;
    await giveBack(stores, actor, holding, { calendars, now }, reason);
    return holding.length;
  }
}

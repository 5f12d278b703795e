import {
  forbidden,
  invalid,
  isAdmin,
  isTerminal,
  notFound,
  statusAt,
  type Actor,
  type Booking,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { claimFutures, settleContention } from './claim-calendars.js';
import type { BookingStores, BookingWork, UserFinder } from './ports.js';
import { requesterOf } from './requester.js';

/** Gives a slot back. Those who contended for it are re-evaluated in the same transaction. */
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
  async one(actor: Actor, bookingId: number, userId: number | null = null): Promise<Booking> {
    const requester = await requesterOf(actor, userId, this.#users);
    return this.#work.run(async (stores) => {
      const seen = await stores.bookings.find(bookingId);
      if (!seen) throw notFound('booking.not-found', 'Booking not found.');
      if (seen.ownerId !== requester.id && !isAdmin(actor.role)) {
        throw forbidden('booking.not-owner', 'Only the booking owner can cancel this booking.');
      }
      const [cancelled] = await this.#cancel(actor, [seen], stores);
      if (!cancelled) {
        const status = (await stores.bookings.find(bookingId))?.status ?? seen.status;
        throw invalid('booking.already-over', `Booking is already ${status.toLowerCase()}`, { status });
      }
      return cancelled;
    });
  }

  /** Cancels what still holds of a group. @throws DomainError `booking.unknown-group`, `booking.not-owner`. */
  async group(actor: Actor, groupId: string, userId: number | null = null): Promise<number> {
    const requester = await requesterOf(actor, userId, this.#users);
    return this.#work.run(async (stores) => {
      const members = await stores.bookings.ofGroup(groupId);
      const [first] = members;
      if (!first) throw notFound('booking.unknown-group', 'Booking group not found.');
      if (first.ownerId !== requester.id && !isAdmin(actor.role)) {
        throw forbidden('booking.not-owner', 'Only the booking owner can cancel this booking group.');
      }
      return (await this.#cancel(actor, members, stores)).length;
    });
  }

  /** Answers those that were cancelled; bookings that are over already are left alone. */
  async #cancel(actor: Actor, bookings: readonly Booking[], stores: BookingStores): Promise<Booking[]> {
    const now = this.#clock.now();
    const claimed = await claimFutures(stores, [...new Set(bookings.map((booking) => booking.deviceId))], now);
    // Read again: somebody may have decided about them before the claim was granted.
    const current = await Promise.all(bookings.map((booking) => stores.bookings.find(booking.id)));
    const cancelled = current
      .filter((booking) => booking !== null)
      .filter((booking) => !isTerminal(statusAt(booking.status, booking.slot.end, now)));
    if (cancelled.length === 0) return [];
    const ids = new Set(cancelled.map((booking) => booking.id));
    await stores.bookings.setStatus([...ids], 'CANCELLED', now);
    for (const { holds } of claimed.values()) {
      await settleContention(
        stores,
        holds.filter((hold) => !ids.has(hold.bookingId)),
        now,
      );
    }
    for (const booking of cancelled) {
      await stores.audit.append({
        at: now,
        actor: auditActorOf(actor),
        action: 'booking.cancelled',
        entityType: 'booking',
        entityId: String(booking.id),
        entityLabel: null,
        message: `${actor.username} cancelled booking ${booking.id}`,
        metadata: { groupId: booking.groupId, before: booking.status, ownerId: booking.ownerId },
      });
    }
    return cancelled.map((booking) => ({ ...booking, status: 'CANCELLED' as const, updatedAt: now }));
  }
}

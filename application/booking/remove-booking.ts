import { conflict, holds, isAdmin, statusAt, type Actor, type Booking } from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announce } from './announce.js';
import { bookingsNamed } from './find-bookings.js';
import { assertOwner } from './part-in-booking.js';
import { claimBookings, settleContention } from './claim-calendars.js';
import type { BookingWork } from './ports.js';

/** Takes a booking out of the records. What still holds a slot is cancelled first, by its owner. */
export class RemoveBooking {
  readonly #work: BookingWork;
  readonly #clock: Clock;

  constructor(work: BookingWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /** @throws DomainError `booking.not-found`, `booking.not-owner`, or `booking.still-holds` unless the actor administrates. */
  execute(actor: Actor, bookingId: number): Promise<void> {
    return this.#work.run(async (stores) => {
      const read = () => bookingsNamed(bookingId, null, stores.bookings);
      const { calendars, now, bookings } = await claimBookings(stores, read, this.#clock);
      const [booking] = bookings as [Booking];
      assertOwner(actor, actor, bookings, 'Only the booking owner can delete this booking.');
      const holding = holds(statusAt(booking.status, booking.slot.end, now));
      if (holding && !isAdmin(actor.role)) {
        throw conflict('booking.still-holds', 'This booking still holds its slot: cancel it first.');
      }
      await stores.bookings.remove(bookingId);
      if (holding) await settleContention(stores, calendars, new Set([bookingId]), now);
      await announce(stores, 'booking.deleted', actor, bookings, calendars, now);
      await stores.audit.append({
        at: now,
        actor: auditActorOf(actor),
        action: 'booking.deleted',
        entityType: 'booking',
        entityId: String(bookingId),
        entityLabel: null,
        message: `${actor.username} deleted booking ${bookingId}`,
        metadata: { before: booking },
      });
    });
  }
}

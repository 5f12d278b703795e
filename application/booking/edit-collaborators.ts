import { invalid, notFound, statusAt, type Actor } from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announce } from './announce.js';
import { collaboratorsNamed } from './collaborators.js';
import { bookingsNamed } from './find-bookings.js';
import { assertOwner } from './part-in-booking.js';
import type { BookingWork, UserFinder } from './ports.js';
import { requesterOf } from './requester.js';

const NO_TIME = { start: 0, end: 1 };

/** Says who shares bookings with their owner. */
export class EditCollaborators {
  readonly #work: BookingWork;
  readonly #users: UserFinder;
  readonly #clock: Clock;

  constructor(work: BookingWork, users: UserFinder, clock: Clock) {
    this.#work = work;
    this.#users = users;
    this.#clock = clock;
  }

  /**
   * Replaces the collaborators of a booking, or of several of its group, and answers their names in order.
   * @throws DomainError `booking.not-owner`, `booking.cancelled`, `booking.unknown-collaborator`.
   */
  async execute(
    actor: Actor,
    id: number,
    among: readonly number[] | null,
    usernames: readonly string[],
    ownerId: number | null = null,
  ): Promise<string[]> {
    const unknown = () => notFound('identity.unknown-user', 'Owner not found.');
    const requester = await requesterOf(actor, ownerId, this.#users, unknown);
    return this.#work.run(async (stores) => {
      const { bookings, users, audit } = stores;
      const now = this.#clock.now();
      const edited = await bookingsNamed(id, among, bookings);
      assertOwner(actor, requester, edited, 'Only the booking owner can update collaborators.');
      if (edited.every(({ status, slot }) => statusAt(status, slot.end, now) === 'CANCELLED')) {
        throw invalid('booking.cancelled', 'Cannot update a cancelled booking.');
      }
      const owner = { id: edited[0]?.ownerId ?? requester.id };
      const collaborators = await collaboratorsNamed(usernames, owner, users);
      const collaboratorIds = collaborators.map((user) => user.id);
      await bookings.setCollaborators(
        edited.map((booking) => booking.id),
        collaboratorIds,
      );
      const shared = edited.map((booking) => ({ ...booking, collaboratorIds }));
      // For the names of the devices only.
      const calendars = await stores.calendars.read([...new Set(edited.map(({ deviceId }) => deviceId))], NO_TIME);
      await announce(stores, 'booking.collaborators-changed', actor, shared, calendars, now);
      const removed = [...new Set(edited.flatMap((booking) => booking.collaboratorIds))].filter(
        (known) => !collaboratorIds.includes(known) && known !== owner.id,
      );
      if (removed.length > 0) {
        await announce(stores, 'booking.collaborators-removed', actor, shared, calendars, now, '', removed);
      }
      const names = collaborators.map((user) => user.username).sort();
      await audit.append({
        at: now,
        actor: auditActorOf(actor),
        action: 'booking.collaborators-changed',
        entityType: 'booking-group',
        entityId: edited[0]?.groupId ?? null,
        entityLabel: null,
        message: `${actor.username} set the collaborators of ${edited.length} booking(s)`,
        metadata: { before: edited.map((booking) => booking.collaboratorIds), after: names },
      });
      return names;
    });
  }
}

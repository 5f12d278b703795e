import { ROLES, roleCan, statusAt, type LabZone } from '../../domain/index.js';
import type { BookingListings } from '../booking/ports.js';
import type { Clock } from '../shared/ports.js';
import type { NotificationWork } from './ports.js';

/** Longer lists are told by their length. */
const MOST_LISTED = 50;

/** Once a day tells those who may decide what awaits their decision. */
export class SendDigest {
  readonly #work: NotificationWork;
  readonly #listings: BookingListings;
  readonly #clock: Clock;
  readonly #zone: LabZone;
  readonly #hour: number;

  /** @param hour of lab time from which on it is due. */
  constructor(work: NotificationWork, listings: BookingListings, clock: Clock, zone: LabZone, hour: number) {
    this.#work = work;
    this.#listings = listings;
    this.#clock = clock;
    this.#zone = zone;
    this.#hour = hour;
  }

  /**
   * May run as often as one likes, on any process: it tells once in a lab day, after the hour, and nothing when nothing
   * waits.
   */
  async execute(): Promise<void> {
    const now = this.#clock.now();
    if (this.#zone.wallTimeAt(now).hour < this.#hour) return;
    const listings = (await this.#listings.withStatus(['PENDING', 'CONFLICTING'], { limit: null, offset: 0 }))
      .filter(({ status, slot }) => statusAt(status, slot.end, now) !== 'EXPIRED')
      .reverse();
    await this.#work.run(async ({ outbox, people, events }) => {
      // A day on which nothing waits is done as well: what is asked for later is told tomorrow.
      if (!(await outbox.once(`digest ${this.#zone.dateOf(now)}`, now)) || listings.length === 0) return;
      const approvers = await people.withRoles(ROLES.filter((role) => roleCan(role, 'bookings:write')));
      await events.append({
        ...{ type: 'approvals.pending', at: now, actorId: null, count: listings.length },
        concerns: approvers.map(({ id }) => id),
        waiting: listings.slice(0, MOST_LISTED).map(({ id, deviceId, deviceType, deviceName, slot, ...listing }) => ({
          ...{ id, deviceId, deviceType, deviceName, start: slot.start, end: slot.end },
          ...{ status: listing.status, ownerUsername: listing.ownerUsername },
        })),
      });
    });
  }
}

import type { Clock } from '../shared/ports.js';
import { settleCalendar } from './claim-calendars.js';
import type { BookingWork } from './ports.js';

/**
 * Writes down which bookings are over and settles those who contended with them. It catches up with whatever was
 * missed, and several processes may do it at once: each calendar is claimed by one of them at a time.
 */
export class ExpireBookings {
  readonly #work: BookingWork;
  readonly #clock: Clock;

  constructor(work: BookingWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /**
   * @returns on how many devices something had expired.
   * @throws AggregateError of what failed, once all the others are settled.
   */
  async execute(): Promise<number> {
    const thingIds = await this.#work.run(({ calendars }) => calendars.withOver(this.#clock.now()));
    const failures: unknown[] = [];
    for (const thingId of thingIds) {
      try {
        // One device a transaction: nobody waits longer for a calendar than that takes.
        await this.#work.run((stores) => settleCalendar(stores, thingId, this.#clock));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} calendar(s) could not be settled`);
    return thingIds.length;
  }
}

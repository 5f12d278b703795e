import { addToDate, HOUR, MINUTE, type Instant } from '../../domain/index.js';

/** A zone's wall clock read with nothing but Intl: what the lab's own reading of it is measured against. */
export class WallClock {
  readonly #face: Intl.DateTimeFormat;

  constructor(zone: string) {
    this.#face = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  }

  /** `2026-11-23 09:00:00`. */
  at(instant: Instant): string {
    return this.#face.format(instant).padStart('0001-01-01 00:00:00'.length, '0');
  }

  dateAt(instant: Instant): string {
    return this.at(instant).slice(0, 10);
  }

  /** The reading as a number to calculate with, as if the clock showed UTC. */
  asIfUtcAt(instant: Instant): number {
    return Date.parse(`${this.at(instant).replace(' ', 'T')}Z`);
  }

  /** Every quarter of an hour at which the clock shows this; most often one, in the double hour two, in a gap none. */
  momentsShowing(reading: string): Instant[] {
    const asIfUtc = Date.parse(`${reading.replace(' ', 'T')}Z`);
    const moments: Instant[] = [];
    for (let moment = asIfUtc - 15 * HOUR; moment <= asIfUtc + 15 * HOUR; moment += 15 * MINUTE) {
      if (this.at(moment) === reading) moments.push(moment);
    }
    return moments;
  }

  /** The first minute at which the clock shows this or, where it never does, something later. */
  firstMinuteFrom(reading: string): Instant {
    let moment = Date.parse(`${reading.replace(' ', 'T')}Z`) - 48 * HOUR;
    while (this.at(moment + 4 * HOUR) < reading) moment += HOUR;
    while (this.at(moment) < reading) moment += MINUTE;
    return moment;
  }

  /** The first minute of a later date at which the clock shows what it shows at this one. */
  daysLater(instant: Instant, days: number): Instant {
    return this.firstMinuteFrom(addToDate(this.dateAt(instant), days) + this.at(instant).slice(10));
  }
}

/** Runs the suite as if the server stood in another time zone. */
export const onServerIn = (serverZone: string, suite: () => void): void => {
  describe(`on a server in ${serverZone}`, () => {
    const before = process.env.TZ;
    const restore = () => {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    };
    beforeEach(() => {
      process.env.TZ = serverZone;
      const moment = Date.UTC(2026, 6, 1, 12);
      const hour = new Date(moment).getHours();
      if (hour !== Number(new WallClock(serverZone).at(moment).slice(11, 13))) {
        throw new Error(`this process did not move to ${serverZone}`);
      }
    });
    afterEach(restore);
    suite();
  });
};

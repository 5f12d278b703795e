import { DAY, groupBy, lengthOf, type Instant, type LabZone, type TimeSlot } from '../shared/index.js';
import { beliefWith, intervalOf, varianceOf, type Belief } from './beta.js';
import type { BookingHistory, PastBooking } from './booking-history.js';
import { CancellationModel } from './cancellation.js';
import { FillUp } from './fill-up.js';
import { tunedOccupancy, type MeasuredSkill, type TunedOccupancy } from './tuning.js';
import { countWindows } from './window-counts.js';
import { cellOf, lengthClassOf } from './window-grid.js';

/** The middle share of what is believed that an interval covers. */
export const INTERVAL = 0.8;

/** What others' rate says of one device is worth no more than so many windows: devices differ, by an unknown amount. */
const MOST_WORTH_OF_OTHERS = 40;

const vague = ({ mean, worth }: Belief): Belief => ({ mean, worth: Math.min(worth, MOST_WORTH_OF_OTHERS) });

/** A booking that holds now and overlaps the time in question. */
export type Blocker = Pick<PastBooking, 'groupId' | 'slot' | 'createdAt'>;

/** May the device be had? What is known, in numbers. */
export interface ForecastQuestion {
  readonly deviceId: number;
  /** What it is; the type's history speaks for a device that has none. */
  readonly type: string;
  readonly slot: TimeSlot;
  readonly blockers: readonly Blocker[];
}

/** The parts of which a forecast is made; all of them probabilities. */
export interface ForecastParts {
  readonly daysAhead: number;
  readonly lengthClass: number;
  readonly cell: number;
  /** That all that is booked is given up in time; 1 when nothing is. */
  readonly released: number;
  /** That a window like it ends free, of this device and of its type. */
  readonly deviceRate: number;
  readonly typeRate: number;
  /** The share of what will be booked that is booked by now. */
  readonly shareBooked: number;
  /** That nobody else books it before it begins. */
  readonly nobodyElse: number;
  readonly skill: MeasuredSkill;
}

/**
 * How likely a window ends up free for whoever asks, and how much is behind the number. Probabilities are from 0 to 1.
 */
export interface ForecastNumbers {
  readonly probability: number;
  /** The middle 80 % of what is believed of the probability. */
  readonly interval: readonly [number, number];
  /** How many windows the estimate of how often such a window is free is worth. */
  readonly sampleSize: number;
  /** How often a window of that length is free, of all devices at all times. */
  readonly baseRate: number;
  /** Whether the device's own history speaks, or only the base rate, where more has not been shown to forecast better. */
  readonly method: 'history' | 'base-rate';
  readonly parts: ForecastParts;
}

/** Bookings of one request are given up together: the least likely of them speaks for all. */
const allReleased = (
  cancellation: CancellationModel,
  blockers: readonly Blocker[],
  from: Instant,
  now: Instant,
): readonly Belief[] =>
  [...groupBy(blockers, (blocker) => blocker.groupId).values()].map((group) =>
    group
      .map((blocker) => cancellation.releasedBy(blocker, now, Math.max(blocker.slot.start, from)))
      .reduce((least, belief) => (belief.mean < least.mean ? belief : least)),
  );

/** What is believed of the product of independent probabilities. */
const productOf = (beliefs: readonly Belief[]): Belief => {
  let [mean, square] = [1, 1];
  for (const belief of beliefs) {
    square *= varianceOf(belief) + belief.mean ** 2;
    mean *= belief.mean;
  }
  return beliefWith(mean, square - mean ** 2);
};

/** What the history of a lab says, as of one moment. Each length of window is learnt when it is first asked for. */
export class ForecastModel {
  readonly #history: BookingHistory;
  readonly #asOf: Instant;
  readonly #zone: LabZone;
  readonly #cancellation: CancellationModel;
  readonly #typeOf: readonly string[];
  readonly #indexOf: ReadonlyMap<number, number>;
  readonly #lengths = new Map<number, TunedOccupancy & { readonly fillUp: FillUp }>();

  /** @param history as it was known at `asOf`. */
  constructor(history: BookingHistory, asOf: Instant, zone: LabZone) {
    this.#history = history;
    this.#asOf = asOf;
    this.#zone = zone;
    this.#cancellation = new CancellationModel(history.bookings, asOf);
    this.#typeOf = history.devices.map((device) => device.type);
    this.#indexOf = new Map(history.devices.map((device, index) => [device.id, index]));
  }

  /** How well windows of that length are forecast, at each distance. */
  skillAt(length: number): readonly MeasuredSkill[] {
    return this.#learnt(lengthClassOf(length)).skill;
  }

  /** How likely the device is free in all of the slot, which is not over at `now`. */
  forecast({ deviceId, type, slot, blockers }: ForecastQuestion, now: Instant): ForecastNumbers {
    const lengthClass = lengthClassOf(lengthOf(slot));
    const { occupancy, fillUp, skill } = this.#learnt(lengthClass);
    const daysAhead = Math.max(0, slot.start - now) / DAY;
    const measured = skill.find(({ days }) => daysAhead <= days) ?? { days: daysAhead, skill: null, proven: false };
    const cell = cellOf(slot.start, lengthClass, this.#zone);
    const device = this.#indexOf.get(deviceId);
    const { base } = occupancy;
    const typeRate = occupancy.ofType(type, cell);
    const learnt = device === undefined ? vague(typeRate) : occupancy.ofDevice(device, cell);
    const rate = measured.proven ? learnt : vague(base);
    const shareBooked = measured.proven ? fillUp.shareBooked(daysAhead) : 0;
    const left = 1 - shareBooked;
    const nobodyElse = rate.mean ** left;
    const released = allReleased(this.#cancellation, blockers, slot.start, now);
    const free = productOf([
      ...released,
      beliefWith(nobodyElse, varianceOf(rate) * (left * rate.mean ** (left - 1)) ** 2),
    ]);
    const [low, high] = intervalOf(rate, INTERVAL);
    return {
      probability: released.length === 0 ? nobodyElse : free.mean,
      interval: released.length === 0 ? [low ** left, high ** left] : intervalOf(free, INTERVAL),
      sampleSize: Math.round(rate.worth),
      baseRate: base.mean,
      method: measured.proven ? 'history' : 'base-rate',
      parts: {
        daysAhead,
        lengthClass,
        cell,
        released: released.reduce((product, belief) => product * belief.mean, 1),
        deviceRate: rate.mean,
        typeRate: typeRate.mean,
        shareBooked,
        nobodyElse,
        skill: measured,
      },
    };
  }

  #learnt(length: number): TunedOccupancy & { readonly fillUp: FillUp } {
    const known = this.#lengths.get(length);
    if (known) return known;
    const counts = countWindows(this.#history, this.#asOf, length, this.#zone);
    const tuned = tunedOccupancy(counts, this.#typeOf);
    const learnt = { ...tuned, fillUp: new FillUp(counts, tuned.occupancy) };
    this.#lengths.set(length, learnt);
    return learnt;
  }
}

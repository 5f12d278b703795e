import { isBookable, type Thing } from '../inventory/index.js';
import { isoOf, overlaps, type Instant, type TimeSlot } from '../shared/index.js';
import { factorsOf } from './factors.js';
import type { Blocker, ForecastModel } from './forecast-model.js';

/** What keeps a device from being had, now and later. */
export interface KnownSchedule {
  readonly holds: readonly Blocker[];
  readonly maintenance: readonly TimeSlot[];
}

/** How likely a device can be had in all of a slot. */
export interface DeviceForecast {
  readonly probability: number;
  /** The middle 80 % of what is believed of the probability. */
  readonly interval: readonly [number, number];
  /** How sure the probability is: 1 less the width of the interval. */
  readonly confidence: number;
  /** How many windows the estimate is worth; null where nothing had to be estimated. */
  readonly sampleSize: number | null;
  /** How often such a time is free in this lab; null where nothing had to be estimated. */
  readonly baseRate: number | null;
  readonly method: 'known' | 'history' | 'base-rate';
  /** Sentences for people. */
  readonly factors: readonly string[];
}

const never = (factor: string): DeviceForecast => ({
  probability: 0,
  interval: [0, 0],
  confidence: 1,
  sampleSize: null,
  baseRate: null,
  method: 'known',
  factors: [factor],
});

/**
 * What is known comes first: a device that cannot be booked, or is under maintenance in the slot, is not available.
 * @param gap milliseconds that stay free around each booking.
 */
export const forecastDevice = (
  thing: Thing,
  slot: TimeSlot,
  { holds, maintenance }: KnownSchedule,
  gap: number,
  model: ForecastModel,
  now: Instant,
): DeviceForecast => {
  if (!isBookable(thing)) {
    return never(
      thing.schedulable
        ? `${thing.name} cannot be booked: it is ${thing.status}.`
        : `${thing.name} cannot be booked: devices of type ${thing.type} are not.`,
    );
  }
  const window = maintenance.find((planned) => overlaps(planned, slot));
  if (window) return never(`Maintenance is planned from ${isoOf(window.start)} to ${isoOf(window.end)}.`);
  const near = { start: slot.start - gap, end: slot.end + gap };
  const blockers = holds.filter((hold) => overlaps(hold.slot, near));
  const numbers = model.forecast({ deviceId: thing.id, type: thing.type, slot, blockers }, now);
  const { probability, interval, sampleSize, baseRate, method } = numbers;
  return {
    ...{ probability, interval, sampleSize, baseRate, method },
    confidence: 1 - (interval[1] - interval[0]),
    factors: factorsOf(numbers, blockers.length, thing.type),
  };
};

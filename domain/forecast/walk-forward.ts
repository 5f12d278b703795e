import { DAY, groupBy, HOUR, overlaps, type Instant, type LabZone, type TimeSlot } from '../shared/index.js';
import { asKnownAt, heldSlot, holdsAt, type BookingHistory, type PastBooking } from './booking-history.js';
import { ForecastModel, type ForecastNumbers } from './forecast-model.js';
import { brierScore, calibrationError, logLoss, reliability, skillOver, type ReliabilityBin } from './scores.js';
import { SEGMENT } from './window-grid.js';

export const HORIZONS: readonly number[] = [1, 3, 7, 14, 30];
export const WINDOW_LENGTHS: readonly number[] = [HOUR, 4 * HOUR, DAY, 3 * DAY];

/** One window, forecast from what was known at the cutoff, and what became of it. */
export interface JudgedForecast {
  readonly cutoff: Instant;
  readonly horizonDays: number;
  readonly deviceId: number;
  readonly slot: TimeSlot;
  readonly forecast: ForecastNumbers;
  /** Whether nothing was booked in it at the cutoff. */
  readonly scheduledFree: boolean;
  readonly free: boolean;
}

/** Which windows of the past are forecast. Horizons are days ahead, lengths are milliseconds. */
export interface WalkForwardPlan {
  /** Days between cutoffs. */
  readonly everyDays: number;
  /** Days of history before the first cutoff. */
  readonly learnDays: number;
  readonly horizons: readonly number[];
  readonly lengths: readonly number[];
  /** At most so many windows for each cutoff, horizon and length, evenly taken of all devices and parts of the day. */
  readonly mostWindows: number;
}

/** A cutoff each week after eight weeks of learning, over all horizons and lengths that the lab forecasts. */
export const usualPlan: WalkForwardPlan = {
  everyDays: 7,
  learnDays: 56,
  horizons: HORIZONS,
  lengths: WINDOW_LENGTHS,
  mostWindows: 2000,
};

/**
 * Forecasts windows of the past from what was known some days before them, at one cutoff after another: never from what
 * came later. `forecaster` makes what forecasts at a cutoff; the usual model unless given.
 */
export const walkForward = (
  history: BookingHistory,
  until: Instant,
  zone: LabZone,
  plan: WalkForwardPlan,
  forecaster: (known: BookingHistory, cutoff: Instant) => Pick<ForecastModel, 'forecast'> = (known, cutoff) =>
    new ForecastModel(known, cutoff, zone),
): JudgedForecast[] => {
  const judged: JudgedForecast[] = [];
  const bookings = groupBy(history.bookings, (booking) => booking.deviceId);
  const maintained = groupBy(history.maintenance, (window) => window.deviceId);
  for (let cutoff = history.from + plan.learnDays * DAY; cutoff < until; cutoff += plan.everyDays * DAY) {
    const known = asKnownAt(history, cutoff);
    const model = forecaster(known, cutoff);
    for (const horizonDays of plan.horizons) {
      const day = zone.startOfDay(zone.addDays(cutoff, horizonDays));
      for (const length of plan.lengths) {
        for (const { deviceId, type, start } of windowsOf(known, day, plan.mostWindows)) {
          const slot = { start, end: start + length };
          if (start < cutoff || slot.end > until) continue;
          if (maintained.get(deviceId)?.some((window) => overlaps(window.slot, slot))) continue;
          const near = (bookings.get(deviceId) ?? []).filter((booking) => overlaps(booking.slot, slot));
          const blockers = near.filter((booking) => holdsAt(booking, cutoff));
          judged.push({
            cutoff,
            horizonDays,
            deviceId,
            slot,
            forecast: model.forecast({ deviceId, type, slot, blockers }, cutoff),
            scheduledFree: blockers.length === 0,
            free: !near.some((booking) => isHeldIn(booking, slot)),
          });
        }
      }
    }
  }
  return judged;
};

const isHeldIn = (booking: PastBooking, slot: TimeSlot): boolean => {
  const held = heldSlot(booking);
  return held !== null && overlaps(held, slot);
};

/** Devices and starts of a day, each device in each part of the day unless that is too many. */
const windowsOf = (
  { devices }: BookingHistory,
  day: Instant,
  most: number,
): { readonly deviceId: number; readonly type: string; readonly start: Instant }[] => {
  const parts = DAY / SEGMENT;
  const every = Math.max(1, Math.ceil((devices.length * parts) / most));
  // The step must not be in rhythm with the parts of the day.
  const step = every > 1 && every % 2 === 0 ? every + 1 : every;
  const windows = [];
  for (let nth = 0; nth < devices.length * parts; nth += step) {
    const device = devices[Math.floor(nth / parts)];
    if (device) windows.push({ deviceId: device.id, type: device.type, start: day + (nth % parts) * SEGMENT });
  }
  return windows;
};

/** How good forecasts of one horizon and length were. */
export interface Verdict {
  readonly horizonDays: number;
  readonly length: number;
  readonly count: number;
  /** Share of the windows that ended free. */
  readonly observed: number;
  readonly brier: number;
  /** Brier skill over the base rate of the history before, and over "as it is on the schedule now". */
  readonly skillOverBase: number;
  readonly skillOverSchedule: number;
  readonly logLoss: number;
  readonly calibrationError: number;
  /** Share of the forecasts that were the base rate, because more had not been shown to be better. */
  readonly baseRateShare: number;
}

const outcomesOf = (judged: readonly JudgedForecast[], probability: (one: JudgedForecast) => number) =>
  judged.map((one) => ({ probability: probability(one), free: one.free }));

/** Verdicts by horizon and length, in the order in which they came. */
export const verdictsOn = (judged: readonly JudgedForecast[]): Verdict[] =>
  [...groupBy(judged, ({ horizonDays, slot }) => `${horizonDays}/${slot.end - slot.start}`).values()].map((group) => {
    const [first] = group;
    const outcomes = outcomesOf(group, ({ forecast }) => forecast.probability);
    const brier = brierScore(outcomes);
    return {
      horizonDays: first?.horizonDays ?? 0,
      length: first ? first.slot.end - first.slot.start : 0,
      count: group.length,
      observed: group.filter((one) => one.free).length / group.length,
      brier,
      skillOverBase: skillOver(brierScore(outcomesOf(group, ({ forecast }) => forecast.baseRate)), brier),
      skillOverSchedule: skillOver(brierScore(outcomesOf(group, (one) => (one.scheduledFree ? 1 : 0))), brier),
      logLoss: logLoss(outcomes),
      calibrationError: calibrationError(outcomes),
      baseRateShare: group.filter(({ forecast }) => forecast.method === 'base-rate').length / group.length,
    };
  });

/** Forecasts by decile, all horizons and lengths together. */
export const reliabilityOf = (judged: readonly JudgedForecast[]): readonly ReliabilityBin[] =>
  reliability(outcomesOf(judged, ({ forecast }) => forecast.probability));

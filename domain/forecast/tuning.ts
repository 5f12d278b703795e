import { Occupancy, type OccupancySettings, type WindowSums } from './occupancy.js';
import type { WindowCounts } from './window-counts.js';
import { CELLS } from './window-grid.js';

const HALF_LIVES = [14, 28, 56, Number.POSITIVE_INFINITY];
const STRENGTHS = [10, 40, 160, 640];
const USUAL: OccupancySettings = { halfLifeDays: 28, deviceStrength: 40, cellStrength: 40 };

/** The latest weeks, each predicted from those before it. */
const PREDICTED_WEEKS = 8;
/** Fewer weeks to learn from, or to be judged by, say nothing. */
const FEWEST_WEEKS = 2;
const FEWEST_JUDGED = 3;

/** Settings are chosen on so many devices at most, evenly taken. */
const MOST_DEVICES = 100;

/** How many weeks before a window its forecast is made, at each judged distance. */
const LAGS = [0, 1, 4];
const LAST_DAYS = [7, 14, Number.POSITIVE_INFINITY];

const SURE = 1e-6;

const weightOfWeeks = (halfLifeDays: number): number => 0.5 ** (7 / halfLifeDays);

/** What counts of each week's windows at the end of week `last`, where each week before it counts less. */
const sumsAt = (counts: WindowCounts, last: number, halfLifeDays: number): WindowSums => {
  const size = counts.deviceCount * CELLS;
  const sums = { all: new Float64Array(size), free: new Float64Array(size) };
  for (let week = counts.weeks - 1; week >= last; week -= 1) advance(sums, counts, week, halfLifeDays);
  return sums;
};

const advance = ({ all, free }: WindowSums, counts: WindowCounts, week: number, halfLifeDays: number): void => {
  const kept = weightOfWeeks(halfLifeDays);
  const offset = week * all.length;
  for (let place = 0; place < all.length; place += 1) {
    all[place] = (all[place] ?? 0) * kept + (counts.all[offset + place] ?? 0);
    free[place] = (free[place] ?? 0) * kept + (counts.free[offset + place] ?? 0);
  }
};

/** How wrong the forecasts of one week were, per window: of the model and of the base rate. */
interface WeekScore {
  readonly logLoss: number;
  readonly brier: number;
  readonly baseBrier: number;
}

const scoreOfWeek = (occupancy: Occupancy, counts: WindowCounts, week: number): WeekScore | null => {
  const base = occupancy.base.mean;
  let [windows, logLoss, brier, baseBrier] = [0, 0, 0, 0];
  for (let place = 0; place < counts.deviceCount * CELLS; place += 1) {
    const all = counts.all[week * counts.deviceCount * CELLS + place] ?? 0;
    if (all === 0) continue;
    const free = counts.free[week * counts.deviceCount * CELLS + place] ?? 0;
    const rate = occupancy.ofDevice(Math.floor(place / CELLS), place % CELLS).mean;
    windows += all;
    logLoss -= free * Math.log(Math.max(rate, SURE)) + (all - free) * Math.log(Math.max(1 - rate, SURE));
    brier += free * (1 - rate) ** 2 + (all - free) * rate ** 2;
    baseBrier += free * (1 - base) ** 2 + (all - free) * base ** 2;
  }
  if (windows === 0) return null;
  return { logLoss: logLoss / windows, brier: brier / windows, baseBrier: baseBrier / windows };
};

/** The latest weeks, oldest first, each forecast from the weeks that were over `lag` weeks before it. */
const walkForward = (
  counts: WindowCounts,
  typeOf: readonly string[],
  settings: OccupancySettings,
  lag: number,
): WeekScore[] => {
  const scores: WeekScore[] = [];
  const newest = Math.min(PREDICTED_WEEKS, counts.weeks - FEWEST_WEEKS - lag) - 1;
  if (newest < 0) return scores;
  const sums = sumsAt(counts, newest + lag + 1, settings.halfLifeDays);
  for (let week = newest; week >= 0; week -= 1) {
    const score = scoreOfWeek(new Occupancy(sums, typeOf, counts.share, settings), counts, week);
    if (score) scores.push(score);
    advance(sums, counts, week + lag, settings.halfLifeDays);
  }
  return scores;
};

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The counts of some devices only, evenly taken, so that choosing costs the same in every lab. */
const sampled = (
  counts: WindowCounts,
  typeOf: readonly string[],
): { readonly counts: WindowCounts; readonly typeOf: readonly string[] } => {
  if (counts.deviceCount <= MOST_DEVICES) return { counts, typeOf };
  const chosen = Array.from({ length: MOST_DEVICES }, (_, nth) =>
    Math.floor((nth * counts.deviceCount) / MOST_DEVICES),
  );
  const pick = (from: Float32Array): Float32Array => {
    const picked = new Float32Array(counts.weeks * MOST_DEVICES * CELLS);
    for (let week = 0; week < counts.weeks; week += 1) {
      chosen.forEach((device, nth) => {
        const place = (week * counts.deviceCount + device) * CELLS;
        picked.set(from.subarray(place, place + CELLS), (week * MOST_DEVICES + nth) * CELLS);
      });
    }
    return picked;
  };
  return {
    counts: { ...counts, deviceCount: MOST_DEVICES, all: pick(counts.all), free: pick(counts.free) },
    typeOf: chosen.map((device) => typeOf[device] ?? ''),
  };
};

/** Whether the hierarchy forecast better than the base rate, at one distance. */
export interface MeasuredSkill {
  /** Up to so many days ahead. */
  readonly days: number;
  /** Brier skill score against the base rate of the same history; null where there is too little to measure. */
  readonly skill: number | null;
  /** Whether the skill is more than its standard error over the weeks. */
  readonly proven: boolean;
}

const skillOf = (scores: readonly WeekScore[], days: number): MeasuredSkill => {
  const gains = scores.map(({ brier, baseBrier }) => baseBrier - brier);
  const base = meanOf(scores.map((score) => score.baseBrier));
  if (scores.length < FEWEST_JUDGED || base === 0) return { days, skill: null, proven: false };
  const gain = meanOf(gains);
  const error = Math.sqrt(meanOf(gains.map((value) => (value - gain) ** 2)) / (gains.length - 1));
  return { days, skill: gain / base, proven: gain > error };
};

/** The hierarchy with the settings that forecast the latest weeks best, and how well it did. */
export interface TunedOccupancy {
  readonly occupancy: Occupancy;
  readonly settings: OccupancySettings;
  readonly skill: readonly MeasuredSkill[];
}

/** Chooses half-life and strengths, one after the other, by walking forward through the latest weeks. */
export const tunedOccupancy = (counts: WindowCounts, typeOf: readonly string[]): TunedOccupancy => {
  const sample = sampled(counts, typeOf);
  const lossOf = (settings: OccupancySettings): number => {
    const scores = walkForward(sample.counts, sample.typeOf, settings, 0);
    return scores.length === 0 ? 0 : meanOf(scores.map((score) => score.logLoss));
  };
  const best = (candidates: readonly OccupancySettings[]): OccupancySettings => {
    const losses = candidates.map(lossOf);
    return candidates[losses.indexOf(Math.min(...losses))] ?? USUAL;
  };
  let settings = USUAL;
  if (counts.weeks >= FEWEST_WEEKS + FEWEST_JUDGED) {
    settings = best(HALF_LIVES.map((halfLifeDays) => ({ ...USUAL, halfLifeDays })));
    settings = best(STRENGTHS.map((deviceStrength) => ({ ...settings, deviceStrength })));
    settings = best(STRENGTHS.map((cellStrength) => ({ ...settings, cellStrength })));
  }
  return {
    occupancy: new Occupancy(sumsAt(counts, 0, settings.halfLifeDays), typeOf, counts.share, settings),
    settings,
    skill: LAGS.map((lag, index) =>
      skillOf(walkForward(sample.counts, sample.typeOf, settings, lag), LAST_DAYS[index] ?? 0),
    ),
  };
};

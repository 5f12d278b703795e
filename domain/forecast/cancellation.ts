import { DAY, type Instant, type TimeSlot } from '../shared/index.js';
import type { PastBooking } from './booking-history.js';
import { beliefWith, type Belief } from './beta.js';

/** Day cells before the start; all days further ahead share the last. */
const DAYS_AHEAD = 60;
/** The cell of bookings whose time is running. */
const RUNNING = DAYS_AHEAD + 1;
const CELLS = DAYS_AHEAD + 2;

/** Bookings made at least so many days ahead are a stratum of their own: plans change more than errands. */
const PLANNED_AHEAD = 7;

/** Without any history: one booking in a hundred is given up on each day, worth twenty days of one booking. */
const USUAL_HAZARD = 0.01;
const USUAL_WORTH = 20;

/** One stratum's life table: the days that bookings were on the calendar, and how many ended in each cell. */
export interface LifeTable {
  readonly atRisk: Float64Array;
  readonly released: Float64Array;
}

const emptyTable = (): LifeTable => ({ atRisk: new Float64Array(CELLS), released: new Float64Array(CELLS) });

const add = (cells: Float64Array, cell: number, value: number): void => {
  cells[cell] = (cells[cell] ?? 0) + value;
};

/** Calls back with each cell that a booking lives through between two instants, and for which part of it. */
const throughCells = (start: Instant, from: Instant, to: Instant, each: (cell: number, days: number) => void): void => {
  let daysLeft = (start - from) / DAY;
  const last = Math.max((start - to) / DAY, 0);
  if (daysLeft > DAYS_AHEAD) {
    const beyond = Math.max(last, DAYS_AHEAD);
    if (daysLeft > beyond) each(DAYS_AHEAD, daysLeft - beyond);
    daysLeft = beyond;
  }
  while (daysLeft > last) {
    const cell = Math.ceil(daysLeft) - 1;
    const end = Math.max(cell, last);
    each(cell, daysLeft - end);
    daysLeft = end;
  }
  if (to > start) each(RUNNING, (to - Math.max(from, start)) / DAY);
};

/** The cell of an instant. Days are half-open towards the start: exactly one day ahead is still the last day. */
const cellAt = (start: Instant, at: Instant): number => {
  if (at > start) return RUNNING;
  return Math.max(0, Math.min(Math.ceil((start - at) / DAY) - 1, DAYS_AHEAD));
};

const stratumOf = (start: Instant, createdAt: Instant): 0 | 1 => (start - createdAt >= PLANNED_AHEAD * DAY ? 1 : 0);

const learn = ({ atRisk, released }: LifeTable, { slot, createdAt, releasedAt }: PastBooking, asOf: Instant): void => {
  const until = Math.min(asOf, slot.end, releasedAt ?? slot.end);
  if (until < createdAt) return;
  throughCells(slot.start, createdAt, until, (cell, days) => {
    add(atRisk, cell, days);
  });
  if (releasedAt === null || releasedAt > asOf || releasedAt >= slot.end) return;
  const cell = cellAt(slot.start, releasedAt);
  add(released, cell, 1);
  // As in every life table, one that ends in a cell was at risk for all of what was left of it.
  if (cell < DAYS_AHEAD) add(atRisk, cell, Math.max(0, (slot.start - releasedAt) / DAY - cell));
};

/** Life tables over these bookings: of all, of those made shortly before, of those planned ahead. */
export const lifeTables = (
  bookings: readonly PastBooking[],
  asOf: Instant,
): { readonly all: LifeTable; readonly strata: readonly [LifeTable, LifeTable] } => {
  const all = emptyTable();
  const strata = [emptyTable(), emptyTable()] as const;
  for (const booking of bookings) {
    learn(all, booking, asOf);
    learn(strata[stratumOf(booking.slot.start, booking.createdAt)], booking, asOf);
  }
  return { all, strata };
};

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/**
 * How likely a booking is given up before an instant, given that it still holds: a discrete-time hazard by days to its
 * start (a life table), each cell shrunk towards all days, each stratum towards all bookings. Bookings that still hold
 * count as long as they have been watched: they are right-censored.
 */
export class CancellationModel {
  readonly #hazards: readonly [Float64Array, Float64Array];
  readonly #worths: readonly [Float64Array, Float64Array];

  /** @param strength how many days of one booking the wider estimate counts as, against the cell's own. */
  constructor(bookings: readonly PastBooking[], asOf: Instant, strength = 40) {
    const { all, strata } = lifeTables(bookings, asOf);
    const days = sumOf(all.atRisk);
    const overall = (sumOf(all.released) + USUAL_HAZARD * USUAL_WORTH) / (days + USUAL_WORTH);
    const overallWorth = days + USUAL_WORTH;
    const fit = (table: LifeTable): [Float64Array, Float64Array] => {
      const hazards = new Float64Array(CELLS);
      const worths = new Float64Array(CELLS);
      for (let cell = 0; cell < CELLS; cell += 1) {
        const borrowed = Math.min(strength, overallWorth);
        const pooledWorth = (all.atRisk[cell] ?? 0) + borrowed;
        const pooled = ((all.released[cell] ?? 0) + borrowed * overall) / pooledWorth;
        const lent = Math.min(strength, pooledWorth);
        const worth = (table.atRisk[cell] ?? 0) + lent;
        hazards[cell] = Math.min(((table.released[cell] ?? 0) + lent * pooled) / worth, 1);
        worths[cell] = worth;
      }
      return [hazards, worths];
    };
    const [soon, planned] = strata.map(fit) as [ReturnType<typeof fit>, ReturnType<typeof fit>];
    this.#hazards = [soon[0], planned[0]];
    this.#worths = [soon[1], planned[1]];
  }

  /** The belief that a booking which holds at `now` is given up by `by`; its variance is Greenwood's. */
  releasedBy(booking: { readonly slot: TimeSlot; readonly createdAt: Instant }, now: Instant, by: Instant): Belief {
    if (by <= now) return { mean: 0, worth: Number.POSITIVE_INFINITY };
    const { start } = booking.slot;
    const stratum = stratumOf(start, booking.createdAt);
    const [hazards, worths] = [this.#hazards[stratum], this.#worths[stratum]];
    let logSurvival = 0;
    let relativeVariance = 0;
    throughCells(start, now, by, (cell, days) => {
      const hazard = Math.min(hazards[cell] ?? 0, 1 - 1e-9);
      logSurvival += days * Math.log1p(-hazard);
      relativeVariance += (days * days * hazard) / ((worths[cell] ?? 1) * (1 - hazard));
    });
    const survival = Math.exp(logSurvival);
    return beliefWith(1 - survival, survival * survival * relativeVariance);
  }
}

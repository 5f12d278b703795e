import type { Belief } from './beta.js';
import { CELLS } from './window-grid.js';

/** How much history counts, and how much a device is believed to be like others. */
export interface OccupancySettings {
  /** After so many days a window counts half; infinite when the past is never forgotten. */
  readonly halfLifeDays: number;
  /** How many windows the type's rate counts as in a device's, and the lab's in a type's. */
  readonly deviceStrength: number;
  /** How many windows the usual rate of a part of the week counts as in that of one device. */
  readonly cellStrength: number;
}

/** Weights of all and of free windows by device and cell. */
export interface WindowSums {
  readonly all: Float64Array;
  readonly free: Float64Array;
}

/** Nothing is believed to be certain: half a window that was free and half a one that was not. */
const JEFFREYS = 0.5;

const oddsOf = (rate: number): number => rate / (1 - rate);
const rateOf = (odds: number): number => odds / (1 + odds);

/** Moves a rate as far, in odds, as `to` is from `from`. */
const shifted = (rate: number, from: number, to: number): number => rateOf((oddsOf(rate) * oddsOf(to)) / oddsOf(from));

/** A belief about a rate after further windows, of which so many were free. */
const updated = ({ mean, worth }: Belief, strength: number, all: number, free: number): Belief => {
  // A vague belief lends no more than it is worth itself.
  const lent = 1 / (1 / strength + 1 / worth);
  return { mean: (free + lent * mean) / (all + lent), worth: all + lent };
};

/**
 * The rate at which windows are free: a Beta-Binomial hierarchy from the lab to the type to the device, and in each from
 * the whole week to its parts. What is not seen of the part is borrowed from the whole, shifted as the whole is shifted.
 */
export class Occupancy {
  /** Of all windows of the lab. */
  readonly base: Belief;
  readonly #sums: WindowSums;
  readonly #typeOf: readonly string[];
  readonly #settings: OccupancySettings;
  readonly #types: ReadonlyMap<string, { readonly week: Belief; readonly cells: readonly Belief[] }>;
  readonly #weeks: readonly Belief[];

  /**
   * @param typeOf the type of each device.
   * @param share what the cells of a day count together, of what they count each.
   */
  constructor(sums: WindowSums, typeOf: readonly string[], share: number, settings: OccupancySettings) {
    this.#sums = sums;
    this.#typeOf = typeOf;
    this.#settings = settings;
    const lab = new Tally();
    const types = new Map<string, Tally>();
    const devices = new Float64Array(2 * typeOf.length);
    typeOf.forEach((type, device) => {
      let ofType = types.get(type);
      if (!ofType) types.set(type, (ofType = new Tally()));
      let [allOfDevice, freeOfDevice] = [0, 0];
      for (let cell = 0; cell < CELLS; cell += 1) {
        const all = sums.all[device * CELLS + cell] ?? 0;
        const free = sums.free[device * CELLS + cell] ?? 0;
        ofType.add(cell, all, free);
        allOfDevice += all;
        freeOfDevice += free;
      }
      devices[2 * device] = allOfDevice * share;
      devices[2 * device + 1] = freeOfDevice * share;
    });
    for (const ofType of types.values()) {
      for (let cell = 0; cell < CELLS; cell += 1) {
        lab.add(cell, ofType.cells[cell]?.all ?? 0, ofType.cells[cell]?.free ?? 0);
      }
    }
    const { deviceStrength, cellStrength } = settings;
    const [labAll, labFree] = [lab.all * share, lab.free * share];
    this.base = { mean: (labFree + JEFFREYS) / (labAll + 2 * JEFFREYS), worth: labAll + 2 * JEFFREYS };
    const cellsOf = (tally: Tally, prior: (cell: number) => Belief) =>
      tally.cells.map(({ all, free }, cell) => updated(prior(cell), cellStrength, all, free));
    const labCells = cellsOf(lab, () => this.base);
    this.#types = new Map(
      [...types].map(([type, tally]) => {
        const week = updated(this.base, deviceStrength, tally.all * share, tally.free * share);
        const cells = cellsOf(tally, (cell) => ({
          mean: shifted(labCells[cell]?.mean ?? week.mean, this.base.mean, week.mean),
          worth: week.worth,
        }));
        return [type, { week, cells }];
      }),
    );
    this.#weeks = typeOf.map((type, device) =>
      updated(
        this.#types.get(type)?.week ?? this.base,
        deviceStrength,
        devices[2 * device] ?? 0,
        devices[2 * device + 1] ?? 0,
      ),
    );
  }

  /** The rate of the type in that part of the week; the lab's base rate for an unknown type. */
  ofType(type: string, cell: number): Belief {
    return this.#types.get(type)?.cells[cell] ?? this.base;
  }

  /** The rate of the device in that part of the week. */
  ofDevice(device: number, cell: number): Belief {
    const week = this.#weeks[device] ?? this.base;
    const type = this.#types.get(this.#typeOf[device] ?? '');
    const ofType = type?.cells[cell] ?? this.base;
    const place = device * CELLS + cell;
    const prior = { mean: shifted(ofType.mean, type?.week.mean ?? this.base.mean, week.mean), worth: week.worth };
    return updated(prior, this.#settings.cellStrength, this.#sums.all[place] ?? 0, this.#sums.free[place] ?? 0);
  }
}

/** Weights of all and of free windows, of a whole week and of each of its parts. */
class Tally {
  all = 0;
  free = 0;
  readonly cells = Array.from({ length: CELLS }, () => ({ all: 0, free: 0 }));

  add(cell: number, all: number, free: number): void {
    this.all += all;
    this.free += free;
    const part = this.cells[cell];
    if (!part) return;
    part.all += all;
    part.free += free;
  }
}

import type { Occupancy } from './occupancy.js';
import { LEAD_STEPS, type WindowCounts } from './window-counts.js';
import { CELLS } from './window-grid.js';

/** Rates are put together in so many classes; finer ones change nothing. */
const RATE_CLASSES = 100;
const HALVINGS = 20;

/**
 * How a window fills up as it comes nearer: the share of what will be booked that is booked by so many days ahead,
 * 0 long before and 1 at the start.
 *
 * The share is on the scale of log(free), so that it serves devices that are much and little asked for alike: a device
 * that ends free with probability f, and has nothing booked when a share s of what comes is booked, ends free with
 * f^(1 - s). For each lead it is the s for which the mean of 1 - f^s over all windows, of the mean of 1 - f, is the share
 * of the windows held in the end that were booked by then.
 */
export class FillUp {
  /** For each lead step, the share that is booked by then. */
  readonly #shares: readonly number[];

  constructor(counts: Pick<WindowCounts, 'all' | 'heldByLead' | 'deviceCount'>, occupancy: Occupancy) {
    const rates = ratesOf(counts, occupancy);
    const windows = rates.reduce((sum, { weight }) => sum + weight, 0);
    const held = counts.heldByLead.reduce((sum, weight) => sum + weight, 0);
    const heldRate = rates.reduce((sum, { rate, weight }) => sum + weight * (1 - rate), 0) / windows;
    const shareWith = (free: number): number => {
      let [low, high] = [0, 1];
      for (let step = 0; step < HALVINGS; step += 1) {
        const share = (low + high) / 2;
        const mean = rates.reduce((sum, { rate, weight }) => sum + weight * rate ** share, 0) / windows;
        if (mean > free) low = share;
        else high = share;
      }
      return (low + high) / 2;
    };
    let taken = held;
    this.#shares = LEAD_STEPS.map((_, step) => {
      taken -= counts.heldByLead[step] ?? 0;
      // Of what the rates hold to be taken in the end, not of what was: so that all booked is a share of 1.
      return taken <= 0 ? 0 : shareWith(1 - (taken / held) * heldRate);
    });
  }

  /** The share of what will be booked that is booked so many days ahead. */
  shareBooked(daysAhead: number): number {
    const next = LEAD_STEPS.findIndex((step) => step > daysAhead);
    if (next < 0) return this.#shares[LEAD_STEPS.length - 1] ?? 0;
    if (next === 0) return this.#shares[0] ?? 0;
    const [from, to] = [LEAD_STEPS[next - 1] ?? 0, LEAD_STEPS[next] ?? 0];
    const [earlier, later] = [this.#shares[next - 1] ?? 0, this.#shares[next] ?? 0];
    return earlier + ((daysAhead - from) / (to - from)) * (later - earlier);
  }
}

/** How many of the counted windows are of devices and parts of the week with which rate. */
const ratesOf = (
  { all, deviceCount }: Pick<WindowCounts, 'all' | 'deviceCount'>,
  occupancy: Occupancy,
): readonly { readonly rate: number; readonly weight: number }[] => {
  const weights = new Float64Array(deviceCount * CELLS);
  all.forEach((weight, place) => {
    const own = place % weights.length;
    weights[own] = (weights[own] ?? 0) + weight;
  });
  const classes = new Float64Array(RATE_CLASSES);
  weights.forEach((weight, place) => {
    const { mean } = occupancy.ofDevice(Math.floor(place / CELLS), place % CELLS);
    const own = Math.min(Math.floor(mean * RATE_CLASSES), RATE_CLASSES - 1);
    classes[own] = (classes[own] ?? 0) + weight;
  });
  return [...classes].flatMap((weight, own) => (weight > 0 ? [{ rate: (own + 0.5) / RATE_CLASSES, weight }] : []));
};

import { LEAD_STEPS, type WindowCounts } from './window-counts.js';

/**
 * How a window fills up as it comes nearer: the share of what will be booked that is booked by so many days ahead,
 * 0 long before and 1 at the start. On the scale of log(free), so that it serves devices that are much and little asked
 * for alike: a device that ends free with probability f, and is free with so much booked, ends free with f^(1 - share).
 */
export class FillUp {
  /** For each lead step, the share that is booked by then. */
  readonly #shares: readonly number[];

  constructor({ all, heldByLead }: Pick<WindowCounts, 'all' | 'heldByLead'>) {
    const windows = all.reduce((sum, weight) => sum + weight, 0);
    const held = heldByLead.reduce((sum, weight) => sum + weight, 0);
    // Half a window that was never free and one that always was: no logarithm of nothing.
    const logFree = (taken: number) => Math.log1p(-taken / (windows + 1));
    let before = held - (heldByLead[0] ?? 0);
    this.#shares = LEAD_STEPS.map((_, step) => {
      const share = held > 0 ? logFree(before) / logFree(held) : 0;
      before -= heldByLead[step + 1] ?? 0;
      return Math.min(Math.max(share, 0), 1);
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

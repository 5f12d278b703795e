import type { RateCount, RateCounters } from '../../application/index.js';
import type { Instant } from '../../domain/index.js';

/** Counts in this process: enough where there is only one. */
export class MemoryRateCounters implements RateCounters {
  readonly #counts = new Map<string, RateCount>();

  async hit(key: string, window: number, now: Instant): Promise<RateCount> {
    const before = this.#counts.get(key);
    const count =
      before && before.resetsAt > now
        ? { hits: before.hits + 1, resetsAt: before.resetsAt }
        : { hits: 1, resetsAt: now + window };
    this.#counts.set(key, count);
    return count;
  }

  async takeBack(key: string): Promise<void> {
    const count = this.#counts.get(key);
    if (count && count.hits > 0) this.#counts.set(key, { ...count, hits: count.hits - 1 });
  }

  async forget(key: string): Promise<void> {
    this.#counts.delete(key);
  }

  async removeOver(now: Instant): Promise<void> {
    for (const [key, { resetsAt }] of this.#counts) if (resetsAt <= now) this.#counts.delete(key);
  }
}

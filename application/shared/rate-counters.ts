import type { Instant } from '../../domain/index.js';

/** How often it happened since the count began, and when it begins anew. */
export interface RateCount {
  readonly hits: number;
  /** When it begins at nothing again. */
  readonly resetsAt: Instant;
}

/** Counts how often something was tried, for all processes together. */
export interface RateCounters {
  /** Counts one more, or begins a new window of so many milliseconds when the last one is over. */
  hit(key: string, window: number, now: Instant): Promise<RateCount>;
  /** Takes one back, never below nothing. */
  takeBack(key: string): Promise<void>;
  /** The next hit begins a new window. Nothing happens for a key that is not counted. */
  forget(key: string): Promise<void>;
  /** Throws away windows that are over. */
  removeOver(now: Instant): Promise<void>;
}

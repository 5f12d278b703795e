import type { Instant } from '../shared/index.js';

/** How often in a row a PDU did not answer, and since when it is left alone. */
export interface Breaker {
  readonly failures: number;
  /** Nothing is asked before; then one question decides. Null while the breaker is closed. */
  readonly openUntil: Instant | null;
}

/** Failures in a row after which a PDU is left alone, and for how long: twice as long each time, up to the longest. */
export const FAILURES_TO_OPEN = 3;
const FIRST_REST = 5_000;
const LONGEST_REST = 60_000;

/** The breaker of a PDU that answers. */
export const closedBreaker: Breaker = { failures: 0, openUntil: null };

/**
 * Whether the PDU may be asked: always while closed; while open, once when the rest is over. A rest longer than any that
 * is given comes from a clock that was set back.
 */
export const mayAsk = ({ openUntil }: Breaker, now: Instant): boolean =>
  openUntil === null || openUntil <= now || openUntil - now > LONGEST_REST;

/**
 * The breaker after one more question without an answer: from the third in a row on it rests, 5 s at first and a
 * minute at most.
 */
export const afterFailure = ({ failures }: Breaker, now: Instant): Breaker => {
  const count = failures + 1;
  if (count < FAILURES_TO_OPEN) return { failures: count, openUntil: null };
  const rest = Math.min(LONGEST_REST, FIRST_REST * 2 ** Math.min(10, count - FAILURES_TO_OPEN));
  return { failures: count, openUntil: now + rest };
};

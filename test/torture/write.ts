import type { Deed } from './deed.js';
import type { Records } from './records.js';

/** A value that was written, or may have been. */
export interface Write<Value> {
  readonly deed: Deed;
  readonly value: Value;
}

/** Those that can have been the last: nothing that was acknowledged began after they had ended. */
export const possiblyLast = <Value>(
  writes: readonly Write<Value>[],
  { from, until }: Pick<Records, 'from' | 'until'>,
): Value[] =>
  writes
    .filter(({ deed }) => deed.maybeBy(until))
    .filter(({ deed }) => !writes.some((later) => later.deed.surelyBy(from) && deed.before(later.deed)))
    .map(({ value }) => value);

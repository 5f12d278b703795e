import { BookingRefused, type ItemCheck, type Refusal } from '../../domain/index.js';
import { ItemsRefused } from './book-items.js';
import { withAlternatives } from './find-alternatives.js';
import type { CalendarReader } from './ports.js';

/** What a refused request is told. */
export interface ExplainedRefusal {
  readonly refusals: readonly Refusal[];
  readonly policy: readonly ItemCheck[];
}

/**
 * Runs a transaction that books; when items are refused, looks for alternatives after it was undone, so that nobody
 * waits for the search.
 * @param keep is told the refusal before it is thrown; when it knows another answer, that one counts.
 * @throws BookingRefused with every reason and alternatives that are free now.
 */
export const explainingRefusals = async <Result>(
  calendars: CalendarReader,
  book: () => Promise<Result>,
  keep: (refusal: ExplainedRefusal) => Promise<Result | null> = () => Promise.resolve(null),
): Promise<Result> => {
  try {
    return await book();
  } catch (error) {
    if (!(error instanceof ItemsRefused)) throw error;
    const { items, policy, terms } = error;
    const refusals = await withAlternatives(error.refusals, items, calendars, terms);
    const other = await keep({ refusals, policy });
    if (other !== null) return other;
    throw new BookingRefused(refusals, policy);
  }
};

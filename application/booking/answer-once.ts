import type { Actor } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { explainingRefusals } from './explain-refusals.js';
import { assertUsableKey, repeated, type Answer, type GrantedRequest, type IdempotencyKey } from './kept-answer.js';
import type { BookingStores, BookingWork, CalendarReader } from './ports.js';

/** Where bookings are made. */
export interface BookingDesk {
  readonly work: BookingWork;
  readonly calendars: CalendarReader;
  readonly clock: Clock;
}

/**
 * Runs a transaction that makes bookings. A request that carries a key is answered once: whoever repeats it gets the
 * first answer again, a refusal as well as a grant.
 * @throws BookingRefused with every reason, and alternatives that are free now; nothing was booked then. DomainError
 * `idempotency.malformed-key`, `idempotency.key-reused`.
 */
export const answeringOnce = (
  { work, calendars, clock }: BookingDesk,
  actor: Actor,
  once: IdempotencyKey | null,
  book: (stores: BookingStores) => Promise<GrantedRequest>,
): Promise<GrantedRequest> => {
  if (!once) return explainingRefusals(calendars, () => work.run(book));
  assertUsableKey(once);
  const take = ({ keptAnswers }: BookingStores) => keptAnswers.take(actor.id, once.key, once.fingerprint, clock.now());
  const fill = ({ keptAnswers }: BookingStores, answer: Answer) =>
    keptAnswers.fill(actor.id, once.key, JSON.stringify(answer));
  return explainingRefusals(
    calendars,
    () =>
      work.run(async (stores) => {
        const kept = await take(stores);
        if (kept) return repeated(kept, once);
        const granted = await book(stores);
        await fill(stores, { granted });
        return granted;
      }),
    // The transaction that refused was undone, and so the refusal is kept by one of its own. Between the two the same
    // request may have been answered otherwise: then that was the first answer.
    async (refused) => {
      const kept = await work.run(async (stores) => {
        const first = await take(stores);
        if (!first) await fill(stores, { refused });
        return first;
      });
      return kept && repeated(kept, once);
    },
  );
};

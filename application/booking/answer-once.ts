import { BookingRefused, type Actor } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { explainingRefusals } from './explain-refusals.js';
import {
  assertUsableKey,
  keepRefusal,
  keptRefusalOf,
  repeated,
  type Answer,
  type GrantedRequest,
  type IdempotencyKey,
  type KeptRefusal,
} from './kept-answer.js';
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
 * `idempotency.malformed-key`, `idempotency.key-reused`, and what `book` throws.
 */
export const answeringOnce = async (
  { work, calendars, clock }: BookingDesk,
  actor: Actor,
  once: IdempotencyKey | null,
  book: (stores: BookingStores) => Promise<GrantedRequest>,
): Promise<GrantedRequest> => {
  if (!once) return explainingRefusals(calendars, () => work.run(book));
  assertUsableKey(once);
  // Between the refusal and its keeping the same request may have been answered otherwise: then that is the answer.
  const kept = async (refusal: KeptRefusal): Promise<GrantedRequest | null> => {
    const first = await keepRefusal(work, actor, once, refusal, clock.now());
    return first && repeated(first, once);
  };
  const attempt = () =>
    work.run(async (stores) => {
      const { keptAnswers } = stores;
      const first = await keptAnswers.take(actor.id, once.key, once.fingerprint, clock.now());
      if (first) return repeated(first, once);
      const granted = await book(stores);
      await keptAnswers.fill(actor.id, once.key, JSON.stringify({ granted } satisfies Answer));
      return granted;
    });
  try {
    return await explainingRefusals(calendars, attempt, (refused) => kept({ refused }));
  } catch (error) {
    // That one is kept already.
    const refusal = error instanceof BookingRefused ? null : keptRefusalOf(error);
    const first = refusal && (await kept(refusal));
    if (first) return first;
    throw error;
  }
};

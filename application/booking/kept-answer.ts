import { BookingRefused, DomainError, malformed, type Actor, type Booking, type Instant } from '../../domain/index.js';
import type { UnitOfWork } from '../shared/ports.js';
import type { ExplainedRefusal } from './explain-refusals.js';
import type { BookingStores, KeptAnswer } from './ports.js';

/** A key by which a client may repeat a request without booking twice. */
export interface IdempotencyKey {
  readonly key: string;
  /** Digest of the request. */
  readonly fingerprint: string;
}

/** A request that was written: the group it became, with its bookings. */
export interface GrantedRequest {
  readonly groupId: string;
  readonly bookings: readonly Pick<Booking, 'id' | 'deviceId' | 'slot' | 'status'>[];
}

/** Why a request was refused, as it is kept under an idempotency key. */
export type KeptRefusal =
  | { readonly refused: ExplainedRefusal }
  | { readonly failed: Pick<DomainError, 'kind' | 'code' | 'facts'> & { readonly detail: string } };

/** What is kept under an idempotency key, as JSON. */
export type Answer = { readonly granted: GrantedRequest } | KeptRefusal;

const MOST_CHARACTERS = 200;

/** @throws DomainError `idempotency.malformed-key`. */
export const assertUsableKey = ({ key }: IdempotencyKey): void => {
  if (key === '' || key.length > MOST_CHARACTERS) {
    throw malformed('idempotency.malformed-key', `An Idempotency-Key has 1 to ${MOST_CHARACTERS} characters.`);
  }
};

/**
 * What is kept under the key of this very request, as JSON text.
 * @throws DomainError `idempotency.key-reused` for another request.
 */
export const keptFor = ({ fingerprint, answer }: KeptAnswer, once: IdempotencyKey): string => {
  if (fingerprint !== once.fingerprint) {
    throw malformed('idempotency.key-reused', 'This Idempotency-Key was used for a different request.');
  }
  if (answer === null) throw new Error(`the answer kept under idempotency key ${once.key} is empty`);
  return answer;
};

/**
 * The first answer again.
 * @throws the refusal when that was the answer; DomainError `idempotency.key-reused` for another request.
 */
export const repeated = (answer: KeptAnswer, once: IdempotencyKey): GrantedRequest => {
  const kept = JSON.parse(keptFor(answer, once)) as Answer;
  if ('granted' in kept) return kept.granted;
  throw toldAgain(kept);
};

/** The refusal as it is kept; null for what answers nothing, such as a database that was away. */
export const keptRefusalOf = (error: unknown): KeptRefusal | null => {
  if (error instanceof BookingRefused) return { refused: { refusals: error.refusals, policy: error.policy } };
  if (!(error instanceof DomainError) || error.kind === 'unavailable') return null;
  const { kind, code, message, facts } = error;
  return { failed: { kind, code, detail: message, facts } };
};

/** The error that was kept. */
export const toldAgain = (kept: KeptRefusal): DomainError => {
  if ('refused' in kept) return new BookingRefused(kept.refused.refusals, kept.refused.policy);
  const { kind, code, detail, facts } = kept.failed;
  return new DomainError(kind, code, detail, facts);
};

/**
 * Keeps the answer to a request that was refused: what refused it was undone, and so this is a transaction of its own.
 * @returns the first answer, where the same request was answered otherwise between the two; null when this is it.
 */
export const keepRefusal = (
  work: UnitOfWork<Pick<BookingStores, 'keptAnswers'>>,
  actor: Actor,
  once: IdempotencyKey,
  refusal: object,
  now: Instant,
): Promise<KeptAnswer | null> =>
  work.run(async ({ keptAnswers }) => {
    const first = await keptAnswers.take(actor.id, once.key, once.fingerprint, now);
    if (!first) await keptAnswers.fill(actor.id, once.key, JSON.stringify(refusal));
    return first;
  });

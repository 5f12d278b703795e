import { BookingRefused, malformed, type Booking } from '../../domain/index.js';
import type { ExplainedRefusal } from './explain-refusals.js';
import type { KeptAnswer } from './ports.js';

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

/** What is kept under an idempotency key, as JSON. */
export type Answer = { readonly granted: GrantedRequest } | { readonly refused: ExplainedRefusal };

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
 * @throws BookingRefused when that was the answer; DomainError `idempotency.key-reused` for another request.
 */
export const repeated = (answer: KeptAnswer, once: IdempotencyKey): GrantedRequest => {
  const kept = JSON.parse(keptFor(answer, once)) as Answer;
  if ('refused' in kept) throw new BookingRefused(kept.refused.refusals, kept.refused.policy);
  return kept.granted;
};

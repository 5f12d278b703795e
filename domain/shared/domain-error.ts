/** Why the lab said no. Adapters translate a kind, never a code, into their own protocol. */
export type RefusalKind =
  | 'malformed' // not understandable: wrong shape, wrong type, nonsense text
  | 'invalid' // understood, but a rule forbids it
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict' // somebody else was first
  | 'stale' // it was changed since it was read
  | 'too-large'
  | 'unavailable'; // the device or a service cannot do it now

/** A refusal with a sentence for people, a stable code for programs, and the facts behind it. */
export class DomainError extends Error {
  readonly kind: RefusalKind;
  /** Stable and part of the public interface, for example `booking.taken`. */
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(kind: RefusalKind, code: string, message: string, facts: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'DomainError';
    this.kind = kind;
    this.code = code;
    this.facts = facts;
  }
}

/** A refusal of what cannot be understood: a wrong shape or type, or nonsense text. */
export const malformed = (code: string, message: string, facts?: Readonly<Record<string, unknown>>) =>
  new DomainError('malformed', code, message, facts);

/** A refusal of what a rule forbids, whoever asks. */
export const invalid = (code: string, message: string, facts?: Readonly<Record<string, unknown>>) =>
  new DomainError('invalid', code, message, facts);

/** A refusal because this person may not. */
export const forbidden = (code: string, message: string, facts?: Readonly<Record<string, unknown>>) =>
  new DomainError('forbidden', code, message, facts);

/** A refusal because it does not exist, or not for this person. */
export const notFound = (code: string, message: string, facts?: Readonly<Record<string, unknown>>) =>
  new DomainError('not-found', code, message, facts);

/** A refusal because somebody else was first. */
export const conflict = (code: string, message: string, facts?: Readonly<Record<string, unknown>>) =>
  new DomainError('conflict', code, message, facts);

/** A refusal because it was changed since it was read. */
export const stale = (code: string, message: string, facts?: Readonly<Record<string, unknown>>) =>
  new DomainError('stale', code, message, facts);

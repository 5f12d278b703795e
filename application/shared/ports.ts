import type { Instant, Role } from '../../domain/index.js';

/** What time it is. */
export interface Clock {
  /** Milliseconds since 1970 in UTC. It may be set back: two calls need not rise. */
  now(): Instant;
}

/** Lets time pass. */
export interface Pauses {
  /** Resolves after that time. @param milliseconds at least this long. */
  wait(milliseconds: number): Promise<void>;
}

/** Makes ids that nobody can guess and that are never the same. */
export interface IdSource {
  /** A new identifier that nobody can guess, at most 36 characters. */
  next(): string;
}

/** Luck, for spreading what would otherwise happen at once. */
export interface Chance {
  /** At least 0 and less than 1. */
  next(): number;
}

/** Runs `work` atomically: everything it writes is kept, or nothing is. `work` may be run again after a lost race. */
export interface UnitOfWork<Stores> {
  /**
   * Resolves with what `work` answers once that is committed; rejects with what it throws once all is undone. Not to be
   * called inside another `run`: it may wait for that for ever.
   * @throws DomainError `database.busy`, `database.unreachable` (kind `unavailable`).
   */
  run<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
}

/** Who did something: a person, or the system itself when `id` is null. */
export interface AuditActor {
  readonly id: number | null;
  readonly name: string;
  readonly role: Role | null;
  /** Of the request by which it was done. */
  readonly requestId?: string | null;
  /** Network address from which it was done. */
  readonly address?: string | null;
}

/** One deed, as the audit trail keeps it: who did what to which thing, when, in a sentence and in facts. */
export interface AuditEntry {
  readonly at: Instant;
  readonly actor: AuditActor;
  /** What was done, for example `booking.cancelled`. */
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string | null;
  /** What the entity is called, as people would recognise it later, when it is gone. */
  readonly entityLabel: string | null;
  readonly message: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Append-only memory of who did what, written in the transaction of the deed. */
export interface AuditTrail {
  /**
   * Never fails for its length: what is longer than can be kept is cut. Only the entry of work that is committed stays.
   */
  append(entry: AuditEntry): Promise<void>;
}

/** Who of several server processes does a job for a while. */
export interface Leases {
  /**
   * Takes or renews the lease for `length` milliseconds from `now`, when it is free, over, or the holder's own already.
   * One that ends more than twice the length from now is void: it was written by a clock that was wrong. Not once the
   * length: of two clocks that differ a little, each would void what the other wrote.
   * @returns false while somebody else has it. Of two who ask at once, one gets it.
   */
  acquire(name: string, holder: string, length: number, now: Instant): Promise<boolean>;
  /** Gives it back before it is over; nothing happens when it is not the holder's. */
  release(name: string, holder: string): Promise<void>;
}

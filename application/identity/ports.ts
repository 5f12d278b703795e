import type { AccountStatus, ApprovalLimits, Instant, Role, User, UserFigures } from '../../domain/index.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/** A user with the stored form of the secret; it never leaves the identity use cases. */
export interface Account {
  readonly user: User;
  readonly passwordHash: string;
}

/** An account before the lab gives it an id. */
export interface NewAccount {
  readonly username: string;
  readonly email: string | null;
  readonly discordId: string | null;
  readonly role: Role;
  readonly status: AccountStatus;
  readonly passwordHash: string;
  readonly createdAt: Instant;
}

/** Which users are asked for; null asks for all of them. */
export interface UserFilter {
  readonly role: Role | null;
  readonly status: AccountStatus | null;
  /** Part of the name or the address, in any letter case. */
  readonly text: string | null;
}

/** A user as administrators see them. */
export interface UserListing extends UserFigures {
  readonly user: User;
  /** Bookings of any status. */
  readonly bookings: number;
}

/** Accounts as administrators look at them, outside of any transaction. */
export interface UserListings {
  /** By name. */
  page(
    filter: UserFilter,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly UserListing[]; readonly total: number }>;
  /** Writes down who was active when; later times replace earlier ones. */
  noteActive(times: ReadonlyMap<number, Instant>): Promise<void>;
}

/** Accounts, within a unit of work. */
export interface UserRepository {
  /**
   * @throws DomainError `identity.username-taken` or `identity.email-taken`; names and addresses are compared by
   * `nameKey`, also between transactions that run at the same time.
   */
  add(account: NewAccount): Promise<User>;
  /** Also somebody whose account is disabled; null when there is no such user. */
  find(id: number): Promise<User | null>;
  /** Users of these names in any letter case; unknown names are left out. */
  named(usernames: readonly string[]): Promise<User[]>;
  /** Whether any account may administrate. The answer holds until the work ends: who asks meanwhile waits. */
  anyAdmin(): Promise<boolean>;
  /** Sessions stay as they are: ending them is for the caller. An unknown id is passed over. */
  setStatus(id: number, status: AccountStatus): Promise<void>;
  /** Counts from the next request of that user on. An unknown id is passed over. */
  setRole(id: number, role: Role): Promise<void>;
  /** Null takes all limits away. */
  setApprovalLimits(id: number, limits: ApprovalLimits | null): Promise<void>;
  /** Null for somebody without limits. */
  approvalLimitsOf(id: number): Promise<ApprovalLimits | null>;
  /**
   * Whether any Super Admin but this one can sign in. The answer holds until the work ends: who asks meanwhile waits.
   */
  anotherSuperAdmin(id: number): Promise<boolean>;
}

/** What sign-in and every request need to read, outside of any transaction. */
export interface UserDirectory {
  /** Also somebody whose account is disabled; null when there is no such user. */
  find(id: number): Promise<User | null>;
  /** By name in any letter case, also a disabled one; null when there is none. */
  accountNamed(username: string): Promise<Account | null>;
  /** Users whose name contains `text` in any letter case: an exact match first, then by name. At most `limit`. */
  search(text: string, limit: number): Promise<User[]>;
  /** Whether any account may administrate, also a disabled one. It may be another answer a moment later. */
  anyAdmin(): Promise<boolean>;
}

/** That somebody is signed in, and until when. */
export interface SessionRecord {
  /** Digest of the identifier in the cookie: reading the store is not enough to take over a session. */
  readonly id: string;
  readonly userId: number;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

/** Sessions on the server. Each call is atomic by itself. */
export interface SessionRecords {
  /** Opens a session, or takes the place of what was saved under its id. */
  save(record: SessionRecord): Promise<void>;
  /** The session and whose it is; null when it is unknown or over. */
  find(id: string, now: Instant): Promise<SessionRecord | null>;
  /** Ends it on all processes. Nothing happens when there is none. */
  remove(id: string): Promise<void>;
  /** Signs the user out everywhere. */
  removeAllOf(userId: number): Promise<void>;
  /** Throws away those that expire by that instant; `find` knows them no more anyway. */
  removeOver(now: Instant): Promise<void>;
}

/** A single-use right to make an account with a given role. */
export interface Invitation {
  /** Digest of the token that the invited person holds. */
  readonly tokenDigest: string;
  readonly role: Role;
  readonly expiresAt: Instant;
  /** Null for the invitation that start-up makes while the lab has no administrator. */
  readonly invitedBy: number | null;
  /** To name it by, without its token. */
  readonly id: string;
  /** Whom it was made for; the account need not have this address. */
  readonly email: string | null;
}

/** Invitations that nobody accepted yet, within a unit of work. */
export interface Invitations {
  /** Kept until it is taken or its time is over. */
  add(invitation: Invitation): Promise<void>;
  /** Removes and returns it, so that of two who use it at once only one succeeds. Null when it is unknown. */
  take(tokenDigest: string): Promise<Invitation | null>;
  /** Throws away those that expire by that instant; `take` itself does not look at the time. */
  removeOver(now: Instant): Promise<void>;
}

/** Makes of a secret what can be kept. */
export interface PasswordHasher {
  /** Another text each time, also for the same secret. Rejects a secret of which it would read the beginning only. */
  hash(secret: string): Promise<string>;
  /** Takes the same time for a null hash (unknown user) as for a real one. */
  matches(secret: string, hash: string | null): Promise<boolean>;
}

/** One-way digest of secrets that are random already (tokens, session identifiers). */
export type TokenDigest = (token: string) => string;

/** What a deed about accounts reads and writes. */
export interface IdentityStores {
  readonly users: UserRepository;
  readonly invitations: Invitations;
  readonly audit: AuditTrail;
}

/** A transaction about accounts. */
export type IdentityWork = UnitOfWork<IdentityStores>;

import type {
  Account,
  Invitation,
  Invitations,
  NewAccount,
  SessionRecord,
  SessionRecords,
  UserDirectory,
  UserFilter,
  UserListing,
  UserListings,
  UserRepository,
} from '../../application/identity/ports.js';
import {
  invalid,
  isAdmin,
  nameKey,
  type AccountStatus,
  type ApprovalLimits,
  type Instant,
  type Role,
  type User,
  type UserFigures,
} from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

const accountNamed = (tables: Tables, username: string): Account | null =>
  [...tables.users.values()].find(({ user }) => nameKey(user.username) === nameKey(username)) ?? null;

const anyAdmin = (tables: Tables): boolean => [...tables.users.values()].some(({ user }) => isAdmin(user.role));

const figuresOf = ({ profiles }: Tables, id: number): UserFigures =>
  profiles.get(id) ?? { approvalLimits: null, lastActiveAt: null };

export class MemoryUsers implements UserRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async add({ passwordHash, ...account }: NewAccount): Promise<User> {
    if (accountNamed(this.#tables, account.username)) {
      throw invalid('identity.username-taken', 'Username already taken.');
    }
    const { email } = account;
    const emailKey = email === null ? null : nameKey(email);
    const taken = [...this.#tables.users.values()].some(
      ({ user }) => user.email !== null && nameKey(user.email) === emailKey,
    );
    if (taken) throw invalid('identity.email-taken', 'This e-mail address is registered already.');
    const user: User = { id: this.#nextId(), ...account };
    this.#tables.users.set(user.id, { user, passwordHash });
    return user;
  }

  async find(id: number): Promise<User | null> {
    return this.#tables.users.get(id)?.user ?? null;
  }

  async named(usernames: readonly string[]): Promise<User[]> {
    const keys = new Set(usernames.map(nameKey));
    return [...this.#tables.users.values()].map(({ user }) => user).filter((user) => keys.has(nameKey(user.username)));
  }

  async anyAdmin(): Promise<boolean> {
    return anyAdmin(this.#tables);
  }

  async setStatus(id: number, status: AccountStatus): Promise<void> {
    const account = this.#tables.users.get(id);
    if (account) this.#tables.users.set(id, { ...account, user: { ...account.user, status } });
  }

  async setRole(id: number, role: Role): Promise<void> {
    const account = this.#tables.users.get(id);
    if (account) this.#tables.users.set(id, { ...account, user: { ...account.user, role } });
  }

  async setApprovalLimits(id: number, approvalLimits: ApprovalLimits | null): Promise<void> {
    this.#tables.profiles.set(id, { ...figuresOf(this.#tables, id), approvalLimits });
  }

  async approvalLimitsOf(id: number): Promise<ApprovalLimits | null> {
    return figuresOf(this.#tables, id).approvalLimits;
  }

  async anotherSuperAdmin(id: number): Promise<boolean> {
    return [...this.#tables.users.values()].some(
      ({ user }) => user.id !== id && user.role === 'Super Admin' && user.status === 'active',
    );
  }
}

export class MemoryUserListings implements UserListings {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async page(
    { role, status, text }: UserFilter,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ items: UserListing[]; total: number }> {
    const { tables } = this.#lab;
    const key = text === null ? '' : nameKey(text);
    const found = [...tables.users.values()]
      .map(({ user }) => user)
      .filter(
        (user) =>
          (role === null || user.role === role) &&
          (status === null || user.status === status) &&
          (nameKey(user.username).includes(key) || nameKey(user.email ?? '').includes(key)),
      )
      .sort((a, b) => (nameKey(a.username) < nameKey(b.username) ? -1 : 1));
    const items = found.slice(offset, offset + limit).map((user) => ({
      user,
      ...figuresOf(tables, user.id),
      bookings: [...tables.bookings.values()].filter((booking) => booking.ownerId === user.id).length,
    }));
    return { items, total: found.length };
  }

  noteActive(times: ReadonlyMap<number, Instant>): Promise<void> {
    return this.#lab.transaction(async (tables) => {
      for (const [id, at] of times) {
        const known = figuresOf(tables, id);
        tables.profiles.set(id, { ...known, lastActiveAt: Math.max(known.lastActiveAt ?? 0, at) });
      }
    });
  }
}

export class MemoryUserDirectory implements UserDirectory {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async find(id: number): Promise<User | null> {
    return this.#lab.tables.users.get(id)?.user ?? null;
  }

  async accountNamed(username: string): Promise<Account | null> {
    return accountNamed(this.#lab.tables, username);
  }

  async search(text: string, limit: number): Promise<User[]> {
    const key = nameKey(text);
    const rank = (user: User) => (nameKey(user.username) === key ? '0' : '1') + nameKey(user.username);
    return [...this.#lab.tables.users.values()]
      .map(({ user }) => user)
      .filter((user) => nameKey(user.username).includes(key))
      .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
      .slice(0, limit);
  }

  async anyAdmin(): Promise<boolean> {
    return anyAdmin(this.#lab.tables);
  }
}

export class MemorySessionRecords implements SessionRecords {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  save(record: SessionRecord): Promise<void> {
    return this.#lab.transaction(async ({ sessions }) => {
      sessions.set(record.id, record);
    });
  }

  async find(id: string, now: Instant): Promise<SessionRecord | null> {
    const record = this.#lab.tables.sessions.get(id);
    return record && record.expiresAt > now ? record : null;
  }

  remove(id: string): Promise<void> {
    return this.#lab.transaction(async ({ sessions }) => {
      sessions.delete(id);
    });
  }

  removeAllOf(userId: number): Promise<void> {
    return this.#removeWhere((record) => record.userId === userId);
  }

  removeOver(now: Instant): Promise<void> {
    return this.#removeWhere((record) => record.expiresAt <= now);
  }

  #removeWhere(condition: (record: SessionRecord) => boolean): Promise<void> {
    return this.#lab.transaction(async ({ sessions }) => {
      for (const record of sessions.values()) if (condition(record)) sessions.delete(record.id);
    });
  }
}

export class MemoryInvitations implements Invitations {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async add(invitation: Invitation): Promise<void> {
    this.#tables.invitations.set(invitation.tokenDigest, invitation);
  }

  async take(tokenDigest: string): Promise<Invitation | null> {
    const invitation = this.#tables.invitations.get(tokenDigest) ?? null;
    this.#tables.invitations.delete(tokenDigest);
    return invitation;
  }

  async removeOver(now: Instant): Promise<void> {
    for (const { tokenDigest, expiresAt } of this.#tables.invitations.values()) {
      if (expiresAt <= now) this.#tables.invitations.delete(tokenDigest);
    }
  }
}

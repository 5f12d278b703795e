import { In, type EntityManager } from 'typeorm';
import {
  invalid,
  nameKey,
  type AccountStatus,
  type ApprovalLimits,
  type Instant,
  type Role,
  type User,
} from '../../../domain/index.js';
import type {
  Account,
  NewAccount,
  UserDirectory,
  UserFilter,
  UserListing,
  UserListings,
  UserRepository,
} from '../../../application/identity/ports.js';
import type { Database } from '../database.js';
import { inParts, isDuplicateOf, isMysql, likeText, rowsOf } from '../sql.js';
import { userSchema, type UserRow } from './schemas.js';

/** What no account has when it is made. */
type LaterColumns = Pick<UserRow, 'approvalMaxDays' | 'approvalMaxDeviceHours' | 'lastActiveAt'>;

const toUser = ({
  id,
  username,
  email,
  discordId,
  role,
  status,
  createdAt,
}: Omit<UserRow, keyof LaterColumns>): User => ({
  id,
  username,
  email,
  discordId,
  role,
  status,
  createdAt,
});

const toRow = (account: NewAccount): Omit<UserRow, 'id' | keyof LaterColumns> => ({
  ...account,
  usernameKey: nameKey(account.username),
  emailKey: account.email === null ? null : nameKey(account.email),
});

const anyAdmin = async (manager: EntityManager): Promise<boolean> =>
  (await rowsOf(manager, `SELECT id FROM users WHERE role IN ('Admin', 'Super Admin') LIMIT 1`)).length > 0;

const find = async (manager: EntityManager, id: number): Promise<User | null> => {
  const [row] = await rowsOf<UserRow>(
    manager,
    `SELECT id, username, email, discord_id AS discordId, role, status, created_at AS createdAt FROM users WHERE id = ?`,
    [id],
  );
  return row ? toUser(row) : null;
};

export class TypeormUserRepository implements UserRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async add(account: NewAccount): Promise<User> {
    const row = toRow(account);
    try {
      const { identifiers } = await this.#manager.getRepository(userSchema).insert(row);
      return toUser({ ...row, id: Number(identifiers[0]?.id) });
    } catch (error) {
      if (isDuplicateOf(error, 'username_key', 'ux_users_username')) {
        throw invalid('identity.username-taken', 'Username already taken.');
      }
      if (isDuplicateOf(error, 'email_key', 'ux_users_email')) {
        throw invalid('identity.email-taken', 'This e-mail address is registered already.');
      }
      throw error;
    }
  }

  find(id: number): Promise<User | null> {
    return find(this.#manager, id);
  }

  async named(usernames: readonly string[]): Promise<User[]> {
    const found: User[] = [];
    for (const part of inParts([...new Set(usernames.map(nameKey))])) {
      const rows = await this.#manager
        .getRepository(userSchema)
        .find({ where: { usernameKey: In(part) }, order: { id: 'ASC' } });
      found.push(...rows.map(toUser));
    }
    return found;
  }

  async anyAdmin(): Promise<boolean> {
    await this.#serialise();
    return anyAdmin(this.#manager);
  }

  async setStatus(id: number, status: AccountStatus): Promise<void> {
    await this.#manager.getRepository(userSchema).update({ id }, { status });
  }

  async setRole(id: number, role: Role): Promise<void> {
    await this.#manager.getRepository(userSchema).update({ id }, { role });
  }

  async setApprovalLimits(id: number, limits: ApprovalLimits | null): Promise<void> {
    const { maxDays = null, maxDeviceHours = null } = limits ?? {};
    await this.#manager
      .getRepository(userSchema)
      .update({ id }, { approvalMaxDays: maxDays, approvalMaxDeviceHours: maxDeviceHours });
  }

  async approvalLimitsOf(id: number): Promise<ApprovalLimits | null> {
    const [row] = await rowsOf<LimitsRow>(this.#manager, `SELECT ${LIMITS} FROM users WHERE users.id = ?`, [id]);
    return row ? limitsIn(row) : null;
  }

  async anotherSuperAdmin(id: number): Promise<boolean> {
    await this.#serialise();
    const sql = `SELECT id FROM users WHERE role = 'Super Admin' AND status = 'active' AND id <> ? LIMIT 1`;
    return (await rowsOf(this.#manager, sql, [id])).length > 0;
  }

  /** There may be no administrator whose row could be locked; this row is always there. SQLite has one writer anyway. */
  async #serialise(): Promise<void> {
    if (isMysql(this.#manager)) await this.#manager.query('SELECT id FROM migrations ORDER BY id LIMIT 1 FOR UPDATE');
  }
}

type LimitsRow = Pick<UserRow, 'approvalMaxDays' | 'approvalMaxDeviceHours'>;

const LIMITS = `users.approval_max_days AS approvalMaxDays, users.approval_max_device_hours AS approvalMaxDeviceHours`;

const limitsIn = ({ approvalMaxDays, approvalMaxDeviceHours }: LimitsRow): ApprovalLimits | null =>
  approvalMaxDays === null && approvalMaxDeviceHours === null
    ? null
    : { maxDays: approvalMaxDays, maxDeviceHours: approvalMaxDeviceHours };

export class TypeormUserListings implements UserListings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  page(
    { role, status, text }: UserFilter,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ items: UserListing[]; total: number }> {
    const conditions: (readonly [string, readonly unknown[]])[] = [];
    if (role !== null) conditions.push(['users.role = ?', [role]]);
    if (status !== null) conditions.push(['users.status = ?', [status]]);
    if (text !== null) {
      const pattern = `%${likeText(nameKey(text))}%`;
      const like = `(users.username_key LIKE ? ESCAPE '!' OR users.email_key LIKE ? ESCAPE '!')`;
      conditions.push([like, [pattern, pattern]]);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
    const values = conditions.flatMap(([, given]) => given);
    return this.#database.read(async (manager) => {
      const rows = await rowsOf<UserRow & { bookings: number }>(
        manager,
        `SELECT users.id AS id, users.username AS username, users.email AS email, users.discord_id AS discordId,
                users.role AS role, users.status AS status, users.created_at AS createdAt,
                users.last_active_at AS lastActiveAt, ${LIMITS},
                (SELECT COUNT(*) FROM bookings WHERE bookings.owner_id = users.id) AS bookings
           FROM users ${where} ORDER BY users.username_key LIMIT ? OFFSET ?`,
        [...values, limit, offset],
      );
      const [count] = await rowsOf<{ total: number }>(manager, `SELECT COUNT(*) AS total FROM users ${where}`, values);
      const items = rows.map((row) => ({
        user: toUser(row),
        approvalLimits: limitsIn(row),
        lastActiveAt: row.lastActiveAt,
        bookings: row.bookings,
      }));
      return { items, total: count?.total ?? 0 };
    });
  }

  async noteActive(times: ReadonlyMap<number, Instant>): Promise<void> {
    await this.#database.transaction(async (manager) => {
      // By id, so that two processes that write at once do not wait in a circle.
      for (const [id, at] of [...times].sort(([a], [b]) => a - b)) {
        const sql =
          'UPDATE users SET last_active_at = ? WHERE id = ? AND (last_active_at IS NULL OR last_active_at < ?)';
        await manager.query(sql, [at, id, at]);
      }
    });
  }
}

export class TypeormUserDirectory implements UserDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: number): Promise<User | null> {
    return this.#database.read((manager) => find(manager, id));
  }

  async accountNamed(username: string): Promise<Account | null> {
    const row = await this.#database.read((manager) =>
      manager.getRepository(userSchema).findOneBy({ usernameKey: nameKey(username) }),
    );
    return row && { user: toUser(row), passwordHash: row.passwordHash };
  }

  async search(text: string, limit: number): Promise<User[]> {
    const key = nameKey(text);
    const rows = await this.#database.read((manager) =>
      manager
        .getRepository(userSchema)
        .createQueryBuilder('user')
        .where(`user.usernameKey LIKE :pattern ESCAPE '!'`, { pattern: `%${likeText(key)}%` })
        .orderBy('CASE WHEN user.usernameKey = :key THEN 0 ELSE 1 END', 'ASC')
        .addOrderBy('user.usernameKey', 'ASC')
        .setParameter('key', key)
        .limit(limit)
        .getMany(),
    );
    return rows.map(toUser);
  }

  anyAdmin(): Promise<boolean> {
    return this.#database.read(anyAdmin);
  }
}

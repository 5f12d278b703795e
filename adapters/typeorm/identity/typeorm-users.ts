import { In, type EntityManager } from 'typeorm';
import { invalid, nameKey, type AccountStatus, type User } from '../../../domain/index.js';
import type { Account, NewAccount, UserDirectory, UserRepository } from '../../../application/identity/ports.js';
import type { Database } from '../database.js';
import { inParts, isDuplicateOf, isMysql, likeText, rowsOf } from '../sql.js';
import { userSchema, type UserRow } from './schemas.js';

const toUser = ({ id, username, email, discordId, role, status, createdAt }: UserRow): User => ({
  id,
  username,
  email,
  discordId,
  role,
  status,
  createdAt,
});

const toRow = (account: NewAccount): Omit<UserRow, 'id'> => ({
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
    // There is no administrator to lock while there is none; this row is always there. SQLite has one writer anyway.
    if (isMysql(this.#manager)) await this.#manager.query('SELECT id FROM migrations ORDER BY id LIMIT 1 FOR UPDATE');
    return anyAdmin(this.#manager);
  }

  async setStatus(id: number, status: AccountStatus): Promise<void> {
    await this.#manager.getRepository(userSchema).update({ id }, { status });
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

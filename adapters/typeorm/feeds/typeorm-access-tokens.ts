import { LessThanOrEqual, type EntityManager } from 'typeorm';
import type { AccessToken, AccessTokenDirectory, AccessTokens } from '../../../application/feeds/ports.js';
import type { Instant } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';
import { accessTokenSchema } from './schemas.js';

const ofUser = (manager: EntityManager, userId: number): Promise<AccessToken[]> =>
  manager.getRepository(accessTokenSchema).find({ where: { userId }, order: { id: 'ASC' } });

export class TypeormAccessTokens implements AccessTokens {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async add(token: Omit<AccessToken, 'id'>): Promise<AccessToken> {
    const { identifiers } = await this.#manager.getRepository(accessTokenSchema).insert({ ...token });
    return { ...token, id: Number(identifiers[0]?.id) };
  }

  find(id: number): Promise<AccessToken | null> {
    return this.#manager.getRepository(accessTokenSchema).findOneBy({ id });
  }

  ofUser(userId: number): Promise<AccessToken[]> {
    return ofUser(this.#manager, userId);
  }

  async remove(id: number): Promise<void> {
    await this.#manager.getRepository(accessTokenSchema).delete({ id });
  }

  async removeOver(now: Instant): Promise<void> {
    await this.#manager.getRepository(accessTokenSchema).delete({ expiresAt: LessThanOrEqual(now) });
  }
}

export class TypeormAccessTokenDirectory implements AccessTokenDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async withDigest(digest: string, now: Instant): Promise<AccessToken | null> {
    const [token] = await this.#database.read((manager) =>
      rowsOf<AccessToken>(
        manager,
        `SELECT id, digest, user_id AS userId, scope, device_id AS deviceId, created_at AS createdAt,
                expires_at AS expiresAt
           FROM access_tokens WHERE digest = ? AND (expires_at IS NULL OR expires_at > ?)`,
        [digest, now],
      ),
    );
    return token ?? null;
  }

  ofUser(userId: number): Promise<AccessToken[]> {
    return this.#database.read((manager) => ofUser(manager, userId));
  }
}

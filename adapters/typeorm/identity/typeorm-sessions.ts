import { LessThanOrEqual } from 'typeorm';
import type { SessionRecord, SessionRecords } from '../../../application/identity/ports.js';
import type { Instant } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';
import { sessionSchema } from './schemas.js';

export class TypeormSessionRecords implements SessionRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async save(record: SessionRecord): Promise<void> {
    await this.#database.transaction((manager) => manager.getRepository(sessionSchema).upsert({ ...record }, ['id']));
  }

  async find(id: string, now: Instant): Promise<SessionRecord | null> {
    const [row] = await this.#database.read((manager) =>
      rowsOf<SessionRecord>(
        manager,
        `SELECT id, user_id AS userId, created_at AS createdAt, expires_at AS expiresAt
           FROM sessions WHERE id = ? AND expires_at > ?`,
        [id, now],
      ),
    );
    return row ?? null;
  }

  async remove(id: string): Promise<void> {
    await this.#database.transaction((manager) => manager.getRepository(sessionSchema).delete({ id }));
  }

  async removeAllOf(userId: number): Promise<void> {
    await this.#database.transaction((manager) => manager.getRepository(sessionSchema).delete({ userId }));
  }

  async removeOver(now: Instant): Promise<void> {
    await this.#database.transaction((manager) =>
      manager.getRepository(sessionSchema).delete({ expiresAt: LessThanOrEqual(now) }),
    );
  }
}

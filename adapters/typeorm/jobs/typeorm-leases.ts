import { leaseHolds } from '../../../application/shared/lease-holds.js';
import type { Leases } from '../../../application/shared/ports.js';
import type { Instant } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { isDuplicate, isMysql, rowsOf } from '../sql.js';
import { leaseSchema, type LeaseRow } from './schemas.js';

export class TypeormLeases implements Leases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  acquire(name: string, holder: string, length: number, now: Instant): Promise<boolean> {
    const until = now + length;
    return this.#database.transaction(async (manager) => {
      const leases = manager.getRepository(leaseSchema);
      const lock = isMysql(manager) ? ' FOR UPDATE' : '';
      const [lease] = await rowsOf<LeaseRow>(
        manager,
        `SELECT name, holder, expires_at AS expiresAt FROM leases WHERE name = ?${lock}`,
        [name],
      );
      if (lease) {
        if (lease.holder !== holder && leaseHolds(lease.expiresAt, length, now)) return false;
        await leases.update({ name }, { holder, expiresAt: until });
        return true;
      }
      try {
        await leases.insert({ name, holder, expiresAt: until });
        return true;
      } catch (error) {
        // Somebody was first, a moment ago.
        if (!isDuplicate(error)) throw error;
        return false;
      }
    });
  }

  /** The row stays, so that those who ask next wait for each other on it. */
  async release(name: string, holder: string): Promise<void> {
    await this.#database.transaction((manager) =>
      manager.getRepository(leaseSchema).update({ name, holder }, { expiresAt: 0 }),
    );
  }
}

import type { RateCount, RateCounters } from '../../../application/index.js';
import type { Instant } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { isMysql, rowsOf } from '../sql.js';

/** Counts in the database, for several processes. */
export class TypeormRateCounters implements RateCounters {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  hit(key: string, window: number, now: Instant): Promise<RateCount> {
    return this.#database.transaction(async (manager) => {
      // `hits` is set first: MySQL lets the second assignment see the first one's result.
      await manager.query(
        `INSERT INTO rate_counters (counter_key, hits, resets_at) VALUES (?, 1, ?)
           ${isMysql(manager) ? 'ON DUPLICATE KEY UPDATE' : 'ON CONFLICT (counter_key) DO UPDATE SET'}
           hits = CASE WHEN resets_at <= ? THEN 1 ELSE hits + 1 END,
           resets_at = CASE WHEN resets_at <= ? THEN ? ELSE resets_at END`,
        [key, now + window, now, now, now + window],
      );
      const sql = 'SELECT hits, resets_at AS resetsAt FROM rate_counters WHERE counter_key = ?';
      const [count] = await rowsOf<RateCount>(manager, sql, [key]);
      return count ?? { hits: 1, resetsAt: now + window };
    });
  }

  takeBack(key: string): Promise<void> {
    return this.#change('UPDATE rate_counters SET hits = hits - 1 WHERE counter_key = ? AND hits > 0', key);
  }

  forget(key: string): Promise<void> {
    return this.#change('DELETE FROM rate_counters WHERE counter_key = ?', key);
  }

  removeOver(now: Instant): Promise<void> {
    return this.#change('DELETE FROM rate_counters WHERE resets_at <= ?', now);
  }

  async #change(sql: string, value: string | number): Promise<void> {
    await this.#database.transaction((manager) => manager.query(sql, [value]));
  }
}

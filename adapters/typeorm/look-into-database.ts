import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/index.js';
import { Database } from './database.js';
import { migrations } from './migrations/index.js';
import { optionsFor, refuseForeignDatabase } from './open-database.js';

/**
 * Connects like `openDatabase`, and writes nothing: not a file, not a table. Null when there is no lab in it yet.
 * @throws DomainError `database.foreign` when there are tables that are not the lab's, `database.old` (kind
 * `unavailable`) when they are not up to date.
 */
export const lookIntoDatabase = async (url: string): Promise<Database | null> => {
  if (url === 'sqlite::memory:') return null;
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) return null;
  await refuseForeignDatabase(url);
  const source = new DataSource(optionsFor(url, { looking: true }));
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    const [has, uses] = [await runner.hasTable('migrations'), migrations.length];
    const rows = has ? await source.query<{ n: number }[]>('SELECT COUNT(*) AS n FROM migrations') : [];
    const done = rows[0]?.n ?? 0;
    if (done === uses) return new Database(source);
    await source.destroy();
    if (done === 0) return null;
    throw new DomainError(
      'unavailable',
      'database.old',
      'The database is of another version: start the server once, which brings it up to date.',
    );
  } finally {
    if (source.isInitialized) await runner.release();
  }
};

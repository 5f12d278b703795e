import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { isDuplicate, isLostRace } from './sql.js';

const LOCK_NAME = 'openlab-migrations';
const LOCK_SECONDS = 120;

const MOST_ATTEMPTS = 20;
const PAUSE = 250;

/** Runs what has not run yet. Of processes that start together, one does it and the others wait. */
export const migrate = (source: DataSource): Promise<void> =>
  source.options.type === 'mysql' ? migrateServer(source) : migrateEmbedded(source);

const migrateServer = async (source: DataSource): Promise<void> => {
  // The lock belongs to this connection and goes with it, also when the process dies.
  const holder = source.createQueryRunner();
  try {
    const [row] = (await holder.query('SELECT GET_LOCK(CONCAT(DATABASE(), ?), ?) AS held', [
      `/${LOCK_NAME}`,
      LOCK_SECONDS,
    ])) as [{ held: number | null }];
    if (Number(row.held) !== 1) throw new Error('another process has been migrating the database for too long');
    await source.runMigrations({ transaction: 'none' });
  } finally {
    await holder.query('SELECT RELEASE_LOCK(CONCAT(DATABASE(), ?))', [`/${LOCK_NAME}`]).catch(() => undefined);
    await holder.release();
  }
};

/** Whether another process was at it, rather than something being wrong. */
const isOthersDoing = (error: unknown): boolean =>
  isLostRace(error) || isDuplicate(error) || (error instanceof Error && error.message.includes('already exists'));

/** Table changes are transactional here: who comes second fails as a whole, and then finds nothing left to do. */
const migrateEmbedded = async (source: DataSource): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await source.runMigrations({ transaction: 'all' });
      return;
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isOthersDoing(error)) throw error;
      await setTimeout(PAUSE);
    }
  }
};

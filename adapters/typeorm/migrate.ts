import type { DataSource } from 'typeorm';

const LOCK_NAME = 'openlab-migrations';
const LOCK_SECONDS = 120;

/**
 * Runs what has not run yet. Of processes that start together, one does it and the others wait.
 * @param check is asked on a server before anything is written, while no other process migrates; it throws to refuse.
 */
export const migrate = (source: DataSource, check: () => Promise<void>): Promise<void> =>
  source.options.type === 'mysql' ? migrateServer(source, check) : migrateEmbedded(source);

const migrateServer = async (source: DataSource, check: () => Promise<void>): Promise<void> => {
  // The lock belongs to this connection and goes with it, also when the process dies.
  const holder = source.createQueryRunner();
  try {
    const [row] = (await holder.query('SELECT GET_LOCK(CONCAT(DATABASE(), ?), ?) AS held', [
      `/${LOCK_NAME}`,
      LOCK_SECONDS,
    ])) as [{ held: number | null }];
    if (Number(row.held) !== 1) throw new Error('another process has been migrating the database for too long');
    await check();
    await source.runMigrations({ transaction: 'none' });
  } finally {
    await holder.query('SELECT RELEASE_LOCK(CONCAT(DATABASE(), ?))', [`/${LOCK_NAME}`]).catch(() => undefined);
    await holder.release();
  }
};

/**
 * The write lock is taken before it is read what has run: of processes that start together the others wait, and then
 * find nothing left to do. Foreign keys can only be switched outside of a transaction; with them on, a table that is
 * made anew would take along the rows that point to it.
 */
const migrateEmbedded = async (source: DataSource): Promise<void> => {
  await source.query('PRAGMA foreign_keys = OFF');
  await source.query('BEGIN IMMEDIATE');
  try {
    await source.runMigrations({ transaction: 'none' });
    await source.query('COMMIT');
  } catch (error) {
    await source.query('ROLLBACK');
    throw error;
  }
  await source.query('PRAGMA foreign_keys = ON');
};

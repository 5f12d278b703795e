import { existsSync } from 'node:fs';
import { constants, copyFile, mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sqliteDriver as Sqlite } from '../sqlite-driver.js';
import { flush } from './backup-folder.js';
import { BackupProblem } from './backup-problem.js';

/** What a copied database holds, as far as a backup must know. */
export interface CopiedDatabase {
  readonly migrations: readonly string[];
  /** Names of the files that its rows point to. */
  readonly vaultNames: readonly string[];
}

/** More than any database has: the whole copy is one step, so that writers cannot make it begin again for ever. */
const ALL_PAGES = 0x7fffffff;

/**
 * Copies a database as of one moment while others go on writing.
 * @throws BackupProblem when there is none, or when the copy is not sound.
 */
export const copySqlite = async (source: string, target: string): Promise<CopiedDatabase> => {
  if (!existsSync(source)) throw new BackupProblem(`There is no database ${source}.`);
  // What SQLite creates everybody may read.
  await writeFile(target, '', { mode: 0o600 });
  const original = new Sqlite(source, { readonly: true, timeout: 10_000 });
  try {
    await original.backup(target, { progress: () => ALL_PAGES });
  } finally {
    original.close();
  }
  const copy = new Sqlite(target);
  try {
    // One file, without a log beside it.
    copy.pragma('journal_mode = DELETE');
    const found = copy.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw new BackupProblem(`The copy of ${source} is not sound: ${String(found)}`);
    const migrations = copy.prepare('SELECT name FROM migrations ORDER BY id').pluck().all() as string[];
    const vaultNames = copy.prepare('SELECT vault_name FROM attachments').pluck().all() as string[];
    return { migrations, vaultNames };
  } finally {
    copy.close();
  }
};

/** Whoever has it open holds on to its log; only somebody who is alone can put it away. */
const isInUse = (path: string): boolean => {
  const database = new Sqlite(path, { timeout: 0 });
  try {
    return database.pragma('journal_mode = DELETE', { simple: true }) !== 'delete';
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    database.close();
  }
};

/**
 * Puts a copy in the place of the database. What was there is kept beside it.
 * @returns where that is; null when there was nothing.
 * @throws BackupProblem when a process has the database open, or when there is one and `replace` is not given.
 */
export const putSqlite = async (
  copy: string,
  named: string,
  { replace, suffix }: { readonly replace: boolean; readonly suffix: string },
): Promise<string | null> => {
  // Where it is a link, the database goes where that leads.
  const path = existsSync(named) ? await realpath(named) : named;
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}${suffix}`;
  const kept = existsSync(path) ? aside : null;
  if (kept !== null) {
    if (!replace) throw new BackupProblem(`There is a database ${path}. With --replace it is put aside.`);
    if (isInUse(path)) throw new BackupProblem(`A process has ${path} open. Stop the server first.`);
  }
  const draft = `${aside}.part`;
  try {
    await copyFile(copy, draft, constants.COPYFILE_EXCL);
    await flush(draft);
    if (kept !== null) await rename(path, kept);
    // Of a database that is elsewhere now; it may hold what was written last.
    for (const log of ['-wal', '-shm', '-journal'])
      if (existsSync(`${path}${log}`)) await rename(`${path}${log}`, `${aside}${log}`);
    await rename(draft, path);
  } catch (error) {
    if (kept !== null && !existsSync(path) && existsSync(kept)) await rename(kept, path);
    await rm(draft, { force: true });
    throw error;
  }
  return kept;
};

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DATABASE_FILES,
  MANIFEST,
  PAPERS,
  readBackup,
  writeBackup,
  type Manifest,
} from '../adapters/backup/backup-folder.js';
import { BackupProblem } from '../adapters/backup/backup-problem.js';
import { dumpMariaDb, loadMariaDb } from '../adapters/backup/mariadb-dumps.js';
import { copyPapers, dropOtherPapers, filesIn, putOtherPapersAside } from '../adapters/backup/paper-copies.js';
import { copySqlite, putSqlite, type CopiedDatabase } from '../adapters/backup/sqlite-copies.js';
import type { Database } from '../adapters/typeorm/database.js';
import { migrations as known } from '../adapters/typeorm/migrations/index.js';
import type { Config } from './config.js';
import { attachmentFolderOf } from './data-directory.js';
import { packageVersion } from './package-root.js';

type Where = Pick<Config, 'env' | 'inventory'>;

/** How often a database is copied before papers count as missing that come and go too fast. */
const MOST_TRIES = 10;

const storeOf = ({ env }: Where): Manifest['store'] => {
  if (env.DATABASE_URL === 'sqlite::memory:') throw new BackupProblem('A lab in memory cannot be backed up.');
  return env.DATABASE_URL.startsWith('sqlite:') ? 'sqlite' : 'mysql';
};

const pathOf = ({ env }: Where): string => env.DATABASE_URL.slice('sqlite:'.length);

/** Paths of the lab's own files, whether or not they are there. */
const ownPathsOf = (config: Where): string[] => {
  const papers = attachmentFolderOf(config) ?? '';
  if (storeOf(config) === 'mysql') return [papers];
  return [papers, ...['', '-wal', '-shm', '-journal'].map((suffix) => `${pathOf(config)}${suffix}`)];
};

const copyDatabase = async (config: Where, target: string): Promise<CopiedDatabase> => {
  await rm(target, { force: true });
  return storeOf(config) === 'sqlite'
    ? copySqlite(pathOf(config), target)
    : dumpMariaDb(config.env.DATABASE_URL, target);
};

/**
 * Copies the lab, database and papers, while its servers go on. Everything that was acknowledged before it began is in
 * it, and of a transaction all or nothing. Papers that have a row and no file are named in the manifest: a lab that lost
 * one must be saved all the same.
 * @throws BackupProblem when the folder is not empty, or when a program or the database is missing.
 */
export const backUpLab = (config: Where, folder: string): Promise<Manifest> =>
  writeBackup(folder, ownPathsOf(config), async (draft) => {
    const store = storeOf(config);
    const madeAt = new Date().toISOString();
    const papers = join(draft, PAPERS);
    let goneBefore = new Set<string>();
    for (let attempt = 1; ; attempt += 1) {
      const { migrations, vaultNames } = await copyDatabase(config, join(draft, DATABASE_FILES[store]));
      const gone = await copyPapers(attachmentFolderOf(config) ?? '', papers, vaultNames);
      // One that was removed while it should be copied has no row either by the next time.
      if (gone.every((name) => goneBefore.has(name)) || attempt === MOST_TRIES) {
        await dropOtherPapers(papers, vaultNames);
        return { madeAt, version: packageVersion, store, migrations, missing: gone };
      }
      goneBefore = new Set(gone);
    }
  });

/** What was restored, and where that is which was there. */
export interface Restored {
  readonly manifest: Manifest;
  /** The database; null when there was none, or when its tables had to be dropped. */
  readonly putAside: string | null;
  /** The folder of papers that had names of restored ones; null when there were none. */
  readonly papersPutAside: string | null;
}

/**
 * Puts a backup in the place of the lab, whose servers are stopped.
 * @param warn is told what the operator should know before it happens.
 * @throws BackupProblem when the backup is damaged, of another kind of database or of a newer version, when a server
 * still runs, or when there is a lab and `replace` is not given. Nothing was changed then.
 */
export const restoreLab = async (
  config: Where,
  folder: string,
  { replace, warn = () => undefined }: { readonly replace: boolean; readonly warn?: (text: string) => void },
): Promise<Restored> => {
  const manifest = await readBackup(folder);
  const { store, migrations, files } = manifest;
  if (store !== storeOf(config)) {
    throw new BackupProblem(
      `The backup is of ${store === 'sqlite' ? 'SQLite' : 'MySQL or MariaDB'}, and DATABASE_URL is not.`,
    );
  }
  if (!(DATABASE_FILES[store] in files)) {
    throw new BackupProblem(`${MANIFEST} in ${folder} is damaged: no ${DATABASE_FILES[store]}.`);
  }
  const knownNames = new Set<string>(known.map((Migration) => new Migration().name));
  if (!migrations.every((name) => knownNames.has(name)))
    throw new BackupProblem(`${folder} was made by a newer version.`);
  const digests = Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.startsWith(`${PAPERS}/`))
      .map(([path, digest]) => [path.slice(PAPERS.length + 1), digest]),
  );
  const database = join(folder, DATABASE_FILES[store]);
  const at = new Date().toISOString();
  const suffix = `.before-${at.replace(/[:.]/g, '-')}`;
  const putAside =
    store === 'mysql'
      ? await loadMariaDb(config.env.DATABASE_URL, database, { replace, at, warn })
      : await putSqlite(database, pathOf(config), { replace, suffix });
  const vault = attachmentFolderOf(config) ?? '';
  const papersPutAside = await putOtherPapersAside(vault, digests, suffix);
  await copyPapers(join(folder, PAPERS), vault, Object.keys(digests));
  return { manifest, putAside, papersPutAside };
};

/** Papers that the lab's rows speak of and whose files are not there. */
export const papersWithoutFile = async (
  config: Where,
  { source }: Database,
): Promise<{ readonly fileName: string; readonly vaultName: string }[]> => {
  const papers = await source.query<{ fileName: string; vaultName: string }[]>(
    'SELECT file_name AS fileName, vault_name AS vaultName FROM attachments ORDER BY id',
  );
  const there = await filesIn(attachmentFolderOf(config) ?? '');
  return papers.filter(({ vaultName }) => !there.has(vaultName));
};

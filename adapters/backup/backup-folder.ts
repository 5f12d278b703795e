import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BackupProblem } from './backup-problem.js';

/** What a backup says of itself. */
export interface Manifest {
  readonly format: 1;
  readonly madeAt: string;
  /** Of the program that made it. */
  readonly version: string;
  readonly store: 'sqlite' | 'mysql';
  /** Names of the migrations that its tables have seen. */
  readonly migrations: readonly string[];
  /** SHA-256 in hex, by path within the backup. */
  readonly files: Readonly<Record<string, string>>;
}

export const DATABASE_FILES = { sqlite: 'lab.sqlite', mysql: 'lab.sql' } as const;
export const PAPERS = 'attachments';
const MANIFEST = 'manifest.json';

/** A path within a backup that leads nowhere else. */
const PATH = /^(?:lab\.sqlite|lab\.sql|attachments\/[\w-]{1,64})$/;

export const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

/** Waits until it is on the disk. */
export const flush = async (path: string): Promise<void> => {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/**
 * Makes a backup: `fill` writes into a folder that gets its name once it is whole.
 * @throws BackupProblem when there is something at that place already.
 */
export const writeBackup = async (
  folder: string,
  fill: (draft: string) => Promise<Omit<Manifest, 'format' | 'files'>>,
): Promise<Manifest> => {
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0) throw new BackupProblem(`${folder} is not empty: give each backup a folder of its own.`);
  const draft = `${folder}.part`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(draft, PAPERS), { recursive: true, mode: 0o700 });
  try {
    const about = await fill(draft);
    const papers = (await readdir(join(draft, PAPERS))).sort().map((name) => `${PAPERS}/${name}`);
    const files: Record<string, string> = {};
    for (const path of [DATABASE_FILES[about.store], ...papers]) {
      await flush(join(draft, path));
      files[path] = await digestOf(join(draft, path));
    }
    const manifest: Manifest = { format: 1, ...about, files };
    await writeFile(join(draft, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    await flush(join(draft, MANIFEST));
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
};

/**
 * The manifest of a backup whose every file is as it was written.
 * @throws BackupProblem when it is none, when a file is missing, or when one was changed.
 */
export const readBackup = async (folder: string): Promise<Manifest> => {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => {
    throw new BackupProblem(`${folder} is no backup: it has no ${MANIFEST}.`);
  });
  const manifest = JSON.parse(text) as Manifest;
  if ((manifest.format as number) !== 1) throw new BackupProblem(`${folder} was made by a newer version.`);
  for (const [path, digest] of Object.entries(manifest.files)) {
    if (!PATH.test(path)) throw new BackupProblem(`${folder} names ${path}, which is no file of a backup.`);
    const found = await digestOf(join(folder, path)).catch(() => null);
    if (found !== digest) throw new BackupProblem(`${path} in ${folder} is ${found === null ? 'missing' : 'damaged'}.`);
  }
  return manifest;
};

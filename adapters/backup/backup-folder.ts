import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  lstat,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { BackupProblem } from './backup-problem.js';

/** What a backup says of itself. */
const Manifest = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  /** Of the program that made it. */
  version: z.string(),
  store: z.enum(['sqlite', 'mysql']),
  /** Names of the migrations that its tables have seen. */
  migrations: z.array(z.string()).readonly(),
  /** SHA-256 in hex, by path within the backup. */
  files: z.record(z.string(), z.string()),
  /** Names of papers that had a row and no file when it was made. */
  missing: z.array(z.string()).readonly().default([]),
});
export type Manifest = Readonly<z.output<typeof Manifest>>;

export const DATABASE_FILES = { sqlite: 'lab.sqlite', mysql: 'lab.sql' } as const;
export const PAPERS = 'attachments';
export const MANIFEST = 'manifest.json';

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

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** @throws BackupProblem when there is anything but an empty folder. */
const assertFree = async (place: string): Promise<void> => {
  try {
    if ((await lstat(place)).isSymbolicLink()) throw new BackupProblem(`${place} is a link: name a folder itself.`);
    if ((await readdir(place)).length === 0) return;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    if (codeOf(error) === 'ENOTDIR') {
      throw new BackupProblem(`${place} is a file or within one: give each backup a folder of its own.`);
    }
    throw error;
  }
  throw new BackupProblem(`${place} is not empty: give each backup a folder of its own.`);
};

/** Where that leads, whether or not it is there yet. */
const realPathOf = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return join(await realPathOf(dirname(path)), basename(path));
  }
};

/** @throws BackupProblem when the place is one of those, or within one. */
const assertElsewhere = async (place: string, taken: readonly string[]): Promise<void> => {
  const real = `${await realPathOf(place)}${sep}`;
  for (const path of taken)
    if (real.startsWith(`${await realPathOf(resolve(path))}${sep}`))
      throw new BackupProblem(`${place} is where the lab keeps its own files: give each backup a folder of its own.`);
};

/**
 * Makes a backup: `fill` writes into a folder that gets its name once it is whole.
 * @param taken where the lab has its own files, or will have them.
 * @throws BackupProblem when there is something at that place already, which is left as it is, or when it is taken.
 */
export const writeBackup = async (
  folder: string,
  taken: readonly string[],
  fill: (draft: string) => Promise<Omit<Manifest, 'format' | 'files'>>,
): Promise<Manifest> => {
  const place = resolve(folder);
  await assertFree(place);
  await assertElsewhere(place, taken);
  await mkdir(dirname(place), { recursive: true });
  // Of this run alone: whatever else is beside it is somebody's.
  const draft = await mkdtemp(`${place}.part-`);
  try {
    await mkdir(join(draft, PAPERS), { mode: 0o700 });
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
    // Only one that is still empty goes.
    await rmdir(place).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    await rename(draft, place);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
};

const manifestIn = (folder: string, text: string): Manifest => {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw new BackupProblem(`${MANIFEST} in ${folder} is damaged: it is no JSON.`);
  }
  const { format } = (said ?? {}) as { format?: unknown };
  if (typeof format === 'number' && format > 1) throw new BackupProblem(`${folder} was made by a newer version.`);
  const read = Manifest.safeParse(said);
  if (read.success) return read.data;
  const places = read.error.issues.map(({ path }) => path.join('.') || 'all of it');
  throw new BackupProblem(`${MANIFEST} in ${folder} is damaged: ${places.join(', ')}.`);
};

/**
 * The manifest of a backup whose every file is as it was written.
 * @throws BackupProblem when it is none, when a file is missing, or when one was changed.
 */
export const readBackup = async (folder: string): Promise<Manifest> => {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => {
    throw new BackupProblem(`${folder} is no backup: it has no ${MANIFEST}.`);
  });
  const manifest = manifestIn(folder, text);
  for (const [path, digest] of Object.entries(manifest.files)) {
    if (!PATH.test(path)) throw new BackupProblem(`${folder} names ${path}, which is no file of a backup.`);
    const found = await digestOf(join(folder, path)).catch(() => null);
    if (found !== digest) throw new BackupProblem(`${path} in ${folder} is ${found === null ? 'missing' : 'damaged'}.`);
  }
  return manifest;
};

import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from './backup-folder.js';

/**
 * Copies files that are not there yet. A file of the vault is never changed under its name, so that one which is there
 * is the same.
 * @returns the names of those that are gone from the source.
 */
export const copyPapers = async (from: string, to: string, names: readonly string[]): Promise<string[]> => {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const there = new Set(await readdir(to));
  const gone: string[] = [];
  for (const name of names.filter((wanted) => !there.has(wanted))) {
    const draft = join(to, `${name}.part`);
    try {
      await copyFile(join(from, name), draft, constants.COPYFILE_FICLONE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      gone.push(name);
      continue;
    }
    await chmod(draft, 0o600);
    await rename(draft, join(to, name));
  }
  return gone;
};

/** Removes the files that nothing points to. */
export const dropOtherPapers = async (folder: string, names: readonly string[]): Promise<void> => {
  const wanted = new Set(names);
  for (const name of await readdir(folder)) if (!wanted.has(name)) await rm(join(folder, name));
};

/** The names of what is in a folder; none when it is not there. */
export const filesIn = async (folder: string): Promise<ReadonlySet<string>> => {
  try {
    return new Set(await readdir(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return new Set();
  }
};

/**
 * Puts files aside that have a name of the given ones and other content: such names as `moved-in-7` are made by more
 * than one lab.
 * @returns the folder where they are; null when there are none.
 */
export const putOtherPapersAside = async (
  folder: string,
  digests: Readonly<Record<string, string>>,
  suffix: string,
): Promise<string | null> => {
  const others: string[] = [];
  for (const name of await filesIn(folder))
    if (Object.hasOwn(digests, name) && digests[name] !== (await digestOf(join(folder, name)))) others.push(name);
  if (others.length === 0) return null;
  const aside = `${folder}${suffix}`;
  await mkdir(aside, { mode: 0o700 });
  for (const name of others) await rename(join(folder, name), join(aside, name));
  return aside;
};

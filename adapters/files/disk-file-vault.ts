import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileVault } from '../../application/inventory/ports.js';
import type { Clock } from '../../application/shared/ports.js';

/** A file that is still being written has this behind its name. */
const UNFINISHED = '.part';
const NAME = /^[\w-]{1,64}$/;

/**
 * Keeps files in one folder, which only the account of the server may look into. A file has its name once it is whole
 * and on the disk: one that is cut off, also by a crash, is never seen.
 */
export class DiskFileVault implements FileVault {
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async keep(name: string, content: AsyncIterable<Uint8Array>): Promise<number> {
    const path = this.#pathOf(name);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    // The folder may be older than the server, and more open.
    await chmod(this.#folder, 0o700);
    const draft = `${path}${UNFINISHED}`;
    try {
      const length = await written(draft, content);
      const now = new Date(this.#clock.now());
      await utimes(draft, now, now);
      await rename(draft, path);
      await this.#flushFolder();
      return length;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async open(name: string): Promise<AsyncIterable<Uint8Array> | null> {
    let file: FileHandle;
    try {
      file = await open(this.#pathOf(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    return createReadStream('', { fd: file });
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true });
  }

  async keptBefore(at: number): Promise<string[]> {
    const kept: string[] = [];
    for (const name of await this.#names()) {
      const path = join(this.#folder, name);
      // Somebody may be removing it at this moment.
      const isOld = await stat(path).then(
        ({ mtimeMs }) => Math.round(mtimeMs) < at,
        () => false,
      );
      if (!isOld) continue;
      if (name.endsWith(UNFINISHED)) await rm(path, { force: true });
      else kept.push(name);
    }
    return kept;
  }

  #pathOf(name: string): string {
    if (!NAME.test(name)) throw new RangeError(`'${name}' is not a name of this vault`);
    return join(this.#folder, name);
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** A new name is on the disk when its folder is. */
  async #flushFolder(): Promise<void> {
    const folder = await open(this.#folder);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

const written = async (path: string, content: AsyncIterable<Uint8Array>): Promise<number> => {
  const file = await open(path, 'wx', 0o600);
  let length = 0;
  try {
    for await (const chunk of content) {
      await file.writeFile(chunk);
      length += chunk.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return length;
};

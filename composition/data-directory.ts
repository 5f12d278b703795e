import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from './config.js';

/** The folder of the embedded database; null for one in memory or on a server. */
export const dataDirectoryOf = (databaseUrl: string): string | null => {
  const path = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : ':memory:';
  return path === ':memory:' ? null : dirname(path);
};

/** Where papers of devices are kept; null for a lab that forgets everything. */
export const attachmentFolderOf = ({ env, inventory }: Pick<Config, 'env' | 'inventory'>): string | null => {
  if (inventory.attachments.folder !== undefined) return inventory.attachments.folder;
  if (env.DATABASE_URL === 'sqlite::memory:') return null;
  return join(dataDirectoryOf(env.DATABASE_URL) ?? 'data', 'attachments');
};

/** The secret that signs session cookies: made once and kept beside the data, so that sessions survive a restart. */
export const keptSessionSecret = (directory: string | null): string => {
  const made = randomBytes(32).toString('hex');
  if (directory === null) return made;
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'session-secret');
  if (!existsSync(path)) keepOnce(path, made);
  return readFileSync(path, 'utf8').trim();
};

/** Of processes that start together, one writes the file and the others find it whole. */
const keepOnce = (path: string, text: string): void => {
  const draft = `${path}-${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
};

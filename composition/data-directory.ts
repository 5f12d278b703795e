import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the embedded database; null for one in memory or on a server. */
export const dataDirectoryOf = (databaseUrl: string): string | null => {
  const path = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : ':memory:';
  return path === ':memory:' ? null : dirname(path);
};

/** The secret that signs session cookies: made once and kept beside the data, so that sessions survive a restart. */
export const keptSessionSecret = (directory: string | null): string => {
  const made = randomBytes(32).toString('hex');
  if (directory === null) return made;
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'session-secret');
  if (!existsSync(path)) writeFileSync(path, made, { mode: 0o600, flag: 'wx' });
  return readFileSync(path, 'utf8').trim();
};

import { files, typeormPersistence } from './adapters.js';
import { openDatabase } from '../adapters/typeorm/open-database.js';
import type { Database } from '../adapters/typeorm/database.js';
import { compose, type Lab } from './compose.js';
import { attachmentFolderOf } from './data-directory.js';
import { notifiersOf } from './notifiers.js';
import { ConfigMistakes, loadConfig, type Config, type ConfigPurpose } from './config.js';

/** The configuration of this process; a wrong one is told in full and ends it. */
export const configOrExit = (purpose?: ConfigPurpose): Config => {
  try {
    return loadConfig(process.env, purpose);
  } catch (error) {
    if (!(error instanceof ConfigMistakes)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
};

/** Ends the process over what its operator can mend; anything else is a bug and keeps its stack. */
export const exitOver = (what: string, error: unknown): never => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') throw error;
  process.stderr.write(`${what}: ${message || code}\n`);
  process.exit(1);
};

/** Opens the configured database and composes the lab over it. */
export const openLab = async (config: Config): Promise<{ lab: Lab; database: Database }> => {
  const database = await openDatabase(config.env.DATABASE_URL).catch((error: unknown) =>
    exitOver('The database cannot be opened', error),
  );
  const lab = compose(config, {
    persistence: typeormPersistence(database),
    files: files(attachmentFolderOf(config)),
    notifiers: notifiersOf(config),
  });
  return { lab, database };
};

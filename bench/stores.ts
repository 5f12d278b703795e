import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import {
  freshDatabase,
  mariaDbAvailable,
  privateMariaDb,
  stopPrivateMariaDb,
} from '../test/support/private-mariadb.js';

/** A database product to measure on. */
export interface Store {
  readonly name: string;
  /** URL of a new, empty database. */
  emptyDatabase(): Promise<string>;
  close(): Promise<void>;
}

const sqliteStore = (): Store => {
  const folder = mkdtempSync(join(tmpdir(), 'openlab-bench-'));
  let databases = 0;
  return {
    name: 'SQLite',
    emptyDatabase: () => Promise.resolve(`sqlite:${join(folder, `${++databases}.sqlite`)}`),
    close: () => rm(folder, { recursive: true }),
  };
};

const mariaDbStore = async (): Promise<Store> => {
  const connection = await createConnection((await privateMariaDb()).url);
  // Tests do without; here a commit must cost what it costs.
  await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
  await connection.end();
  return { name: 'MariaDB', emptyDatabase: freshDatabase, close: stopPrivateMariaDb };
};

/** What can be measured on this machine: SQLite, and MariaDB where it is installed. */
export const stores: Readonly<Record<string, (() => Promise<Store>) | null>> = {
  sqlite: () => Promise.resolve(sqliteStore()),
  mariadb: mariaDbAvailable() ? mariaDbStore : null,
};

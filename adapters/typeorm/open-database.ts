import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DataSource, type DataSourceOptions, type Logger } from 'typeorm';
import { sqliteDriver } from '../sqlite-driver.js';
import { healthSchema } from './administration/schemas.js';
import { auditSchemas } from './audit/schemas.js';
import { bookingSchemas } from './booking/schemas.js';
import { Database } from './database.js';
import { eventSchema } from './events/schemas.js';
import { accessTokenSchema } from './feeds/schemas.js';
import { identitySchemas } from './identity/schemas.js';
import { inventorySchemas } from './inventory/schemas.js';
import { rateCounterSchema } from './limits/schemas.js';
import { settingSchema } from './settings/schemas.js';
import { leaseSchema } from './jobs/schemas.js';
import { notificationSchemas } from './notification/schemas.js';
import { refuseForeign } from './foreign-database.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations/index.js';
import { powerSchemas } from './power/schemas.js';
import { plantSchemas } from './plant/schemas.js';
import { giveQuickRows, type SqliteConnection } from './quick-rows.js';
import { topologySchemas } from './topology/schemas.js';

const entities = [
  ...identitySchemas,
  ...inventorySchemas,
  ...bookingSchemas,
  healthSchema,
  ...plantSchemas,
  ...topologySchemas,
  ...powerSchemas,
  ...auditSchemas,
  leaseSchema,
  eventSchema,
  settingSchema,
  rateCounterSchema,
  ...notificationSchemas,
  accessTokenSchema,
];

/** Enough for the burst of one process; more only queue inside the database. */
const POOL_SIZE = 10;

const isServer = (url: string): boolean => url.startsWith('mysql://');

const nothing = (): void => undefined;

/** By itself TypeORM writes to standard output, where only log lines belong. What fails is thrown anyway. */
const silence: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

/** @param looking whether nothing may be written, not even how the file is kept. */
export const optionsFor = (url: string, { looking = false } = {}): DataSourceOptions => {
  if (isServer(url)) {
    return {
      type: 'mysql',
      url,
      entities,
      migrations,
      logger: silence,
      timezone: 'Z',
      charset: 'utf8mb4',
      poolSize: POOL_SIZE,
      // Instants are far from where numbers lose digits; as text, hand-written queries would hand them on as they are.
      bigNumberStrings: false,
      // A full table of affected rows must not depend on whether the values changed.
      extra: { flags: ['FOUND_ROWS'] },
    };
  }
  const path = url.replace(/^sqlite:/, '');
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  return {
    type: 'better-sqlite3',
    driver: sqliteDriver,
    database: path,
    entities,
    migrations,
    logger: silence,
    prepareDatabase: async (connection: SqliteConnection) => {
      giveQuickRows(connection);
      connection.pragma(`busy_timeout = ${PATIENCE_AT_START}`);
      if (path !== ':memory:' && !looking) await writeAhead(connection);
      // A confirmed booking survives a power cut, not only a killed process.
      connection.pragma('synchronous = FULL');
    },
  };
};

/** How long opening waits for another process, in milliseconds: it has nothing else to do yet. */
const PATIENCE_AT_START = 10_000;

const BETWEEN_SWITCHES = 20;

/**
 * Whoever opens a new file first turns it to write-ahead logging. SQLite does not wait for that switch, however patient
 * the connection: a process that comes in the same moment is refused at once.
 */
const writeAhead = async (connection: SqliteConnection): Promise<void> => {
  const deadline = performance.now() + PATIENCE_AT_START;
  for (;;) {
    try {
      connection.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || performance.now() > deadline) throw error;
      await setTimeout(BETWEEN_SWITCHES);
    }
  }
};

/**
 * How long one statement waits for a lock afterwards. The embedded driver waits with the whole process, so it hardly
 * may; a transaction that did not get through is tried again.
 */
const EMBEDDED_WAIT_MILLISECONDS = 20;
const SERVER_WAIT_SECONDS = 5;

interface Pool {
  on(event: 'connection', listener: (connection: { query(sql: string): unknown }) => void): void;
}

/**
 * Whatever the server was set up with: a text that is too long is an error and never cut off, and backslashes and quotes
 * mean what the driver takes them for when it escapes values.
 */
const SQL_MODE = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

const setUpSessions = async (source: DataSource): Promise<void> => {
  const sql = `SET SESSION sql_mode = '${SQL_MODE}', innodb_lock_wait_timeout = ${SERVER_WAIT_SECONDS}`;
  // The one connection that there is by now, and all that the pool opens later.
  await source.query(sql);
  (source.driver as unknown as { pool: Pool }).pool.on('connection', (connection) => connection.query(sql));
};

const ownTables = entities.map(({ options: { name, tableName } }) => tableName ?? name);

/**
 * Writes nothing, and is content with a database that is empty or not there.
 * @param cutOff whether a restore is to come: a file may be damaged, and on a server some of the lab's tables may be there
 * without the rest, as a restore that was cut off leaves them.
 * @throws DomainError `database.foreign` when there are tables that are not the lab's.
 */
export const refuseForeignDatabase = (url: string, { cutOff = false } = {}): Promise<void> =>
  refuseForeign(url, ownTables, cutOff);

/**
 * Connects to `sqlite:PATH`, `sqlite::memory:` or `mysql://…` and brings the tables up to date.
 * @throws DomainError `database.foreign` when there are tables that are not the lab's. Nothing was written then.
 */
export const openDatabase = async (url: string): Promise<Database> => {
  // A file is looked into before it is opened for writing, which turns it to write-ahead logging.
  if (!isServer(url)) await refuseForeignDatabase(url);
  const source = new DataSource(optionsFor(url));
  await source.initialize();
  try {
    if (isServer(url)) await setUpSessions(source);
    await migrate(source, () => refuseForeignDatabase(url));
    if (!isServer(url)) await source.query(`PRAGMA busy_timeout = ${EMBEDDED_WAIT_MILLISECONDS}`);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return new Database(source);
};

import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { sqliteDriver as Sqlite } from '../sqlite-driver.js';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { conflict, type DomainError } from '../../domain/index.js';
import { migrations } from './migrations/index.js';

/** What is in a database, as far as it shows whose it is. */
interface Inside {
  readonly tables: readonly string[];
  /** The migrations that it has had; null when it has no such table as TypeORM makes it. */
  readonly migrated: readonly string[] | null;
}

type Ask = (sql: string, ...parameters: string[]) => Promise<string[]>;

/**
 * Tables are asked for first, and the migrations after them: these have a table before anything else has, so that a
 * database in which another process makes tables at this moment is not taken for somebody else's.
 */
const inside = async (
  tables: Promise<readonly string[]>,
  columnsOfMigrations: () => Promise<readonly string[]>,
  migrated: () => Promise<readonly string[]>,
): Promise<Inside> => {
  const there = await tables;
  const is = (await columnsOfMigrations()).includes('name');
  return { tables: there, migrated: is ? await migrated() : null };
};

/** The connection names no database, so that a restore does not take it for a server that still runs. */
const insideServer = async (url: string): Promise<Inside> => {
  const { hostname, port, username, password, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  const connection = await createConnection({
    ...{ host: hostname, port: port === '' ? 3306 : Number(port), charset: 'utf8mb4' },
    ...{ user: decodeURIComponent(username), password: decodeURIComponent(password) },
  });
  const names: Ask = async (sql, ...parameters) =>
    (await connection.query<(RowDataPacket & { name: string })[]>(sql, parameters))[0].map(({ name }) => name);
  try {
    return await inside(
      names('SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?', database),
      () =>
        names(
          `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = 'migrations'`,
          database,
        ),
      () => names(`SELECT name FROM \`${database.replaceAll('`', '``')}\`.migrations`),
    );
  } finally {
    connection.destroy();
  }
};

const PATIENCE = 10_000;
const BETWEEN_TRIES = 20;

const insideFile = async (path: string): Promise<Inside> => {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const file = new Sqlite(path, { readonly: true, timeout: PATIENCE });
    const names: Ask = (sql) => Promise.resolve(file.prepare(sql).pluck().all() as string[]);
    try {
      return await inside(
        names(
          `SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
        ),
        () => names(`SELECT name FROM pragma_table_info('migrations')`),
        () => names('SELECT name FROM migrations'),
      );
    } catch (error) {
      // A process that turns it to write-ahead logging, or is the last to leave it, lets nobody wait.
      const isBusy = (error as { code?: string }).code?.startsWith('SQLITE_BUSY') ?? false;
      if (!isBusy || performance.now() > deadline) throw error;
    } finally {
      file.close();
    }
    await setTimeout(BETWEEN_TRIES);
  }
};

const FIRST = migrations[0] ? new migrations[0]().name : '';

/** What TypeORM makes beside the lab's tables. */
const TYPEORMS = ['migrations', 'typeorm_metadata'];

/** The tables that a lab never made. */
const strangersIn = ({ tables, migrated }: Inside, own: readonly string[], cutOff: boolean): readonly string[] => {
  if (migrated?.includes(FIRST) === true) return [];
  // Where none is done yet, the first may be under way, or was cut off: a server keeps what it made so far.
  const mayBeOurs = migrated?.length === 0 || (cutOff && migrated === null && !tables.includes('migrations'));
  return mayBeOurs ? tables.filter((name) => !own.includes(name) && !TYPEORMS.includes(name)) : tables;
};

const DAMAGED: readonly string[] = ['SQLITE_CORRUPT', 'SQLITE_NOTADB'];

const NAMED = 3;

const foreign = (tables: readonly string[]): DomainError => {
  const more = tables.length - NAMED;
  const named = [...tables].sort().slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return conflict(
    'database.foreign',
    `this is no OpenLab database; it has tables that no lab made (${named}). Nothing was written. ` +
      'Name an empty one in DATABASE_URL: an old lab moves into that from its own database (docs/move-in.md).',
    { tables },
  );
};

/**
 * Writes nothing, and is content with a database that is empty or not there.
 * @param own the names of the lab's tables.
 * @param cutOff whether a restore is to come: a file may be damaged, and on a server some of these tables may be there without
 * the rest, as a restore that was cut off leaves them.
 * @throws DomainError `database.foreign` when there are tables that are not the lab's.
 */
export const refuseForeign = async (url: string, own: readonly string[], cutOff = false): Promise<void> => {
  if (url === 'sqlite::memory:') return;
  const path = url.replace(/^sqlite:/, '');
  if (path !== url && !existsSync(path)) return;
  const there = await (path === url ? insideServer(url) : insideFile(path)).catch((error: unknown) => {
    // What a backup is to mend belongs to nobody else.
    if (cutOff && DAMAGED.includes((error as { code?: string }).code ?? '')) return null;
    throw error;
  });
  const strangers = there === null ? [] : strangersIn(there, own, cutOff && path === url);
  if (strangers.length > 0) throw foreign(strangers);
};

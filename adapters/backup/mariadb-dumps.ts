import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { BackupProblem } from './backup-problem.js';
import { rowsOfDump } from './dump-rows.js';
import type { CopiedDatabase } from './sqlite-copies.js';

interface Place {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const placeOf = (url: string): Place => {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    ...{ host: hostname, port: port || '3306', user: decodeURIComponent(username) },
    ...{ password: decodeURIComponent(password), database: decodeURIComponent(pathname.slice(1)) },
  };
};

/** @throws BackupProblem when none of them is installed. */
const programNamed = (...names: string[]): string => {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new BackupProblem(`There is no ${names.join(' or ')} here: install it (apt-get install mariadb-client).`);
};

/** One name, also with a dot in it, which `??` of the driver would take for two. */
const named = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** Runs a client program. The password is in a file that only this account can read, never among the arguments. */
const run = async (program: string, place: Place, args: readonly string[], input?: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'openlab-client-'));
  try {
    const options = join(folder, 'options.cnf');
    const { host, port, user, password } = place;
    const lines = ['[client]', `host=${quoted(host)}`, `port=${port}`, 'protocol=tcp', `user=${quoted(user)}`];
    if (password !== '') lines.push(`password=${quoted(password)}`);
    await writeFile(options, `${lines.join('\n')}\n`, { mode: 0o600 });
    const source = input === undefined ? null : await open(input);
    try {
      await new Promise<void>((resolve, reject) => {
        const child = spawn(program, [`--defaults-file=${options}`, ...args], {
          stdio: [source ? source.fd : 'ignore', 'ignore', 'pipe'],
        });
        let said = '';
        child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
        child.once('error', reject);
        child.once('close', (code) => {
          if (code === 0) resolve();
          else reject(new BackupProblem(`${program} ended with ${String(code)}: ${said.trim()}`));
        });
      });
    } finally {
      await source?.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** What a dump holds. */
const contentOf = async (file: string): Promise<CopiedDatabase> => {
  const { migrations, attachments } = await rowsOfDump(file, ['migrations', 'attachments']);
  return {
    migrations: migrations.map(({ name }) => String(name)),
    vaultNames: attachments.map((row) => String(row.vault_name)),
  };
};

/** Writes a database to a file of SQL, as of one moment, while others go on writing. */
export const dumpMariaDb = async (url: string, file: string): Promise<CopiedDatabase> => {
  const place = placeOf(url);
  // The program would let everybody read what it creates.
  await writeFile(file, '', { mode: 0o600 });
  await run(programNamed('mariadb-dump', 'mysqldump'), place, [
    '--complete-insert',
    ...['--single-transaction', '--skip-lock-tables', '--quick', '--no-tablespaces', '--skip-extended-insert'],
    ...['--no-autocommit', '--hex-blob', '--default-character-set=utf8mb4', `--result-file=${file}`, place.database],
  ]);
  return contentOf(file);
};

const withConnection = async <Result>(
  url: string,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> => {
  const connection = await createConnection(url);
  try {
    return await use(connection);
  } finally {
    await connection.end();
  }
};

const LOOKS = 10;
const BETWEEN_LOOKS = 200;

/** Whether others are connected, and stay so: a connection that was closed is listed for an instant longer. */
const isInUse = async (connection: Connection): Promise<boolean> => {
  for (let look = 1; ; look += 1) {
    const [others] = await connection.query<RowDataPacket[]>(
      'SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()',
    );
    if (others.length === 0) return false;
    if (look === LOOKS) return true;
    await setTimeout(BETWEEN_LOOKS);
  }
};

const assertAlone = async (connection: Connection, database: string): Promise<void> => {
  if (await isInUse(connection))
    throw new BackupProblem(`Somebody is connected to ${database}. Stop the servers first.`);
};

const tablesOf = async (connection: Connection, database: string): Promise<string[]> => {
  const [tables] = await connection.query<(RowDataPacket & { name: string })[]>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'VIEW'",
    [database],
  );
  return tables.map(({ name }) => name);
};

const DENIED = new Set(['ER_DBACCESS_DENIED_ERROR', 'ER_ACCESS_DENIED_ERROR', 'ER_SPECIFIC_ACCESS_DENIED_ERROR']);

/** Makes databases beside the lab's. @returns whether this account may; none is left when it may not. */
const makeBeside = async (connection: Connection, names: readonly string[]): Promise<boolean> => {
  const made: string[] = [];
  try {
    for (const name of names) {
      await connection.query(`CREATE DATABASE ${named(name)}`);
      made.push(name);
    }
    return true;
  } catch (error) {
    for (const name of made) await connection.query(`DROP DATABASE ${named(name)}`);
    if (DENIED.has((error as { code?: string }).code ?? '')) return false;
    throw error;
  }
};

/** Never one that has tables: they would be the old lab's. */
const dropIfEmpty = async (connection: Connection, database: string): Promise<void> => {
  if ((await tablesOf(connection, database)).length === 0) await connection.query(`DROP DATABASE ${named(database)}`);
};

const LONGEST_NAME = 64;
const UNFINISHED = '_new';

/**
 * Puts what a dump holds in the place of the database. It is loaded into a database beside, and all tables change places
 * at once; where the account may make none, tables are dropped first.
 * @param at for the name of the database that then has what was there.
 * @param warn is told what the operator should know before tables are dropped.
 * @returns the database that has what was there; null when there was nothing, or when it was dropped.
 * @throws BackupProblem when a process is connected to it, when it has tables and `replace` is not given, or when the
 * dump cannot be loaded.
 */
export const loadMariaDb = async (
  url: string,
  file: string,
  { replace, at, warn }: { readonly replace: boolean; readonly at: string; readonly warn: (text: string) => void },
): Promise<string | null> => {
  const client = programNamed('mariadb', 'mysql');
  const place = placeOf(url);
  const { database } = place;
  const load = (into: string) => run(client, place, ['--default-character-set=utf8mb4', '--binary-mode', into], file);
  return withConnection(url, async (connection) => {
    await assertAlone(connection, database);
    const old = await tablesOf(connection, database);
    if (old.length > 0 && !replace)
      throw new BackupProblem(`${database} has tables. With --replace they are put aside.`);
    const suffix = `_before_${at.replace(/[:.]/g, '-')}`;
    const aside = `${database.slice(0, LONGEST_NAME - suffix.length - UNFINISHED.length)}${suffix}`;
    const draft = `${aside}${UNFINISHED}`;
    if (!(await makeBeside(connection, [draft, ...(old.length > 0 ? [aside] : [])]))) {
      if (old.length > 0)
        warn(
          `${place.user} may make no database beside ${database}: its tables are dropped, and are lost if this fails.`,
        );
      await connection.query('SET FOREIGN_KEY_CHECKS = 0');
      for (const name of old) await connection.query(`DROP TABLE ${named(name)}`);
      await load(database);
      return null;
    }
    try {
      await load(draft);
      await assertAlone(connection, database);
      const fresh = await tablesOf(connection, draft);
      const move = (from: string, to: string) => (table: string) =>
        `${named(from)}.${named(table)} TO ${named(to)}.${named(table)}`;
      // One statement: all of them or none.
      const moves = [...old.map(move(database, aside)), ...fresh.map(move(draft, database))];
      await connection.query(`RENAME TABLE ${moves.join(', ')}`);
    } catch (error) {
      if (old.length > 0) await dropIfEmpty(connection, aside);
      throw error;
    } finally {
      await connection.query(`DROP DATABASE ${named(draft)}`);
    }
    return old.length > 0 ? aside : null;
  });
};

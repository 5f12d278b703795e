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

/**
 * Puts what a dump holds in the place of the database.
 * @throws BackupProblem when a process is connected to it, or when it has tables and `replace` is not given.
 */
export const loadMariaDb = async (
  url: string,
  file: string,
  { replace }: { readonly replace: boolean },
): Promise<void> => {
  const client = programNamed('mariadb', 'mysql');
  const place = placeOf(url);
  await withConnection(url, async (connection) => {
    if (await isInUse(connection)) {
      throw new BackupProblem(`Somebody is connected to ${place.database}. Stop the servers first.`);
    }
    const [tables] = await connection.query<(RowDataPacket & { name: string })[]>(
      'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
    );
    if (tables.length === 0) return;
    if (!replace) throw new BackupProblem(`${place.database} has tables. With --replace they are dropped.`);
    await connection.query('SET FOREIGN_KEY_CHECKS = 0');
    for (const { name } of tables) await connection.query('DROP TABLE ??', [name]);
  });
  await run(client, place, ['--default-character-set=utf8mb4', '--binary-mode', place.database], file);
};

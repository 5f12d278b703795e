/**
 * One throwaway MariaDB server per process that runs tests, started by the first test that needs it and gone with the process.
 *
 *     onMariaDb('on MariaDB', () => {
 *       it('keeps bookings', async () => connect(await freshDatabase()));
 *     });
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readFileSync, existsSync, openSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createConnection, type Connection } from 'mysql2/promise';
import { atTheEnd } from './at-the-end.js';
import { freePort } from './free-port.js';

export interface PrivateMariaDb {
  /** `mysql://root@127.0.0.1:PORT`, without a database. */
  readonly url: string;
  readonly socket: string;
  readonly stop: () => Promise<void>;
  /** Ends the server, by SIGTERM as an operator does or by SIGKILL, and starts it again where it was after a while. */
  readonly restart: (signal: 'SIGTERM' | 'SIGKILL', away: number) => Promise<void>;
}

const START_MS = 60_000;

const DURABLE = ['--innodb-flush-log-at-trx-commit=1'];
/** For data that nobody reads after a power cut: making tables would mostly wait for the disk. */
const HASTY = [
  ...['--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync', '--skip-innodb-doublewrite'],
  ...['--sync-frm=0', '--innodb-file-per-table=0'],
];
/** Options of the whole run, separated by spaces: to try what other versions have as their defaults. */
const OF_THE_RUN = (process.env.MARIADB_OPTIONS ?? '').split(' ').filter((option) => option !== '');
const MISSING = 'MariaDB is not installed (apt-get install mariadb-server)';

// Debian keeps servers in sbin, which is not on everybody's PATH.
const programFolders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin'];
const find = (program: string): string | undefined =>
  programFolders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));

const installer = find('mariadb-install-db');
const daemon = find('mariadbd');

export const mariaDbAvailable = (): boolean => installer !== undefined && daemon !== undefined;

const hasEnded = (server: ChildProcess): boolean => server.exitCode !== null || server.signalCode !== null;

const withConnection = async <T>(url: string, use: (connection: Connection) => Promise<T>): Promise<T> => {
  const connection = await createConnection(url);
  try {
    return await use(connection);
  } finally {
    await connection.end();
  }
};

const untilItAnswers = async (server: ChildProcess, url: string): Promise<void> => {
  const deadline = Date.now() + START_MS;
  for (;;) {
    try {
      await withConnection(url, (connection) => connection.ping());
      return;
    } catch (error) {
      if (hasEnded(server) || Date.now() > deadline) throw error;
      await pause(50);
    }
  }
};

/** @param durable what was committed survives a kill -9 of the server; tests do without and are faster. */
const start = async (durable: boolean): Promise<PrivateMariaDb> => {
  if (installer === undefined || daemon === undefined) throw new Error(MISSING);
  const folder = await mkdtemp(path.join(tmpdir(), 'openlab-mariadb-'));
  const socket = path.join(folder, 's.sock');
  const log = path.join(folder, 'log');
  let child: ChildProcess | undefined;

  // In a process group of its own, since the installer is a script with children.
  const launch = (program: string, ...args: string[]): ChildProcess => {
    const output = openSync(log, 'a');
    child = spawn(program, args, { detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    return child;
  };
  const kill = () => {
    if (child?.pid !== undefined && !hasEnded(child)) process.kill(-child.pid, 'SIGKILL');
  };
  const callOff = atTheEnd(() => {
    kill();
    // What was killed may write on for an instant.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  const stop = async (): Promise<void> => {
    if (child !== undefined && !hasEnded(child)) {
      child.ref();
      const ended = once(child, 'exit');
      // Nobody will read this data again.
      kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
    callOff();
  };

  try {
    const common = ['--no-defaults', `--datadir=${path.join(folder, 'data')}`, '--innodb-log-file-size=8M'];
    if (userInfo().uid === 0) common.push('--user=root');
    const installing = launch(installer, ...common, '--auth-root-authentication-method=normal', '--skip-test-db');
    const [code] = (await once(installing, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`mariadb-install-db ended with ${String(code)}: ${readFileSync(log, 'utf8')}`);
    const port = await freePort();
    // Where there is setpriv, the kernel ends the server with this process, even after a kill -9.
    const setpriv = find('setpriv');
    const [program, ...guard] = setpriv === undefined ? [daemon] : [setpriv, '--pdeathsig', 'KILL', daemon];
    const url = `mysql://root@127.0.0.1:${port}`;
    const serve = async (): Promise<void> => {
      const server = launch(
        program,
        ...guard,
        ...common,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${socket}`,
        // Another server that starts would clear away what lies in the folder of everybody.
        `--tmpdir=${folder}`,
        `--pid-file=${path.join(folder, 'pid')}`,
        ...OF_THE_RUN,
        '--skip-log-bin',
        '--skip-name-resolve',
        '--innodb-buffer-pool-size=64M',
        ...(durable ? DURABLE : HASTY),
        '--max-connections=500',
      );
      // Does not keep a process alive that has nothing else to do.
      server.unref();
      await untilItAnswers(server, url);
    };
    const restart = async (signal: 'SIGTERM' | 'SIGKILL', away: number): Promise<void> => {
      const server = child;
      if (server?.pid === undefined) throw new Error('there is no server to restart');
      const ended = once(server, 'exit');
      process.kill(server.pid, signal);
      await ended;
      await pause(away);
      await serve();
    };
    await serve();
    return { url, socket, stop, restart };
  } catch (error) {
    const said = await readFile(log, 'utf8').catch(() => '');
    await stop();
    throw new Error(`The private MariaDB did not start. ${said.slice(-2000)}`, { cause: error });
  }
};

let running: Promise<PrivateMariaDb> | undefined;

/**
 * The server of this process.
 * @param durable whether a kill -9 of it may lose nothing; whoever asks first decides.
 * @throws Error when MariaDB is not installed.
 */
export const privateMariaDb = (durable = false): Promise<PrivateMariaDb> => (running ??= start(durable));

/** For the end of the run; tests leave the server to the tests after them. */
export const stopPrivateMariaDb = async (): Promise<void> => {
  const server = running;
  running = undefined;
  // One that failed to start has cleaned up and said so already.
  await (await server?.catch(() => undefined))?.stop();
};

let databases = 0;

/** The URL of a new, empty database. */
export const freshDatabase = async (): Promise<string> => {
  const { url } = await privateMariaDb();
  const name = `openlab_${++databases}`;
  await withConnection(url, (connection) => connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`));
  return `${url}/${name}`;
};

/**
 * A `describe` for tests that need MariaDB. Without it they are skipped and say why; with CI=true they fail instead.
 * The start of the server is not on any test's clock.
 */
export const onMariaDb = (title: string, body: () => void): void => {
  if (!mariaDbAvailable() && process.env.CI !== 'true') {
    describe.skip(`${title} (skipped: ${MISSING})`, body);
    return;
  }
  describe(title, () => {
    before(async function () {
      this.timeout(START_MS + 10_000);
      await privateMariaDb();
    });
    body();
  });
};

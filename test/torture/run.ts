/**
 * `npm run torture -- --seconds N --seed S --processes P [--database URL]`, and `npm run load -- --seconds N` which sets
 * other options; see docs/reliability.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { atTheEnd } from '../support/at-the-end.js';
import { freshDatabase, privateMariaDb, stopPrivateMariaDb } from '../support/private-mariadb.js';
import { torture } from './torture.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    processes: { type: 'string', default: '2' },
    clients: { type: 'string', default: '64' },
    database: { type: 'string' },
    /** Seconds on average. */
    'between-kills': { type: 'string', default: '7' },
    /** The memory of every server is watched, and an error outside of outages fails the run. */
    watched: { type: 'boolean', default: false },
    /** People look at things too, and think for so many milliseconds on average. */
    pause: { type: 'string' },
    /** The private database is restarted twice. */
    'restart-database': { type: 'boolean', default: false },
    'move-clock': { type: 'boolean', default: false },
    /** The lab has quotas and a turnaround. */
    limits: { type: 'boolean', default: false },
  },
});

const LIMITS = { maxDeviceHours: 24, maxGroups: 4, turnaroundMinutes: 30 };
const AWAY = 1000;
const PARTS = 6;

const whole = (name: 'seconds' | 'seed' | 'processes' | 'clients' | 'between-kills' | 'pause'): number => {
  const value = values[name] ?? '';
  if (!/^\d{1,9}$/.test(value)) throw new Error(`--${name} is a whole number, not ${value}`);
  return Number(value);
};

const MOST_TOLD = 30;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const tell = (title: string, list: readonly string[]): void => {
  say(`${title}: ${list.length}`);
  for (const line of list.slice(0, MOST_TOLD)) say(`  ${line}`);
  if (list.length > MOST_TOLD) say(`  and ${list.length - MOST_TOLD} more`);
};

const [seconds, seed, processes, clients] = [whole('seconds'), whole('seed'), whole('processes'), whole('clients')];
const folder = mkdtempSync(path.join(tmpdir(), 'openlab-torture-'));
atTheEnd(() => {
  rmSync(folder, { recursive: true, force: true });
});

const restarts = values['restart-database'];
if (restarts && values.database !== undefined) throw new Error('--restart-database restarts the private database only');

try {
  // A database that is killed must have on the disk what it acknowledged.
  const server = restarts ? await privateMariaDb(true) : null;
  const databaseUrl =
    values.database ?? (processes > 1 ? await freshDatabase() : `sqlite:${path.join(folder, 'lab.sqlite')}`);
  const store = databaseUrl.startsWith('sqlite:') ? 'SQLite' : 'MariaDB';
  say(`seed ${seed}: ${clients} clients against ${processes} process(es) on ${store} for ${seconds} s`);
  const report = await torture({
    ...{ seconds, seed, processes, clients, databaseUrl, folder, say },
    program: '../dist/composition/main.js',
    betweenKills: whole('between-kills'),
    ...{ watchMemory: values.watched, moveClock: values['move-clock'] },
    telling: true,
    ...(values.pause !== undefined && { pause: whole('pause') }),
    ...(values.limits && { limits: LIMITS }),
    ...(server && { restartDatabase: (signal) => server.restart(signal, AWAY) }),
  });
  const { figures, kills, checks, bookings, lasted, violations, lost, outages, memory } = report;
  const requests = figures.ended(() => true);
  process.stdout.write(`${figures.table()}\n\n`);
  say(`seed ${seed}, ${store}, ${processes} process(es), ${clients} clients, ${lasted.toFixed(0)} s`);
  say(`${requests} requests (${(requests / lasted).toFixed(0)}/s), ${bookings} bookings left in the records`);
  say(`answers: p50 ${figures.latency(0.5).toFixed(0)} ms, p99 ${figures.latency(0.99).toFixed(0)} ms`);
  say(
    `${figures.counted('grants')} requests granted: ${figures.counted('PENDING')} bookings pending, ` +
      `${figures.counted('CONFLICTING')} contending, ${figures.counted('CONFIRMED')} confirmed`,
  );
  say(`${kills} kills, ${checks} checks, ${figures.ended((outcome) => outcome === 'cut')} requests cut off`);
  say(
    `${report.restarts} database restarts, ${report.clockMoves} moves of the clock; ` +
      `${outages.count} outages of ${outages.lasted.toFixed(0)} s together`,
  );
  say(`outside of them: p50 ${figures.calmLatency(0.5).toFixed(0)} ms, p99 ${figures.calmLatency(0.99).toFixed(0)} ms`);
  say(
    `${report.told} messages in the room, ${report.repeated} of them repeated after a kill; ${report.streams} live streams`,
  );
  if (values.watched) {
    for (const life of memory.longLives) {
      const parts = life.parts(PARTS);
      const [heaps, residents] = [parts.map(({ heap }) => heap), parts.map(({ resident }) => resident)];
      const seconds = (life.lasted / 1000).toFixed(0);
      say(`server ${life.place}, ${seconds} s: heap ${heaps.join(' ')} MB, resident ${residents.join(' ')} MB`);
    }
    tell('errors outside of outages', figures.errors());
    if (figures.errors().length > 0) process.exitCode = 1;
  }
  tell('violations', violations);
  tell('lost acknowledgements', lost);
  if (violations.length + lost.length > 0) process.exitCode = 1;
} finally {
  await stopPrivateMariaDb();
}

/** `npm run torture -- --seconds N --seed S --processes P [--database URL]`; see docs/reliability.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { atTheEnd } from '../support/at-the-end.js';
import { freshDatabase, stopPrivateMariaDb } from '../support/private-mariadb.js';
import { torture } from './torture.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    processes: { type: 'string', default: '2' },
    clients: { type: 'string', default: '64' },
    database: { type: 'string' },
  },
});

const whole = (name: 'seconds' | 'seed' | 'processes' | 'clients'): number => {
  if (!/^\d{1,9}$/.test(values[name])) throw new Error(`--${name} is a whole number, not ${values[name]}`);
  return Number(values[name]);
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

try {
  const databaseUrl =
    values.database ?? (processes > 1 ? await freshDatabase() : `sqlite:${path.join(folder, 'lab.sqlite')}`);
  const store = databaseUrl.startsWith('sqlite:') ? 'SQLite' : 'MariaDB';
  say(`seed ${seed}: ${clients} clients against ${processes} process(es) on ${store} for ${seconds} s`);
  const report = await torture({
    ...{ seconds, seed, processes, clients, databaseUrl, folder, say },
    program: '../dist/composition/main.js',
    betweenKills: 7,
  });
  const { figures, kills, checks, bookings, lasted, violations, lost } = report;
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
  tell('violations', violations);
  tell('lost acknowledgements', lost);
  if (violations.length + lost.length > 0) process.exitCode = 1;
} finally {
  await stopPrivateMariaDb();
}

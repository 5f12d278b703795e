/**
 * What other requests feel while large topologies are resolved: `npm run bench:beside -- [devices] [nodes] [seconds]`.
 * On SQLite, whose answers take the whole process.
 */
import { join } from 'node:path';
import { openDatabase } from '../adapters/typeorm/open-database.js';
import { inParts } from '../adapters/typeorm/sql.js';
import { packageRoot } from '../composition/package-root.js';
import { DAY, isoOf, nameKey, type Plant } from '../domain/index.js';
import { Dice } from '../test/torture/dice.js';
import { Client } from './client.js';
import { drawnLab, drawnLine } from './drawn-lab.js';
import { MeasuredProcess } from './measured-process.js';
import { stores } from './stores.js';

const SEED = 7;
const [size = 10_000, nodes = 30, seconds = 20] = process.argv.slice(2).map(Number);
const PAUSE_MS = 2;

type Rows = readonly (readonly (string | number | null)[])[];

/** Writes a drawn lab past the use cases: thousands of devices one by one would take minutes. */
const fill = async (url: string, plant: Plant, shift: number): Promise<void> => {
  const database = await openDatabase(url);
  const now = Date.now();
  const insert = async (table: string, columns: readonly string[], rows: Rows) => {
    const one = `(${columns.map(() => '?').join(', ')})`;
    for (const part of inParts(rows, columns.length)) {
      const values = part.map(() => one).join(', ');
      await database.source.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values}`, part.flat());
    }
  };
  const catalogue = (names: readonly string[]) => [...new Set(names)];
  const types = catalogue([...plant.devices.map(({ type }) => type), 'Patch Switch']);
  const makers = catalogue(plant.devices.map(({ manufacturer }) => manufacturer ?? ''));
  const typeColumns = ['name', 'name_key', 'category', 'is_schedulable', 'has_ports', 'created_at', 'updated_at'];
  await insert(
    'device_types',
    typeColumns,
    types.map((name) => [name, nameKey(name), 'OPTICAL', 1, 1, now, now]),
  );
  await insert(
    'manufacturers',
    ['name', 'name_key', 'created_at', 'updated_at'],
    makers.map((name) => [name, nameKey(name), now, now]),
  );
  const columns = ['id', 'name', 'name_key', 'device_type_id', 'manufacturer_id', 'model', 'status', 'ports'];
  await insert(
    'devices',
    [...columns, 'created_at', 'updated_at'],
    [
      ...plant.devices.map(({ id, name, type, manufacturer, model, bookable, ports }) => [
        ...[id, name, nameKey(name), types.indexOf(type) + 1, makers.indexOf(manufacturer ?? '') + 1, model],
        ...[bookable ? 'active' : 'spare', JSON.stringify(ports.map((port) => `${port.name}:line`)), now, now],
      ]),
      ...plant.switches.map(({ id, name }) => [
        ...[id, name, nameKey(name), types.length, null, null, 'active', '[]', now, now],
      ]),
    ],
  );
  const link = (kind: string, a: Rows[number], b: Rows[number], lengthKm: number, lossDb: number) => [
    ...[kind, 'both', ...a, ...b, 2, lengthKm, lossDb, now, now],
  ];
  const ends = ['a', 'b'].flatMap((end) =>
    ['device_id', 'port', 'in_port', 'out_port'].map((name) => `${end}_${name}`),
  );
  await insert(
    'links',
    ['kind', 'direction', ...ends, 'strands', 'length_km', 'loss_db', 'created_at', 'updated_at'],
    [
      ...plant.patches.map(({ deviceId, port, switchId, inNo, outNo, lengthKm, lossDb }) =>
        link('patch', [deviceId, port, null, null], [switchId, null, inNo, outNo], lengthKm, lossDb),
      ),
      ...plant.direct.map(({ a, b, lengthKm, lossDb }) =>
        link('direct', [a.deviceId, a.port, null, null], [b.deviceId, b.port, null, null], lengthKm, lossDb),
      ),
      ...plant.inline.map(({ deviceId, portA, portB, lengthKm, lossDb }) =>
        link('inline', [deviceId, portA, null, null], [deviceId, portB, null, null], lengthKm, lossDb),
      ),
      ...plant.trunks.map(({ a, b, lengthKm, lossDb }) =>
        link('trunk', [a.switchId, null, a.inNo, a.outNo], [b.switchId, null, b.inNo, b.outNo], lengthKm, lossDb),
      ),
    ],
  );
  await insert(
    'bookings',
    ['group_id', 'device_id', 'owner_id', 'starts_at', 'ends_at', 'status', 'comment', 'created_at', 'updated_at'],
    [
      ...plant.devices.flatMap(({ id, busy }) =>
        busy.map(({ start, end }, at) => [
          `g${id}-${at}`,
          id,
          1,
          start + shift,
          end + shift,
          'CONFIRMED',
          '',
          now,
          now,
        ]),
      ),
    ],
  );
  await database.close();
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

const figures = (times: readonly number[]): string => {
  const sorted = times.toSorted((a, b) => a - b);
  const [p50, p99, most] = [percentile(sorted, 0.5), percentile(sorted, 0.99), sorted[sorted.length - 1] ?? 0];
  return `${times.length} answers, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, worst ${most.toFixed(1)} ms`;
};

const openStore = stores.sqlite;
if (!openStore) throw new Error('SQLite is part of the package');
const store = await openStore();
const url = await store.emptyDatabase();
const dice = new Dice(SEED);
const plant = drawnLab(dice, size);
const topology = drawnLine(dice, nodes);
// The drawn lab is busy around a fixed day; here that is in three days.
const drawn = Date.UTC(2026, 10, 23, 12);
const start = Math.ceil(Date.now() / DAY) * DAY + 3 * DAY;
await fill(url, plant, start - drawn);
const server = new MeasuredProcess(['--max-semi-space-size=64', join(packageRoot, 'dist/composition/main.js')], {
  ...{ DATABASE_URL: url, HOST: '127.0.0.1', PORT: '0', RATE_LIMIT: 'off', SEED: 'none', LOG_LEVEL: 'error' },
  SESSION_SECRET: 'only for the benchmark',
});
const [, base = ''] = await server.hasSaid(/ is at (http\S+)/);
const [asking, beside] = [new Client(base), new Client(base)];
const secret = 'a'.repeat(64);
const account = { username: 'bench', password: secret, password2: secret };
const { headers } = await asking.send({ method: 'POST', path: '/users/register', body: account });
const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const body = {
  nodes: topology.nodes.map(({ id, type, preferences: { vendor } }) => ({
    id,
    deviceType: type,
    parameters: { vendor },
  })),
  edges: topology.edges.map(({ id, source, target }) => ({ id, source, target })),
  ...{ start_time: isoOf(start), end_time: isoOf(start + DAY), options: 1 },
};

const round: { isOver: boolean } = { isOver: false };
const resolving: number[] = [];
const resolve = async () => {
  const began = performance.now();
  const answer = await asking.send({ method: 'POST', path: '/topology/resolve', cookie, body });
  if (answer.status !== 200) throw new Error(answer.body.toString());
  const { mappings } = JSON.parse(answer.body.toString()) as { mappings: { gap: number }[] };
  resolving.push(performance.now() - began);
  return mappings[0]?.gap ?? null;
};
const others = async (milliseconds: number): Promise<number[]> => {
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const began = performance.now();
    await beside.send({ method: 'GET', path: '/api/auth/me', cookie });
    times.push(performance.now() - began);
    await new Promise((later) => setTimeout(later, PAUSE_MS));
  }
  return times;
};

const say = (text: string) => process.stdout.write(`${text}\n`);
// Compiles what is measured.
for (let warm = 0; warm < 3; warm += 1) await resolve();
await others(2000);
say(`others alone: ${figures(await others(5000))}`);
resolving.length = 0;
const gaps: (number | null)[] = [];
const loop = (async () => {
  while (!round.isOver) gaps.push(await resolve());
})();
const times = await others(seconds * 1000);
round.isOver = true;
await loop;
say(`others beside ${nodes} nodes on ${size} devices: ${figures(times)}`);
say(
  `resolving, with reading the lab: ${figures(resolving)}; gap ${Math.max(...gaps.map((gap) => gap ?? 1)).toFixed(4)}`,
);
asking.close();
beside.close();
await server.stop();
await store.close();

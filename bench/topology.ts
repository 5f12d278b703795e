/** `npm run bench:topology -- [--runs N] [--only TEXT]`; see docs/performance.md. */
import { parseArgs } from 'node:util';
import { DAY, HOUR, type Plant, type Resolution } from '../domain/index.js';
import { drawnLab, drawnLine, DRAWN_WINDOW } from './drawn-lab.js';
import { Dice } from '../test/torture/dice.js';

const { values: given } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, only: { type: 'string', default: '' } },
});
const runs = Number(given.runs);
const WARM_UP = 10;
const SMALL_WARM_UP = 400;

// What is measured is what ships: compiled, and not the sources with what a loader adds to them.
const compiled = new URL('../dist/domain/index.js', import.meta.url).href;
const { earliestWindow, indexPlant, resolveTopology } = (await import(compiled)) as typeof import('../domain/index.js');

/** CPU milliseconds of the process so far. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const quantile = (numbers: readonly number[], share: number): number =>
  [...numbers].sort((a, b) => a - b)[Math.max(0, Math.ceil(numbers.length * share) - 1)] ?? Number.NaN;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const ms = (number: number): string => number.toFixed(number < 10 ? 1 : 0);

/** Best score that the gap of an answer is taken from; null for none. */
const gapOf = (resolution: Resolution): number | null =>
  resolution.status === 'resolved' ? (resolution.options[0]?.gap ?? null) : null;

interface Row {
  readonly name: string;
  readonly devices: number;
  readonly nodes: number;
  readonly options: number;
  readonly target: number | null;
}

const rows: readonly Row[] = [
  { name: '12 nodes, 200 devices', devices: 200, nodes: 12, options: 1, target: 10 },
  { name: '12 nodes, 2,000 devices', devices: 2000, nodes: 12, options: 1, target: 30 },
  { name: '30 nodes, 2,000 devices', devices: 2000, nodes: 30, options: 1, target: 200 },
  { name: '12 nodes, 10,000 devices', devices: 10_000, nodes: 12, options: 1, target: 150 },
  { name: '30 nodes, 10,000 devices', devices: 10_000, nodes: 30, options: 1, target: 600 },
  { name: '12 nodes, 2,000 devices, 5 options', devices: 2000, nodes: 12, options: 5, target: null },
  { name: '30 nodes, 2,000 devices, 5 options', devices: 2000, nodes: 30, options: 5, target: null },
];

const questionOf = ({ devices, nodes, options }: Row, seed: number) => {
  const chance = new Dice(devices, nodes, seed);
  const index = indexPlant(drawnLab(chance, devices));
  const topology = drawnLine(chance, nodes);
  return () => resolveTopology(topology, index, { window: DRAWN_WINDOW, now: DRAWN_WINDOW.start, options });
};

/** The least of three: the work is the same each time, and what others do on the machine is not part of it. */
const timed = <T>(work: () => T): { took: number; result: T } => {
  let took = Infinity;
  for (let time = 1; time < 3; time += 1) {
    const before = cpu();
    work();
    took = Math.min(took, cpu() - before);
  }
  const before = cpu();
  const result = work();
  return { took: Math.min(took, cpu() - before), result };
};

const fiveAgainstOne = new Map<string, number>();

for (const row of rows.filter(({ name }) => name.includes(given.only))) {
  // Small labs seldom take the longer ways through the code: it takes many of them until all of it is compiled for good.
  const warmUps = row.devices < 10_000 ? SMALL_WARM_UP : WARM_UP;
  for (let seed = 0; seed < warmUps; seed += 1) questionOf(row, 1000 + seed)();
  const answers = Array.from({ length: runs }, (_, seed) => timed(questionOf(row, seed)));
  const times = answers.map(({ took }) => took);
  const gaps = answers.flatMap(({ result }) => gapOf(result) ?? []);
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
  const size = `${row.nodes}/${row.devices}`;
  const before = fiveAgainstOne.get(size);
  if (row.options === 1) fiveAgainstOne.set(size, p50);
  const verdict =
    row.target === null
      ? before === undefined
        ? ''
        : `${(p50 / before).toFixed(1)}x one, target 5x`
      : `target ${row.target} ms ${p95 < row.target ? 'met' : 'MISSED'}`;
  const worst = (100 * Math.max(0, ...gaps)).toFixed(2);
  say(
    `${row.name.padEnd(36)} p50 ${ms(p50).padStart(4)} ms  p95 ${ms(p95).padStart(4)} ms  worst gap ${worst} %  answered ${gaps.length}/${runs}  ${verdict}`,
  );
}

/** 30,000 bookings so dense that the first free time is weeks away. */
const crowded = (chance: Dice): Plant => {
  const plant = drawnLab(chance, 1000, 0);
  const { start } = DRAWN_WINDOW;
  const devices = plant.devices.map((device) => ({
    ...device,
    busy: Array.from({ length: 30 }, (_, day) => ({
      start: start + day * DAY + chance.below(12) * HOUR,
      end: start + day * DAY + (14 + chance.below(10)) * HOUR,
    })),
  }));
  return { ...plant, devices };
};

if ('earliest'.includes(given.only) || given.only === '') {
  const times = Array.from({ length: WARM_UP + runs }, (_, seed) => {
    const chance = new Dice(30, 30_000, seed);
    const index = indexPlant(crowded(chance));
    const drawn = drawnLine(chance, 30);
    const topology = { ...drawn, edges: [] };
    const within = { start: DRAWN_WINDOW.start, end: DRAWN_WINDOW.start + 60 * DAY };
    return timed(() => earliestWindow(topology, index, { within, length: 12 * HOUR })).took;
  });
  const warm = times.slice(WARM_UP);
  const p95 = quantile(warm, 0.95);
  say(
    `earliest window, 30 nodes, 1,000 devices with 30,000 bookings: p50 ${ms(quantile(warm, 0.5))} ms  p95 ${ms(p95)} ms  target 15 ms ${p95 < 15 ? 'met' : 'MISSED'}`,
  );
}

if ('memory'.includes(given.only) || given.only === '') {
  const chance = new Dice(10_000, 30, 0);
  const plant = drawnLab(chance, 10_000);
  const topology = drawnLine(chance, 30);
  const before = process.memoryUsage();
  const index = indexPlant(plant);
  resolveTopology(topology, index, { window: DRAWN_WINDOW, now: DRAWN_WINDOW.start, options: 1 });
  const after = process.memoryUsage();
  const grown = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6;
  say(
    `memory of an index of 10,000 devices and one answer, before anything is collected: ${grown.toFixed(0)} MB  target 200 MB ${grown < 200 ? 'met' : 'MISSED'}  (whole process ${(after.rss / 1e6).toFixed(0)} MB)`,
  );
}

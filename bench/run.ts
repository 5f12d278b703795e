/** `npm run bench -- [--json] [--store sqlite|mariadb] [--only TEXT] [--profile FOLDER]`; see docs/performance.md. */
import { parseArgs } from 'node:util';
import { openMeasuredLab } from './measured-lab.js';
import { measure } from './measure.js';
import { report, type Result } from './report.js';
import { rows, type Row } from './rows.js';
import type { LabSize } from './seeded-lab.js';
import { stores, type Store } from './stores.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    store: { type: 'string', multiple: true, default: Object.keys(stores) },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
  },
});

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const profiling = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];

const measureLab = async (store: Store, size: LabSize, wanted: readonly Row[]): Promise<Result[]> => {
  const lab = await openMeasuredLab(await store.emptyDatabase(), size, wanted, profiling);
  const results: Result[] = [];
  try {
    for (const row of lab.missing) say(`${store.name}: ${row.name}: there is no such route`);
    for (const measured of lab.rows) {
      say(`${store.name}: ${measured.row.name}`);
      results.push({ store: store.name, row: measured.row, ...(await measure(measured)) });
    }
  } finally {
    await lab.close();
  }
  return results;
};

const measureStore = async (store: Store): Promise<Result[]> => {
  const wanted = rows.filter((row) => row.name.includes(options.only));
  const results: Result[] = [];
  for (const size of new Set(wanted.map((row) => row.lab))) {
    const alike = wanted.filter((row) => row.lab === size);
    results.push(...(await measureLab(store, size, alike)));
  }
  return results.sort((a, b) => wanted.indexOf(a.row) - wanted.indexOf(b.row));
};

const results: Result[] = [];
for (const name of options.store) {
  const open = stores[name];
  if (open === undefined) throw new Error(`There is no store ${name}; there are ${Object.keys(stores).join(', ')}.`);
  if (open === null) {
    say(`${name}: not installed on this machine, not measured`);
    continue;
  }
  const store = await open();
  try {
    results.push(...(await measureStore(store)));
  } finally {
    await store.close();
  }
}
process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : report(results));

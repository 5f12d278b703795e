/** `npm run bench:export -- [BOOKINGS]`: how much memory the export of that many bookings takes; see docs/performance.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../composition/package-root.js';
import { Client } from './client.js';
import { environmentOf, signIn, usualArguments } from './measured-lab.js';
import { MeasuredProcess } from './measured-process.js';
import { seedLab } from './seeded-lab.js';

const DEVICES = 200;
const MEGABYTE = 1024 * 1024;
const MOST_GROWTH = 100 * MEGABYTE;
/** Lists read before, so that what every server needs is there already. */
const BEFORE = 200;

const bookings = Number(process.argv[2] ?? 100_000);

const linesOf = (url: string, cookie: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, { headers: { cookie } }, (response) => {
      let lines = 0;
      response.on('data', (part: Buffer) => {
        for (const byte of part) if (byte === 0x0a) lines += 1;
      });
      response.once('end', () => {
        resolve(lines);
      });
      response.once('error', reject);
    }).once('error', reject);
  });

const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(0);

const folder = mkdtempSync(join(tmpdir(), 'openlab-export-'));
const { url } = await seedLab(`sqlite:${join(folder, 'lab.sqlite')}`, {
  devices: DEVICES,
  bookingsEach: Math.ceil(bookings / DEVICES),
});
const server = new MeasuredProcess(
  [...usualArguments(), join(packageRoot, 'dist/composition/main.js')],
  environmentOf(url),
);
try {
  const [, base = ''] = await server.hasSaid(/ is at (http\S+)/);
  const client = new Client(base);
  const cookie = await signIn(client);
  for (let nth = 0; nth < BEFORE; nth += 1) {
    await client.send({ method: 'GET', path: '/admin/v2/bookings?limit=200', cookie });
  }
  client.close();
  const before = await server.memory();
  const cpuBefore = await server.cpu();
  const lines = await linesOf(new URL('/admin/v2/bookings/export', base).href, cookie);
  const cpu = (await server.cpu()) - cpuBefore;
  const { peak } = await server.memory();
  const growth = Math.max(0, peak - before.now);
  process.stdout.write(
    `${lines - 1} bookings exported in ${cpu.toFixed(0)} ms of CPU; memory ${megabytes(before.now)} MB before, ` +
      `${megabytes(peak)} MB at most: grew by ${megabytes(growth)} MB (at most ${megabytes(MOST_GROWTH)} MB allowed)\n`,
  );
  if (growth > MOST_GROWTH) process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

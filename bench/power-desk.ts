/**
 * `npm run bench:power`: what driving 50 PDUs of 24 outlets costs with all that belongs to it, the readings kept in SQLite
 * included, and how long 200 outlets take that are due at one instant; see docs/performance.md.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SnmpLinks } from '../adapters/snmp/snmp-links.js';
import { openDatabase } from '../adapters/typeorm/open-database.js';
import { blankOutlet, defaultLaneSettings } from '../application/index.js';
import { hardware, logging, system, systemPauses, typeormPersistence } from '../composition/adapters.js';
import { compose, type Lab } from '../composition/compose.js';
import { loadConfig } from '../composition/config.js';
import { defaultPowerPolicy, HOUR } from '../domain/index.js';
import { importDevices } from '../test/support/devices.js';
import { ManualClock } from '../test/support/manual-clock.js';
import { READ_COMMUNITY, WRITE_COMMUNITY } from './polling-rack.js';

const ROUNDS = 360;
const WARM_UP = 10;
const PERIOD_MS = 10_000;
const FED = 200;
/** On so many PDUs: each has its outlets one after the other. */
const FEEDING = 10;
const MEGABYTE = 2 ** 20;

process.env.BENCH_PDUS = JSON.stringify({
  version: '2c',
  readCommunity: READ_COMMUNITY,
  writeCommunity: WRITE_COMMUNITY,
});

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / MEGABYTE;
};

const register = async (lab: Lab, ports: readonly number[]): Promise<void> => {
  const ids = await importDevices(
    lab,
    Array.from({ length: FED }, () => ({})),
  );
  await lab.work.run(async ({ power }) => {
    for (const [index, port] of ports.entries()) {
      const facts = { name: `PDU ${index + 1}`, driver: 'raritan-pdu2', host: '127.0.0.1', port };
      const beside = { credentials: 'env:BENCH_PDUS', user: null, pduPath: null, externalId: null, createdAt: 0 };
      const pdu = await power.addPdu({ ...facts, ...beside });
      const each = FED / FEEDING;
      for (const [place, deviceId] of ids.slice(index * each, (index + 1) * each).entries()) {
        await power.saveOutlet({ ...blankOutlet(pdu.id, place + 1), deviceId, mode: 'on_demand' });
      }
    }
  });
};

const bookAll = (lab: Lab): Promise<void> =>
  lab.work.run(async ({ bookings, devices }) => {
    const now = lab.clock.now();
    const slot = { start: now + HOUR, end: now + 100 * HOUR };
    const facts = { groupId: 'bench', ownerId: 1, slot, status: 'PENDING' as const, comment: '', createdAt: now };
    const made = await bookings.add(
      (await devices.all()).map(({ id }) => ({ ...facts, deviceId: id })),
      [],
    );
    await bookings.setStatus(
      made.map(({ id }) => id),
      'CONFIRMED',
      now,
    );
  });

const switched = async (lab: Lab, to: 'on' | 'off'): Promise<number> =>
  (await lab.work.run(async ({ power }) => (await power.openCommands()).length)) > 0
    ? 0
    : lab.work.run(async ({ power }) => {
        let confirmed = 0;
        for (let id = 1; ; id += 1) {
          const command = await power.command(id);
          if (!command) return confirmed;
          if (command.order === to && command.outcome === 'confirmed') confirmed += 1;
        }
      });

/** Milliseconds from the instant at which they are due until all of them are confirmed. */
const timeOf = async (lab: Lab, to: 'on' | 'off'): Promise<number> => {
  const began = performance.now();
  for (;;) {
    await lab.powerDesk.tick();
    await lab.powerDesk.quiet();
    if ((await switched(lab, to)) >= FED) return performance.now() - began;
    if (performance.now() - began > 60_000) throw new Error(`not all were switched ${to}`);
  }
};

const agents = fork(new URL('polling-agents.ts', import.meta.url), { execArgv: ['--import=tsx'] });
const [ports] = (await once(agents, 'message')) as [number[]];
const folder = await mkdtemp(join(tmpdir(), 'openlab-power-'));
const database = await openDatabase(`sqlite:${join(folder, 'lab.sqlite')}`);
const clock = new ManualClock();
const config = loadConfig({});
const lane = { ...defaultLaneSettings, stagger: 0 };
const lab = compose(
  { ...config, power: { policy: defaultPowerPolicy, lane, credentials: null, pdus: [] } },
  {
    persistence: typeormPersistence(database),
    system: system(clock, undefined, systemPauses),
    hardware: hardware(null, null, { links: new SnmpLinks() }),
    logging: logging('warn'),
  },
);
const round = async (): Promise<void> => {
  clock.advance(PERIOD_MS);
  await lab.powerDesk.tick();
  await lab.powerDesk.quiet();
};
try {
  await register(lab, ports);
  await round();
  clock.advance(3_000);
  const off = await timeOf(lab, 'off');
  await bookAll(lab);
  clock.advance(HOUR - defaultPowerPolicy.lead);
  await round();
  clock.advance(3_000);
  const on = await timeOf(lab, 'on');
  process.stdout.write(
    `${FED} outlets of ${FEEDING} PDUs due at one instant: off ${off.toFixed(0)} ms, on ${on.toFixed(0)} ms\n`,
  );
  for (let n = 0; n < WARM_UP; n += 1) await round();
  const heapBefore = heap();
  const [cpuBefore, began] = [process.cpuUsage(), performance.now()];
  for (let n = 0; n < ROUNDS; n += 1) await round();
  const { user, system: kernel } = process.cpuUsage(cpuBefore);
  const [each, wall] = [(user + kernel) / 1000 / ROUNDS, (performance.now() - began) / ROUNDS];
  process.stdout.write(
    `${ports.length} PDUs: ${each.toFixed(0)} ms of CPU a round, ${((100 * each) / PERIOD_MS).toFixed(1)} % of a core, ` +
      `${wall.toFixed(0)} ms from start to end, heap ${heapBefore.toFixed(1)} MB before, ${heap().toFixed(1)} MB after\n`,
  );
} finally {
  await lab.powerDesk.close();
  await database.close();
  agents.kill();
  await rm(folder, { recursive: true, force: true });
}

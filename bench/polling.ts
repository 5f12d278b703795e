/**
 * `npm run bench:polling -- [--rounds 360]`: what it costs to read 50 PDUs of 24 outlets over SNMP, round after round,
 * and whether memory stays; see docs/performance.md.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { SnmpLinks } from '../adapters/snmp/snmp-links.js';
import type { PduCredentials, PduLink } from '../application/index.js';
import { KEY, OUTLETS, PDUS, READ_COMMUNITY, USER } from './polling-rack.js';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '360' } } });
const rounds = Number(options.rounds);

const WARM_UP = 10;
const AT_ONCE = 10;
const PERIOD_MS = 10_000;
const MEGABYTE = 2 ** 20;

const SPEAKERS: Readonly<Record<string, PduCredentials>> = {
  'SNMP 2c': { version: '2c', readCommunity: READ_COMMUNITY, writeCommunity: null },
  'SNMP 1': { version: '1', readCommunity: READ_COMMUNITY, writeCommunity: null },
  'SNMP 3, SHA-512 and AES-256': {
    version: '3',
    user: USER,
    level: 'authPriv',
    authProtocol: 'SHA-512',
    authKey: KEY,
    privProtocol: 'AES-256',
    privKey: KEY,
  },
};

const readAll = async (links: readonly PduLink[]): Promise<void> => {
  const left = [...links];
  const readNext = async (): Promise<void> => {
    for (let link = left.pop(); link; link = left.pop()) {
      const { outlets } = await link.read();
      if (outlets.length !== OUTLETS) throw new Error(`read ${outlets.length} outlets`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readNext));
};

const heap = (): number => {
  // Given by --expose-gc: what is left is what is kept.
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / MEGABYTE;
};

const agents = fork(new URL('polling-agents.ts', import.meta.url), { execArgv: ['--import=tsx'] });
const [ports] = (await once(agents, 'message')) as [number[]];
try {
  for (const [name, credentials] of Object.entries(SPEAKERS)) {
    const links = ports.map((port) =>
      new SnmpLinks().open({ driver: 'raritan-pdu2', host: '127.0.0.1', port, credentials }),
    );
    for (let round = 0; round < WARM_UP; round++) await readAll(links);
    const heapBefore = heap();
    const before = process.cpuUsage();
    const start = performance.now();
    for (let round = 0; round < rounds; round++) await readAll(links);
    const wall = (performance.now() - start) / rounds;
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1_000 / rounds;
    const heapAfter = heap();
    for (const link of links) link.close();
    console.log(
      [
        `${name}: ${PDUS} PDUs of ${OUTLETS} outlets, ${rounds} rounds`,
        `CPU ${cpu.toFixed(0)} ms a round, ${((100 * cpu) / PERIOD_MS).toFixed(1)} % of a core at one round in 10 s`,
        `${wall.toFixed(0)} ms from start to end`,
        `heap ${heapBefore.toFixed(1)} MB before, ${heapAfter.toFixed(1)} MB after`,
      ].join('; '),
    );
  }
} finally {
  agents.disconnect();
}

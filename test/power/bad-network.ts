import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import { SnmpLinks } from '../../adapters/snmp/snmp-links.js';
import { SYSTEM } from '../../application/index.js';
import { systemClock } from '../../composition/adapters.js';
import { DomainError } from '../../domain/index.js';
import { chaosProxy, type ChaosProxy } from '../support/chaos-proxy.js';
import { READ_COMMUNITY, WRITE_COMMUNITY, type FixturePdu } from '../support/fixture-pdu.js';
import { FIXTURE_FAMILIES, fixturePdu } from '../support/pdu-families.js';
import { PowerProcess } from './power-world.js';

const AGENTS = 8;
/** Percent of datagrams each way, and milliseconds. */
const WEATHER = { loss: 25, delay: 30 };
const DUPLICATES = 15;
const PATIENCE = { timeout: 120, tries: 4, backoff: 1.2, deadline: 3_000 };
const SETTINGS = { settle: 2_500, stagger: 0, poll: 3_600_000, rest: 500 };

export interface Toggle {
  readonly pdu: string;
  readonly to: 'on' | 'off';
  readonly outcome: 'confirmed' | 'unconfirmed' | 'failed';
  /** How many SETs were sent, whether or not they arrived. */
  readonly sets: number;
  /** How often the device changed. */
  readonly changes: number;
  /** What is so at the device afterwards. */
  readonly isSo: boolean;
}

interface Agent {
  readonly name: string;
  readonly fixture: FixturePdu;
  readonly proxy: ChaosProxy;
  /** Whether the network makes copies of datagrams. */
  readonly copies: boolean;
}

/** What the device was told, without the copies that the network made where it makes any. */
const changesOf = ({ executed }: FixturePdu, copies: boolean): number =>
  !copies
    ? executed.length
    : executed.filter(
        ({ oid, value }, index) => executed[index - 1]?.oid !== oid || executed[index - 1]?.value !== value,
      ).length;

/** Toggles an outlet of each of eight devices of different families, `each` times, over a bad network. */
export const toggleOverBadNetwork = async (seed: number, each: number): Promise<Toggle[]> => {
  const agents: Agent[] = [];
  const lab = new MemoryLab();
  const vault = {
    seal: () => 'none',
    open: () => ({ version: '2c', readCommunity: READ_COMMUNITY, writeCommunity: WRITE_COMMUNITY }) as const,
  };
  const process = new PowerProcess(lab, new SnmpLinks(PATIENCE), systemClock, 'one', SETTINGS, vault);
  try {
    for (const [index, family] of FIXTURE_FAMILIES.slice(0, AGENTS).entries()) {
      const fixture = await fixturePdu(family).start();
      const weather = { ...WEATHER, duplicates: index % 2 === 0 ? 0 : DUPLICATES };
      const proxy = await chaosProxy(fixture.port, seed + index, weather);
      agents.push({ name: family, fixture, proxy, copies: weather.duplicates > 0 });
      await lab.run(({ power }) =>
        power.addPdu({
          ...{ name: family, driver: family, host: '127.0.0.1', port: proxy.port, credentials: 'none' },
          ...{ user: null, pduPath: null, externalId: null, createdAt: systemClock.now() },
        }),
      );
    }
    return (await Promise.all(agents.map((agent) => toggle(agent, each, process)))).flat();
  } finally {
    await process.desk.close();
    for (const { fixture, proxy } of agents) {
      proxy.close();
      fixture.stop();
    }
  }
};

/** Tells outlet 1 what it is not, again and again; what it is is read without the bad network. */
const toggle = async (
  { name, fixture, proxy, copies }: Agent,
  times: number,
  process: PowerProcess,
): Promise<Toggle[]> => {
  const toggles: Toggle[] = [];
  const links = new SnmpLinks();
  const credentials = { version: '2c', readCommunity: READ_COMMUNITY, writeCommunity: null } as const;
  const witness = links.open({ driver: name, host: '127.0.0.1', port: fixture.port, credentials });
  for (let n = 0; n < times; n += 1) {
    const to = (await witness.outlet(1)).state === 'on' ? 'off' : 'on';
    const before = { changes: changesOf(fixture, copies), sets: proxy.sets };
    const outcome = await process.orders.switch(SYSTEM, name, 1, to).then(
      () => 'confirmed' as const,
      (error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
        return error.code === 'power.unconfirmed' ? ('unconfirmed' as const) : ('failed' as const);
      },
    );
    const isSo = (await witness.outlet(1)).state === to;
    const changes = changesOf(fixture, copies) - before.changes;
    toggles.push({ pdu: name, to, outcome, sets: proxy.sets - before.sets, changes, isSo });
  }
  witness.close();
  return toggles;
};

/** What must not be so of toggles, in words. */
export const faultsOf = (toggles: readonly Toggle[]): string[] =>
  toggles.flatMap((toggle) => {
    const { pdu, to, outcome, sets, changes, isSo } = toggle;
    if (sets > 1) return [`${sets} SETs were sent to switch ${pdu} ${to}`];
    if (changes > 1) return [`${pdu} was told ${to} ${changes} times`];
    if (outcome === 'confirmed' && !(isSo && sets === 1 && changes === 1))
      return [`${pdu} was said to be ${to} and was not`];
    if (outcome === 'failed' && changes > 0) return [`${pdu} switched ${to} though it was said to have failed`];
    return [];
  });

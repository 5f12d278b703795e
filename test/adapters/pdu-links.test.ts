import { SimulatedLinks } from '../../adapters/snmp/simulated/simulated-links.js';
import { SimulatedPdu } from '../../adapters/snmp/simulated/simulated-pdu.js';
import type { PduAddress } from '../../application/index.js';
import { pduLinksContract, type PduSubject } from '../contracts/index.js';
import { READ_COMMUNITY, WRITE_COMMUNITY } from '../support/fixture-pdu.js';
import { ManualClock } from '../support/manual-clock.js';
import { FIXTURE_FAMILIES, factsOf, fixturePdu, type FixtureFamily } from '../support/pdu-families.js';
import { addressOf, DEAD_PORT, impatientLinks } from '../support/pdu-links.js';
import { asCommunity, snmpget, withSnmpTools } from '../support/snmp-tools.js';

const FIRST = 1;
const SPARE = 3;

const simulated = (): Promise<PduSubject> => {
  const outlets = [{}, { switchable: false }, { on: false }, {}];
  const pdu = new SimulatedPdu({ outlets }, new ManualClock());
  const locked = new SimulatedPdu({ outlets }, new ManualClock());
  locked.fault = 'read-only';
  const at = (host: string): PduAddress => ({ driver: 'simulated', host, port: 0, credentials: { version: 'none' } });
  return Promise.resolve({
    links: new SimulatedLinks(
      new Map([
        ['example', pdu],
        ['locked', locked],
      ]),
    ),
    pdu: at('example'),
    driver: 'simulated',
    on: FIRST,
    off: SPARE,
    unswitchable: 2,
    readOnly: at('locked'),
    nowhere: at('elsewhere'),
    executed: () => pdu.orders,
    witness: async (number) => (pdu.outlet(number)?.state === 'on' ? 'on' : 'off'),
    secrets: [],
    close: async () => undefined,
  });
};

/** A device of the family, with Debian's snmpget for a witness. */
const overSnmp = async (family: FixtureFamily, driver: string, version: '1' | '2c'): Promise<PduSubject> => {
  const pdu = await fixturePdu(family).start();
  const locked = await fixturePdu(family, { access: { writeCommunity: null } }).start();
  const { state, row, unswitchable } = factsOf(family);
  const credentials = { version, readCommunity: READ_COMMUNITY, writeCommunity: WRITE_COMMUNITY } as const;
  return {
    links: impatientLinks(),
    pdu: addressOf(pdu.port, { driver, credentials }),
    driver: family,
    on: FIRST,
    off: SPARE,
    unswitchable: unswitchable?.number ?? null,
    // Whoever has no write community tries with the other.
    readOnly: addressOf(locked.port, { driver, credentials: { ...credentials, writeCommunity: READ_COMMUNITY } }),
    nowhere: addressOf(DEAD_PORT, { driver, credentials }),
    executed: () => pdu.executed.length,
    witness: async (number) => {
      const shown = await snmpget(pdu.port, asCommunity(READ_COMMUNITY), `${state.column}.${row}${number}`);
      if (shown !== String(state.on) && shown !== String(state.off)) throw new Error(`snmpget saw ${shown}`);
      return shown === String(state.on) ? 'on' : 'off';
    },
    secrets: [READ_COMMUNITY, WRITE_COMMUNITY],
    close: async () => {
      pdu.stop();
      locked.stop();
    },
  };
};

pduLinksContract('a simulated PDU', simulated);

withSnmpTools('Over SNMP, with snmpget as a witness', () => {
  for (const family of FIXTURE_FAMILIES) pduLinksContract(`${family}, found out`, () => overSnmp(family, 'auto', '2c'));
  for (const family of FIXTURE_FAMILIES)
    pduLinksContract(`${family}, given, in SNMP 1`, () => overSnmp(family, family, '1'));
});

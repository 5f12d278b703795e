import { expect } from 'chai';
import type { PduAddress, PduLink, PduReading } from '../../application/index.js';
import { families } from '../../adapters/snmp/profiles/index.js';
import { SnmpLinks } from '../../adapters/snmp/snmp-links.js';
import { serveSimulatedPdu, type ServedPdu } from '../../adapters/snmp/simulated/serve-simulated-pdu.js';
import { SimulatedPdu } from '../../adapters/snmp/simulated/simulated-pdu.js';
import { closedAfterwards } from '../support/closing.js';
import { chaosProxy } from '../support/chaos-proxy.js';
import { READ_COMMUNITY, WRITE_COMMUNITY, type FixturePdu } from '../support/fixture-pdu.js';
import { ManualClock } from '../support/manual-clock.js';
import { FIXTURE_FAMILIES, factsOf, fixturePdu, recordedPdu, type FixtureFamily } from '../support/pdu-families.js';
import { addressOf, impatientLinks } from '../support/pdu-links.js';
import { asCommunity, snmpget, snmpset, withSnmpTools } from '../support/snmp-tools.js';

const readOf = async (pdu: FixturePdu): Promise<PduReading> => {
  await pdu.start();
  const link = impatientLinks().open(addressOf(pdu.port));
  try {
    return await link.read();
  } finally {
    link.close();
    pdu.stop();
  }
};

type Golden = Omit<PduReading, 'outlets' | 'identity'> & { readonly identity: readonly (string | null)[] };

/** What people would read on the displays of the fixtures. */
const GOLDEN: Readonly<Record<FixtureFamily, Golden>> = {
  'raritan-pdu2': {
    identity: ['Raritan', 'PX3-5138R', 'RAR0000001', '4.2.0.5-50274'],
    watts: 806,
    kilowattHours: 5812.658,
    amperes: 3.504,
    celsius: 24.7,
    relativeHumidity: 41,
  },
  'raritan-px1': {
    identity: ['Raritan', 'DPXR8-15', 'PX10000001', '01.05.08'],
    watts: 800,
    kilowattHours: 1234.567,
    amperes: 3.48,
    celsius: null,
    relativeHumidity: null,
  },
  'apc-rpdu2': {
    identity: ['APC', 'AP8653', 'APC0000001', '6.9.6'],
    watts: 815,
    kilowattHours: 1951.6,
    amperes: 3.6,
    celsius: 23.1,
    relativeHumidity: 38,
  },
  'apc-rpdu': {
    identity: ['APC', 'AP7920', 'ZA0000001', 'v3.9.2'],
    watts: 800,
    kilowattHours: null,
    amperes: 3.5,
    celsius: null,
    relativeHumidity: null,
  },
  'apc-spdu': {
    identity: ['APC', 'AP9606', 'WA0000001', 'v3.7.3'],
    watts: null,
    kilowattHours: null,
    amperes: null,
    celsius: null,
    relativeHumidity: null,
  },
  'servertech-sentry3': {
    identity: ['Server Technology', 'CW-8H2', 'ST30000001', 'Sentry Switched CDU Version 7.1c'],
    watts: 800,
    kilowattHours: 4321,
    amperes: 3.48,
    celsius: 20,
    relativeHumidity: 44,
  },
  'servertech-sentry4': {
    identity: ['Server Technology', 'C2WG8TE', 'ST40000001', 'Version 8.0n'],
    watts: 803,
    kilowattHours: 9876.5,
    amperes: 3.49,
    celsius: 22.5,
    relativeHumidity: 39,
  },
  'eaton-epdu': {
    identity: ['Eaton', 'EMA114-10', 'EATON00001', '05.01.0012'],
    watts: 806,
    kilowattHours: 7654.321,
    amperes: 3.49,
    celsius: 21.9,
    relativeHumidity: 40.5,
  },
  'cyberpower-epdu': {
    identity: ['CyberPower', 'PDU41005', 'CPS0000001', '1.2.8'],
    watts: 803,
    kilowattHours: 803,
    amperes: 3.5,
    celsius: 22.6,
    relativeHumidity: 37,
  },
  'cyberpower-epdu2': {
    identity: ['CyberPower', 'PDU81005', 'CPS0000002', '2.0.1'],
    watts: 804,
    kilowattHours: null,
    amperes: 3.5,
    celsius: null,
    relativeHumidity: null,
  },
  'vertiv-geist': {
    identity: ['Vertiv', 'I-03', 'GEIST00001', '5.9.1'],
    watts: 804,
    kilowattHours: 543.21,
    amperes: 3.49,
    celsius: 24,
    relativeHumidity: null,
  },
  'gude-epc': {
    identity: ['Gude', 'Expert Power Control 8031-1', null, null],
    watts: 803,
    kilowattHours: 43.21,
    amperes: 3.49,
    celsius: 23.4,
    relativeHumidity: 40.2,
  },
};

/** Outlets of the fixtures, in order; families without meters at the outlets tell no watts. */
const WATTS = [120, 45, 0, 230, 60, 15, 0, 330];
const UNMETERED = new Set<FixtureFamily>(['apc-rpdu', 'apc-spdu', 'gude-epc']);

describe('The families of PDUs', () => {
  const later = closedAfterwards();
  const linkTo = (port: number, more: Partial<PduAddress> = {}): PduLink =>
    later(impatientLinks().open(addressOf(port, more)));

  for (const family of FIXTURE_FAMILIES)
    it(`are read in units that people read: ${family}`, async () => {
      const { identity, outlets, ...totals } = await readOf(fixturePdu(family));
      const { identity: known, ...display } = GOLDEN[family];
      expect(totals).to.deep.equal(display);
      expect([identity.manufacturer, identity.model, identity.serialNumber, identity.firmware]).to.deep.equal(known);
      expect(outlets.map(({ watts }) => watts)).to.deep.equal(UNMETERED.has(family) ? WATTS.map(() => null) : WATTS);
    });

  it('give an outlet the name that people gave it, or else the label on its front', async () => {
    const { outlets } = await readOf(fixturePdu('raritan-pdu2'));
    expect(outlets.slice(0, 3).map(({ name }) => name)).to.deep.equal(['core switch', '2', 'spare']);
  });

  it('are each named once, and say who they are', () => {
    expect(new Set(SnmpLinks.drivers).size).to.equal(SnmpLinks.drivers.length);
    for (const { name, title, signs } of families) {
      expect(name).to.match(/^[a-z][a-z0-9-]+$/);
      expect(title).to.match(/^an? /);
      expect(signs).not.to.be.empty;
    }
  });

  it('take for on and off one value each, and for off none that could mean anything else', () => {
    for (const { name, outlets } of families) {
      const states = Object.values(outlets.state.values);
      expect(
        states.filter((state) => state === 'on'),
        name,
      ).to.have.length(1);
      expect(
        states.filter((state) => state === 'off'),
        name,
      ).to.have.length(1);
      for (const { values } of outlets.overrides ?? []) expect(Object.values(values), name).not.to.include('off');
    }
  });

  for (const family of FIXTURE_FAMILIES)
    it(`read no value of the state but theirs as on or off: ${family}`, async () => {
      const pdu = later(await fixturePdu(family).start());
      const link = linkTo(pdu.port);
      const { state, row } = factsOf(family);
      for (let value = -2; value <= 30; value++) {
        pdu.change(`${state.column}.${row}1`, value);
        const read = (await link.outlet(1)).state;
        if (value === state.on) expect(read).to.equal('on');
        else if (value === state.off) expect(read).to.equal('off');
        else expect(['transitioning', 'unknown', 'unavailable'], `${value}`).to.include(read);
      }
    });

  for (const family of FIXTURE_FAMILIES)
    it(`are sent what was said before: ${family}`, async () => {
      const pdu = later(await fixturePdu(family).start());
      const link = linkTo(pdu.port);
      const { orders } = await link.outlet(1);
      expect((await link.read()).outlets[0]?.orders).to.deep.equal(orders);
      await link.set(1, 'off');
      await link.set(1, 'on');
      expect(pdu.executed.map(({ oid, value }) => `${oid} = INTEGER ${value}`)).to.deep.equal([
        orders?.off,
        orders?.on,
      ]);
    });

  it('are on their way while the PDU has yet to do what it was told', async () => {
    const pdu = later(await fixturePdu('apc-rpdu2').start());
    const link = linkTo(pdu.port);
    pdu.change('1.3.6.1.4.1.318.1.1.26.9.2.3.1.6.1', 1);
    expect((await link.outlet(1)).state).to.equal('transitioning');
  });

  it('count units of a daisy chain by module and number, a thousand for each further unit', async () => {
    const apc = await readOf(fixturePdu('apc-rpdu2', {}, 'apc-rpdu2-chain'));
    expect(apc.outlets.map(({ number }) => number)).to.deep.equal([
      ...Array.from({ length: 8 }, (_, place) => place + 1),
      ...Array.from({ length: 8 }, (_, place) => place + 1_001),
    ]);
    // The finer total is that of the first unit alone.
    expect(apc.watts).to.equal(1_640);
    const raritan = await readOf(fixturePdu('raritan-pdu2', {}, 'raritan-pdu2-chain'));
    expect(raritan.outlets.map(({ number, switchable }) => [number, switchable])).to.deep.equal([
      [1, true],
      [2, true],
      [3, true],
      [1_001, false],
      [1_002, false],
      [1_003, false],
    ]);
    // The scale of the current is another on this model, and read from it: twice 3.2 A.
    expect(raritan.amperes).to.equal(6.4);
  });

  it('switch the outlet meant on the further unit of a chain', async () => {
    const pdu = later(await fixturePdu('apc-rpdu2', {}, 'apc-rpdu2-chain').start());
    const link = linkTo(pdu.port);
    await link.set(1_003, 'on');
    expect(pdu.executed).to.deep.equal([{ oid: '1.3.6.1.4.1.318.1.1.26.9.2.4.1.5.11', value: 1 }]);
  });

  describe('as they were recorded', () => {
    for (const [file, model, outlets, off] of [
      ['snmpsimdata_apc-7902b.snmprec', 'AP7902B', 16, null],
      ['snmpsimdata_apc-8641.snmprec', 'AP8641', 24, null],
      ['snmpsimdata_apc-8932.snmprec', 'AP8932', 24, 2],
    ] as const) {
      const recorded = () => recordedPdu(file, 'apc-rpdu2');
      const there = recorded() !== null;
      const title = `${model}${there ? '' : ' (skipped: the recording is not at hand)'}`;
      (there ? it : it.skip)(title, async () => {
        const reading = await readOf(recorded()!);
        expect(reading.identity).to.include({ driver: 'apc-rpdu2', model });
        expect(reading.outlets).to.have.length(outlets);
        expect(reading.outlets.every(({ name, switchable }) => name !== null && switchable)).to.equal(true);
        expect(reading.celsius).to.equal(null);
        expect(reading.watts).to.be.greaterThan(0);
        if (off !== null) expect(reading.outlets[off - 1]?.state).to.equal('off');
        if (model !== 'AP8641') return;
        const sum = reading.outlets.reduce((total, { watts }) => total + (watts ?? 0), 0);
        expect(Math.abs(sum - (reading.watts ?? 0))).to.be.below(0.1 * (reading.watts ?? 0));
      });
    }
  });

  for (const [version, most] of [
    ['2c', 8],
    ['1', 16],
  ] as const)
    it(`are read with 24 outlets in at most ${most} round trips in version ${version}`, async function () {
      const pdu = recordedPdu('snmpsimdata_apc-8641.snmprec', 'apc-rpdu2');
      if (!pdu) return this.skip();
      await later(pdu).start();
      const proxy = later(await chaosProxy(pdu.port, 1, {}));
      const credentials = { version, readCommunity: READ_COMMUNITY, writeCommunity: null };
      const link = linkTo(proxy.port, { driver: 'apc-rpdu2', credentials });
      expect((await link.read()).outlets).to.have.length(24);
      expect(proxy.asked).to.be.at.most(most);
    });
});

withSnmpTools('A simulated PDU on the network', () => {
  const STATE_OF_2 = '1.3.6.1.4.1.13742.6.4.1.2.1.3.1.2';
  const ORDER_FOR_2 = '1.3.6.1.4.1.13742.6.4.1.2.1.2.1.2';
  const clock = new ManualClock();
  const later = closedAfterwards();
  let pdu: SimulatedPdu;
  let served: ServedPdu;
  beforeEach(async () => {
    pdu = new SimulatedPdu(
      { outlets: [{ name: 'ROADM 1', watts: 300 }, { on: false }, { switchable: false }], lag: 500 },
      clock,
    );
    served = later(await serveSimulatedPdu(pdu, { readCommunity: READ_COMMUNITY, writeCommunity: WRITE_COMMUNITY }));
  });

  it('is seen and switched by snmpget and snmpset as a Raritan', async () => {
    const reading = (who: string) => snmpget(served.port, asCommunity(who), STATE_OF_2);
    expect(await reading(READ_COMMUNITY)).to.equal('8');
    await snmpset(served.port, asCommunity(WRITE_COMMUNITY), ORDER_FOR_2, 1);
    expect(pdu.outlet(2)?.state).to.equal('transitioning');
    expect(await reading(READ_COMMUNITY)).to.equal('-1');
    clock.advance(500);
    expect(await reading(READ_COMMUNITY)).to.equal('7');
    expect(pdu.orders).to.equal(1);
  });

  it('is read by the driver of its family as it reads itself, but for who it is', async () => {
    clock.advance(3_600_000);
    const link = later(impatientLinks().open(addressOf(served.port)));
    const { identity, outlets, watts, kilowattHours } = await link.read();
    expect(identity).to.include({ driver: 'raritan-pdu2', model: 'Simulated PDU', serialNumber: 'SIM0000001' });
    const [first] = outlets;
    expect(first?.orders?.on).to.equal('1.3.6.1.4.1.13742.6.4.1.2.1.2.1.1 = INTEGER 1');
    expect(outlets.map(({ orders, ...outlet }) => outlet)).to.deep.equal(pdu.read().outlets);
    expect([watts, kilowattHours]).to.deep.equal([340, 0.34]);
    await link.set(2, 'on');
    clock.advance(500);
    expect(pdu.outlet(2)?.state).to.equal('on');
  });
});

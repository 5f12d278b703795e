import { expect } from 'chai';
import { ManualLinks, type ManualRequest } from '../../adapters/manual/manual-links.js';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import { MemoryPowerView } from '../../adapters/memory/power.js';
import { LinksByDriver, type PduAddress } from '../../application/index.js';
import { refusal } from '../contracts/refusal.js';
import { ManualClock } from '../support/manual-clock.js';
import { impatientLinks } from '../support/pdu-links.js';

const shelf: PduAddress = { driver: 'manual', host: 'shelf 3', port: 0, credentials: { version: 'none' } };

describe('Gear that only people can switch', () => {
  const clock = new ManualClock();
  let asked: ManualRequest[];
  let lab: MemoryLab;
  let pduId: number;
  let links: ManualLinks;

  const linksOfAProcess = () =>
    new ManualLinks({ view: new MemoryPowerView(lab), work: lab, clock, ask: (request) => asked.push(request) });

  const said = (number: number, to: 'on' | 'off') =>
    lab.run(({ power }) => power.say({ pduId, number, to, by: 'ada', at: clock.now() }));

  beforeEach(async () => {
    asked = [];
    lab = new MemoryLab();
    links = linksOfAProcess();
    const { driver, host, port } = shelf;
    const facts = { name: 'Shelf', driver, host, port, credentials: 'none', user: null, pduPath: null };
    pduId = (await lab.run(({ power }) => power.addPdu({ ...facts, externalId: null, createdAt: clock.now() }))).id;
  });

  it('is unknown until somebody says what it is', async () => {
    const link = links.open(shelf);
    expect(await link.outlet(2)).to.deep.equal({
      number: 2,
      name: null,
      state: 'unknown',
      watts: null,
      switchable: true,
    });
    await said(2, 'off');
    expect((await link.outlet(2)).state).to.equal('off');
    expect((await link.read()).outlets.map(({ number, state }) => [number, state])).to.deep.equal([[2, 'off']]);
  });

  it('is switched by asking a person, and is on its way until one answers, whichever process looks', async () => {
    const link = links.open(shelf);
    await link.set(1, 'on');
    expect(asked).to.deep.equal([{ pdu: 'shelf 3', outlet: 1, to: 'on' }]);
    expect((await link.outlet(1)).state).to.equal('transitioning');
    expect((await linksOfAProcess().open(shelf).outlet(1)).state).to.equal('transitioning');
    await said(1, 'on');
    expect((await linksOfAProcess().open(shelf).outlet(1)).state).to.equal('on');
    await link.set(1, 'on');
    expect(asked).to.have.length(1);
  });

  it('is told apart from other gear of that name by its port, and is nothing once it was removed', async () => {
    await said(1, 'on');
    expect(await refusal(links.open({ ...shelf, port: 1 }).outlet(1))).to.include({ code: 'pdu.not-a-pdu' });
    await lab.run(({ power }) => power.removePdu(pduId));
    expect(await refusal(links.open(shelf).read())).to.include({ kind: 'unavailable', code: 'pdu.not-a-pdu' });
  });

  it('has no outlet 0, and no conversation after it was closed', async () => {
    const link = links.open(shelf);
    expect(await refusal(link.set(0, 'on'))).to.include({ kind: 'unavailable', code: 'pdu.no-such-outlet' });
    expect((await link.identify()).driver).to.equal('manual');
    const underWay = link.read();
    link.close();
    for (const question of [underWay, link.read(), link.set(1, 'on')]) {
      expect(await refusal(question)).to.include({ kind: 'unavailable', code: 'pdu.closed' });
    }
  });

  it('is reached by its driver’s name, and others by theirs', async () => {
    const all = new LinksByDriver(new Map([['manual', links]]), impatientLinks());
    expect((await all.open(shelf).identify()).driver).to.equal('manual');
    expect(() => all.open({ ...shelf, driver: 'abacus' })).to.throw('There is no driver "abacus"');
    expect(() => all.open({ ...shelf, driver: 'auto', host: 'pdu', port: 161 })).to.throw('credentials');
    const snmp = {
      ...shelf,
      driver: 'auto',
      credentials: { version: '2c', readCommunity: 'a', writeCommunity: null },
    } as const;
    expect(() => all.open({ ...snmp, host: 'shelf 3' })).to.throw('not an address');
    expect(() => all.open({ ...snmp, host: 'pdu', port: 0 })).to.throw('not one from 1 to 65535');
  });
});

import { expect } from 'chai';
import { ManualLinks, type ManualRequest } from '../../adapters/manual/manual-links.js';
import { LinksByDriver, type PduAddress } from '../../application/index.js';
import { refusal } from '../contracts/refusal.js';
import { impatientLinks } from '../support/pdu-links.js';

const shelf: PduAddress = { driver: 'manual', host: 'shelf 3', port: 0, credentials: { version: 'none' } };

describe('Gear that only people can switch', () => {
  const asked: ManualRequest[] = [];
  let links: ManualLinks;
  beforeEach(() => {
    asked.splice(0);
    links = new ManualLinks((request) => asked.push(request));
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
    links.said('shelf 3', 2, 'off');
    expect((await link.outlet(2)).state).to.equal('off');
    expect((await link.read()).outlets.map(({ number, state }) => [number, state])).to.deep.equal([[2, 'off']]);
  });

  it('is switched by asking a person, and is on its way until one answers', async () => {
    const link = links.open(shelf);
    await link.set(1, 'on');
    expect(asked).to.deep.equal([{ pdu: 'shelf 3', outlet: 1, to: 'on' }]);
    expect(links.unanswered()).to.deep.equal(asked);
    expect((await link.outlet(1)).state).to.equal('transitioning');
    links.said('shelf 3', 1, 'on');
    expect((await links.open(shelf).outlet(1)).state).to.equal('on');
    expect(links.unanswered()).to.deep.equal([]);
    await link.set(1, 'on');
    expect(asked).to.have.length(1);
  });

  it('has no outlet 0, and no conversation after it was closed', async () => {
    const link = links.open(shelf);
    expect(await refusal(link.set(0, 'on'))).to.include({ kind: 'unavailable', code: 'pdu.no-such-outlet' });
    expect((await link.identify()).driver).to.equal('manual');
    link.close();
    expect(await refusal(link.read())).to.include({ kind: 'unavailable', code: 'pdu.closed' });
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

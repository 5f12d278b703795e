import { expect } from 'chai';
import fc from 'fast-check';
import { ErrorStatus } from 'net-snmp';
import type { PduCredentials, PduLink } from '../../application/index.js';
import { SnmpLinks } from '../../adapters/snmp/snmp-links.js';
import { DomainError } from '../../domain/index.js';
import { closedAfterwards } from '../support/closing.js';
import { chaosProxy, type ChaosProxy } from '../support/chaos-proxy.js';
import { READ_COMMUNITY, WRITE_COMMUNITY, type FixturePdu } from '../support/fixture-pdu.js';
import { manglingProxy, type Mangle, type ManglingProxy } from '../support/mangling-proxy.js';
import { fixturePdu, strangeDevice } from '../support/pdu-families.js';
import { addressOf, IMPATIENCE, impatientLinks } from '../support/pdu-links.js';
import { refusal } from '../contracts/refusal.js';

const SEED = 20_260;
const pass: Mangle = (answer) => [answer];

describe('A PDU over SNMP at which something is wrong', () => {
  const later = closedAfterwards();
  const started = async (pdu: FixturePdu): Promise<FixturePdu> => later(await pdu.start());
  const linkTo = (port: number, credentials?: PduCredentials): PduLink =>
    later(impatientLinks().open(addressOf(port, credentials ? { credentials } : {})));

  describe('whose answers are broken', () => {
    const broken = async (mangle: Mangle, fromElsewhere = false): Promise<[PduLink, ManglingProxy, FixturePdu]> => {
      const pdu = await started(fixturePdu('apc-rpdu2'));
      const proxy = later(await manglingProxy(pdu.port, mangle, fromElsewhere));
      return [linkTo(proxy.port), proxy, pdu];
    };

    /** Of those who know that no answer will come. */
    const hasty = new SnmpLinks({ ...IMPATIENCE, timeout: 50, tries: 1 });

    it('says so of random bytes, and understands the next answer', async () => {
      const [link, proxy] = await broken(pass);
      const waiting = later(hasty.open(addressOf(proxy.port, { driver: 'apc-rpdu2' })));
      const { state } = await link.outlet(1);
      const bytes = fc.sample(fc.uint8Array({ minLength: 0, maxLength: 200 }), { numRuns: 8, seed: SEED });
      for (const garbage of bytes) {
        proxy.mangle = () => [Buffer.from(garbage)];
        expect(['pdu.malformed-reply', 'pdu.unreachable'], `seed ${SEED}`).to.include(
          (await refusal(waiting.outlet(1))).code,
        );
        proxy.mangle = pass;
        expect((await link.outlet(1)).state).to.equal(state);
      }
    });

    it('understands an answer that comes after random bytes', async () => {
      const [link, proxy] = await broken(pass);
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (garbage) => {
          proxy.mangle = (answer) => [Buffer.from(garbage), answer];
          expect((await link.outlet(3)).state).to.equal('off');
        }),
        { numRuns: 200, seed: SEED },
      );
    });

    it('takes nothing from an answer that was cut off, wherever it was cut', async () => {
      const [link, proxy] = await broken(pass);
      const whole = await link.outlet(1);
      for (const part of [0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
        // What is cut comes first, and what it leads to is seen at once: then the answer itself.
        proxy.mangle = (answer) => [answer.subarray(0, Math.floor(answer.length * part)), answer];
        const told = await link.outlet(1).catch((error: unknown) => error);
        if (told instanceof DomainError) expect(told.code).to.equal('pdu.malformed-reply');
        else expect(told).to.deep.equal(whole);
      }
      proxy.mangle = (answer) => [answer.subarray(0, answer.length - 3)];
      const waiting = later(hasty.open(addressOf(proxy.port, { driver: 'apc-rpdu2' })));
      expect((await refusal(waiting.outlet(1))).code).to.equal('pdu.malformed-reply');
    });

    it('fails in words when any one byte is another, and never takes the process down', async () => {
      const [link, proxy] = await broken(pass);
      const numbers = (await link.read()).outlets.length;
      await fc.assert(
        fc.asyncProperty(fc.nat(400), fc.integer({ min: 1, max: 255 }), async (place, change) => {
          proxy.mangle = (answer) => {
            const other = Buffer.from(answer);
            other[place % other.length]! ^= change;
            return [other, answer];
          };
          const told = await link.outlet(1).catch((error: unknown) => error);
          if (told instanceof Error) expect(told).to.be.instanceOf(DomainError);
        }),
        { numRuns: 150, seed: SEED },
      );
      proxy.mangle = pass;
      expect((await link.read()).outlets).to.have.length(numbers);
    });

    it('believes no answer to an earlier question', async () => {
      const answers: Buffer[] = [];
      const [link, proxy] = await broken((answer) => {
        answers.push(answer);
        return [...answers.slice(0, -1), answer];
      });
      expect((await link.outlet(1)).state).to.equal('on');
      expect((await link.outlet(3)).state).to.equal('off');
      const [first] = answers;
      proxy.mangle = () => (first ? [first] : []);
      const waiting = later(hasty.open(addressOf(proxy.port, { driver: 'apc-rpdu2' })));
      expect((await refusal(waiting.outlet(3))).code).to.equal('pdu.unreachable');
    });

    it('hears each answer once, and executes each order once, when all come three times', async () => {
      const [link, , pdu] = await broken((answer) => [answer, answer, answer]);
      expect((await link.read()).outlets).to.have.length(8);
      await link.set(1, 'off');
      await link.set(1, 'on');
      expect(pdu.executed).to.have.length(2);
      expect((await link.outlet(1)).state).to.equal('on');
    });

    it('says so when a walk leads in circles', async () => {
      const [link, proxy] = await broken(pass);
      // Names of outlets: after the seventh comes the first again.
      const names = '2b06010401823e01011a0902030103';
      proxy.mangle = (answer) => [Buffer.from(answer.toString('hex').replaceAll(`${names}08`, `${names}01`), 'hex')];
      expect((await refusal(link.read())).code).to.equal('pdu.malformed-reply');
    });

    it('does not listen to others than the PDU', async () => {
      const [, proxy] = await broken(pass, true);
      const waiting = later(hasty.open(addressOf(proxy.port)));
      expect((await refusal(waiting.identify())).code).to.equal('pdu.unreachable');
    });
  });

  it('says nothing to a wrong community, and is told to be asked about it', async () => {
    const pdu = await started(fixturePdu('raritan-pdu2'));
    const wrong = { version: '2c', readCommunity: 'wrong-to-read', writeCommunity: 'wrong-to-write' } as const;
    const problem = await refusal(linkTo(pdu.port, wrong).read());
    expect(problem).to.include({ kind: 'unavailable', code: 'pdu.unreachable' });
    expect(problem.message).to.include('community').and.not.to.include('wrong-to');
    const order = await refusal(linkTo(pdu.port, { ...wrong, readCommunity: READ_COMMUNITY }).set(1, 'off'));
    expect(order).to.include({ code: 'pdu.unreachable' });
    expect(order.message).to.include('write community').and.not.to.include('wrong-to');
    expect(pdu.executed).to.deep.equal([]);
  });

  it('is not asked at all to switch when there is no write community', async () => {
    const pdu = await started(fixturePdu('raritan-pdu2'));
    const link = linkTo(pdu.port, { version: '2c', readCommunity: READ_COMMUNITY, writeCommunity: null });
    expect(await refusal(link.set(1, 'off'))).to.include({ code: 'pdu.refused' });
    expect((await link.outlet(1)).state).to.equal('on');
  });

  it('may have switched although its answer to the order was lost', async () => {
    const pdu = await started(fixturePdu('eaton-epdu'));
    const proxy = later(await manglingProxy(pdu.port, pass));
    const link = linkTo(proxy.port);
    await link.outlet(1);
    // The answer to the look at the row gets through, the one to the order does not.
    let answers = 0;
    proxy.mangle = (answer) => (++answers === 1 ? [answer] : []);
    const problem = await refusal(link.set(1, 'off'));
    expect(problem).to.include({ code: 'pdu.unreachable' });
    expect(problem.message).to.include('may have carried it out');
    expect(pdu.executed).to.have.length(1);
    proxy.mangle = pass;
    expect((await link.outlet(1)).state).to.equal('off');
  });

  it('may have switched although it answered that it could not', async () => {
    const pdu = await started(fixturePdu('apc-spdu', { complains: ErrorStatus.GeneralError }));
    const link = linkTo(pdu.port);
    expect(await refusal(link.set(1, 'off'))).to.include({ code: 'pdu.failed' });
    expect((await link.outlet(1)).state).to.equal('off');
    expect(pdu.executed).to.have.length(1);
  });

  it('is ordered nothing after whoever asked was told that it took too long', async () => {
    const pdu = await started(fixturePdu('apc-rpdu2'));
    const proxy = later(await manglingProxy(pdu.port, () => []));
    const hurried = new SnmpLinks({ ...IMPATIENCE, timeout: 400, deadline: 40 });
    const link = later(hurried.open(addressOf(proxy.port)));
    const held: Buffer[] = [];
    proxy.mangle = (answer) => {
      held.push(answer);
      return [];
    };
    expect(await refusal(link.set(1, 'off'))).to.include({ code: 'pdu.unreachable' });
    proxy.mangle = (answer) => [...held.splice(0), answer];
    expect((await linkTo(proxy.port).read()).outlets).to.have.length(8);
    expect(pdu.executed).to.deep.equal([]);
  });

  it('is unreachable while it starts again, and answers on the same link afterwards', async () => {
    const pdu = await started(fixturePdu('vertiv-geist'));
    const link = linkTo(pdu.port);
    await link.read();
    const { port } = pdu;
    pdu.stop();
    expect(await refusal(link.outlet(1))).to.include({ code: 'pdu.unreachable' });
    expect(await refusal(link.set(1, 'off'))).to.include({ code: 'pdu.unreachable' });
    await pdu.start(port);
    expect((await link.outlet(1)).state).to.equal('on');
    await link.set(1, 'off');
    expect(pdu.executed).to.have.length(1);
  });

  it('is noticed when it is another one by now', async () => {
    const before = await started(fixturePdu('raritan-pdu2'));
    const { port } = before;
    const found = linkTo(port);
    const given = later(impatientLinks().open(addressOf(port, { driver: 'raritan-pdu2' })));
    expect((await found.identify()).serialNumber).to.equal('RAR0000001');
    await given.outlet(1);
    before.stop();
    const after = later(await fixturePdu('gude-epc').start(port));
    expect((await found.identify()).driver).to.equal('gude-epc');
    await found.set(1, 'off');
    expect(after.executed).to.have.length(1);
    for (const asked of [given.identify(), given.read(), given.outlet(1), given.set(1, 'on')])
      expect(await refusal(asked)).to.include({ code: 'pdu.not-a-pdu' });
    expect(after.executed).to.have.length(1);
  });

  it('is none at all', async () => {
    const device = await started(strangeDevice());
    expect(await refusal(linkTo(device.port).read())).to.include({ code: 'pdu.not-a-pdu' });
    for (const driver of ['raritan-pdu2', 'gude-epc']) {
      const link = later(impatientLinks().open(addressOf(device.port, { driver })));
      const problem = await refusal(link.identify());
      expect(problem).to.include({ code: 'pdu.not-a-pdu' });
      expect(problem.message).to.match(driver === 'gude-epc' ? /a Gude/ : /a Raritan/);
    }
  });

  it('has an outlet that was renamed, and rows in another order: the outlet meant is switched', async () => {
    const pdu = await started(fixturePdu('apc-rpdu2'));
    const link = linkTo(pdu.port);
    expect((await link.outlet(4)).name).to.equal('amplifier shelf');
    const numbers = '1.3.6.1.4.1.318.1.1.26.9.2.3.1.4';
    const names = '1.3.6.1.4.1.318.1.1.26.9.2.3.1.3';
    pdu.change(`${numbers}.4`, 5);
    pdu.change(`${numbers}.5`, 4);
    pdu.change(`${names}.5`, 'moved here');
    expect((await link.outlet(4)).name).to.equal('moved here');
    await link.set(4, 'off');
    expect(pdu.executed).to.deep.equal([{ oid: '1.3.6.1.4.1.318.1.1.26.9.2.4.1.5.5', value: 2 }]);
  });

  it('claims one outlet twice: nobody could say which is switched', async () => {
    const pdu = await started(fixturePdu('apc-rpdu2'));
    pdu.change('1.3.6.1.4.1.318.1.1.26.9.2.3.1.4.5', 4);
    const link = linkTo(pdu.port);
    expect(await refusal(link.read())).to.include({ code: 'pdu.malformed-reply' });
    expect(await refusal(link.set(4, 'off'))).to.include({ code: 'pdu.malformed-reply' });
    expect(pdu.executed).to.deep.equal([]);
  });

  it('only measures: its outlets are read and not switched', async () => {
    const pdu = await started(fixturePdu('apc-rpdu2', {}, 'apc-rpdu2-metered'));
    const link = linkTo(pdu.port);
    const { outlets } = await link.read();
    expect(outlets).to.deep.equal(
      [1, 2, 3].map((number) => ({
        number,
        name: `meter ${number}`,
        state: 'unknown',
        watts: number * 20,
        switchable: false,
      })),
    );
    expect(await refusal(link.set(2, 'off'))).to.include({ code: 'pdu.not-switchable' });
    expect(pdu.executed).to.deep.equal([]);
  });

  for (const version of ['1', '2c'] as const)
    it(`fits little into an answer, in version ${version}: it is asked for less`, async () => {
      const pdu = await started(fixturePdu('servertech-sentry4', { room: 150 }));
      const generous = await started(fixturePdu('servertech-sentry4'));
      const credentials = { version, readCommunity: READ_COMMUNITY, writeCommunity: WRITE_COMMUNITY };
      expect(await linkTo(pdu.port, credentials).read()).to.deep.equal(await linkTo(generous.port).read());
    });

  describe('behind a bad network', () => {
    const behind = async (pdu: FixturePdu, weather: Parameters<typeof chaosProxy>[2]): Promise<ChaosProxy> =>
      later(await chaosProxy((await started(pdu)).port, SEED, weather));
    const stubborn = new SnmpLinks({ timeout: 40, tries: 8, backoff: 1.2, deadline: 5_000 });

    it('is read whole when one of four datagrams is lost each way and others come late or twice', async () => {
      const pdu = fixturePdu('raritan-pdu2');
      const proxy = await behind(pdu, { loss: 25, duplicates: 10, delay: 15 });
      const link = later(stubborn.open(addressOf(proxy.port)));
      const clear = await linkTo(pdu.port).read();
      for (let times = 0; times < 5; times++) expect(await link.read(), `seed ${SEED}`).to.deep.equal(clear);
      expect(proxy.lost).to.be.greaterThan(5);
    });

    it('executes at most one order for each call, and none that nobody gave', async () => {
      const pdu = fixturePdu('raritan-pdu2');
      const proxy = await behind(pdu, { loss: 25, delay: 10 });
      const link = later(stubborn.open(addressOf(proxy.port)));
      let calls = 0;
      for (const to of ['off', 'on', 'off', 'on', 'off', 'on', 'off', 'on'] as const) {
        calls++;
        await link.set(1, to).catch((error: unknown) => expect(error).to.include({ code: 'pdu.unreachable' }));
        expect(pdu.executed.length, `seed ${SEED}`).to.be.at.most(calls);
      }
      expect(pdu.executed.length).to.be.at.least(1);
    });
  });
});

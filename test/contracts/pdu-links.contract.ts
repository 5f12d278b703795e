import { expect } from 'chai';
import type { PduAddress, PduLink, PduLinks } from '../../application/index.js';
import { DomainError } from '../../domain/index.js';
import { refusal } from './refusal.js';
import { forEachTest, type Closing } from './subject.js';

/** A PDU that works, and others at which things go wrong. */
export interface PduSubject extends Closing {
  readonly links: PduLinks;
  readonly pdu: PduAddress;
  /** The driver that recognises the PDU. */
  readonly driver: string;
  /** Outlets that are on and off at first, and can be switched. */
  readonly on: number;
  readonly off: number;
  /** An outlet that cannot be switched, where the PDU has one. */
  readonly unswitchable: number | null;
  /** The same kind of PDU, to which nobody may write. */
  readonly readOnly: PduAddress;
  /** Nothing is there. */
  readonly nowhere: PduAddress;
  /** How many orders the PDU that works has carried out. */
  readonly executed: () => number;
  /** What somebody else sees at the outlet. */
  readonly witness: (number: number) => Promise<'on' | 'off'>;
  /** What must appear in no error. */
  readonly secrets: readonly string[];
}

/** For PduLinks: what every way to a PDU does, whatever stands at its end. */
export const pduLinksContract = (name: string, open: () => Promise<PduSubject>): void => {
  describe(`${name} as a way to PDUs`, () => {
    const subject = forEachTest(open);
    const links: PduLink[] = [];
    const linked = (to: (subject: PduSubject) => PduAddress = ({ pdu }) => pdu): PduLink => {
      const link = subject().links.open(to(subject()));
      links.push(link);
      return link;
    };
    afterEach(() => {
      for (const link of links.splice(0)) link.close();
    });

    const refused = async (work: Promise<unknown>, code: string): Promise<void> => {
      const problem = await refusal(work);
      expect(problem).to.include({ kind: 'unavailable', code });
      const told = [problem.message, JSON.stringify(problem.facts), problem.stack, String(problem.cause)].join();
      for (const secret of subject().secrets) expect(told).not.to.include(secret);
    };

    it('says which PDU it is, by the driver that speaks with it', async () => {
      const link = linked();
      const identity = await link.identify();
      expect(identity.driver).to.equal(subject().driver);
      expect(await link.identify()).to.deep.equal(identity);
      expect((await link.read()).identity).to.deep.equal(identity);
    });

    it('reads the outlets by number, and one of them as it reads all', async () => {
      const link = linked();
      const { outlets } = await link.read();
      const numbers = outlets.map(({ number }) => number);
      expect(numbers).to.deep.equal([...new Set(numbers)].sort((a, b) => a - b));
      expect(numbers).to.include.members([subject().on, subject().off]);
      for (const outlet of outlets) expect(await link.outlet(outlet.number)).to.deep.equal(outlet);
      // Another conversation has not seen the others.
      expect(await linked().outlet(subject().on)).to.deep.equal(outlets.find(({ number }) => number === subject().on));
    });

    it('reads on as on and off as off', async () => {
      const link = linked();
      const { on, off, witness } = subject();
      expect((await link.outlet(on)).state).to.equal('on');
      expect(await witness(on)).to.equal('on');
      expect((await link.outlet(off)).state).to.equal('off');
      expect(await witness(off)).to.equal('off');
    });

    it('tells nothing instead of numbers that mean nothing', async () => {
      const { identity, outlets, ...totals } = await linked().read();
      for (const value of [...Object.values(totals), ...outlets.map(({ watts }) => watts)])
        expect(value === null || (Number.isFinite(value) && value >= 0)).to.equal(true);
      for (const text of [...outlets.map(({ name }) => name), ...Object.values(identity)])
        expect(text).not.to.equal('');
    });

    it('switches with one order each, and leaves the others as they are', async () => {
      const link = linked();
      const { on, off, executed, witness } = subject();
      const others = async () =>
        (await link.read()).outlets.filter(({ number }) => number !== on && number !== off).map(({ state }) => state);
      const before = await others();
      await link.set(on, 'off');
      await link.set(off, 'on');
      expect(executed()).to.equal(2);
      expect([(await link.outlet(on)).state, (await link.outlet(off)).state]).to.deep.equal(['off', 'on']);
      expect([await witness(on), await witness(off)]).to.deep.equal(['off', 'on']);
      expect(await others()).to.deep.equal(before);
      await link.set(on, 'on');
      expect(executed()).to.equal(3);
      expect(await witness(on)).to.equal('on');
    });

    it('switches in a conversation that has not looked first', async () => {
      await linked().set(subject().on, 'off');
      expect(await subject().witness(subject().on)).to.equal('off');
      expect(subject().executed()).to.equal(1);
    });

    it('refuses outlets that are not there, and orders nothing', async () => {
      const link = linked();
      for (const number of [0, -1, 4711, 1.5]) {
        await refused(link.outlet(number), 'pdu.no-such-outlet');
        await refused(link.set(number, 'off'), 'pdu.no-such-outlet');
      }
      expect(subject().executed()).to.equal(0);
    });

    it('refuses to switch what cannot be switched, and orders nothing', async () => {
      const { unswitchable, executed } = subject();
      const link = linked();
      const stuck = (await link.read()).outlets.filter(({ switchable }) => !switchable).map(({ number }) => number);
      expect(stuck).to.deep.equal(unswitchable === null ? [] : [unswitchable]);
      for (const number of stuck) await refused(link.set(number, 'off'), 'pdu.not-switchable');
      expect(executed()).to.equal(0);
    });

    it('reads what may only be read, and says so when it should switch', async () => {
      const link = linked(({ readOnly }) => readOnly);
      await refused(link.set(subject().on, 'off'), 'pdu.refused');
      expect((await link.outlet(subject().on)).state).to.equal('on');
    });

    it('says what to check when nothing answers, whatever was asked', async () => {
      const link = linked(({ nowhere }) => nowhere);
      await refused(link.identify(), 'pdu.unreachable');
      await refused(link.read(), 'pdu.unreachable');
      await refused(link.outlet(1), 'pdu.unreachable');
      await refused(link.set(1, 'off'), 'pdu.unreachable');
    });

    it('ends what is being asked when it is closed, and asks nothing more', async () => {
      const link = linked();
      const asked = [link.identify(), link.read(), link.outlet(subject().on), link.set(subject().on, 'off')];
      link.close();
      for (const question of asked) await refused(question, 'pdu.closed');
      await refused(link.read(), 'pdu.closed');
      link.close();
      expect(subject().executed()).to.equal(0);
    });

    it('does not confuse two conversations', async () => {
      const { on, off } = subject();
      const [one, other] = [linked(), linked()];
      const [first, second] = await Promise.all([one.outlet(on), other.outlet(off), one.read(), other.identify()]);
      expect([first.number, second.number]).to.deep.equal([on, off]);
      one.close();
      expect((await other.outlet(on)).number).to.equal(on);
    });

    it('refuses a driver that nobody knows', () => {
      const { links: way, pdu } = subject();
      expect(() => way.open({ ...pdu, driver: 'abacus' }))
        .to.throw(DomainError)
        .that.includes({ kind: 'invalid', code: 'pdu.unknown-driver' });
    });
  });
};

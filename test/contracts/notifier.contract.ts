import { expect } from 'chai';
import type { Delivery, Letter, Notifier } from '../../application/index.js';
import type { Message, User } from '../../domain/index.js';
import { NOON } from './samples.js';
import { forEachTest, type Closing } from './subject.js';

/** A way to reach people, and its other side. */
export interface NotifierSubject extends Closing {
  readonly notifier: Notifier;
  /** Everything that arrived, each as one text that holds what its reader sees. */
  arrived(): readonly string[];
  /** The other side refuses letters for good from now on, wants them later, or cannot be reached; null takes them. */
  trouble(kind: 'refusing' | 'busy' | 'gone' | null): Promise<void>;
  /** The other side refuses whoever sends from now on, whatever it is; left out where it has no way to say so. */
  refuseEverybody?(): Promise<void>;
}

const reader: User = {
  ...{ id: 1, username: 'ada', email: 'ada@people.example', discordId: '123456789012345678' },
  ...{ role: 'User', status: 'active', createdAt: NOON },
};

const aLetter = (other: Partial<Message> = {}): Letter => ({
  id: 7,
  to: reader,
  about: reader,
  message: {
    ...{ title: 'Booking confirmed', about: 1, link: '/bookings', invitations: [] },
    facts: [{ label: 'Devices', text: 'ROADM' }],
    ...other,
  },
});

const expectDiscreet = (outcome: Delivery): void => {
  const reason = outcome.kind === 'delivered' ? '' : outcome.reason;
  expect(reason)
    .not.to.equal('')
    .and.not.match(/https?:|@|token|127\.0\.0\.1/);
};

/** For a Notifier. */
export const notifierContract = (name: string, open: () => Promise<NotifierSubject>): void => {
  describe(`${name} as a way to reach people`, () => {
    const subject = forEachTest(open);
    const send = (letter: Letter = aLetter()) => subject().notifier.send(letter);

    it('says that a letter is there once it is, with all that it says', async () => {
      expect(await send()).to.deep.include({ kind: 'delivered' });
      expect(subject().arrived()).to.have.length(1);
      expect(subject().arrived()[0]).to.include('Booking confirmed').and.include('Devices').and.include('ROADM');
    });

    it('takes letters of any length and any text', async () => {
      const facts = Array.from({ length: 60 }, (_, index) => ({ label: `Fact ${index}`, text: 'Ω 測 🔌'.repeat(400) }));
      expect(await send(aLetter({ facts }))).to.deep.include({ kind: 'delivered' });
      const hostile = 'a\r\nBcc: x@evil.example\r\n\r\n@everyone <@1> \0 \ud800 <script>';
      expect(await send(aLetter({ title: hostile, facts: [{ label: hostile, text: hostile }] }))).to.deep.include({
        kind: 'delivered',
      });
      expect(subject().arrived()).to.have.length(2);
    });

    it('tells a refusal for good from one for now, and both from silence', async () => {
      await subject().trouble('refusing');
      expect((await send()).kind).to.equal('refused');
      await subject().trouble('busy');
      expect((await send()).kind).to.equal('later');
      await subject().trouble('gone');
      expect(await send()).to.include({ kind: 'later', everybody: true });
      expect(subject().arrived()).to.deep.equal([]);
      await subject().trouble(null);
      expect((await send()).kind).to.equal('delivered');
      expect(subject().arrived()).to.have.length(1);
    });

    it('does not blame a letter for what the other side would say to any', async function () {
      if (!subject().refuseEverybody) return this.skip();
      await subject().refuseEverybody?.();
      for (let time = 0; time < 2; time += 1) {
        const outcome = await send();
        expect(outcome).to.include({ kind: 'later', everybody: true });
        expectDiscreet(outcome);
      }
      await subject().trouble(null);
      expect((await send()).kind).to.equal('delivered');
      expect(subject().arrived()).to.have.length(1);
    });

    it('says why in words that hold no address and no secret', async () => {
      for (const kind of ['refusing', 'busy', 'gone'] as const) {
        await subject().trouble(kind);
        expectDiscreet(await send());
      }
    });
  });
};

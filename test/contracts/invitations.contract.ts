import { expect } from 'chai';
import { givingUp, race } from './racing.js';
import { anInvitation, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the Invitations of a UnitOfWork. */
export const invitationsContract = (name: string, open: OpenSubject<'work'>): void => {
  describe(`${name} as a keeper of invitations`, () => {
    const subject = forEachTest(open);

    const take = (digest: string) => subject().work.run(({ invitations }) => invitations.take(digest));

    it('gives an invitation as it was made, once', async () => {
      const made = [anInvitation('a'), anInvitation('b', { role: 'Super Admin', expiresAt: LATEST, invitedBy: 7 })];
      await subject().work.run(async ({ invitations }) => {
        for (const invitation of made) await invitations.add(invitation);
      });
      for (const invitation of made) {
        expect(await take(invitation.tokenDigest)).to.deep.equal(invitation);
        expect(await take(invitation.tokenDigest)).to.equal(null);
      }
    });

    it('has none where there is none', async () => {
      expect(await take('unknown')).to.equal(null);
    });

    it('leaves one that was used in vain to be used again', async () => {
      const { work } = subject();
      await work.run(({ invitations }) => invitations.add(anInvitation('a')));
      await givingUp(work, ({ invitations }) => invitations.take('a'));
      expect(await take('a')).to.deep.equal(anInvitation('a'));
    });

    it('gives one invitation to one of many who use it at once', async () => {
      await subject().work.run(({ invitations }) => invitations.add(anInvitation('a')));
      const { won } = await race(() => take('a'));
      expect(won.filter((invitation) => invitation !== null)).to.deep.equal([anInvitation('a')]);
    });

    it('throws away those that are over, at their very last millisecond', async () => {
      await subject().work.run(async ({ invitations }) => {
        for (const late of [-1, 0, 1]) await invitations.add(anInvitation(`${late}`, { expiresAt: NOON + late }));
        await invitations.removeOver(NOON);
      });
      expect([await take('-1'), await take('0'), (await take('1'))?.expiresAt]).to.deep.equal([null, null, NOON + 1]);
    });
  });
};

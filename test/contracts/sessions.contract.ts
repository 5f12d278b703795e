import { expect } from 'chai';
import { race } from './racing.js';
import { aSession, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For SessionRecords. */
export const sessionsContract = (name: string, open: OpenSubject<'sessions'>): void => {
  describe(`${name} as a keeper of sessions`, () => {
    const subject = forEachTest(open);

    const kept = async (...ids: string[]) => {
      const found: string[] = [];
      for (const id of ids) if (await subject().sessions.find(id, NOON)) found.push(id);
      return found;
    };

    it('keeps a session as it was opened, to the millisecond', async () => {
      const { sessions } = subject();
      for (const session of [aSession('a'), aSession('b', { userId: 2, createdAt: NOON - 1, expiresAt: LATEST })]) {
        await sessions.save(session);
        expect(await sessions.find(session.id, NOON)).to.deep.equal(session);
      }
    });

    it('has none where there is none', async () => {
      expect(await subject().sessions.find('unknown', NOON)).to.equal(null);
      await subject().sessions.remove('unknown');
    });

    it('tells similar identifiers apart', async () => {
      await subject().sessions.save(aSession('abc'));
      expect(await kept('ABC', 'ab', 'abcd', 'ábc', 'abc')).to.deep.equal(['abc']);
    });

    it('answers none that is over, whether or not it was thrown away', async () => {
      const { sessions } = subject();
      await sessions.save(aSession('a', { expiresAt: NOON }));
      expect(await sessions.find('a', NOON - 1)).not.to.equal(null);
      expect(await sessions.find('a', NOON)).to.equal(null);
      expect(await sessions.find('a', NOON + 1)).to.equal(null);
    });

    it('keeps the newest of one session that is saved again', async () => {
      const { sessions } = subject();
      await sessions.save(aSession('a'));
      await sessions.save(aSession('a', { userId: 2 }));
      expect(await sessions.find('a', NOON)).to.deep.equal(aSession('a', { userId: 2 }));
    });

    it('keeps one session that is saved many times at once', async () => {
      const { sessions } = subject();
      await race((racer) => sessions.save(aSession('a', { userId: racer })));
      expect(await sessions.find('a', NOON)).to.have.property('id', 'a');
      await sessions.remove('a');
      expect(await kept('a')).to.deep.equal([]);
    });

    it('loses none of many that are opened at once', async () => {
      const { sessions } = subject();
      await race((racer) => sessions.save(aSession(`s${racer}`, { userId: racer })));
      for (let racer = 0; racer < 20; racer += 1) {
        expect((await sessions.find(`s${racer}`, NOON))?.userId).to.equal(racer);
      }
    });

    it('ends one session, and no other', async () => {
      const { sessions } = subject();
      for (const id of ['a', 'b']) await sessions.save(aSession(id));
      await sessions.remove('a');
      expect(await kept('a', 'b')).to.deep.equal(['b']);
    });

    it('ends all sessions of one user, and no other', async () => {
      const { sessions } = subject();
      await sessions.save(aSession('a', { userId: 1 }));
      await sessions.save(aSession('b', { userId: 1 }));
      await sessions.save(aSession('c', { userId: 11 }));
      await sessions.removeAllOf(1);
      await sessions.removeAllOf(999);
      expect(await kept('a', 'b', 'c')).to.deep.equal(['c']);
    });

    it('throws away those that are over, at their very last millisecond', async () => {
      const { sessions } = subject();
      for (const late of [-1, 0, 1]) await sessions.save(aSession(`${late}`, { expiresAt: NOON + late }));
      await sessions.removeOver(NOON);
      // Seen from long ago, all of them would still be good.
      for (const [id, there] of [
        ['-1', false],
        ['0', false],
        ['1', true],
      ] as const) {
        expect((await sessions.find(id, NOON - 100)) !== null, id).to.equal(there);
      }
    });
  });
};

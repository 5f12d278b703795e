import { expect } from 'chai';
import { givingUp, race, RACERS } from './racing.js';
import { NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the KeptAnswers of a UnitOfWork. */
export const keptAnswersContract = (name: string, open: OpenSubject<'work'>): void => {
  describe(`${name} as a keeper of first answers`, () => {
    const subject = forEachTest(open);

    const take = (userId: number, key: string, fingerprint = 'print', at = NOON) =>
      subject().work.run(({ keptAnswers }) => keptAnswers.take(userId, key, fingerprint, at));
    const answer = (userId: number, key: string, text: string, at = NOON) =>
      subject().work.run(async ({ keptAnswers }) => {
        const kept = await keptAnswers.take(userId, key, 'print', at);
        if (!kept) await keptAnswers.fill(userId, key, text);
        return kept;
      });

    it('gives a free key away, and the first answer from then on', async () => {
      expect(await answer(1, 'key', 'first')).to.equal(null);
      const kept = { fingerprint: 'print', answer: 'first' };
      expect(await take(1, 'key')).to.deep.equal(kept);
      expect(await take(1, 'key', 'another print', NOON + 1)).to.deep.equal(kept);
    });

    it('says within one work that the answer is not there yet', async () => {
      await subject().work.run(async ({ keptAnswers }) => {
        expect(await keptAnswers.take(1, 'key', 'print', NOON)).to.equal(null);
        expect(await keptAnswers.take(1, 'key', 'print', NOON)).to.deep.equal({ fingerprint: 'print', answer: null });
      });
    });

    it('keeps the keys of two users apart, and keys that look alike', async () => {
      const keys: [number, string][] = [
        [1, 'key'],
        [2, 'key'],
        [1, 'KEY'],
        [1, 'kéy'],
        [1, '1/key'],
        [11, 'key'],
      ];
      for (const [userId, key] of keys) expect(await answer(userId, key, `${userId} ${key}`)).to.equal(null);
      for (const [userId, key] of keys) expect((await take(userId, key))?.answer).to.equal(`${userId} ${key}`);
    });

    it('keeps an answer of any length', async () => {
      const long = JSON.stringify(Array.from({ length: 10_000 }, (_, id) => ({ id, name: 'Ω 測 🔌' })));
      await answer(1, 'k'.repeat(200), long);
      expect((await take(1, 'k'.repeat(200)))?.answer).to.equal(long);
    });

    it('frees a key that was taken in vain', async () => {
      await givingUp(subject().work, async ({ keptAnswers }) => {
        await keptAnswers.take(1, 'key', 'print', NOON);
        await keptAnswers.fill(1, 'key', 'lost');
      });
      expect(await answer(1, 'key', 'kept')).to.equal(null);
      expect((await take(1, 'key'))?.answer).to.equal('kept');
    });

    it('gives one key to one of many who take it at once, and the others its answer', async () => {
      const { won } = await race((racer) => answer(1, 'key', `racer ${racer}`));
      const winner = won.indexOf(null);
      expect(won.filter((kept) => kept === null)).to.have.length(1);
      const others = won.filter((kept) => kept !== null);
      expect(others).to.deep.equal(
        Array.from({ length: RACERS - 1 }, () => ({ fingerprint: 'print', answer: `racer ${winner}` })),
      );
    });

    it('gives the key to the next when the first of those who wait for it gives up', async () => {
      const outcomes = await Promise.all([
        givingUp(subject().work, ({ keptAnswers }) => keptAnswers.take(1, 'key', 'print', NOON)),
        answer(1, 'key', 'second'),
      ]);
      expect(outcomes[1]).to.equal(null);
      expect((await take(1, 'key'))?.answer).to.equal('second');
    });

    it('forgets what is older than an instant', async () => {
      for (const age of [-1, 0, 1]) await answer(1, `${age}`, 'answer', NOON + age);
      await subject().work.run(({ keptAnswers }) => keptAnswers.removeBefore(NOON));
      const there = [];
      for (const age of [-1, 0, 1]) there.push((await take(1, `${age}`)) !== null);
      expect(there).to.deep.equal([false, true, true]);
    });
  });
};

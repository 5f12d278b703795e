import { expect } from 'chai';
import type { RateCounters } from '../../application/index.js';
import { race } from './racing.js';
import { NOON } from './samples.js';
import { forEachTest, type Closing } from './subject.js';

/** For RateCounters. */
export const rateCountersContract = (
  name: string,
  open: () => Promise<{ readonly counters: RateCounters } & Closing>,
): void => {
  describe(`${name} as a counter of attempts`, () => {
    const subject = forEachTest(open);
    const hit = (key: string, now = NOON) => subject().counters.hit(key, 1000, now);

    it('counts within a window, each key by itself, and begins again when it is over', async () => {
      expect(await hit('a')).to.deep.equal({ hits: 1, resetsAt: NOON + 1000 });
      expect(await hit('a', NOON + 999)).to.deep.equal({ hits: 2, resetsAt: NOON + 1000 });
      expect(await hit('Ω 測 🔌', NOON + 999)).to.deep.equal({ hits: 1, resetsAt: NOON + 1999 });
      expect(await hit('A', NOON + 999)).to.deep.equal({ hits: 1, resetsAt: NOON + 1999 });
      expect(await hit('a', NOON + 1000)).to.deep.equal({ hits: 1, resetsAt: NOON + 2000 });
    });

    it('takes one back, never below nothing, and forgets', async () => {
      const { counters } = subject();
      await hit('a');
      await counters.takeBack('a');
      await counters.takeBack('a');
      await counters.takeBack('nobody');
      expect((await hit('a')).hits).to.equal(1);
      await counters.forget('a');
      expect((await hit('a')).hits).to.equal(1);
    });

    it('throws away windows that are over, and no others', async () => {
      await hit('a');
      await hit('b', NOON + 1);
      await subject().counters.removeOver(NOON + 1000);
      expect((await hit('a')).hits).to.equal(1);
      expect((await hit('b')).hits).to.equal(2);
    });

    it('misses none of many at once', async () => {
      const { won } = await race(() => hit('a'));
      expect(won.map(({ hits }) => hits).sort((a, b) => a - b)).to.deep.equal(won.map((_, at) => at + 1));
    });
  });
};

import { expect } from 'chai';
import { forEachTest, type OpenSubject } from './subject.js';

/** For Leases. */
export const leasesContract = (name: string, open: OpenSubject<'leases'>): void => {
  describe(`${name} as a keeper of leases`, () => {
    const subject = forEachTest(open);

    it('gives a free lease to who asks first, and to nobody else while it lasts', async () => {
      const { leases } = subject();
      expect(await leases.acquire('a', 'one', 100, 100)).to.equal(true);
      expect(await leases.acquire('a', 'two', 100, 150)).to.equal(false);
      expect(await leases.acquire('b', 'two', 100, 150)).to.equal(true);
    });

    it('lets the holder renew it, so that it lasts longer', async () => {
      const { leases } = subject();
      expect(await leases.acquire('c', 'one', 100, 100)).to.equal(true);
      expect(await leases.acquire('c', 'one', 150, 150)).to.equal(true);
      expect(await leases.acquire('c', 'two', 150, 250)).to.equal(false);
    });

    it('gives it away at the instant at which it ends', async () => {
      const { leases } = subject();
      expect(await leases.acquire('d', 'one', 100, 100)).to.equal(true);
      expect(await leases.acquire('d', 'two', 101, 199)).to.equal(false);
      expect(await leases.acquire('d', 'two', 100, 200)).to.equal(true);
      expect(await leases.acquire('d', 'one', 150, 250)).to.equal(false);
    });

    it('gives away one that a clock far ahead wrote, and not one of a clock that is ahead a little', async () => {
      const { leases } = subject();
      expect(await leases.acquire('f', 'ahead', 100, 150)).to.equal(true);
      expect(await leases.acquire('f', 'two', 100, 50)).to.equal(false);
      expect(await leases.acquire('f', 'two', 100, 49)).to.equal(true);
      expect(await leases.acquire('f', 'three', 100, 50), 'as good as any').to.equal(false);
    });

    it('lets its holder write a right time over a wrong one', async () => {
      const { leases } = subject();
      expect(await leases.acquire('g', 'one', 100, 9000)).to.equal(true);
      expect(await leases.acquire('g', 'one', 100, 100)).to.equal(true);
      expect(await leases.acquire('g', 'two', 100, 199)).to.equal(false);
      expect(await leases.acquire('g', 'two', 100, 200)).to.equal(true);
    });

    it('takes it back from its holder only', async () => {
      const { leases } = subject();
      await leases.release('h', 'one');
      expect(await leases.acquire('h', 'one', 100, 100)).to.equal(true);
      await leases.release('h', 'two');
      expect(await leases.acquire('h', 'two', 100, 150)).to.equal(false);
      await leases.release('h', 'one');
      expect(await leases.acquire('h', 'two', 100, 150)).to.equal(true);
    });

    it('gives it to one of many who ask at once, new or over', async () => {
      const { leases } = subject();
      for (const now of [100, 200]) {
        const asked = Array.from({ length: 10 }, (_, n) => leases.acquire('e', `${now} ${n}`, 100, now));
        expect((await Promise.all(asked)).filter((got) => got)).to.have.length(1);
      }
    });
  });
};

import { expect } from 'chai';
import { forEachTest, type OpenSubject } from './subject.js';

/** For Leases. */
export const leasesContract = (name: string, open: OpenSubject<'leases'>): void => {
  describe(`${name} as a keeper of leases`, () => {
    const subject = forEachTest(open);

    it('gives a free lease to who asks first, and to nobody else while it lasts', async () => {
      const { leases } = subject();
      expect(await leases.acquire('a', 'one', 200, 100)).to.equal(true);
      expect(await leases.acquire('a', 'two', 250, 150)).to.equal(false);
      expect(await leases.acquire('b', 'two', 250, 150)).to.equal(true);
    });

    it('lets the holder renew it, so that it lasts longer', async () => {
      const { leases } = subject();
      expect(await leases.acquire('c', 'one', 200, 100)).to.equal(true);
      expect(await leases.acquire('c', 'one', 300, 150)).to.equal(true);
      expect(await leases.acquire('c', 'two', 400, 250)).to.equal(false);
    });

    it('gives it away at the instant at which it ends', async () => {
      const { leases } = subject();
      expect(await leases.acquire('d', 'one', 200, 100)).to.equal(true);
      expect(await leases.acquire('d', 'two', 300, 199)).to.equal(false);
      expect(await leases.acquire('d', 'two', 300, 200)).to.equal(true);
      expect(await leases.acquire('d', 'one', 400, 250)).to.equal(false);
    });

    it('gives it to one of many who ask at once, new or over', async () => {
      const { leases } = subject();
      for (const [now, until] of [
        [100, 200],
        [200, 300],
      ] as const) {
        const asked = Array.from({ length: 10 }, (_, n) => leases.acquire('e', `${now} ${n}`, until, now));
        expect((await Promise.all(asked)).filter((got) => got)).to.have.length(1);
      }
    });
  });
};

import { expect } from 'chai';
import type { Clock, IdSource, TokenDigest } from '../../application/index.js';

/** For a Clock. */
export const clockContract = (name: string, open: () => Promise<Clock>): void => {
  describe(`${name} as a clock`, () => {
    it('tells whole milliseconds, and never an earlier one than before', async () => {
      const clock = await open();
      let last = clock.now();
      for (let reading = 0; reading < 1_000; reading += 1) {
        const now = clock.now();
        expect(Number.isSafeInteger(now)).to.equal(true);
        expect(now).to.be.at.least(last);
        last = now;
      }
    });
  });
};

/** For an IdSource. */
export const idSourceContract = (name: string, open: () => Promise<IdSource>): void => {
  describe(`${name} as a source of identifiers`, () => {
    it('gives each one once, and none that is too long to keep', async () => {
      const ids = await open();
      const given = Array.from({ length: 10_000 }, () => ids.next());
      expect(new Set(given).size).to.equal(given.length);
      // Letters and digits that mean the same in a path, in a file name and in any letter case.
      for (const id of given) expect(id).to.match(/^[\w-]{1,36}$/);
      expect(new Set(given.map((id) => id.toLowerCase())).size).to.equal(given.length);
    });
  });
};

/** For a TokenDigest. */
export const tokenDigestContract = (name: string, open: () => Promise<TokenDigest>): void => {
  describe(`${name} as a digest of tokens`, () => {
    it('is the same for the same token and another for any other', async () => {
      const digest = await open();
      const tokens = ['', 'a', 'A', 'ä', 'Ω 🔌', 'a'.repeat(10_000), 'a'.repeat(10_001)];
      expect(tokens.map(digest)).to.deep.equal(tokens.map(digest));
      expect(new Set(tokens.map(digest)).size).to.equal(tokens.length);
    });

    it('fits where digests are kept, and hides the token', async () => {
      const digest = (await open())('a token');
      expect(digest).to.match(/^[0-9a-f]{1,64}$/);
      expect(digest).not.to.include('token');
    });
  });
};

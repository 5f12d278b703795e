import { expect } from 'chai';
import type { AccessToken } from '../../application/index.js';
import { NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const aToken = (other: Partial<AccessToken> = {}): Omit<AccessToken, 'id'> => ({
  ...{ digest: 'a', userId: 1, scope: 'user', deviceId: null, createdAt: NOON, expiresAt: null },
  ...other,
});

/** For the AccessTokens of a UnitOfWork and the AccessTokenDirectory. */
export const accessTokensContract = (name: string, open: OpenSubject<'work' | 'accessTokens'>): void => {
  describe(`${name} as a keeper of access tokens`, () => {
    const subject = forEachTest(open);
    const add = (token: Omit<AccessToken, 'id'>) => subject().work.run(({ accessTokens }) => accessTokens.add(token));

    it('finds them by digest while they last, and by owner', async () => {
      const { accessTokens } = subject();
      const forEver = await add(aToken({ scope: 'device', deviceId: 7 }));
      const forAWhile = await add(aToken({ digest: 'b', expiresAt: NOON + 1 }));
      const others = await add(aToken({ digest: 'c', userId: 2 }));
      expect(await accessTokens.withDigest('a', NOON)).to.deep.equal(forEver);
      expect(await accessTokens.withDigest('b', NOON)).to.deep.equal(forAWhile);
      expect(await accessTokens.withDigest('b', NOON + 1)).to.equal(null);
      expect(await accessTokens.withDigest('A', NOON)).to.equal(null);
      expect(await accessTokens.ofUser(1)).to.deep.equal([forEver, forAWhile]);
      expect(await accessTokens.ofUser(2)).to.deep.equal([others]);
    });

    it('forgets those that are revoked or over', async () => {
      const [one, two] = [await add(aToken()), await add(aToken({ digest: 'b', expiresAt: NOON }))];
      await subject().work.run(async ({ accessTokens }) => {
        expect(await accessTokens.find(one.id)).to.deep.equal(one);
        await accessTokens.remove(one.id);
        await accessTokens.removeOver(NOON);
        expect(await accessTokens.find(two.id)).to.equal(null);
        expect(await accessTokens.ofUser(1)).to.deep.equal([]);
      });
      expect(await subject().accessTokens.withDigest('a', NOON)).to.equal(null);
    });
  });
};

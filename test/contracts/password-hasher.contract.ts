import { expect } from 'chai';
import type { PasswordHasher } from '../../application/index.js';

/** The median is deaf to the one measurement that the machine disturbed. */
const medianTime = async (deed: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const began = performance.now();
    await deed();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[7] ?? 0;
};

/** For a PasswordHasher. */
export const passwordHasherContract = (name: string, open: () => Promise<PasswordHasher>): void => {
  describe(`${name} as a hasher of passwords`, () => {
    let hasher: PasswordHasher;

    before(async () => {
      hasher = await open();
    });

    it('knows the secret again', async () => {
      for (const secret of ['correct horse', 'pässwörd Ω 測 🔌', 'x'.repeat(72), ' spaces ']) {
        expect(await hasher.matches(secret, await hasher.hash(secret)), secret).to.equal(true);
      }
    });

    it('knows no other', async () => {
      const hash = await hasher.hash('correct horse');
      for (const secret of ['', 'correct', 'Correct horse', 'correct horse ', hash]) {
        expect(await hasher.matches(secret, hash), secret).to.equal(false);
      }
    });

    it('lets nobody in who is not known', async () => {
      for (const secret of ['', 'correct horse', 'nobody has this password']) {
        expect(await hasher.matches(secret, null)).to.equal(false);
      }
    });

    it('hides the secret, and that two people have the same', async () => {
      const [first, second] = [await hasher.hash('correct horse'), await hasher.hash('correct horse')];
      expect(first).not.to.include('correct');
      expect(first).not.to.equal(second);
      expect(Buffer.byteLength(first)).to.be.at.most(100);
    });

    it('reads a secret to its end, or refuses it for its length', async () => {
      const longest = 'x'.repeat(71);
      expect(await hasher.matches(`${longest}b`, await hasher.hash(`${longest}a`))).to.equal(false);
      for (const tooLong of ['x'.repeat(73), 'Ω'.repeat(37), 'x'.repeat(5_000)]) {
        let hash: string;
        try {
          hash = await hasher.hash(tooLong);
        } catch {
          continue;
        }
        expect(await hasher.matches(tooLong, hash), 'itself').to.equal(true);
        expect(await hasher.matches(tooLong.slice(0, -1), hash), 'without its end').to.equal(false);
        expect(await hasher.matches(`${tooLong.slice(0, -1)}y`, hash), 'with another end').to.equal(false);
      }
    });

    it('takes as long for a stranger as for a user', async () => {
      const hash = await hasher.hash('correct horse');
      const known = await medianTime(() => hasher.matches('wrong horse', hash));
      const unknown = await medianTime(() => hasher.matches('wrong horse', null));
      expect(unknown / known)
        .to.be.above(0.25)
        .and.below(4);
    });
  });
};

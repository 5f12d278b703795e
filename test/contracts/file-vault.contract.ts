import { expect } from 'chai';
import type { FileVault } from '../../application/index.js';
import { HOUR, type Instant } from '../../domain/index.js';
import { NOON } from './samples.js';
import { forEachTest, type Closing } from './subject.js';

/** A vault that keeps nothing yet, and a way to set the time by which it keeps. */
export interface VaultSubject extends Closing {
  readonly vault: FileVault;
  readonly setTime: (now: Instant) => void;
}

const bytes = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed) % 256);

const given = async function* (...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
};

const cutOff = async function* (...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
  throw new Error('the client is gone');
};

/** For a FileVault. */
export const fileVaultContract = (name: string, open: () => Promise<VaultSubject>): void => {
  describe(`${name} as a vault for files`, () => {
    const subject = forEachTest(open);
    beforeEach(() => {
      subject().setTime(NOON);
    });

    const keep = (file: string, ...chunks: readonly Uint8Array[]) => subject().vault.keep(file, given(...chunks));
    const read = async (file: string): Promise<Uint8Array | null> => {
      const content = await subject().vault.open(file);
      if (!content) return null;
      const whole: number[] = [];
      for await (const chunk of content) whole.push(...chunk);
      return Uint8Array.from(whole);
    };

    it('keeps every byte, and tells how many that are', async () => {
      const file = bytes(100_000);
      expect(
        await keep('one', file.slice(0, 3), file.slice(3, 70_000), new Uint8Array(0), file.slice(70_000)),
      ).to.equal(100_000);
      expect(await read('one')).to.deep.equal(file);
      expect(await keep('nothing')).to.equal(0);
      expect(await read('nothing')).to.deep.equal(new Uint8Array(0));
    });

    it('gives a file to many at once, and again', async () => {
      await keep('one', bytes(5000));
      const readings = await Promise.all([read('one'), read('one'), read('one')]);
      for (const reading of readings) expect(reading).to.deep.equal(bytes(5000));
    });

    it('keeps a copy: what happens to the bytes afterwards does not matter', async () => {
      const chunk = bytes(10);
      await keep('one', chunk);
      chunk.fill(0);
      expect(await read('one')).to.deep.equal(bytes(10));
    });

    it('has no file that was never kept, or that was removed', async () => {
      await keep('one', bytes(1));
      await subject().vault.remove('one');
      await subject().vault.remove('two');
      for (const file of ['one', 'two']) expect(await subject().vault.open(file)).to.equal(null);
    });

    it('keeps nothing of a file that is cut off, and says why', async () => {
      const { vault, setTime } = subject();
      let reason = '';
      await vault.keep('one', cutOff(bytes(70_000))).catch((error: unknown) => {
        reason = (error as Error).message;
      });
      expect(reason).to.equal('the client is gone');
      expect(await vault.open('one')).to.equal(null);
      setTime(NOON + HOUR);
      expect(await vault.keptBefore(NOON + HOUR)).to.deep.equal([]);
      await keep('one', bytes(3));
      expect(await read('one')).to.deep.equal(bytes(3));
    });

    it('keeps many files that come at once apart', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, nth) => keep(`file-${nth}`, bytes(3000, nth))));
      for (let nth = 0; nth < 20; nth += 1) expect(await read(`file-${nth}`)).to.deep.equal(bytes(3000, nth));
    });

    it('tells which files were kept before an instant', async () => {
      const { vault, setTime } = subject();
      expect(await vault.keptBefore(NOON)).to.deep.equal([]);
      await keep('old', bytes(1));
      setTime(NOON + HOUR);
      await keep('new', bytes(1));
      expect(await vault.keptBefore(NOON)).to.deep.equal([]);
      expect(await vault.keptBefore(NOON + HOUR)).to.deep.equal(['old']);
      expect(await vault.keptBefore(NOON + 2 * HOUR)).to.have.members(['old', 'new']);
    });
  });
};

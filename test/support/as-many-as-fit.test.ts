import { expect } from 'chai';
import fc from 'fast-check';
import { asManyAsFit } from './as-many-as-fit.js';

describe('a property that has little time', () => {
  const taking = (milliseconds: number, holds: (n: number) => boolean) => {
    const seen: number[] = [];
    const property = fc.asyncProperty(fc.nat(), async (n) => {
      seen.push(n);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return holds(n);
    });
    return { property, seen };
  };

  it('is held to one run though there was time for none', async () => {
    const { property, seen } = taking(30, () => true);
    await asManyAsFit(property, 1, { numRuns: 100 });
    expect(seen.length).to.be.within(1, 3);
    const never = taking(30, () => false);
    let failure: unknown = null;
    await asManyAsFit(never.property, 1, { numRuns: 100, endOnFailure: true }).catch((error: unknown) => {
      failure = error;
    });
    expect(String(failure)).to.include('Property failed');
  });

  it('fails with its seed when one of those that fit does not hold', async () => {
    const { property } = taking(0, (n) => n < 5);
    let failure: unknown = null;
    await asManyAsFit(property, 10_000, { numRuns: 100, seed: 7 }).catch((error: unknown) => {
      failure = error;
    });
    expect(String(failure)).to.include('seed: 7');
  });
});

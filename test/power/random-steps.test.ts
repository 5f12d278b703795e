import { expect } from 'chai';
import { walk } from './random-steps.js';

const SEED = Number(process.env.POWER_SEED ?? Date.now() % 2 ** 31);

describe(`power in a lab where everything happens at random (POWER_SEED=${SEED})`, function () {
  this.timeout(60_000);

  it('never takes it from an outlet in use, sends nothing twice, and comes to what it should be', async () => {
    const { violations, unsettled, sets, allowedSets, restarts, tooLate } = await walk(SEED, 600);
    expect(violations).to.deep.equal([]);
    expect(unsettled).to.deep.equal([]);
    expect(sets).to.be.at.most(allowedSets);
    expect(sets).to.be.above(20);
    expect(restarts).to.be.above(5);
    expect(tooLate).to.be.above(0);
  });
});

import { expect } from 'chai';
import { faultsOf, toggleOverBadNetwork } from './bad-network.js';

const SEED = Number(process.env.POWER_SEED ?? Date.now() % 2 ** 31);

describe(`switching over a network that loses a quarter of everything (POWER_SEED=${SEED})`, function () {
  this.timeout(60_000);

  it('ends 24 toggles of 8 devices confirmed or reported unconfirmed, with one SET for each change', async () => {
    const toggles = await toggleOverBadNetwork(SEED, 3);
    expect(toggles).to.have.length(24);
    expect(faultsOf(toggles)).to.deep.equal([]);
    expect(toggles.filter(({ outcome }) => outcome === 'confirmed').length).to.be.above(4);
  });
});

import { expect } from 'chai';
import { MemoryLeases } from '../../adapters/memory/leases.js';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import { DriveLease } from '../../application/index.js';
import { DAY } from '../../domain/index.js';
import { ManualClock } from '../support/manual-clock.js';

describe('the lease to drive PDUs', () => {
  it('is not kept from others by one whose clock was a day ahead', async () => {
    const [leases, clock] = [new MemoryLeases(new MemoryLab()), new ManualClock()];
    const ahead = new ManualClock(clock.now() + DAY);
    expect(await new DriveLease(leases, ahead, 'one').keep()).to.equal(true);
    const two = new DriveLease(leases, clock, 'two');
    expect([await two.keep(), two.isHeld()]).to.deep.equal([true, true]);
  });

  it('is given back by its holder only', async () => {
    const [leases, clock] = [new MemoryLeases(new MemoryLab()), new ManualClock()];
    const [one, two] = [new DriveLease(leases, clock, 'one'), new DriveLease(leases, clock, 'two')];
    expect([await one.keep(), await two.keep()]).to.deep.equal([true, false]);
    await two.release();
    expect(await new DriveLease(leases, clock, 'three').keep()).to.equal(false);
    await one.release();
    expect(await two.keep()).to.equal(true);
  });
});

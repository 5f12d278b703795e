import { expect } from 'chai';
import { defaultPowerPolicy, modeOf, type PowerPolicy } from '../../../domain/index.js';

const device = { type: 'ROADM', name: 'ROADM 1' };
const policy = (other: Partial<PowerPolicy>): PowerPolicy => ({ ...defaultPowerPolicy, ...other });

describe('the mode of an outlet', () => {
  it('is manual unless somebody says otherwise', () => {
    expect(modeOf(null, device, defaultPowerPolicy)).to.equal('manual');
    expect(modeOf(null, device, policy({ automation: 'on-demand' }))).to.equal('on_demand');
  });

  it('follows the device before its type, and the type before the lab', () => {
    const types = { deviceTypes: { ROADM: 'on-demand' } } as const;
    expect(modeOf(null, device, policy(types))).to.equal('on_demand');
    expect(modeOf(null, device, policy({ ...types, devices: { 'ROADM 1': 'off' } }))).to.equal('manual');
  });

  it('is as it was set for the outlet itself, before any policy', () => {
    expect(modeOf('on_demand', device, defaultPowerPolicy)).to.equal('on_demand');
    expect(modeOf('always_on', device, policy({ automation: 'on-demand' }))).to.equal('always_on');
  });

  it('is manual for all while automation is suspended, and for an outlet that feeds nothing known', () => {
    expect(modeOf('on_demand', device, policy({ automation: 'suspended' }))).to.equal('manual');
    expect(modeOf('on_demand', null, policy({ automation: 'on-demand' }))).to.equal('manual');
  });
});

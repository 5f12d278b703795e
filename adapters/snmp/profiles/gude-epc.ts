import type { FamilyProfile } from '../profile.js';

const GUDE = '1.3.6.1.4.1.28507.';

/** Twelve MIBs of one pattern: the model's number in the sysObjectID is its place in the tree. */
export const gudeEpc: FamilyProfile = {
  name: 'gude-epc',
  title: 'a Gude Expert Power Control',
  manufacturer: 'Gude',
  root: (sysObjectId) => {
    if (!sysObjectId.startsWith(GUDE)) return null;
    const [model = ''] = sysObjectId.slice(GUDE.length).split('.');
    return `${GUDE}${model}.1`;
  },
  signs: ['3.1.1.0'],
  identity: { model: [], serialNumber: [], firmware: [] },
  outlets: {
    places: { outlet: 0 },
    names: ['3.1.2.1.2'],
    state: { oid: '3.1.2.1.3', values: { 0: 'off', 1: 'on' } },
    on: { oid: '3.1.2.1.3', value: 1 },
    off: { oid: '3.1.2.1.3', value: 0 },
  },
  totals: {
    watts: [{ oid: '5.1.2.1.4' }],
    kilowattHours: [{ oid: '5.1.2.1.3', times: 0.001 }],
    amperes: [{ oid: '5.1.2.1.5', times: 0.001 }],
    celsius: [{ oid: '6.1.1.2', times: 0.1 }],
    relativeHumidity: [{ oid: '6.1.1.3', times: 0.1 }],
  },
};

import type { FamilyProfile } from '../profile.js';

/** PDU-MIB, before firmware called it PDU2. Its only temperature is that of its processor, which says nothing of the rack. */
export const raritanPx1: FamilyProfile = {
  name: 'raritan-px1',
  title: 'a Raritan Dominion PX (PX1)',
  manufacturer: 'Raritan',
  root: '1.3.6.1.4.1.13742.4.1',
  signs: ['2.1.0'],
  identity: { manufacturer: ['1.13.0'], model: ['1.12.0'], serialNumber: ['1.2.0'], firmware: ['1.1.0'] },
  outlets: {
    places: { outlet: 0 },
    names: ['2.2.1.2'],
    state: { oid: '2.2.1.3', values: { [-1]: 'unavailable', 0: 'off', 1: 'on', 2: 'transitioning' } },
    watts: { oid: '2.2.1.7' },
    on: { oid: '2.2.1.3', value: 1 },
    off: { oid: '2.2.1.3', value: 0 },
  },
  totals: {
    watts: [{ oid: '3.1.3.0' }, { oid: '20.2.1.9' }],
    kilowattHours: [{ oid: '20.2.1.12', times: 0.001 }],
    amperes: [{ oid: '20.2.1.7', times: 0.001 }],
  },
};

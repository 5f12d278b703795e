import type { FamilyProfile } from '../profile.js';

/** PowerNet-MIB, first generation. It measures nothing. Some answer an error to a SET that they carry out. */
export const apcSpdu: FamilyProfile = {
  name: 'apc-spdu',
  title: 'an APC MasterSwitch (sPDU)',
  manufacturer: 'APC',
  root: '1.3.6.1.4.1.318.1.1',
  signs: ['4.4.1.0'],
  identity: { model: ['4.1.4.0'], serialNumber: ['4.1.5.0'], firmware: ['4.1.2.0'] },
  outlets: {
    places: { outlet: 0 },
    names: ['4.4.2.1.4'],
    state: { oid: '4.4.2.1.3', values: { 1: 'on', 2: 'off' } },
    overrides: [{ oid: '4.4.2.1.2', values: { 1: 'transitioning' } }],
    on: { oid: '4.4.2.1.3', value: 1 },
    off: { oid: '4.4.2.1.3', value: 2 },
  },
  totals: {},
};

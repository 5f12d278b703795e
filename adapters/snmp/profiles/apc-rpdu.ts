import type { FamilyProfile } from '../profile.js';

/** PowerNet-MIB, second generation. */
export const apcRpdu: FamilyProfile = {
  name: 'apc-rpdu',
  title: 'an APC rPDU (AP78xx, AP79xx)',
  manufacturer: 'APC',
  root: '1.3.6.1.4.1.318.1.1',
  signs: ['12.3.1.3.0'],
  identity: { model: ['12.1.5.0'], serialNumber: ['12.1.6.0'], firmware: ['12.1.3.0'] },
  outlets: {
    places: { outlet: 0 },
    names: ['12.3.5.1.1.2'],
    state: { oid: '12.3.5.1.1.4', values: { 1: 'on', 2: 'off' } },
    overrides: [{ oid: '12.3.5.1.1.5', values: { 1: 'transitioning' } }],
    on: { oid: '12.3.3.1.1.4', value: 1 },
    off: { oid: '12.3.3.1.1.4', value: 2 },
  },
  totals: {
    watts: [{ oid: '12.1.16.0' }],
    // Rows of phases and of their banks: bank 0 is the phase itself.
    amperes: [{ oid: '12.2.3.1.1.2', times: 0.1, only: [{ oid: '12.2.3.1.1.5', is: [0] }] }],
  },
};

import type { FamilyProfile } from '../profile.js';

/** Rows of phases and of their banks: bank 0 is the phase itself. */
const PHASE = [{ oid: '3.2.3.1.1.5', is: [0] }];

/** CPS-MIB, first generation. */
export const cyberpowerEpdu: FamilyProfile = {
  name: 'cyberpower-epdu',
  title: 'a CyberPower ePDU',
  manufacturer: 'CyberPower',
  root: '1.3.6.1.4.1.3808.1.1',
  signs: ['3.3.1.3.0', '3.3.1.4.0'],
  identity: { model: ['3.1.5.0'], serialNumber: ['3.1.6.0'], firmware: ['3.1.3.0'] },
  outlets: {
    places: { outlet: 0 },
    names: ['3.3.5.1.1.2'],
    state: { oid: '3.3.5.1.1.4', values: { 1: 'on', 2: 'off' } },
    overrides: [{ oid: '3.3.5.1.1.5', values: { 1: 'transitioning' } }],
    watts: { oid: '3.3.5.1.1.8' },
    on: { oid: '3.3.3.1.1.4', value: 1 },
    off: { oid: '3.3.3.1.1.4', value: 2 },
  },
  totals: {
    watts: [{ oid: '3.2.3.1.1.7', only: PHASE }, { oid: '3.2.3.1.1.7' }],
    kilowattHours: [
      { oid: '3.2.3.1.1.10', times: 0.1, only: PHASE },
      { oid: '3.2.3.1.1.10', times: 0.1 },
    ],
    amperes: [
      { oid: '3.2.3.1.1.2', times: 0.1, only: PHASE },
      { oid: '3.2.3.1.1.2', times: 0.1 },
    ],
    celsius: [{ oid: '4.2.6.0', times: 0.1 }],
    relativeHumidity: [{ oid: '4.3.1.0' }],
  },
};

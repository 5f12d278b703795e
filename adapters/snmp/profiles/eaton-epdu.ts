import type { FamilyProfile } from '../profile.js';

const CONNECTED = 1;
/** The only phase, or each of three; 2 is the neutral conductor. */
const PHASES = [1, 3, 4, 5];
const TOTAL = 4;

/** EATON-EPDU-MIB. Units are counted from 0. What is set is a delay in seconds: 0 is at once, and some take nothing else. */
export const eatonEpdu: FamilyProfile = {
  name: 'eaton-epdu',
  title: 'an Eaton ePDU G3',
  manufacturer: 'Eaton',
  root: '1.3.6.1.4.1.534.6.6.7',
  signs: ['1.2.1.2.0', '1.2.1.22.0'],
  identity: { model: ['1.2.1.2'], serialNumber: ['1.2.1.4'], firmware: ['1.2.1.5'] },
  outlets: {
    places: { unit: 0, firstUnit: 0, outlet: 1 },
    names: ['6.1.1.3', '6.1.1.2'],
    state: { oid: '6.6.1.2', values: { 0: 'off', 1: 'on', 2: 'transitioning', 3: 'transitioning' } },
    watts: { oid: '6.5.1.3' },
    switchable: { oid: '6.6.1.9', is: [1] },
    on: { oid: '6.6.1.4', value: 0 },
    off: { oid: '6.6.1.3', value: 0 },
  },
  totals: {
    watts: [{ oid: '3.5.1.4' }, { oid: '3.4.1.4', only: [{ oid: '3.4.1.2', is: [TOTAL] }] }],
    kilowattHours: [{ oid: '3.5.1.5', times: 0.001 }],
    amperes: [{ oid: '3.3.1.4', times: 0.001, only: [{ oid: '3.3.1.2', is: PHASES }] }],
    celsius: [
      {
        oid: '7.1.1.4',
        times: 0.1,
        only: [{ oid: '7.1.1.3', is: [CONNECTED] }],
        fahrenheit: { oid: '1.2.1.9', is: [1] },
      },
    ],
    relativeHumidity: [{ oid: '7.2.1.4', times: 0.1, only: [{ oid: '7.2.1.3', is: [CONNECTED] }] }],
  },
};

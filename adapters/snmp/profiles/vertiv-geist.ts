import type { FamilyProfile } from '../profile.js';

/** VERTIV-V5-MIB. The scale of temperatures is 0 for Fahrenheit, where others count Celsius first. */
export const vertivGeist: FamilyProfile = {
  name: 'vertiv-geist',
  title: 'a Vertiv Geist rPDU',
  manufacturer: 'Vertiv',
  root: '1.3.6.1.4.1.21239.5.2',
  signs: ['3.5.1.4.1', '3.1.1.9.1'],
  identity: { model: ['1.8.0'], serialNumber: ['1.10.0'], firmware: ['1.2.0'] },
  outlets: {
    places: { outlet: 0 },
    names: ['3.5.1.3', '3.5.1.2'],
    state: {
      oid: '3.5.1.4',
      values: {
        1: 'on',
        2: 'off',
        3: 'transitioning',
        4: 'transitioning',
        5: 'transitioning',
        6: 'transitioning',
        7: 'unavailable',
      },
    },
    watts: { oid: '3.6.1.12' },
    on: { oid: '3.5.1.6', value: 2 },
    off: { oid: '3.5.1.6', value: 4 },
  },
  totals: {
    watts: [{ oid: '3.1.1.9' }, { oid: '3.2.1.12' }],
    kilowattHours: [
      { oid: '3.1.1.12', times: 0.001 },
      { oid: '3.2.1.15', times: 0.001 },
    ],
    amperes: [{ oid: '3.2.1.8', times: 0.01 }],
    celsius: [
      { oid: '4.1.5', times: 0.1, fahrenheit: { oid: '1.7.0', is: [0] } },
      { oid: '9.1.5', times: 0.1, fahrenheit: { oid: '1.7.0', is: [0] } },
    ],
    relativeHumidity: [{ oid: '9.1.6' }],
  },
};

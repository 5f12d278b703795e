import type { FamilyProfile } from '../profile.js';

const SWITCHED = 0;

/** Sentry4-MIB. */
export const servertechSentry4: FamilyProfile = {
  name: 'servertech-sentry4',
  title: 'a ServerTech PRO1 or PRO2 (Sentry4)',
  manufacturer: 'Server Technology',
  root: '1.3.6.1.4.1.1718.4.1',
  signs: ['1.1.1.0', '8.1.11.0'],
  identity: { model: ['2.2.1.5'], serialNumber: ['2.2.1.4', '1.1.5.0'], firmware: ['1.1.3.0'] },
  outlets: {
    places: { unit: 0, infeed: 1, outlet: 2 },
    names: ['8.2.1.3', '8.2.1.2'],
    state: { oid: '8.3.1.1', values: { 1: 'on', 2: 'off' } },
    overrides: [
      {
        oid: '8.3.1.2',
        // Purged, not found, lost, no communication, power error, breaker, fuse; 5 and 9 are readings that are not there.
        values: {
          2: 'unavailable',
          5: 'unknown',
          6: 'transitioning',
          7: 'unavailable',
          8: 'unavailable',
          9: 'unknown',
          10: 'unavailable',
          11: 'unavailable',
          12: 'unavailable',
          13: 'unavailable',
        },
      },
      { oid: '8.5.1.1', values: { 8: 'transitioning', 9: 'transitioning', 12: 'transitioning' } },
    ],
    watts: { oid: '8.3.1.7' },
    switchable: { oid: '8.2.1.5', bit: SWITCHED },
    on: { oid: '8.5.1.2', value: 1 },
    off: { oid: '8.5.1.2', value: 2 },
  },
  totals: {
    watts: [{ oid: '3.3.1.3' }],
    kilowattHours: [{ oid: '3.3.1.10', times: 0.1 }],
    amperes: [{ oid: '5.3.1.6', times: 0.01 }],
    celsius: [{ oid: '9.3.1.1', times: 0.1, fahrenheit: { oid: '9.1.10.0', is: [1] } }],
    relativeHumidity: [{ oid: '10.3.1.1' }],
  },
};

import type { FamilyProfile } from '../profile.js';

const POWER_CONTROL = 2;

/** Sentry3-MIB. How many outlets an infeed has differs from model to model, so that no row may be calculated. */
export const servertechSentry3: FamilyProfile = {
  name: 'servertech-sentry3',
  title: 'a ServerTech Sentry3 CDU',
  manufacturer: 'Server Technology',
  root: '1.3.6.1.4.1.1718.3',
  signs: ['1.4.0'],
  identity: { model: ['2.1.1.7'], serialNumber: ['2.1.1.6'], firmware: ['1.1.0'] },
  outlets: {
    places: { unit: 0, infeed: 1, outlet: 2 },
    names: ['2.3.1.3', '2.3.1.2'],
    // As sensed. An error (4, 5) is a state that differs from what was ordered; behind a blown fuse (8, 9) it tells nothing.
    state: {
      oid: '2.3.1.5',
      values: {
        0: 'off',
        1: 'on',
        2: 'transitioning',
        3: 'transitioning',
        6: 'unavailable',
        8: 'unavailable',
        9: 'unavailable',
      },
    },
    overrides: [{ oid: '2.3.1.10', values: { 8: 'transitioning', 10: 'transitioning', 11: 'transitioning' } }],
    watts: { oid: '2.3.1.14' },
    // Without this capability an order is accepted and does nothing.
    switchable: { oid: '2.3.1.4', bit: POWER_CONTROL },
    on: { oid: '2.3.1.11', value: 1 },
    off: { oid: '2.3.1.11', value: 2 },
  },
  totals: {
    watts: [{ oid: '1.6.0' }, { oid: '2.2.1.12' }],
    kilowattHours: [{ oid: '2.1.1.14' }, { oid: '2.2.1.16', times: 0.1 }],
    amperes: [{ oid: '2.2.1.7', times: 0.01 }],
    celsius: [
      {
        oid: '2.5.1.6',
        times: 0.1,
        only: [{ oid: '2.5.1.5', is: [0] }],
        fahrenheit: { oid: '2.5.1.13', is: [1] },
      },
    ],
    relativeHumidity: [{ oid: '2.5.1.10', only: [{ oid: '2.5.1.9', is: [0] }] }],
  },
};

import type { FamilyProfile } from '../profile.js';

const WORKING_SENSOR = { oid: '26.10.2.2.1.5', is: [1, 2] };

/** PowerNet-MIB, third generation. Off is 1 and on is 2 in what is read, and the other way round in what is set. */
export const apcRpdu2: FamilyProfile = {
  name: 'apc-rpdu2',
  title: 'an APC rPDU2 (AP8xxx, AP86xx, AP79xxB)',
  manufacturer: 'APC',
  root: '1.3.6.1.4.1.318.1.1',
  signs: ['26.9.1.0', '26.9.3.0'],
  identity: { model: ['26.2.1.8'], serialNumber: ['26.2.1.9'], firmware: ['26.2.1.6'] },
  outlets: {
    // Rows are counted through all units of a chain; only these columns say which outlet is meant.
    places: { unit: '26.9.2.3.1.2', outlet: '26.9.2.3.1.4' },
    names: ['26.9.2.3.1.3'],
    state: { oid: '26.9.2.3.1.5', values: { 1: 'off', 2: 'on' } },
    overrides: [{ oid: '26.9.2.3.1.6', values: { 1: 'transitioning' } }],
    watts: { oid: '26.9.4.3.1.7' },
    on: { oid: '26.9.2.4.1.5', value: 1 },
    off: { oid: '26.9.2.4.1.5', value: 2 },
    measured: { places: { unit: '26.9.4.3.1.2', outlet: '26.9.4.3.1.4' }, names: ['26.9.4.3.1.3'] },
  },
  totals: {
    // The older tables know single watts; the newer one steps of ten, or nothing on an AP79xxB.
    watts: [
      { oid: '12.1.16.0', ofFirstUnit: true },
      { oid: '26.4.3.1.5', times: 10 },
    ],
    kilowattHours: [{ oid: '26.4.3.1.9', times: 0.1 }],
    amperes: [{ oid: '26.6.3.1.5', times: 0.1 }],
    celsius: [{ oid: '26.10.2.2.1.8', times: 0.1, only: [WORKING_SENSOR] }],
    relativeHumidity: [{ oid: '26.10.2.2.1.10', only: [WORKING_SENSOR] }],
  },
};

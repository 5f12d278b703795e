import type { FamilyProfile } from '../profile.js';

/** CPS-MIB, second generation. On is 1 and off is 2 both in what is read and in what is set, unlike APC's tables of that shape. */
export const cyberpowerEpdu2: FamilyProfile = {
  name: 'cyberpower-epdu2',
  title: 'a CyberPower ePDU of the second generation',
  manufacturer: 'CyberPower',
  root: '1.3.6.1.4.1.3808.1.1',
  signs: ['6.6.1.1.0'],
  identity: { model: ['3.1.5.0'], serialNumber: ['3.1.6.0'], firmware: ['3.1.3.0'] },
  outlets: {
    places: { unit: '6.6.1.4.1.2', outlet: '6.6.1.4.1.3' },
    names: ['6.6.1.4.1.4'],
    state: { oid: '6.6.1.4.1.5', values: { 1: 'on', 2: 'off' } },
    overrides: [{ oid: '6.6.1.4.1.6', values: { 1: 'transitioning' } }],
    watts: { oid: '6.6.2.4.1.7' },
    on: { oid: '6.6.1.5.1.5', value: 1 },
    off: { oid: '6.6.1.5.1.5', value: 2 },
  },
  totals: {
    watts: [{ oid: '6.3.4.1.18' }],
    amperes: [{ oid: '6.3.4.1.5', times: 0.1 }],
    celsius: [{ oid: '4.2.6.0', times: 0.1 }],
    relativeHumidity: [{ oid: '4.3.1.0' }],
  },
};

import type { FamilyProfile, Quantity } from '../profile.js';

const CURRENT = 1;
const ACTIVE_POWER = 5;
const ACTIVE_ENERGY = 8;
const TEMPERATURE = 10;
const HUMIDITY = 11;
const DEGREES_FAHRENHEIT = 14;

/** How many decimals a value has differs from model to model, so that it is always read along. */
const inlet = (sensor: number, times = 1): Quantity => ({ oid: '5.2.3.1.4', sensor, digits: '3.3.4.1.7', times });

const external = (type: number): Quantity => ({
  oid: '5.5.3.1.4',
  digits: '3.6.3.1.17',
  only: [
    { oid: '3.6.3.1.2', is: [type] },
    { oid: '5.5.3.1.2', is: [1] },
  ],
  fahrenheit: { oid: '3.6.3.1.16', is: [DEGREES_FAHRENHEIT] },
  signed: true,
});

/** PDU2-MIB. */
export const raritanPdu2: FamilyProfile = {
  name: 'raritan-pdu2',
  title: 'a Raritan PX2, PX3, PX4 or PXO, a ServerTech PRO3X or PRO4X, or a Legrand of that kind',
  manufacturer: 'Raritan',
  root: '1.3.6.1.4.1.13742.6',
  signs: ['3.1.0'],
  identity: {
    manufacturer: ['3.2.1.1.2'],
    model: ['3.2.1.1.3'],
    serialNumber: ['3.2.1.1.4'],
    firmware: ['3.2.3.1.6'],
  },
  outlets: {
    places: { unit: 0, outlet: 1 },
    names: ['3.5.3.1.3', '3.5.3.1.2'],
    // Sensor states; -1 unavailable, 14 failed, 26 fault.
    state: {
      oid: '4.1.2.1.3',
      values: { 7: 'on', 8: 'off', [-1]: 'unavailable', 14: 'unavailable', 26: 'unavailable' },
    },
    watts: { oid: '5.4.3.1.4', sensor: ACTIVE_POWER, digits: '3.5.4.1.7' },
    switchable: { oid: '3.5.3.1.28', is: [1] },
    on: { oid: '4.1.2.1.2', value: 1 },
    off: { oid: '4.1.2.1.2', value: 0 },
  },
  totals: {
    watts: [inlet(ACTIVE_POWER)],
    // In Wh. The signed column next to it shows 0 for energy.
    kilowattHours: [inlet(ACTIVE_ENERGY, 0.001)],
    amperes: [inlet(CURRENT)],
    celsius: [external(TEMPERATURE)],
    relativeHumidity: [external(HUMIDITY)],
  },
};

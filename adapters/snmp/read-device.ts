import type { PduIdentity, PduReading } from '../../application/index.js';
import { isSingle, rounded, textIn, type Cells } from './cells.js';
import type { FamilyProfile, Quantity } from './profile.js';
import type { SnmpValue } from './snmp-session.js';

export const SYSTEM_DESCRIPTION = '1.3.6.1.2.1.1.1.0';
export const SYSTEM_OBJECT_ID = '1.3.6.1.2.1.1.2.0';

const objectsOf = ({ oid, digits, only = [], fahrenheit }: Quantity): string[] => [
  oid,
  ...(digits === undefined ? [] : [digits]),
  ...only.map((saying) => saying.oid),
  ...(fahrenheit ? [fahrenheit.oid] : []),
];

/** All that tells of the device as a whole, by kind. */
export const deviceObjects = ({ identity, totals }: FamilyProfile, what: 'identity' | 'everything') => {
  const wanted = Object.values(identity).flat();
  if (what === 'everything') wanted.push(...Object.values(totals).flat().flatMap(objectsOf));
  const objects = [...new Set(wanted)];
  return { single: objects.filter(isSingle), columns: objects.filter((oid) => !isSingle(oid)) };
};

export const readIdentity = (profile: FamilyProfile, cells: Cells, description: SnmpValue | undefined): PduIdentity => {
  const { manufacturer = [], model, serialNumber, firmware } = profile.identity;
  return {
    driver: profile.name,
    manufacturer: cells.firstText(manufacturer) ?? profile.manufacturer,
    model: cells.firstText(model) ?? textIn(description),
    serialNumber: cells.firstText(serialNumber),
    firmware: cells.firstText(firmware),
  };
};

type Totals = Omit<PduReading, 'identity' | 'outlets'>;

/** @param units how many units the outlets belong to. */
export const readTotals = ({ totals }: FamilyProfile, cells: Cells, units: number): Totals => {
  const first = (
    places: readonly Quantity[] | undefined,
    together: (values: readonly number[]) => number,
  ): number | null => {
    for (const quantity of places ?? []) {
      if (quantity.ofFirstUnit && units > 1) continue;
      const values = cells.allMeasured(quantity);
      if (values.length > 0) return rounded(together(values));
    }
    return null;
  };
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const highest = (values: readonly number[]) => Math.max(...values);
  return {
    watts: first(totals.watts, sum),
    kilowattHours: first(totals.kilowattHours, sum),
    amperes: first(totals.amperes, sum),
    celsius: first(totals.celsius, highest),
    relativeHumidity: first(totals.relativeHumidity, highest),
  };
};

import type { OutletReading } from '../../application/index.js';
import type { OutletState } from '../../domain/index.js';
import { numberIn, textIn, type Cells } from './cells.js';
import { numbersOf } from './oids.js';
import type { Command, OutletColumns, OutletPlaces, Place, Quantity } from './profile.js';

const INFEED = 100;
const UNIT = 1_000;

/**
 * The outlet's number: as printed on the front of the first unit, 100 more for each further infeed and 1000 more for
 * each further unit. It follows from the place of the outlet alone, so that it stays when another unit or infeed is
 * not there.
 */
const numberOfOutlet = (places: OutletPlaces, row: string, cells: Cells): number | null => {
  const index = numbersOf(row);
  const part = (place: Place): number | null =>
    typeof place === 'number' ? (index[place] ?? null) : numberIn(cells.at(place, row));
  const outlet = part(places.outlet);
  if (outlet === null || outlet < 1) return null;
  const infeed = places.infeed === undefined ? 1 : (part(places.infeed) ?? 1);
  const unit = places.unit === undefined ? 1 : (part(places.unit) ?? 1) - (places.firstUnit ?? 1) + 1;
  // A device that stands alone may call its unit -1.
  return outlet + INFEED * (Math.max(1, infeed) - 1) + UNIT * (Math.max(1, unit) - 1);
};

const stateOf = ({ state, overrides = [] }: OutletColumns, row: string, cells: Cells): OutletState => {
  for (const { oid, values } of overrides) {
    const said = numberIn(cells.at(oid, row));
    const meant = said === null ? undefined : values[said];
    if (meant !== undefined) return meant;
  }
  const said = numberIn(cells.at(state.oid, row));
  return (said === null ? undefined : state.values[said]) ?? 'unknown';
};

const hasBit = (bits: unknown, bit: number): boolean =>
  Buffer.isBuffer(bits) && ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;

const isSwitchable = ({ switchable, state }: OutletColumns, row: string, cells: Cells): boolean => {
  if (cells.at(state.oid, row) === null) return false;
  if (switchable === undefined) return true;
  return 'bit' in switchable ? hasBit(cells.at(switchable.oid, row), switchable.bit) : cells.says(switchable, row);
};

const firstText = (oids: readonly string[], row: string, cells: Cells): string | null => {
  for (const oid of oids) {
    const text = textIn(cells.at(oid, row));
    if (text !== null) return text;
  }
  return null;
};

/** Where a quantity of an outlet is read. */
const rowOf = ({ sensor }: Quantity, row: string): string => (sensor === undefined ? row : `${row}.${sensor}`);

/** Every column that tells of outlets, but for those in which a row has several sensors. */
export const outletColumns = ({ places, names, state, overrides = [], watts, switchable }: OutletColumns): string[] =>
  [
    ...Object.values(places).filter((place) => typeof place === 'string'),
    ...names,
    state.oid,
    ...overrides.map(({ oid }) => oid),
    ...(watts && watts.sensor === undefined ? [watts.oid] : []),
    ...(switchable ? [switchable.oid] : []),
  ].filter((oid, place, all) => all.indexOf(oid) === place);

/** The sensors of a row that belong to no column of outlets, as pairs of column and row. */
export const outletSensors = ({ watts }: OutletColumns, row: string): [string, string][] =>
  watts?.sensor === undefined
    ? []
    : [watts.oid, ...(watts.digits === undefined ? [] : [watts.digits])].map((oid) => [oid, rowOf(watts, row)]);

const orderOf = ({ oid, value }: Command, row: string, root: string): string =>
  `${root}.${oid}.${row} = INTEGER ${value}`;

/**
 * One row as an outlet; null when it says not of which.
 * @param root of the device's tree, below which the columns are.
 */
export const readOutlet = (columns: OutletColumns, row: string, cells: Cells, root: string): OutletReading | null => {
  const number = numberOfOutlet(columns.places, row, cells);
  if (number === null) return null;
  const switchable = isSwitchable(columns, row, cells);
  return {
    number,
    name: firstText(columns.names, row, cells),
    state: stateOf(columns, row, cells),
    watts: columns.watts ? cells.measured(columns.watts, rowOf(columns.watts, row)) : null,
    switchable,
    ...(switchable && { orders: { on: orderOf(columns.on, row, root), off: orderOf(columns.off, row, root) } }),
  };
};

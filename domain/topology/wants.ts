import { nameKey } from '../shared/index.js';
import type { FirmwareRange, Quantity, Wants } from './logical-topology.js';
import type { InlineWay, PlantDevice } from './plant.js';
import { readQuantity } from './quantity.js';
import type { ReasonCode } from './resolution.js';

/** One wish and how well a device meets it. */
export interface Wish {
  readonly name: string;
  readonly code: ReasonCode;
  /** From 0 to 1; null where the inventory does not say. */
  readonly grade: (device: PlantDevice) => number | null;
  /** What was wanted, in words. */
  readonly wanted: string;
  /** What the device has, in words. */
  readonly found: (device: PlantDevice) => string;
}

/** The ways through a device, by its id. */
export type WaysOf = ReadonlyMap<number, readonly InlineWay[]>;

/** Asks `find` once for each text. */
const remembering = <T>(find: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const found = find(text);
    known.set(text, found);
    return found;
  };
};

const versionParts = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number);

/** Below 0 when `a` is the older version. */
const compareVersions = (a: string, b: string): number => {
  const [left, right] = [versionParts(a), versionParts(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

const inRange = ({ min, max }: FirmwareRange, firmware: string | null): number | null => {
  if (firmware === null) return null;
  const isOld = min !== undefined && compareVersions(firmware, min) < 0;
  const isNew = max !== undefined && compareVersions(firmware, max) > 0;
  return Number(!isOld && !isNew);
};

const portsOf = ({ ports }: PlantDevice, kind: string | undefined): number =>
  kind === undefined ? ports.length : ports.filter((port) => port.kind !== null && nameKey(port.kind) === kind).length;

/** More of these is no better: they are wanted as they are. */
const EXACT = new Set(['length', 'loss', 'wavelength']);

const knownQuantity = (
  name: string,
  unit: string,
  device: PlantDevice,
  ways: WaysOf,
  read: (tag: string) => Quantity | false,
): number | null => {
  const way = ways.get(device.id)?.[0];
  if (way && name === 'length' && way.lengthKm > 0) return way.lengthKm;
  if (way && name === 'gain' && way.lossDb < 0) return -way.lossDb;
  if (way && name === 'loss' && way.lossDb > 0) return way.lengthKm > 0 ? way.lossDb / way.lengthKm : way.lossDb;
  if (unit === '') return null;
  let most: number | null = null;
  for (const tag of device.tags) {
    const quantity = read(tag);
    if (quantity !== false && quantity.unit === unit) most = Math.max(most ?? -Infinity, quantity.value);
  }
  return most;
};

const closeness = (name: string, wanted: number, found: number): number => {
  if (wanted === found) return 1;
  if (wanted <= 0 || found <= 0) return 0;
  if (!EXACT.has(name)) return Math.min(1, found / wanted);
  return Math.min(wanted, found) / Math.max(wanted, found);
};

const quantityWish = (name: string, { value, unit }: Quantity, ways: WaysOf): Wish => {
  const read = remembering((tag) => readQuantity(tag) ?? false);
  const known = (device: PlantDevice) => knownQuantity(name, unit, device, ways, read);
  return {
    name,
    code: 'C2.quantity',
    wanted: `${value}${unit}`,
    grade: (device) => {
      const found = known(device);
      return found === null ? null : closeness(name, value, found);
    },
    found: (device) => {
      const found = known(device);
      return found === null ? 'unknown' : `${found}${unit}`;
    },
  };
};

const textWish = (
  name: 'vendor' | 'model' | 'site',
  wanted: string,
  read: (device: PlantDevice) => string | null,
): Wish => {
  const key = nameKey(wanted);
  const isIt = remembering((found) => Number(nameKey(found) === key));
  return {
    name,
    code: `C2.${name}`,
    wanted,
    grade: (device) => {
      const found = read(device);
      return found === null ? null : isIt(found);
    },
    found: (device) => read(device) ?? 'unknown',
  };
};

const tagWishes = ({ tagsAll = [], tagsAny = [], tagsNone = [] }: Wants): Wish[] => {
  const wish = (wanted: string, tags: readonly string[], grade: (hits: number) => number): Wish[] => {
    if (tags.length === 0) return [];
    const keys = new Set(tags.map(nameKey));
    const key = remembering(nameKey);
    const hits = (device: PlantDevice) => new Set(device.tags.map(key).filter((tag) => keys.has(tag))).size;
    return [
      {
        name: 'tags',
        code: 'C2.tags',
        wanted: `${wanted} ${tags.join(', ')}`,
        grade: (device) => grade(hits(device)),
        found: (device) => (device.tags.length === 0 ? 'no tags' : device.tags.join(', ')),
      },
    ];
  };
  return [
    ...wish('all of', tagsAll, (hits) => hits / new Set(tagsAll.map(nameKey)).size),
    ...wish('any of', tagsAny, (hits) => Number(hits > 0)),
    ...wish('none of', tagsNone, (hits) => Number(hits === 0)),
  ];
};

/** The wishes in a fixed order. */
export const wishesOf = (wants: Wants, ways: WaysOf): Wish[] => {
  const { ports, portKind, vendor, model, site, firmware, quantities = {} } = wants;
  const kind = portKind === undefined ? undefined : nameKey(portKind);
  const least = ports ?? (portKind === undefined ? 0 : 1);
  const wishes: Wish[] = [];
  if (least > 0) {
    wishes.push({
      name: 'ports',
      code: 'C2.ports',
      wanted: `${least} ${portKind ?? ''} ports`.replace('  ', ' '),
      grade: (device) => Math.min(1, portsOf(device, kind) / least),
      found: (device) => String(portsOf(device, kind)),
    });
  }
  if (vendor !== undefined) wishes.push(textWish('vendor', vendor, (device) => device.manufacturer));
  if (model !== undefined) wishes.push(textWish('model', model, (device) => device.model));
  if (site !== undefined) wishes.push(textWish('site', site, (device) => device.site));
  if (firmware) {
    wishes.push({
      name: 'firmware',
      code: 'C2.firmware',
      wanted: [firmware.min && `at least ${firmware.min}`, firmware.max && `at most ${firmware.max}`]
        .filter(Boolean)
        .join(', '),
      grade: (device) => inRange(firmware, device.firmware),
      found: (device) => device.firmware ?? 'unknown',
    });
  }
  wishes.push(...tagWishes(wants));
  for (const name of Object.keys(quantities).sort()) wishes.push(quantityWish(name, quantities[name]!, ways));
  return wishes;
};

/** From here on a wanted number counts as met: nobody's spool is 25.000 km long. */
const MET = 0.95;

/** The code of the first hard wish that the device misses; null when it meets all. What is unknown is missed. */
export const missedBy = (device: PlantDevice, wishes: readonly Wish[]): ReasonCode | null => {
  for (const { code, grade } of wishes) {
    const met = grade(device) ?? 0;
    if (met < (code === 'C2.quantity' ? MET : 1)) return code;
  }
  return null;
};

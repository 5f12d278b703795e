import { nameKey } from '../shared/index.js';
import type { Quantity, Wants } from './logical-topology.js';
import type { InlineWay, PlantDevice } from './plant.js';
import { readQuantity } from './quantity.js';

/*
 * What is asked of a device read once more, for the check of answers: from the words of the request to the inventory,
 * not over the grades that the search works with.
 */

/** Measured values meet a wish that they miss by no more than one part in twenty. */
const LENIENCE = 0.95 - 1e-9;
const WANTED_AS_IT_IS: readonly string[] = ['length', 'loss', 'wavelength'];

const isSame = (wanted: string | undefined, found: string | null): boolean =>
  wanted === undefined || (found !== null && nameKey(found) === nameKey(wanted));

const numbersIn = (version: string): number[] => version.split(/\D+/).filter(Boolean).map(Number);

const isOlder = (version: string, than: string): boolean => {
  const [own, other] = [numbersIn(version), numbersIn(than)];
  const at = Array.from({ length: Math.max(own.length, other.length) }, (_, place) => place).find(
    (place) => (own[place] ?? 0) !== (other[place] ?? 0),
  );
  return at !== undefined && (own[at] ?? 0) < (other[at] ?? 0);
};

/** What is measured of the fibre that runs through the device; null where nothing runs through it. */
const measured = (name: string, way: InlineWay | undefined): number | null => {
  if (way === undefined) return null;
  if (name === 'length') return way.lengthKm || null;
  if (name === 'gain') return way.lossDb < 0 ? -way.lossDb : null;
  if (name !== 'loss' || way.lossDb <= 0) return null;
  return way.lengthKm > 0 ? way.lossDb / way.lengthKm : way.lossDb;
};

const isMet = (name: string, wanted: Quantity, device: PlantDevice, way: InlineWay | undefined): boolean => {
  const fibre = measured(name, way);
  const tagged = device.tags.flatMap((tag) => {
    const quantity = wanted.unit === '' ? null : readQuantity(tag);
    return quantity?.unit === wanted.unit ? [quantity.value] : [];
  });
  const found = fibre ?? (tagged.length === 0 ? null : Math.max(...tagged));
  if (found === null) return false;
  if (found === wanted.value) return true;
  if (found <= 0 || wanted.value <= 0 || found < LENIENCE * wanted.value) return false;
  return !WANTED_AS_IT_IS.includes(name) || wanted.value >= LENIENCE * found;
};

/**
 * Which of the wishes a device does not meet, by name; empty when it meets them all. What the inventory does not say is
 * not met.
 * @param way the first way through the device, if there is one.
 */
export const wantsMissedBy = (wants: Wants, device: PlantDevice, way: InlineWay | undefined): string[] => {
  const { vendor, model, site, firmware, ports, portKind, tagsAll = [], tagsAny = [], tagsNone = [] } = wants;
  const tags = new Set(device.tags.map(nameKey));
  const has = (tag: string) => tags.has(nameKey(tag));
  const kind = portKind === undefined ? null : nameKey(portKind);
  const fitting = device.ports.filter((port) => kind === null || (port.kind !== null && nameKey(port.kind) === kind));
  const version = device.firmware;
  const checks: readonly (readonly [name: string, isMet: boolean])[] = [
    ['vendor', isSame(vendor, device.manufacturer)],
    ['model', isSame(model, device.model)],
    ['site', isSame(site, device.site)],
    ['ports', fitting.length >= (ports ?? (kind === null ? 0 : 1))],
    ['tags', tagsAll.every(has) && !tagsNone.some(has) && (tagsAny.length === 0 || tagsAny.some(has))],
    [
      'firmware',
      firmware === undefined ||
        (version !== null &&
          !(firmware.min !== undefined && isOlder(version, firmware.min)) &&
          !(firmware.max !== undefined && isOlder(firmware.max, version))),
    ],
    ...Object.entries(wants.quantities ?? {}).map(
      ([name, wanted]) => [name, isMet(name, wanted, device, way)] as const,
    ),
  ];
  return checks.filter(([, met]) => !met).map(([name]) => name);
};

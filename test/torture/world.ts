import { DAY, HOUR, type LabZone } from '../../domain/index.js';
import type { Lab } from '../../composition/compose.js';
import { importDevices } from '../support/devices.js';
import type { LightClient } from '../support/light-client.js';
import type { DeviceFacts } from './device-ledger.js';
import type { Dice } from './dice.js';
import type { Figures } from './figures.js';
import type { Fleet } from './fleet.js';
import { Ledger } from './ledger.js';
import type { Outages } from './outages.js';

/** Devices of this type are confirmed at once; the configuration of the servers says so. */
export const AUTOMATIC_TYPE = 'OTDR';

/** The type of devices that administrators lend to the lab and take away again. */
export const LOAN_TYPE = 'Loan';

/** A device that is there from the beginning. */
export interface Stock {
  readonly id: number;
  readonly oiId: string;
  readonly facts: DeviceFacts;
}

/** Somebody who keeps asking. */
export interface Person {
  readonly number: number;
  readonly id: number;
  readonly username: string;
  readonly administrator: boolean;
  readonly client: LightClient;
  /** Own groups that were granted and, as far as is known, still hold, each with its bookings. */
  readonly groups: Map<string, number[]>;
  /** Own bookings that are over. */
  readonly over: number[];
  /** Own favourites: ids by group. */
  readonly favourites: Map<string, number>;
  steps: number;
}

/** What the torture is about: who, with what, on which servers. */
export interface World {
  readonly seed: number;
  readonly fleet: Fleet;
  readonly figures: Figures;
  readonly outages: Outages;
  /** How long people think before they do something, in milliseconds, on average. */
  readonly pause: number;
  readonly ledger: Ledger;
  /** Devices whose names nobody touches. */
  readonly settled: readonly Stock[];
  /** Port rows that administrators move between the shelves. */
  readonly shifting: readonly Stock[];
  readonly people: readonly Person[];
  /** Maintenance that was announced and not called off yet. */
  readonly announced: { readonly deviceId: number; readonly windowId: number; readonly reason: string }[];
  readonly zone: LabZone;
  /** Lab midnight before the first bookable day. */
  readonly today: number;
  /** Opens the lab as the command line does, beside the servers. */
  withLab<Result>(use: (lab: Lab) => Promise<Result>): Promise<Result>;
  /** Something that must not be. */
  accuse(violation: string): void;
}

export const SHELVES = ['Shelf 1', 'Shelf 2', 'Shelf 3', 'Shelf 4'] as const;

const stockOf = async (
  lab: Lab,
  entries: readonly { name: string; type: string; port?: number }[],
): Promise<Stock[]> => {
  const lines = entries.map(({ name, type, port }, index) => ({
    oi_id: `OI-${type}-${index + 1}`,
    name,
    device_type: type,
    category: 'OPTICAL',
    ...(port !== undefined && { in_port: String(port), out_port: String(port) }),
  }));
  const ids = await importDevices(lab, lines);
  return entries.map(({ name, type, port }, index) => ({
    id: ids[index] ?? 0,
    oiId: lines[index]?.oi_id ?? '',
    facts: { type, name, status: 'active', inPort: port ?? null },
  }));
};

const numbered = (count: number, type: string, firstPort?: number) =>
  Array.from({ length: count }, (_, n) => ({
    name: `${type} ${n + 1}`,
    type,
    ...(firstPort !== undefined && { port: firstPort + n }),
  }));

/** Fills an empty lab with the devices that are tortured. */
export const stockLab = async (lab: Lab, zone: LabZone): Promise<Pick<World, 'settled' | 'shifting' | 'ledger'>> => {
  const twoRows = [1, 2, 1, 2].map((n, index) => ({ name: `Switch ${n}`, type: 'Switch', port: 300 + index }));
  const settled = [
    ...(await stockOf(lab, numbered(8, 'ROADM'))),
    ...(await stockOf(lab, numbered(5, AUTOMATIC_TYPE))),
    ...(await stockOf(lab, twoRows)),
  ];
  const onShelves = Array.from({ length: 10 }, (_, n) => ({
    name: SHELVES[n % SHELVES.length] ?? '',
    type: 'Shelf',
    port: 100 + n,
  }));
  const shifting = await stockOf(lab, onShelves);
  const ledger = new Ledger({ zone, settledDeviceIds: new Set(settled.map(({ id }) => id)) });
  for (const { id, facts } of [...settled, ...shifting]) ledger.devices.begins(id, facts);
  return { settled, shifting, ledger };
};

/** Days ahead in which people book. */
const DAYS = 12;

/** A slot of two or four hours in daytime on one of the coming days; sometimes one that is over in a moment. */
export const someSlot = (dice: Dice, today: number): { startsAt: number; endsAt: number } => {
  const day = 1 + dice.below(DAYS);
  const startsAt = today + day * DAY + (8 + 2 * dice.below(5)) * HOUR;
  const endsAt = startsAt + 2 * HOUR * (1 + dice.below(2));
  const shortly = 1500 + dice.below(4000);
  if (!dice.chance(5)) return { startsAt, endsAt };
  return { startsAt: Date.now() - HOUR / 60, endsAt: Date.now() + shortly };
};

export const onDay = (slot: { startsAt: number; endsAt: number }, days: number) => ({
  startsAt: slot.startsAt + days * DAY,
  endsAt: slot.endsAt + days * DAY,
});

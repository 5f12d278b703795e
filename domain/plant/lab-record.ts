import { isBookable, thingOf, type DeviceStatus } from '../inventory/index.js';
import { groupBy, nameKey, type TimeSlot } from '../shared/index.js';
import type { HeldPort, HeldTrunk, PatchSwitch, Plant, PlantDevice, PlantPort } from '../topology/index.js';
import { declaredPorts, isSwitchPorts } from './device-ports.js';
import type { Link } from './link.js';
import type { CrossConnect } from './trace.js';

/** What the plant knows of one inventory row. */
export interface PlantRow {
  readonly id: number;
  /** The same for all rows of one device: rows of one type and name in any letter case. */
  readonly thingKey: string;
  readonly oiId: string | null;
  readonly type: string;
  readonly name: string;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly site: string | null;
  readonly status: DeviceStatus;
  readonly schedulable: boolean;
  /** `name:kind` as declared. */
  readonly ports: readonly string[];
  readonly tags: readonly string[];
}

/** Slots as triples of id, start and end: flat, so that many of them travel between threads at little cost. */
export type SlotTriples = Float64Array;

/** How often a device was used until the end, and how often it failed before. */
export interface PastUse {
  readonly thingId: number;
  readonly ok: number;
  readonly faults: number;
}

/** Everything that stores know about the lab as far as a topology goes, or a part of it. */
export interface LabPart {
  readonly rows?: readonly PlantRow[];
  readonly links?: readonly Link[];
  /** By thing id. */
  readonly busy?: SlotTriples;
  /** Those of the busy slots that the person has who asks: next to these no turnaround is kept. By thing id. */
  readonly own?: SlotTriples;
  /** By row id. */
  readonly maintenance?: SlotTriples;
  readonly held?: readonly (CrossConnect & { readonly slot: TimeSlot })[];
  readonly uses?: readonly PastUse[];
}

/** How long devices stay free between two people, in milliseconds. */
export interface Turnarounds {
  readonly usual: number;
  /** Exceptions, by the `nameKey` of a type. */
  readonly byType: Readonly<Record<string, number>>;
}

const NO_TURNAROUND: Turnarounds = { usual: 0, byType: {} };

/** The thing of each row: the lowest row of its device. */
export const thingIdsOf = (rows: readonly Pick<PlantRow, 'id' | 'thingKey'>[]): Map<number, number> => {
  const leads = new Map<string, number>();
  for (const { id, thingKey } of rows) leads.set(thingKey, Math.min(id, leads.get(thingKey) ?? id));
  return new Map(rows.map(({ id, thingKey }) => [id, leads.get(thingKey) ?? id]));
};

const slotKey = (owner: number, start: number, end: number): string => `${owner}/${start}/${end}`;

/**
 * @param idOf the owner of a triple's id.
 * @param close keys of slots that have no margin.
 */
const slotsByOwner = (
  triples: readonly SlotTriples[],
  idOf: (id: number) => number,
  marginOf: (owner: number) => number,
  close: ReadonlySet<string> = new Set(),
): Map<number, TimeSlot[]> => {
  const slots = new Map<number, TimeSlot[]>();
  for (const part of triples) {
    for (let at = 0; at + 2 < part.length; at += 3) {
      const owner = idOf(part[at] ?? 0);
      const [start, end] = [part[at + 1] ?? 0, part[at + 2] ?? 0];
      const margin = close.size > 0 && close.has(slotKey(owner, start, end)) ? 0 : marginOf(owner);
      const slot = { start: start - margin, end: end + margin };
      const list = slots.get(owner);
      if (list) list.push(slot);
      else slots.set(owner, [slot]);
    }
  }
  return slots;
};

/** The plant as the resolver knows it, from what stores keep. */
export const plantOf = (parts: readonly LabPart[], turnarounds: Turnarounds = NO_TURNAROUND): Plant => {
  const rows = parts.flatMap((part) => part.rows ?? []);
  const links = parts.flatMap((part) => part.links ?? []);
  const thingIds = thingIdsOf(rows);
  const thingIdOf = (rowId: number) => thingIds.get(rowId) ?? rowId;
  const byThing = groupBy(rows, (row) => thingIdOf(row.id));
  const triples = (of: 'busy' | 'own' | 'maintenance') => parts.flatMap((part) => part[of] ?? []);
  const own = slotsByOwner(
    triples('own'),
    (id) => id,
    () => 0,
  );
  const busy = slotsByOwner(
    triples('busy'),
    (id) => id,
    (id) => turnarounds.byType[nameKey(byThing.get(id)?.[0]?.type ?? '')] ?? turnarounds.usual,
    new Set([...own].flatMap(([id, slots]) => slots.map(({ start, end }) => slotKey(id, start, end)))),
  );
  const maintenance = slotsByOwner(triples('maintenance'), thingIdOf, () => 0);
  const uses = new Map(parts.flatMap((part) => part.uses ?? []).map((use) => [use.thingId, use]));
  const wired = wiresOf(links, thingIdOf);

  const devices: PlantDevice[] = [];
  const switches: PatchSwitch[] = [];
  for (const [id, members] of byThing) {
    const thing = thingOf(members);
    const lead = members.find((row) => row.id === id) ?? members[0];
    if (!lead) continue;
    const specs = members.flatMap((row) => row.ports);
    const windows = maintenance.get(id) ?? [];
    const numbers = wired.switchNumbers.get(id);
    if (numbers !== undefined || isSwitchPorts(specs)) {
      const size = Math.max(
        numbers ?? 0,
        ...specs.map((spec) => (spec.endsWith(':in') ? declaredPorts([spec]).length : 0)),
      );
      const taken = busy.get(id) ?? [];
      switches.push({
        ...{ id, name: lead.name, size, usable: thing.status === 'active' },
        // Who booked the switch itself has it alone.
        maintenance: [...windows, ...taken],
      });
    }
    devices.push({
      ...{ id, name: lead.name, type: lead.type, manufacturer: lead.manufacturer, model: lead.model },
      ...{ site: lead.site, firmware: null, tags: [...new Set(members.flatMap((row) => row.tags))] },
      ...{ bookable: isBookable(thing), status: thing.status },
      ports: withWired(declaredPorts(specs), wired.ports.get(id)),
      busy: busy.get(id) ?? [],
      maintenance: windows,
      ok: uses.get(id)?.ok ?? 0,
      faults: uses.get(id)?.faults ?? 0,
    });
  }
  const { direct, patches, trunks, inline } = wired;
  const held = parts.flatMap((part) => part.held ?? []);
  return { devices, switches, direct, patches, trunks, inline, ...heldEnds(held, { patches, trunks }) };
};

/** Ports that somebody plugged a fibre into exist, declared or not. */
const withWired = (declared: readonly PlantPort[], wired: ReadonlySet<string> | undefined): PlantPort[] => {
  const names = new Set(declared.map(({ name }) => name));
  const others = [...(wired ?? [])].filter((name) => !names.has(name));
  return [...declared, ...others.map((name) => ({ name, kind: null }))];
};

type Wires = Pick<Plant, 'direct' | 'patches' | 'trunks' | 'inline'>;

const wiresOf = (links: readonly Link[], thingIdOf: (rowId: number) => number) => {
  const direct: Plant['direct'][number][] = [];
  const patches: Plant['patches'][number][] = [];
  const trunks: Plant['trunks'][number][] = [];
  const inline: Plant['inline'][number][] = [];
  const ports = new Map<number, Set<string>>();
  /** The highest ingress number seen at a switch. */
  const switchNumbers = new Map<number, number>();
  const plug = (thing: number, port: string) => {
    const known = ports.get(thing);
    if (known) known.add(port);
    else ports.set(thing, new Set([port]));
  };
  const number = (thing: number, ingress: number | null) => {
    switchNumbers.set(thing, Math.max(switchNumbers.get(thing) ?? 0, ingress ?? 0));
  };
  for (const { id, kind, direction, a, b, lengthKm, lossDb } of links) {
    const [thingA, thingB] = [thingIdOf(a.deviceId), thingIdOf(b.deviceId)];
    const cost = { id, lengthKm, lossDb };
    if (a.port !== null) plug(thingA, a.port);
    if (b.port !== null) plug(thingB, b.port);
    if (kind === 'direct' && a.port !== null && b.port !== null) {
      const ends = { a: { deviceId: thingA, port: a.port }, b: { deviceId: thingB, port: b.port } };
      direct.push({ ...cost, ...ends, direction });
    } else if (kind === 'patch' && a.port !== null) {
      patches.push({ ...cost, deviceId: thingA, port: a.port, switchId: thingB, inNo: b.inPort, outNo: b.outPort });
      number(thingB, b.inPort);
    } else if (kind === 'inline' && a.port !== null && b.port !== null) {
      inline.push({ ...cost, deviceId: thingA, portA: a.port, portB: b.port, direction });
    } else if (kind === 'trunk') {
      number(thingA, a.inPort);
      number(thingB, b.inPort);
      if (a.inPort === null || a.outPort === null || b.inPort === null || b.outPort === null) continue;
      trunks.push({
        ...cost,
        a: { switchId: thingA, inNo: a.inPort, outNo: a.outPort },
        b: { switchId: thingB, inNo: b.inPort, outNo: b.outPort },
      });
    }
  }
  return { direct, patches, trunks, inline, ports, switchNumbers };
};

/** What cross-connects hold, by what is plugged into the switch there. */
const heldEnds = (
  held: readonly (CrossConnect & { readonly slot: TimeSlot })[],
  { patches, trunks }: Pick<Wires, 'patches' | 'trunks'>,
): Pick<Plant, 'heldPorts' | 'heldTrunks'> => {
  if (held.length === 0) return { heldPorts: [], heldTrunks: [] };
  const at = (switchId: number, side: 'in' | 'out', no: number | null) => `${switchId}/${side}/${no ?? ''}`;
  const wireAt = new Map(
    patches.flatMap((wire) => [
      [at(wire.switchId, 'in', wire.inNo), wire] as const,
      [at(wire.switchId, 'out', wire.outNo), wire] as const,
    ]),
  );
  const trunkAt = new Map(
    trunks.flatMap(({ id, a, b }) =>
      [a, b].flatMap(({ switchId, inNo, outNo }) => [
        [at(switchId, 'in', inNo), id] as const,
        [at(switchId, 'out', outNo), id] as const,
      ]),
    ),
  );
  const heldPorts = new Map<string, HeldPort>();
  const heldTrunks = new Map<string, HeldTrunk>();
  for (const { switchId, inPort, outPort, slot } of held) {
    for (const key of [at(switchId, 'in', inPort), at(switchId, 'out', outPort)]) {
      const [wire, trunkId] = [wireAt.get(key), trunkAt.get(key)];
      const when = `${slot.start}/${slot.end}`;
      if (wire) heldPorts.set(`${wire.id}/${when}`, { deviceId: wire.deviceId, port: wire.port, slot });
      if (trunkId !== undefined) heldTrunks.set(`${trunkId}/${when}`, { trunkId, slot });
    }
  }
  return { heldPorts: [...heldPorts.values()], heldTrunks: [...heldTrunks.values()] };
};

/** Notes, as the lab is read page by page, which things a topology is about: no page takes longer than another. */
export class RelevantThings {
  readonly #wanted: ReadonlySet<string>;
  readonly #isWanted = new Map<string, boolean>();
  readonly #leads = new Map<string, number>();
  readonly #thingOf = new Map<number, number>();
  readonly #found = new Set<number>();

  /** @param types names of the device types whose time matters. */
  constructor(types: readonly string[]) {
    this.#wanted = new Set(types.map(nameKey));
  }

  /**
   * Takes in a page of the inventory.
   * @param rows in the order of their ids, over all pages.
   */
  addRows(rows: readonly Pick<PlantRow, 'id' | 'thingKey' | 'type'>[]): void {
    for (const { id, thingKey, type } of rows) {
      const thing = this.#leads.get(thingKey) ?? id;
      this.#leads.set(thingKey, thing);
      this.#thingOf.set(id, thing);
      const isWanted = this.#isWanted.get(type) ?? this.#wanted.has(nameKey(type));
      this.#isWanted.set(type, isWanted);
      if (isWanted) this.#found.add(thing);
    }
  }

  /** What stands inside links, and the switches that they go through, matter whatever their type. */
  addLinks(links: readonly Pick<Link, 'kind' | 'a' | 'b'>[]): void {
    for (const { kind, a, b } of links) {
      if (kind === 'inline' || kind === 'trunk') this.#found.add(this.thingOf(a.deviceId) ?? a.deviceId);
      if (kind === 'patch' || kind === 'trunk') this.#found.add(this.thingOf(b.deviceId) ?? b.deviceId);
    }
  }

  /** The thing of a row that was added. */
  thingOf(rowId: number): number | null {
    return this.#thingOf.get(rowId) ?? null;
  }

  /** By id. */
  get ids(): number[] {
    return [...this.#found].sort((x, y) => x - y);
  }
}

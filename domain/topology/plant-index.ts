import { groupBy, nameKey, type TimeSlot } from '../shared/index.js';
import type { PatchSwitch, Plant, PlantDevice, PortEnd, Trunk } from './plant.js';
import { expectedReliability } from './reliability.js';

/** Slots of many owners in two arrays: owner i has those from `base[i]` up to `base[i + 1]`, apart and in order. */
export interface SlotTable {
  readonly base: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** The wired ports of all devices, by port number: device d has those from `base[d]` up to `base[d + 1]`. */
export interface PortTable {
  readonly base: Int32Array;
  readonly device: Int32Array;
  readonly name: readonly string[];
  readonly wireId: Int32Array;
  /** The patch switch at the other end; -1 for a direct fibre. */
  readonly switchOf: Int32Array;
  /** The port at the other end of a direct fibre; -1 for a patched port. */
  readonly peer: Int32Array;
  readonly sends: Uint8Array;
  readonly receives: Uint8Array;
  readonly inNo: Int32Array;
  readonly outNo: Int32Array;
  readonly loss: Float64Array;
  readonly length: Float64Array;
}

/** Inline elements whose two ports are both wired. */
export interface WayTable {
  readonly id: Int32Array;
  readonly device: Int32Array;
  readonly portA: Int32Array;
  readonly portB: Int32Array;
  readonly forward: Uint8Array;
  readonly backward: Uint8Array;
  readonly loss: Float64Array;
  readonly length: Float64Array;
}

/** All trunks between two patch switches, which it knows by their places in `switches`. */
export interface Bundle {
  readonly a: number;
  readonly b: number;
  readonly trunks: readonly Trunk[];
}

/** A plant laid out for search. Devices are known by their place in the order of ids. Build it once for many questions. */
export interface PlantIndex {
  readonly plant: Plant;
  readonly devices: readonly PlantDevice[];
  readonly placeOf: ReadonlyMap<number, number>;
  /** Type names by their `nameKey`. */
  readonly types: ReadonlyMap<string, number>;
  readonly typeOf: Int32Array;
  readonly ofType: readonly Int32Array[];
  readonly mostPorts: Int32Array;
  readonly modelOf: Int32Array;
  /** Bookable devices of each model. */
  readonly modelSize: Int32Array;
  readonly reliability: Float64Array;
  readonly busy: SlotTable;
  readonly maintenance: SlotTable;
  readonly ports: PortTable;
  readonly ways: WayTable;
  readonly switches: readonly PatchSwitch[];
  readonly bundles: readonly Bundle[];
}

/** Lays out the plant. O(size of the plant). */
export const indexPlant = (plant: Plant): PlantIndex => {
  const devices = [...plant.devices].sort((a, b) => a.id - b.id);
  const placeOf = new Map(devices.map((device, place) => [device.id, place]));
  const types = new Map<string, number>();
  const typeNames = new Map<string, number>();
  const typeOf = Int32Array.from(devices, ({ type }) => {
    const known = typeNames.get(type);
    if (known !== undefined) return known;
    const number = numbered(types, nameKey(type));
    typeNames.set(type, number);
    return number;
  });
  const models = new Map<string, number>();
  const modelOf = Int32Array.from(devices, ({ manufacturer, model }, place) =>
    numbered(models, `${typeOf[place] ?? 0}|${manufacturer ?? ''}|${model ?? ''}`),
  );
  const modelSize = new Int32Array(models.size);
  const mostPorts = new Int32Array(types.size);
  const members = [...types].map((): number[] => []);
  devices.forEach(({ bookable, ports }, place) => {
    const type = typeOf[place]!;
    members[type]!.push(place);
    if (bookable) modelSize[modelOf[place]!]! += 1;
    mostPorts[type] = Math.max(mostPorts[type]!, ports.length);
  });
  const ofType = members.map((places) => Int32Array.from(places));
  const switches = [...plant.switches].sort((a, b) => a.id - b.id);
  const ports = layOutPorts(plant, placeOf, devices.length, switches);
  return {
    plant,
    devices,
    placeOf,
    types,
    typeOf,
    ofType,
    mostPorts,
    modelOf,
    modelSize,
    reliability: expectedReliability(devices, ofType),
    busy: layOutSlots(devices.map((device) => device.busy)),
    maintenance: layOutSlots(devices.map((device) => device.maintenance)),
    ports,
    ways: layOutWays(plant, placeOf, ports),
    switches,
    bundles: bundlesOf(plant, switches),
  };
};

const numbered = (numbers: Map<string, number>, key: string): number => {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
};

/** Sorts the slots of every owner and joins those that overlap or touch. */
const layOutSlots = (owners: readonly (readonly TimeSlot[])[]): SlotTable => {
  const base = new Int32Array(owners.length + 1);
  const total = owners.reduce((sum, slots) => sum + slots.length, 0);
  const start = new Float64Array(total);
  const end = new Float64Array(total);
  let next = 0;
  owners.forEach((slots, owner) => {
    const first = next;
    const inOrder = slots.length < 2 ? slots : [...slots].sort((a, b) => a.start - b.start);
    for (const slot of inOrder) {
      if (next > first && slot.start <= end[next - 1]!) {
        end[next - 1] = Math.max(end[next - 1]!, slot.end);
      } else {
        start[next] = slot.start;
        end[next] = slot.end;
        next += 1;
      }
    }
    base[owner + 1] = next;
  });
  return { base, start, end };
};

const layOutPorts = (
  plant: Plant,
  placeOf: ReadonlyMap<number, number>,
  devices: number,
  switches: readonly PatchSwitch[],
): PortTable => {
  const switchPlace = new Map(switches.map(({ id }, place) => [id, place]));
  const isWhole = ({ a, b }: { a: PortEnd; b: PortEnd }) => placeOf.has(a.deviceId) && placeOf.has(b.deviceId);
  const direct = plant.direct.filter(isWhole);
  const patches = plant.patches.filter((wire) => placeOf.has(wire.deviceId) && switchPlace.has(wire.switchId));
  const base = new Int32Array(devices + 1);
  const count = (deviceId: number) => (base[placeOf.get(deviceId)! + 1]! += 1);
  for (const { a, b } of direct) [a, b].forEach((end) => count(end.deviceId));
  for (const { deviceId } of patches) count(deviceId);
  for (let place = 0; place < devices; place += 1) base[place + 1]! += base[place]!;

  const size = base[devices]!;
  const next = base.slice(0, devices);
  const table = {
    base,
    device: new Int32Array(size),
    name: new Array<string>(size).fill(''),
    wireId: new Int32Array(size),
    switchOf: new Int32Array(size).fill(-1),
    peer: new Int32Array(size).fill(-1),
    sends: new Uint8Array(size),
    receives: new Uint8Array(size),
    inNo: new Int32Array(size).fill(-1),
    outNo: new Int32Array(size).fill(-1),
    loss: new Float64Array(size),
    length: new Float64Array(size),
  };
  const add = (end: PortEnd, wire: { id: number; lossDb: number; lengthKm: number }): number => {
    const place = placeOf.get(end.deviceId)!;
    const port = next[place]!;
    next[place]! += 1;
    table.device[port] = place;
    table.name[port] = end.port;
    table.wireId[port] = wire.id;
    table.loss[port] = wire.lossDb;
    table.length[port] = wire.lengthKm;
    return port;
  };
  for (const wire of direct) {
    const [a, b] = [add(wire.a, wire), add(wire.b, wire)];
    table.peer[a] = b;
    table.peer[b] = a;
    table.sends[a] = table.receives[b] = wire.direction === 'b_to_a' ? 0 : 1;
    table.sends[b] = table.receives[a] = wire.direction === 'a_to_b' ? 0 : 1;
  }
  // The best patch of a device comes first: whoever takes any port takes the one with the least loss.
  const byLoss = [...patches].sort((a, b) => a.lossDb - b.lossDb || a.id - b.id);
  for (const wire of byLoss) {
    const port = add(wire, wire);
    table.switchOf[port] = switchPlace.get(wire.switchId)!;
    table.sends[port] = wire.inNo === null ? 0 : 1;
    table.receives[port] = wire.outNo === null ? 0 : 1;
    table.inNo[port] = wire.inNo ?? -1;
    table.outNo[port] = wire.outNo ?? -1;
  }
  return table;
};

/** The number of a wired port; -1 when nothing is plugged into it. */
export const portNumber = (ports: PortTable, place: number, name: string): number => {
  for (let port = ports.base[place]!; port < ports.base[place + 1]!; port += 1) {
    if (ports.name[port] === name) return port;
  }
  return -1;
};

const layOutWays = (plant: Plant, placeOf: ReadonlyMap<number, number>, ports: PortTable): WayTable => {
  const wired = plant.inline
    .map((way) => {
      const device = placeOf.get(way.deviceId) ?? -1;
      const [portA, portB] = [way.portA, way.portB].map((name) => (device < 0 ? -1 : portNumber(ports, device, name)));
      return { way, device, portA: portA ?? -1, portB: portB ?? -1 };
    })
    .filter(({ portA, portB }) => portA >= 0 && portB >= 0 && portA !== portB)
    .sort((a, b) => a.way.id - b.way.id);
  return {
    id: Int32Array.from(wired, ({ way }) => way.id),
    device: Int32Array.from(wired, ({ device }) => device),
    portA: Int32Array.from(wired, ({ portA }) => portA),
    portB: Int32Array.from(wired, ({ portB }) => portB),
    forward: Uint8Array.from(wired, ({ way }) => (way.direction === 'b_to_a' ? 0 : 1)),
    backward: Uint8Array.from(wired, ({ way }) => (way.direction === 'a_to_b' ? 0 : 1)),
    loss: Float64Array.from(wired, ({ way }) => way.lossDb),
    length: Float64Array.from(wired, ({ way }) => way.lengthKm),
  };
};

const bundlesOf = (plant: Plant, switches: readonly PatchSwitch[]): Bundle[] => {
  const place = new Map(switches.map(({ id }, at) => [id, at]));
  const ends = ({ a, b }: Trunk) => [place.get(a.switchId) ?? -1, place.get(b.switchId) ?? -1] as const;
  const usable = plant.trunks.filter((trunk) => {
    const [a, b] = ends(trunk);
    return a >= 0 && b >= 0 && a !== b;
  });
  const inOrder = [...usable].sort((a, b) => a.lossDb - b.lossDb || a.id - b.id);
  const groups = groupBy(inOrder, (trunk) => {
    const [a, b] = ends(trunk);
    return Math.min(a, b) * switches.length + Math.max(a, b);
  });
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([key, trunks]) => ({ a: Math.floor(key / switches.length), b: key % switches.length, trunks }));
};

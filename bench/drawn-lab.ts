import {
  DAY,
  HOUR,
  type InlineWay,
  type LogicalEdge,
  type LogicalNode,
  type LogicalTopology,
  type Plant,
  type PlantDevice,
  type TimeSlot,
} from '../domain/index.js';
import type { Dice } from '../test/torture/dice.js';

/** When topologies are asked for. */
export const DRAWN_WINDOW: TimeSlot = {
  start: Date.UTC(2026, 10, 23, 12),
  end: Date.UTC(2026, 10, 24, 12),
};

const DEVICES_PER_SWITCH = 250;
const TRUNK_PAIRS = 8;
const BUSY_PERCENT = 35;
const HORIZON_DAYS = 30;

const KINDS = [
  { type: 'ROADM', ports: [3, 4, 6], tags: ['flexgrid', 'cdc', '100G'] },
  { type: 'Transceiver', ports: [1, 2], tags: ['100G', '400G'] },
  { type: 'ILA', ports: [2], tags: ['edfa'] },
  { type: 'Fiber', ports: [2], tags: ['spool'] },
  { type: 'Switch', ports: [4, 8], tags: ['ethernet'] },
] as const;

/** Half the bookings lie around the window, so that so many devices are busy in it; the rest are spread out. */
const bookingsOf = (dice: Dice, each: number): TimeSlot[] => {
  const { start } = DRAWN_WINDOW;
  const slots = Array.from({ length: each }, () => {
    const from = start + (2 + dice.below(HORIZON_DAYS)) * DAY + dice.below(24) * HOUR;
    return { start: from, end: from + (1 + dice.below(12)) * HOUR };
  });
  if (dice.chance(BUSY_PERCENT)) slots.push({ start: start + dice.below(12) * HOUR, end: start + 30 * HOUR });
  return slots;
};

/** A lab of that many devices: patch switches in a ring with chords, some fixed fibres, elements on the switches. */
export const drawnLab = (dice: Dice, size: number, bookingsEach = 3): Plant => {
  const count = Math.max(1, Math.round(size / DEVICES_PER_SWITCH));
  const switches = Array.from({ length: count }, (_, at) => ({
    id: 1_000_000 + at,
    name: `Patch ${at + 1}`,
    size: 1024,
    usable: true,
    maintenance: [],
  }));
  const next = switches.map(() => 1);
  const [patches, direct, inline]: [Plant['patches'][number][], Plant['direct'][number][], InlineWay[]] = [[], [], []];
  const spare: { deviceId: number; port: string }[] = [];
  const devices = Array.from({ length: size }, (_, at): PlantDevice => {
    const { type, ports, tags } = KINDS[[0, 0, 0, 1, 1, 1, 2, 3, 3, 4][at % 10] ?? 0] ?? KINDS[0];
    const id = at + 1;
    const home = dice.below(count);
    const names = Array.from({ length: dice.of(ports) }, (__, port) => `P${port + 1}`);
    names.forEach((port, number) => {
      if (type === 'ROADM' && number === names.length - 1 && dice.chance(20)) {
        spare.push({ deviceId: id, port });
        return;
      }
      const no = next[home] ?? 1;
      next[home] = no + 1;
      const wire = { id: patches.length + 1, deviceId: id, port, switchId: switches[home]?.id ?? 0 };
      patches.push({ ...wire, inNo: no, outNo: no + 1024, lengthKm: 0.01, lossDb: 0.3 + dice.next() * 0.5 });
    });
    if (type === 'ILA' || type === 'Fiber') {
      const facts = type === 'ILA' ? { lengthKm: 0, lossDb: -20 } : { lengthKm: 25, lossDb: 5 };
      inline.push({ id, deviceId: id, portA: 'P1', portB: 'P2', direction: 'both', ...facts });
    }
    return {
      id,
      name: `${type} ${id}`,
      type,
      manufacturer: dice.of(['Adtran', 'Ciena', 'Lumentum', 'Cisco']),
      model: `M${dice.below(6)}`,
      site: dice.of(['Dublin', 'Annex', 'Maynooth']),
      firmware: dice.of(['1.0', '1.4', '2.0']),
      tags: [dice.of(tags)],
      bookable: !dice.chance(3),
      status: 'active',
      ports: names.map((name) => ({ name, kind: 'line' })),
      busy: bookingsOf(dice, bookingsEach),
      maintenance: [],
      ok: dice.below(60),
      faults: dice.below(4),
    };
  });
  for (let at = 0; at + 1 < spare.length; at += 2) {
    const [a, b] = [spare[at], spare[at + 1]];
    if (!a || !b) continue;
    direct.push({ id: 10_000_000 + at, a, b, direction: 'both', lengthKm: 0.01, lossDb: 0.4 });
  }
  const chords = new Set<string>();
  for (let at = 0; at < count && count > 1; at += 1) {
    for (const step of [1, 2 + dice.below(Math.max(1, count - 3))]) {
      const [a, b] = [at, (at + step) % count].sort((x, y) => x - y);
      if (a !== b) chords.add(`${a ?? 0}-${b ?? 0}`);
    }
  }
  const trunks = [...chords].flatMap((chord, bundle) => {
    const [a = 0, b = 0] = chord.split('-').map(Number);
    return Array.from({ length: TRUNK_PAIRS }, (_, pair) => {
      const no = 2048 + bundle * TRUNK_PAIRS + pair;
      return {
        id: bundle * TRUNK_PAIRS + pair + 1,
        a: { switchId: switches[a]?.id ?? 0, inNo: no, outNo: no + 4096 },
        b: { switchId: switches[b]?.id ?? 0, inNo: no, outNo: no + 4096 },
        lengthKm: 2,
        lossDb: 1,
      };
    });
  });
  return { devices, switches, direct, patches, trunks, inline, heldPorts: [], heldTrunks: [] };
};

const asDrawn = (id: string, type: string, preferences: LogicalNode['preferences']): LogicalNode => ({
  id,
  type,
  requirements: {},
  preferences,
  pin: null,
  exclude: [],
  alike: null,
  weight: 1,
});

const PREFERENCES: Readonly<Record<string, LogicalNode['preferences']>> = {
  ROADM: { ports: 8, vendor: 'Ciena', quantities: { wavelength: { value: 1550, unit: 'nm' } } },
  Transceiver: { vendor: 'Cisco', quantities: { dataRate: { value: 100, unit: 'g' } } },
  ILA: { vendor: 'Lumentum', quantities: { gain: { value: 20, unit: 'db' } } },
  Fiber: { vendor: 'Adtran', quantities: { length: { value: 25, unit: 'km' } } },
};

/** A line of that many nodes with 15 % more links between ROADMs. */
export const drawnLine = (dice: Dice, size: number): LogicalTopology => {
  const types = Array.from({ length: size }, (_, at) => {
    if (at === 0 || at === size - 1) return 'Transceiver';
    return ['ROADM', 'ROADM', 'Fiber', 'ROADM', 'ILA', 'ROADM'][at % 6] ?? 'ROADM';
  });
  const nodes = types.map((type, at) => asDrawn(`node-${at}`, type, PREFERENCES[type] ?? {}));
  const pairs = nodes.slice(1).map((_, at) => [at, at + 1] as const);
  const roadms = [...types.keys()].filter((at) => types[at] === 'ROADM');
  const degree: number[] = nodes.map((_, at) => (at === 0 || at === size - 1 ? 1 : 2));
  const extra: (readonly [number, number])[] = [];
  for (let tries = 0; extra.length < Math.round(0.15 * size) && tries < 1000; tries += 1) {
    const [a, b] = [dice.of(roadms), dice.of(roadms)];
    if (a >= b - 1 || (degree[a] ?? 0) > 3 || (degree[b] ?? 0) > 3) continue;
    if (extra.some(([x, y]) => x === a && y === b)) continue;
    extra.push([a, b]);
    degree[a] = (degree[a] ?? 0) + 1;
    degree[b] = (degree[b] ?? 0) + 1;
  }
  const edges = [...pairs, ...extra].map(([a, b], at): LogicalEdge => ({
    id: `edge-${at}`,
    source: `node-${a}`,
    target: `node-${b}`,
    multiplicity: 1,
    direction: 'both',
    maxLossDb: null,
    minLengthKm: null,
    maxLengthKm: null,
    kinds: null,
  }));
  return { nodes, edges };
};

import {
  DAY,
  HOUR,
  type InlineWay,
  type LogicalEdge,
  type LogicalNode,
  type LogicalTopology,
  type Plant,
  type PlantDevice,
  type ResolveTerms,
  type TimeSlot,
} from '../../../domain/index.js';
import type { Dice } from '../../torture/dice.js';

export const NOON = Date.UTC(2026, 10, 23, 12);
export const WINDOW: TimeSlot = { start: NOON, end: NOON + 4 * HOUR };

export interface Question {
  readonly plant: Plant;
  readonly topology: LogicalTopology;
  readonly terms: ResolveTerms;
}

export const node = (id: string, type: string, more: Partial<LogicalNode> = {}): LogicalNode => ({
  id,
  type,
  requirements: {},
  preferences: {},
  pin: null,
  exclude: [],
  alike: null,
  weight: 1,
  ...more,
});

export const edge = (id: string, source: string, target: string, more: Partial<LogicalEdge> = {}): LogicalEdge => ({
  id,
  source,
  target,
  multiplicity: 1,
  direction: 'both',
  maxLossDb: null,
  minLengthKm: null,
  maxLengthKm: null,
  kinds: null,
  ...more,
});

const busySlots = (dice: Dice, percent: number): TimeSlot[] =>
  dice.chance(percent)
    ? [{ start: NOON + dice.below(3) * HOUR, end: NOON + (4 + dice.below(3)) * HOUR }]
    : dice.chance(40)
      ? [{ start: NOON - (1 + dice.below(40)) * HOUR, end: NOON - dice.below(2) * HOUR }]
      : [];

/** A lab small enough to try everything: every feature of the plant turns up in it now and then. */
export const randomQuestion = (dice: Dice): Question => {
  const switches = Array.from({ length: dice.of([0, 1, 1, 1, 1, 1, 2, 2, 2, 3]) }, (_, at) => ({
    id: 900 + at,
    name: `Patch ${at}`,
    size: 32,
    usable: !dice.chance(3),
    maintenance: dice.chance(4) ? [WINDOW] : [],
  }));
  const types = ['ROADM', 'Transceiver', 'Fiber'];
  const count = 7 + dice.below(5);
  const direct: Plant['direct'][number][] = [];
  const patches: Plant['patches'][number][] = [];
  const inline: InlineWay[] = [];
  let wire = 1;
  let number = 1;
  const loose: { deviceId: number; port: string }[] = [];
  const hasLimits = dice.chance(15);
  const round = (value: number) => Math.round(value * 100) / 100;
  const loss = () => (hasLimits ? round(0.2 + dice.next()) : 0.5);
  const devices = Array.from({ length: count }, (_, at): PlantDevice => {
    const id = 1 + at * 3;
    const type =
      types[
        dice.weighted([
          { weight: 5, at: 0 },
          { weight: 4, at: 1 },
          { weight: 3, at: 2 },
        ]).at
      ]!;
    const isElement = type === 'Fiber';
    const names = isElement ? ['A', 'B'] : Array.from({ length: dice.of([1, 2, 2, 3, 3, 3]) }, (__, p) => `P${p}`);
    const isSimplex = isElement && dice.chance(30);
    for (const [p, port] of names.entries()) {
      if (switches.length > 0 && dice.chance(75)) {
        const sends = isSimplex ? p === 1 : true;
        const receives = isSimplex ? p === 0 : true;
        const inNo = sends || dice.chance(5) ? number : null;
        const outNo = receives ? number + 100 : null;
        number += 1;
        const { id: switchId } = dice.of(switches);
        patches.push({
          id: wire,
          deviceId: id,
          port,
          switchId,
          inNo,
          outNo,
          lengthKm: round(dice.next()),
          lossDb: loss(),
        });
        wire += 1;
      } else loose.push({ deviceId: id, port });
    }
    if (isElement) {
      inline.push({
        id: 500 + at,
        deviceId: id,
        portA: 'A',
        portB: 'B',
        direction: isSimplex ? 'a_to_b' : 'both',
        lengthKm: dice.of([5, 10, 25]),
        lossDb: dice.of([2, 5, -10]),
      });
    }
    return {
      id,
      name: `${type} ${id}`,
      type,
      manufacturer: dice.of(['Adtran', 'Lumentum', 'Ciena']),
      model: dice.of(['M1', 'M2']),
      site: dice.of(['Dublin', 'Annex', null]),
      firmware: dice.of(['1.2', '2.0', null]),
      tags: dice.of([[], ['flexgrid'], ['flexgrid', '100G']]),
      bookable: !dice.chance(5),
      status: 'active',
      ports: names.map((name) => ({ name, kind: dice.of(['line', 'client']) })),
      busy: busySlots(dice, 7),
      maintenance: dice.chance(4) ? [{ start: NOON + HOUR, end: NOON + 2 * HOUR }] : [],
      ok: dice.below(20),
      faults: dice.below(4),
    };
  });
  while (loose.length > 1) {
    const [a] = loose.splice(dice.below(loose.length), 1);
    const [b] = loose.splice(dice.below(loose.length), 1);
    if (a!.deviceId === b!.deviceId || dice.chance(20)) continue;
    const direction = dice.chance(85) ? 'both' : dice.of(['a_to_b', 'b_to_a'] as const);
    direct.push({ id: wire, a: a!, b: b!, direction, lengthKm: round(dice.next()), lossDb: loss() });
    wire += 1;
  }
  const trunks = switches.flatMap((a, i) =>
    switches.slice(i + 1).flatMap((b, j) =>
      Array.from({ length: dice.of([0, 1, 2, 2]) }, (_, k) => ({
        id: 700 + 20 * i + 5 * j + k,
        a: { switchId: a.id, inNo: 30 + k, outNo: 130 + k },
        b: { switchId: b.id, inNo: 30 + k, outNo: 130 + k },
        lengthKm: 2,
        lossDb: loss(),
      })),
    ),
  );
  const near = (): TimeSlot => (dice.chance(70) ? WINDOW : { start: WINDOW.end, end: WINDOW.end + HOUR });
  const plant: Plant = {
    devices,
    switches,
    direct,
    patches,
    trunks,
    inline,
    heldPorts: patches.flatMap(({ deviceId, port }) => (dice.chance(6) ? [{ deviceId, port, slot: near() }] : [])),
    heldTrunks: trunks.flatMap(({ id }) => (dice.chance(15) ? [{ trunkId: id, slot: near() }] : [])),
  };
  return { plant, topology: randomTopology(dice, devices, hasLimits), terms: randomTerms(dice) };
};

const randomTerms = (dice: Dice): ResolveTerms => ({
  window: WINDOW,
  now: NOON - DAY,
  options: 1,
  gap: 0,
  nodeBudget: 200_000,
  ...(dice.chance(8) && {
    quota: dice.of([
      { devices: 3 + dice.below(3) },
      { deviceHours: 10 + dice.below(12) },
      { ofType: { fiber: dice.below(2) } },
    ]),
  }),
});

const randomTopology = (dice: Dice, devices: readonly PlantDevice[], hasLimits: boolean): LogicalTopology => {
  const size = dice.of([1, 2, 2, 2, 3, 3, 4]);
  const nodes = Array.from({ length: size }, (_, at) =>
    node(`n${at}`, dice.chance(50) ? dice.of(devices).type : dice.of(['roadm', 'TRANSCEIVER ']), {
      weight: dice.chance(10) ? 2 : 1,
      requirements: {
        ...(dice.chance(6) && { ports: 2 }),
        ...(dice.chance(4) && { vendor: 'adtran' }),
        ...(dice.chance(4) && { tagsAll: ['flexgrid'] }),
        ...(dice.chance(3) && { firmware: { min: '1.10' } }),
      },
      preferences: {
        ...(dice.chance(40) && { vendor: 'Lumentum' }),
        ...(dice.chance(30) && { ports: 2 }),
        ...(dice.chance(20) && { site: 'Dublin' }),
        ...(dice.chance(20) && { quantities: { dataRate: { value: 400, unit: 'g' } } }),
      },
      pin: dice.chance(1) ? dice.of(devices).id : null,
      exclude: dice.chance(3) ? [dice.of(devices).id] : [],
      alike: dice.chance(6) ? 'same' : null,
    }),
  );
  const edges: LogicalEdge[] = [];
  for (let at = 1; at < size; at += 1) {
    if (dice.chance(15)) continue;
    edges.push(randomEdge(dice, edges.length, `n${at}`, `n${dice.below(at)}`, hasLimits));
  }
  if (size > 2 && dice.chance(25)) edges.push(randomEdge(dice, edges.length, 'n0', `n${size - 1}`, hasLimits));
  return { nodes, edges };
};

const randomEdge = (dice: Dice, number: number, a: string, b: string, hasLimits: boolean): LogicalEdge => {
  const [source, target] = dice.chance(50) ? [a, b] : [b, a];
  return edge(`e${number}`, source, target, {
    multiplicity: dice.chance(8) ? 2 : 1,
    direction: dice.chance(20) ? 'source_to_target' : 'both',
    kinds: dice.chance(7)
      ? dice.of([['patch', 'trunk'], ['inline'], ['patch'], ['direct', 'inline', 'trunk']] as const)
      : null,
    ...(hasLimits && {
      maxLossDb: dice.chance(50) ? 1 + dice.below(6) : null,
      minLengthKm: dice.chance(10) ? 1 + dice.below(6) : null,
      maxLengthKm: dice.chance(15) ? 2 + dice.below(30) : null,
    }),
  });
};

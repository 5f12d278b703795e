/**
 * `npm run bench:stream -- [--requests N] [--devices N] [--seed N]`: how much of what people draw over 90 days a lab can
 * take in, by the way in which devices are chosen for it; see docs/performance.md.
 */
import { parseArgs } from 'node:util';
import { DAY, HOUR, overlaps, type LogicalTopology, type Plant, type TimeSlot } from '../domain/index.js';
import { Dice } from '../test/torture/dice.js';
import { drawnLab, drawnLine, DRAWN_WINDOW } from './drawn-lab.js';

const { values: given } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000' },
    devices: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
  },
});
const [requests, devices, seed] = [Number(given.requests), Number(given.devices), Number(given.seed)];

const compiled = new URL('../dist/domain/index.js', import.meta.url).href;
const { indexPlant, resolveTopology } = (await import(compiled)) as typeof import('../domain/index.js');

const DAYS = 90;
const { start } = DRAWN_WINDOW;

interface Request {
  readonly topology: LogicalTopology;
  readonly window: TimeSlot;
}

/** What people ask for, in the order in which they ask: lines of 4 to 14 nodes, for half a day to five days. */
const asked = (chance: Dice): Request[] =>
  Array.from({ length: requests }, (_, at) => {
    const from = start + Math.floor((at * DAYS * DAY) / requests) + chance.below(7) * DAY;
    return {
      topology: drawnLine(chance, 4 + chance.below(11)),
      window: { start: from, end: from + 12 * HOUR * (1 + chance.below(10)) },
    };
  });

/** Says which device each node is to be; null leaves it to the resolver. */
type Choice = (topology: LogicalTopology, plant: Plant, window: TimeSlot) => Map<string, number> | null;

const freeOf = (plant: Plant, type: string, window: TimeSlot, taken: ReadonlySet<number>) =>
  plant.devices.filter(
    (device) =>
      device.type === type &&
      device.bookable &&
      !taken.has(device.id) &&
      !device.busy.some((slot) => overlaps(slot, window)),
  );

/** Node after node takes what `pick` picks of the free devices of its type; none is taken twice. */
const oneByOne =
  (pick: (free: Plant['devices'], placed: readonly number[], plant: Plant) => number | undefined): Choice =>
  (topology, plant, window) => {
    const chosen = new Map<string, number>();
    for (const node of topology.nodes) {
      const free = freeOf(plant, node.type, window, new Set(chosen.values()));
      const near = topology.edges.flatMap(({ source, target }) =>
        [source === node.id ? target : source].filter(
          (other) => [source, target].includes(node.id) && chosen.has(other),
        ),
      );
      const id = pick(
        free,
        near.map((other) => chosen.get(other) ?? 0),
        plant,
      );
      if (id !== undefined) chosen.set(node.id, id);
    }
    return chosen;
  };

const homes = new Map<number, number>();
/** The patch switch of a device's first port. */
const homeOf = (id: number, plant: Plant): number => {
  if (homes.size === 0)
    for (const { deviceId, switchId } of [...plant.patches].reverse()) homes.set(deviceId, switchId);
  return homes.get(id) ?? 0;
};

const dice = new Dice(seed, 7);
const choices: Readonly<Record<string, Choice>> = {
  'the resolver': () => null,
  'first free of its type': oneByOne((free) => free[0]?.id),
  'first free, on the switch of its neighbours if possible': oneByOne(
    (free, [near], plant) =>
      (near === undefined ? undefined : free.find(({ id }) => homeOf(id, plant) === homeOf(near, plant))?.id) ??
      free[0]?.id,
  ),
  'any free of its type': oneByOne((free) => (free.length === 0 ? undefined : dice.of(free).id)),
};

for (const [name, choose] of Object.entries(choices)) {
  let plant = drawnLab(new Dice(seed, devices), devices, 0);
  let [taken, deviceDays, score, trunks, links] = [0, 0, 0, 0, 0];
  for (const { topology, window } of asked(new Dice(seed, requests, 3))) {
    const chosen = choose(topology, plant, window);
    const nodes = topology.nodes.map((node) => ({ ...node, pin: chosen?.get(node.id) ?? null }));
    if (chosen && nodes.some(({ pin }) => pin === null)) continue;
    const answer = resolveTopology({ ...topology, nodes }, indexPlant(plant), { window, now: start, options: 1 });
    const [option] = answer.status === 'resolved' ? answer.options : [];
    if (!option) continue;
    taken += 1;
    deviceDays += (option.deviceIds.length * (window.end - window.start)) / DAY;
    score += option.score;
    links += option.routes.length;
    trunks += option.routes.reduce((sum, { trunkIds }) => sum + trunkIds.length, 0);
    const booked = new Set(option.deviceIds);
    const slot = window;
    // What is over by the time of the next request is forgotten, or each would read all of the past.
    const ahead = (held: { readonly slot: TimeSlot }) => held.slot.end > window.start - 8 * DAY;
    plant = {
      ...plant,
      devices: plant.devices.map((device) =>
        booked.has(device.id) ? { ...device, busy: [...device.busy, slot].sort((a, b) => a.start - b.start) } : device,
      ),
      heldPorts: [
        ...plant.heldPorts.filter(ahead),
        ...option.routes.flatMap(({ ports }) => ports.map((port) => ({ ...port, slot }))),
      ],
      heldTrunks: [
        ...plant.heldTrunks.filter(ahead),
        ...option.routes.flatMap(({ trunkIds }) => trunkIds.map((trunkId) => ({ trunkId, slot }))),
      ],
    };
  }
  process.stdout.write(
    `${name.padEnd(58)} ${((100 * taken) / requests).toFixed(1).padStart(5)} % taken  ${deviceDays.toFixed(0).padStart(6)} device-days  mean score ${(score / Math.max(1, taken)).toFixed(3)}  trunks per link ${(trunks / Math.max(1, links)).toFixed(2)}\n`,
  );
}

import type { LogicalTopology, Plant, PlantDevice } from '../../../domain/index.js';
import { NOON, WINDOW, type Question } from './random-lab.js';

export { edge, node } from './random-lab.js';

/** A free device with so many ports. */
export const device = (id: number, type: string, ports = 3): PlantDevice => ({
  id,
  name: `${type} ${id}`,
  type,
  manufacturer: 'Adtran',
  model: 'M1',
  site: 'Dublin',
  firmware: '1.0',
  tags: [],
  bookable: true,
  status: 'active',
  ports: Array.from({ length: ports }, (_, at) => ({ name: `P${at}`, kind: 'line' })),
  busy: [],
  maintenance: [],
  ok: 0,
  faults: 0,
});

/** So many devices of each type, patched with all ports to one switch, or to a second one that trunks lead to. */
export const duplexLab = (
  counts: Readonly<Record<string, number>>,
  { apart = [], trunks = 0 }: { apart?: readonly string[]; trunks?: number } = {},
): Plant => {
  const devices = Object.entries(counts)
    .flatMap(([type, count]) => Array.from({ length: count }, () => type))
    .map((type, at) => device(at + 1, type));
  return {
    devices,
    switches: [900, 901].map((id) => ({ id, name: `Patch ${id}`, size: 200, usable: true, maintenance: [] })),
    direct: [],
    patches: devices.flatMap(({ id, type, ports }) =>
      ports.map(({ name }, at) => ({
        id: id * 10 + at,
        deviceId: id,
        port: name,
        switchId: apart.includes(type) ? 901 : 900,
        inNo: id * 4 + at,
        outNo: 200 + id * 4 + at,
        lengthKm: 0.01,
        lossDb: 0.5,
      })),
    ),
    trunks: Array.from({ length: trunks }, (_, at) => ({
      id: at + 1,
      a: { switchId: 900, inNo: 190 + at, outNo: 390 + at },
      b: { switchId: 901, inNo: 190 + at, outNo: 390 + at },
      lengthKm: 2,
      lossDb: 1,
    })),
    inline: [],
    heldPorts: [],
    heldTrunks: [],
  };
};

export const question = (plant: Plant, topology: LogicalTopology): Question => ({
  plant,
  topology,
  terms: { window: WINDOW, now: NOON, options: 1, gap: 0, nodeBudget: 100_000 },
});

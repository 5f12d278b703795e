import { expect } from 'chai';
import {
  indexPlant,
  resolveTopology,
  type LogicalTopology,
  type Plant,
  type Resolution,
  type TopologyOption,
} from '../../../domain/index.js';
import { Dice } from '../../torture/dice.js';
import { randomQuestion, type Question } from './random-lab.js';

const CASES = 120;
const FIRST = 70_000;

const resolve = ({ plant, topology, terms }: Question): Resolution =>
  resolveTopology(topology, indexPlant(plant), terms);

const firstOf = (resolution: Resolution): TopologyOption | null =>
  resolution.status === 'resolved' ? resolution.options[0]! : null;

const best = (asked: Question): TopologyOption | null => firstOf(resolve(asked));

const scoreOf = (asked: Question): number => best(asked)?.score ?? -1;

const mappingOf = (option: TopologyOption | null) => option?.nodes.map(({ nodeId, deviceId }) => [nodeId, deviceId]);

/** Calls back with random questions; names the seed when one of them fails. */
const withEach = (check: (asked: Question, dice: Dice) => void) => {
  for (let seed = FIRST; seed < FIRST + CASES; seed += 1) {
    const dice = new Dice(seed);
    const asked = randomQuestion(dice);
    try {
      check(asked, dice);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
};

const withTopology = (asked: Question, change: (topology: LogicalTopology) => Partial<LogicalTopology>): Question => ({
  ...asked,
  topology: { ...asked.topology, ...change(asked.topology) },
});

const withPlant = (asked: Question, change: (plant: Plant) => Partial<Plant>): Question => ({
  ...asked,
  plant: { ...asked.plant, ...change(asked.plant) },
});

describe('what a change of the question does to the answer', function () {
  this.timeout(60_000);

  it('is the same to the byte when nothing changes, in every time zone', () => {
    const zone = process.env.TZ;
    try {
      withEach((asked) => {
        const three = { ...asked, terms: { ...asked.terms, options: 3 } };
        process.env.TZ = 'Europe/Dublin';
        const first = JSON.stringify(resolve(three));
        process.env.TZ = 'Pacific/Kiritimati';
        expect(JSON.stringify(resolve(three))).to.equal(first);
      });
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('keeps the score when devices get other ids and nodes another order', () => {
    withEach((asked) => {
      const renamed = (id: number) => 10_000 - id;
      const end = <End extends { deviceId: number }>(item: End): End => ({ ...item, deviceId: renamed(item.deviceId) });
      const changed = withTopology(
        withPlant(asked, (plant) => ({
          devices: [...plant.devices].reverse().map((device) => ({ ...device, id: renamed(device.id) })),
          direct: plant.direct.map((wire) => ({ ...wire, a: end(wire.a), b: end(wire.b) })),
          patches: plant.patches.map(end),
          inline: plant.inline.map(end),
          heldPorts: plant.heldPorts.map(end),
        })),
        ({ nodes, edges }) => ({
          nodes: [...nodes].reverse().map((node) => ({
            ...node,
            pin: node.pin === null ? null : renamed(node.pin),
            exclude: node.exclude.map(renamed),
          })),
          edges: [...edges].reverse(),
        }),
      );
      expect(scoreOf(changed)).to.be.closeTo(scoreOf(asked), 1e-9);
    });
  });

  it('never scores less when a free device is added', () => {
    withEach((asked, dice) => {
      const { plant } = asked;
      const model = dice.of(plant.devices);
      const added = {
        ...model,
        id: 99_999,
        name: 'added',
        busy: [],
        maintenance: [],
        bookable: true,
        ok: 0,
        faults: 0,
      };
      const wire = plant.patches.find(({ deviceId }) => deviceId === model.id);
      const patch = wire && {
        ...wire,
        id: 99_999,
        deviceId: 99_999,
        port: model.ports[0]!.name,
        inNo: 888,
        outNo: 889,
      };
      const more = withPlant(asked, ({ devices, patches }) => ({
        devices: [...devices, added],
        patches: [...patches, ...(patch ? [patch] : [])],
      }));
      expect(scoreOf(more)).to.be.at.least(scoreOf(asked) - 1e-9);
    });
  });

  it('gives the same first option when a device is booked that it does not use', () => {
    withEach((asked, dice) => {
      const before = best(asked);
      if (!before) return;
      const unused = asked.plant.devices.filter(({ id }) => !before.deviceIds.includes(id));
      if (unused.length === 0) return;
      const { id } = dice.of(unused);
      const { window } = asked.terms;
      const booked = withPlant(asked, ({ devices }) => ({
        devices: devices.map((device) => (device.id === id ? { ...device, busy: [window] } : device)),
      }));
      expect(best(booked)?.score).to.be.closeTo(before.score, 1e-9);
    });
  });

  it('never gets better in a wider window, and stays the same where nothing changes between two halves', () => {
    withEach((asked) => {
      const { start, end } = asked.terms.window;
      const during = (window: { start: number; end: number }) => ({ ...asked, terms: { ...asked.terms, window } });
      // Hours count against a quota.
      if (asked.terms.quota?.deviceHours !== undefined) return;
      const whole = scoreOf(asked);
      expect(scoreOf(during({ start: start - 3_600_000, end: end + 3_600_000 }))).to.be.at.most(whole + 1e-9);
      const middle = (start + end) / 2;
      const halves = [scoreOf(during({ start, end: middle })), scoreOf(during({ start: middle, end }))];
      if (whole >= 0) expect(Math.min(...halves)).to.be.greaterThan(-1);
    });
  });

  it('stays possible when an edge or a requirement goes', () => {
    withEach((asked, dice) => {
      if (!best(asked)) return;
      const { edges } = asked.topology;
      if (edges.length > 0) {
        const gone = dice.of(edges);
        const fewer = withTopology(asked, () => ({ edges: edges.filter((edge) => edge !== gone) }));
        expect(best(fewer)).not.to.equal(null);
      }
      const easier = withTopology(asked, ({ nodes }) => ({
        nodes: nodes.map((node) => ({ ...node, requirements: {}, pin: null, exclude: [], alike: null })),
      }));
      expect(best(easier)).not.to.equal(null);
    });
  });

  it('maps alike when all weights are doubled', () => {
    withEach((asked) => {
      const doubled = {
        ...withTopology(asked, ({ nodes }) => ({ nodes: nodes.map((node) => ({ ...node, weight: 2 * node.weight })) })),
        terms: {
          ...asked.terms,
          weights: { preference: 2, waste: 1, reliability: 1, slack: 0.5, rarity: 0.5 },
        },
      };
      expect(mappingOf(best(doubled))).to.deep.equal(mappingOf(best(asked)));
    });
  });

  it('scores the same when the ends of duplex edges are swapped', () => {
    withEach((asked) => {
      const swapped = withTopology(asked, ({ edges }) => ({
        edges: edges.map((edge) =>
          edge.direction === 'both' ? { ...edge, source: edge.target, target: edge.source } : edge,
        ),
      }));
      expect(scoreOf(swapped)).to.be.closeTo(scoreOf(asked), 1e-9);
    });
  });

  it('has options that share at most seven tenths of their nodes, in the order of their scores', () => {
    withEach((asked) => {
      const resolution = resolve({ ...asked, terms: { ...asked.terms, options: 4 } });
      if (resolution.status === 'infeasible') return;
      const { options } = resolution;
      options.forEach((option, at) => {
        expect(option.rank).to.equal(at + 1);
        expect(option.score).to.be.at.most((options[at - 1]?.score ?? 1) + 1e-9);
        for (const other of options.slice(0, at)) {
          const shared = option.nodes.filter(({ deviceId }, node) => other.nodes[node]!.deviceId === deviceId);
          expect(shared.length).to.be.at.most(Math.floor(0.7 * option.nodes.length));
        }
      });
    });
  });
});

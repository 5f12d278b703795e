import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { indexPlant, resolveTopology, type LogicalTopology, type Plant } from '../../../domain/index.js';
import { drawnLab, DRAWN_WINDOW } from '../../../bench/drawn-lab.js';
import { packageRoot } from '../../../composition/package-root.js';
import { Dice } from '../../torture/dice.js';
import { edge, node } from './small-labs.js';

const FOLDER = join(packageRoot, '..', 'shared', 'data', 'zoo');

/** The routers of a network as ROADMs; several lines between two of them are one edge. */
const networkOf = (file: string): LogicalTopology => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const nodes = [...text.matchAll(/<node id="([^"]+)"/g)].map(([, id]) => node(`n${id!}`, 'ROADM'));
  const pairs = new Map<string, [string, string]>();
  for (const [line] of text.matchAll(/<edge [^>]*>/g)) {
    const [source, target] = ['source', 'target'].map((end) => `n${new RegExp(`${end}="([^"]+)"`).exec(line)![1]!}`);
    if (source !== target) pairs.set([source!, target!].sort().join(), [source!, target!]);
  }
  return { nodes, edges: [...pairs.values()].map(([source, target], at) => edge(`e${at}`, source, target)) };
};

const answerTo = (topology: LogicalTopology, plant: Plant) =>
  resolveTopology(topology, indexPlant(plant), { window: DRAWN_WINDOW, now: DRAWN_WINDOW.start, options: 1 });

/** ROADMs with so many ports that the networks' hubs can be built. */
const withManyPorts = (plant: Plant): Plant => {
  const patches = plant.patches.flatMap((wire) => {
    if (wire.port !== 'P1' || plant.devices[wire.deviceId - 1]!.type !== 'ROADM') return [wire];
    const more = [1, 2, 3, 4, 5].map((at) => ({
      ...wire,
      id: wire.id + 1_000_000 * at,
      port: `X${at}`,
      inNo: 100_000 * at + (wire.inNo ?? 0),
      outNo: 100_000 * at + (wire.outNo ?? 0),
    }));
    return [wire, ...more];
  });
  return { ...plant, patches };
};

describe('real networks as topologies', function () {
  this.timeout(60_000);

  before(function () {
    if (existsSync(FOLDER)) return;
    console.log('        skipped: the networks of the Internet Topology Zoo are not here (../shared/data/zoo)');
    this.skip();
  });

  for (const size of [200, 2000]) {
    it(`has checked options, or a proof that there are none, on a lab of ${size} devices`, () => {
      const plant = withManyPorts(drawnLab(new Dice(size), size));
      const free = plant.devices.filter(
        ({ type, bookable, busy }) =>
          type === 'ROADM' &&
          bookable &&
          !busy.some((slot) => slot.start < DRAWN_WINDOW.end && slot.end > DRAWN_WINDOW.start),
      ).length;
      let built = 0;
      for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.graphml'))) {
        const topology = networkOf(file);
        const answer = answerTo(topology, plant);
        if (answer.status === 'resolved') {
          built += 1;
          expect(answer.options[0]!.gap, `${file}: gap`).to.be.at.most(0.06);
          continue;
        }
        if (topology.nodes.length > free) expect(answer.proved, `${file}: ${answer.detail}`).to.equal(true);
        expect(answer.nodes, `${file}: ${answer.detail}`).not.to.be.empty;
      }
      expect(built).to.be.at.least(size === 200 ? 6 : 8);
    });
  }
});

import { expect } from 'chai';
import { mostOf } from '../../../application/index.js';
import {
  indexPlant,
  resolveTopology,
  type Infeasible,
  type LogicalTopology,
  type Quota,
} from '../../../domain/index.js';
import { labPlant } from './lab-plant.js';
import { NOON, WINDOW } from './random-lab.js';
import { edge, node } from './small-labs.js';

const chain = (type: string, length: number): LogicalTopology => {
  const places = Array.from({ length }, (_, at) => at);
  return {
    nodes: places.map((at) => node(`${type}${at}`, type)),
    edges: places.slice(1).map((at) => edge(`${type}-${at}`, `${type}${at - 1}`, `${type}${at}`)),
  };
};

describe('what is left of a drawing that is too big for the lab', () => {
  const index = indexPlant(labPlant());

  const looked = async (topology: LogicalTopology, quota: Quota = {}) => {
    const asked = { explained: 0, possible: 0 };
    const { option, out } = await mostOf(topology, async (part, explained) => {
      asked[explained ? 'explained' : 'possible'] += 1;
      const terms = { window: WINDOW, now: NOON, options: 1, nodeBudget: 5000, explained, quota };
      return Promise.resolve(resolveTopology(part, index, terms));
    });
    return { asked, built: (option?.nodes ?? []).map(({ nodeId }) => nodeId), out };
  };

  it('is known at once for all the nodes that there are no devices for', async () => {
    const topology = chain('ROADM', 200);
    const { asked, built, out } = await looked(topology);
    expect(built).to.deep.equal(topology.nodes.slice(0, 15).map(({ id }) => id));
    expect([...out.keys()]).to.deep.equal(topology.nodes.slice(15).map(({ id }) => id));
    expect(out.get('ROADM150')?.detail).to.match(/^Other nodes need all devices that could be ROADM150: ROADM 1, /);
    expect(out.get('ROADM150')?.reasons.C1).to.be.above(100);
    expect(asked).to.deep.equal({ explained: 2, possible: 0 });
  });

  it('is told of every type for itself', async () => {
    const [roadms, clocks] = [chain('ROADM', 17), chain('Transceiver', 60)];
    const topology = { nodes: [...roadms.nodes, ...clocks.nodes], edges: [] };
    const { out, built } = await looked(topology);
    expect(out.get('ROADM16')?.detail).to.include('ROADM 1');
    expect(out.get('Transceiver59')?.detail).to.include('XCVR').and.not.to.include('ROADM');
    expect(built.length + out.size).to.equal(77);
  });

  it('does not cost a question a node when devices are enough and the quota is not', async () => {
    const topology = { nodes: chain('Transceiver', 12).nodes, edges: [] };
    const { asked, built } = await looked(topology, { devices: 3 });
    expect(built).to.deep.equal(topology.nodes.slice(0, 3).map(({ id }) => id));
    expect(asked.explained).to.be.at.most(4);
    expect(asked.possible).to.be.at.most(120);
  });

  it('has no surplus itself, and is as big as a matching', () => {
    for (const length of [16, 40, 90]) {
      const topology = { nodes: chain('ROADM', length).nodes, edges: [] };
      const { surplus } = resolveTopology(topology, index, { window: WINDOW, now: NOON }) as Infeasible;
      expect(Object.keys(surplus)).to.have.length(length - 15);
      const nodes = topology.nodes.filter(({ id }) => !(id in surplus));
      expect(resolveTopology({ nodes, edges: [] }, index, { window: WINDOW, now: NOON }).status).to.equal('resolved');
    }
  });
});

import { expect } from 'chai';
import {
  indexPlant,
  resolveTopology,
  type Infeasible,
  type LogicalTopology,
  type Relaxation,
  type Wants,
} from '../../../domain/index.js';
import { Dice } from '../../torture/dice.js';
import { naiveBest } from './naive-resolver.js';
import { randomQuestion, type Question } from './random-lab.js';
import { duplexLab, edge, node, question } from './small-labs.js';

const resolve = ({ plant, topology, terms }: Question) => resolveTopology(topology, indexPlant(plant), terms);

const why = (asked: Question): Infeasible => {
  const resolution = resolve(asked);
  if (resolution.status === 'resolved') throw new Error('it is possible');
  return resolution;
};

const partOf = (topology: LogicalTopology, nodes: readonly string[], edges: readonly string[]): LogicalTopology => ({
  nodes: topology.nodes.filter(({ id }) => nodes.includes(id)),
  edges: topology.edges.filter(
    ({ id, source, target }) => edges.includes(id) && nodes.includes(source) && nodes.includes(target),
  ),
});

const without = (items: readonly string[], item: string) => items.filter((other) => other !== item);

/** What the explanation says would help, done. */
const relaxed = (asked: Question, { kind, change, window }: Relaxation): Question => {
  const { topology, terms } = asked;
  const [ids, edgeIds] = [topology.nodes.map(({ id }) => id), topology.edges.map(({ id }) => id)];
  if (kind === 'shift') return { ...asked, terms: { ...terms, window: window! } };
  if (kind === 'drop-node') return { ...asked, topology: partOf(topology, without(ids, change), edgeIds) };
  if (kind === 'drop-edge') return { ...asked, topology: partOf(topology, ids, without(edgeIds, change)) };
  const [target, , wish] = change.split('.');
  const nodes = topology.nodes.map((item) => {
    if (item.id !== target) return item;
    if (kind === 'unpin') return { ...item, pin: null, exclude: [] };
    if (wish === undefined) return { ...item, alike: null };
    const { [wish as keyof Wants]: _, ...requirements } = item.requirements;
    return { ...item, requirements };
  });
  const edges = topology.edges.map((item) =>
    item.id === target ? { ...item, maxLossDb: null, minLengthKm: null, maxLengthKm: null, kinds: null } : item,
  );
  return { ...asked, topology: { nodes, edges } };
};

describe('why a topology is impossible', () => {
  it('names a set that is impossible by itself and possible without any one of its members, and changes that work', () => {
    let [impossible, changes] = [0, 0];
    for (let seed = 50_000; seed < 50_300; seed += 1) {
      const asked = randomQuestion(new Dice(seed));
      if (naiveBest(asked) !== null) continue;
      impossible += 1;
      const { nodes, edges, proved, relaxations } = why(asked);
      const isPossible = (keptNodes: readonly string[], keptEdges: readonly string[]) =>
        keptNodes.length === 0 ||
        naiveBest({ ...asked, topology: partOf(asked.topology, keptNodes, keptEdges) }) !== null;
      expect(proved, `seed ${seed}`).to.equal(true);
      expect(isPossible(nodes, edges), `seed ${seed}: the set`).to.equal(false);
      for (const id of nodes) expect(isPossible(without(nodes, id), edges), `seed ${seed}: ${id}`).to.equal(true);
      for (const id of edges) expect(isPossible(nodes, without(edges, id)), `seed ${seed}: ${id}`).to.equal(true);
      for (const change of relaxations) {
        changes += 1;
        expect(naiveBest(relaxed(asked, change)), `seed ${seed}: ${change.change}`).not.to.equal(null);
      }
    }
    expect(impossible).to.be.greaterThan(80);
    expect(changes).to.be.greaterThan(100);
  });

  it('finds planted shortages: so many nodes and one device less', () => {
    for (let size = 1; size <= 6; size += 1) {
      const plant = duplexLab({ ROADM: size - 1, Transceiver: 4 });
      const nodes = [...Array.from({ length: size }, (_, at) => node(`r${at}`, 'ROADM')), node('t0', 'Transceiver')];
      const answer = why(question(plant, { nodes, edges: [edge('e0', 'r0', 't0')] }));
      expect(answer.nodes).to.deep.equal(Array.from({ length: size }, (_, at) => `r${at}`));
      expect(answer.edges).to.deep.equal([]);
      if (size > 1) expect(answer.shortage?.deviceIds).to.have.lengthOf(size - 1);
      else expect(answer.detail).to.equal('The lab has no device of type ROADM for r0.');
    }
  });

  it('finds a planted full trunk: the links that must cross it, and no others', () => {
    const plant = duplexLab({ ROADM: 4, Transceiver: 4 }, { apart: ['Transceiver'], trunks: 2 });
    const topology: LogicalTopology = {
      nodes: [0, 1, 2].flatMap((at) => [node(`r${at}`, 'ROADM'), node(`t${at}`, 'Transceiver')]),
      edges: [...[0, 1, 2].map((at) => edge(`cross${at}`, `r${at}`, `t${at}`)), edge('near', 'r0', 'r1')],
    };
    const answer = why(question(plant, topology));
    expect(answer.edges).to.deep.equal(['cross0', 'cross1', 'cross2']);
    expect(answer.nodes).to.have.members(['r0', 't0', 'r1', 't1', 'r2', 't2']);
    expect(answer.relaxations.map(({ kind, change }) => [kind, change])).to.deep.include(['drop-edge', 'cross0']);
  });

  it('finds a planted cut: two kinds of devices between which there is no fibre at all', () => {
    const plant = duplexLab({ ROADM: 3, Transceiver: 3 }, { apart: ['Transceiver'], trunks: 0 });
    const nodes = [node('r0', 'ROADM'), node('r1', 'ROADM'), node('t0', 'Transceiver')];
    const answer = why(question(plant, { nodes, edges: [edge('ring', 'r0', 'r1'), edge('cut', 'r1', 't0')] }));
    expect([answer.nodes, answer.edges]).to.deep.equal([['r1', 't0'], ['cut']]);
    expect(answer.reasons.t0).to.deep.equal({ C1: 3, C8: 3 });
  });

  it('counts the devices by the first rule that excludes them, and says when the next is free', () => {
    const plant = duplexLab({ ROADM: 3 });
    const asked = question(plant, { nodes: [node('a', 'ROADM', { requirements: { vendor: 'Ciena' } })], edges: [] });
    const { window } = asked.terms;
    const [first, second, third] = plant.devices;
    const busy = {
      ...plant,
      devices: [
        { ...first!, manufacturer: 'Ciena', busy: [{ start: window.start, end: window.end + 7_200_000 }] },
        { ...second!, manufacturer: 'Ciena', maintenance: [window] },
        third!,
      ],
    };
    const answer = why({ ...asked, plant: busy });
    expect(answer.reasons.a).to.deep.equal({ 'C2.vendor': 1, C4: 1, C5: 1 });
    expect(answer.nextFree.a).to.equal(window.end);
    expect(answer.relaxations.map(({ change }) => change)).to.deep.equal([
      'a.requirements.vendor',
      `start_time=${new Date(window.end).toISOString()}`,
    ]);
  });

  it('says of an unknown type that the lab has none of it', () => {
    const answer = why(question(duplexLab({ ROADM: 1 }), { nodes: [node('q', 'Quantum Switch')], edges: [] }));
    expect(answer.detail).to.equal('The lab has no device of type Quantum Switch for q.');
    expect(answer.reasons).to.deep.equal({ q: { C1: 1 } });
  });

  it('refuses what the policy allows nobody', () => {
    const asked = question(duplexLab({ ROADM: 1 }), { nodes: [node('a', 'ROADM')], edges: [] });
    const answer = why({ ...asked, terms: { ...asked.terms, quota: { longest: 3_600_000 } } });
    expect(answer.detail).to.equal('The policy does not allow it: a booking may last at most 1 h.');
    expect(answer.reasons).to.deep.equal({ a: { C12: 1 } });
  });
});

import { expect } from 'chai';
import {
  faultsOfOption,
  indexPlant,
  resolveTopology,
  type Hop,
  type Plant,
  type TopologyOption,
} from '../../../domain/index.js';
import { duplexLab, edge, node, question } from './small-labs.js';

const topology = {
  nodes: [node('a', 'ROADM'), node('b', 'ROADM'), node('t', 'Transceiver')],
  edges: [edge('ab', 'a', 'b'), edge('bt', 'b', 't')],
};
const asked = question(duplexLab({ ROADM: 3, Transceiver: 2 }, { apart: ['Transceiver'], trunks: 2 }), topology);
const { plant, terms } = asked;

const answer = (): TopologyOption => {
  const resolution = resolveTopology(topology, indexPlant(plant), terms);
  if (resolution.status === 'infeasible') throw new Error(resolution.detail);
  return resolution.options[0]!;
};

const faults = (option: TopologyOption, lab: Plant = plant, changed = terms) =>
  faultsOfOption(topology, lab, changed, option);

const withRoute = (option: TopologyOption, at: number, change: Partial<TopologyOption['routes'][number]>) => ({
  ...option,
  routes: option.routes.map((route, place) => (place === at ? { ...route, ...change } : route)),
});

const withHop = (option: TopologyOption, at: number, via: Hop['via'], change: object) =>
  withRoute(option, at, {
    hops: option.routes[at]!.hops.map((hop) => (hop.via === via ? { ...hop, ...change } : hop)),
  });

describe('the check that every option passes', () => {
  const option = answer();

  it('finds nothing wrong with an answer', () => {
    expect(option.routes.map(({ kind }) => kind)).to.deep.equal(['patch', 'trunk']);
    expect(faults(option)).to.deep.equal([]);
  });

  it('sees a device twice, a device of another type, and one that is taken', () => {
    const [a, b] = option.nodes;
    const twice = { ...option, nodes: [a!, { ...b!, deviceId: a!.deviceId }, option.nodes[2]!] };
    expect(faults(twice)).to.include('C7: a device twice');
    const other = { ...option, nodes: [{ ...a!, deviceId: 5 }, b!, option.nodes[2]!] };
    expect(faults(other)).to.include('C1: a');
    const taken = {
      ...plant,
      devices: plant.devices.map((device) =>
        device.id === a!.deviceId ? { ...device, busy: [terms.window] } : device,
      ),
    };
    expect(faults(option, taken)).to.deep.equal([`C4: device ${a!.deviceId}`]);
    const retired = { ...plant, devices: taken.devices.map((device) => ({ ...device, busy: [], bookable: false })) };
    expect(faults(option, retired)).to.have.lengthOf(3);
  });

  it('sees light that goes another way than the fibres do', () => {
    expect(faults(withHop(option, 0, 'switch', { switchId: 901 }))).not.to.be.empty;
    expect(faults(withHop(option, 0, 'switch', { connects: [] }))).not.to.be.empty;
    expect(faults(withHop(option, 1, 'trunk', { trunkId: 99 }))).not.to.be.empty;
    expect(faults(withHop(option, 0, 'patch', { wireId: 52 }))).not.to.be.empty;
    expect(faults(withRoute(option, 0, { target: option.routes[1]!.target }))).not.to.be.empty;
    expect(faults(withRoute(option, 0, { hops: [] }))).not.to.be.empty;
    expect(faults({ ...option, routes: option.routes.slice(1) })).to.include('C8: ab has 0 routes');
  });

  it('sees ports and trunks that another booking holds', () => {
    const slot = terms.window;
    const port = { ...option.routes[0]!.ports[0]!, slot };
    expect(faults(option, { ...plant, heldPorts: [port] })).to.deep.equal(['C11: a held port']);
    const trunk = { trunkId: option.routes[1]!.trunkIds[0]!, slot };
    expect(faults(option, { ...plant, heldTrunks: [trunk] })).to.deep.equal(['C10: a held trunk']);
    const dark = plant.switches.map((found) => ({ ...found, usable: false }));
    expect(faults(option, { ...plant, switches: dark })).not.to.be.empty;
  });

  it('sees a score that is too good, and a quota that is overdrawn', () => {
    expect(faults({ ...option, score: option.score + 0.01, bound: 1 })).to.deep.equal(['the score']);
    expect(faults(withRoute(option, 1, { score: 1 }))).to.include('C8: bt/0 score');
    expect(faults(option, plant, { ...terms, quota: { devices: 2 } })).to.deep.equal(['C12: quota']);
    expect(faults(option, plant, { ...terms, quota: { ofType: { roadm: 1 } } })).to.deep.equal(['C12: quota of roadm']);
  });
});

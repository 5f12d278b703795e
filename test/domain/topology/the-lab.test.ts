import { expect } from 'chai';
import {
  adviseOn,
  DAY,
  earliestTopology,
  HOUR,
  indexPlant,
  parseTopology,
  resolveTopology,
  type LogicalTopology,
  type Plant,
} from '../../../domain/index.js';
import { labPlant, withBooked } from './lab-plant.js';
import { NOON, WINDOW } from './random-lab.js';
import { edge, node } from './small-labs.js';

const terms = { window: WINDOW, now: NOON };

/** Six ROADMs in a ring, each with a transceiver. */
const metroRing = (): LogicalTopology => {
  const six = [0, 1, 2, 3, 4, 5];
  return {
    nodes: six.flatMap((at) => [node(`r${at}`, 'ROADM'), node(`t${at}`, 'Transceiver')]),
    edges: six.flatMap((at) => [
      edge(`ring${at}`, `r${at}`, `r${(at + 1) % 6}`),
      edge(`drop${at}`, `r${at}`, `t${at}`),
    ]),
  };
};

const optionsOf = (topology: LogicalTopology, plant: Plant) => {
  const resolution = resolveTopology(topology, indexPlant(plant), terms);
  if (resolution.status === 'infeasible') throw new Error(resolution.detail);
  return resolution.options;
};

describe('topologies in the lab of the supplied files', () => {
  const plant = labPlant();

  it('finds three options for a metro ring, with a reason for everything', () => {
    const options = optionsOf(metroRing(), plant);
    expect(options.map(({ rank }) => rank)).to.deep.equal([1, 2, 3]);
    for (const option of options) {
      expect(option.nodes).to.have.lengthOf(12);
      expect(option.routes).to.have.lengthOf(12);
      expect(option.score).to.be.within(0.5, 1);
      expect(option.bound).to.be.at.least(option.score);
      for (const { terms: parts, reasons, alternatives } of option.nodes) {
        expect(parts).not.to.be.empty;
        expect(reasons.C1).to.be.greaterThan(0);
        expect(alternatives.length).to.be.greaterThan(0);
      }
      for (const { kind, whyNotBetter } of option.routes) expect(whyNotBetter === null).to.equal(kind === 'direct');
    }
    const [first, second] = options;
    const shared = first!.nodes.filter(({ deviceId }, at) => second!.nodes[at]!.deviceId === deviceId);
    expect(shared.length).to.be.at.most(8);
  });

  it('gives the next user other devices, or a minimal reason and the earliest time', () => {
    const [first] = optionsOf(metroRing(), plant);
    const booked = withBooked(plant, first!.deviceIds, WINDOW);
    const line: LogicalTopology = {
      nodes: [node('a', 'ROADM'), node('b', 'ROADM')],
      edges: [edge('ab', 'a', 'b')],
    };
    const [other] = optionsOf(line, booked);
    expect(other!.deviceIds.some((id) => first!.deviceIds.includes(id))).to.equal(false);

    const again = resolveTopology(metroRing(), indexPlant(booked), terms);
    if (again.status === 'resolved') throw new Error('there are not ROADMs enough for two rings');
    expect(again.proved).to.equal(true);
    expect(again.nodes).not.to.be.empty;
    expect(again.relaxations.map(({ kind, window }) => [kind, window?.start])).to.deep.include(['shift', WINDOW.end]);
    const within = { start: WINDOW.start, end: WINDOW.start + 7 * DAY };
    const earliest = earliestTopology(metroRing(), indexPlant(booked), { within, length: HOUR, now: NOON });
    expect(earliest.status === 'found' && earliest.window.start).to.equal(WINDOW.end);
  });

  it('resolves what the drawing page sends, defaults and all, with a lower fit that says why', () => {
    const drawn = parseTopology(
      [
        {
          id: 'node-0',
          deviceType: 'Transceiver',
          parameters: { vendor: 'Cisco', wavelength: '1550nm', dataRate: '100G' },
        },
        { id: 'node-1', deviceType: 'ROADM', parameters: { vendor: 'Ciena', ports: 8, wavelength: '1550nm' } },
        { id: 'node-2', deviceType: 'Fiber', parameters: { length: '25km', vendor: 'Corning', loss: '0.2' } },
        { id: 'node-3', data: { deviceType: 'ILA', parameters: { gain: '20dB', vendor: 'Amphenol', noise: '5dB' } } },
        { id: 'node-4', deviceType: 'OTDR', parameters: { vendor: 'EXFO', range: '80km', resolution: '1m' } },
        { id: 'node-5', deviceType: 'Switch', parameters: { vendor: 'Polatis', ports: '16', switchingSpeed: '10ms' } },
      ],
      [
        { id: 'edge-0', source: 'node-0', target: 'node-1', parameters: { wavelength: '', fiberType: 'SMF' } },
        { id: 'edge-1', source: 'node-1', target: 'node-2' },
        { id: 'edge-2', source: 'node-2', target: 'node-3' },
      ],
    );
    const [option] = optionsOf(drawn, plant);
    const roadm = option!.nodes.find(({ nodeId }) => nodeId === 'node-1')!;
    expect(roadm.fit).to.be.within(0.3, 0.9);
    expect(roadm.terms.find(({ name }) => name === 'wavelength')).to.deep.include({
      score: 0.5,
      detail: 'unknown, 1550nm would be preferred',
    });
    const fiber = option!.nodes.find(({ nodeId }) => nodeId === 'node-2')!;
    expect(plant.inline.find(({ deviceId }) => deviceId === fiber.deviceId)!.lengthKm).to.be.closeTo(25, 1);
  });

  it('uses the fixed ring over spools and amplifiers where only that will do', () => {
    const topology = {
      nodes: [node('a', 'ROADM', { pin: 58 }), node('b', 'ROADM', { pin: 59 })],
      edges: [edge('ab', 'a', 'b', { minLengthKm: 20, maxLossDb: 20 })],
    };
    const [option] = optionsOf(topology, plant);
    const [route] = option!.routes;
    expect(plant.devices.filter(({ id }) => [58, 59].includes(id)).map(({ name }) => name)).to.deep.equal([
      'ROADM 15',
      'ROADM 16',
    ]);
    expect(route!.lengthKm).to.be.greaterThan(20);
    expect(option!.deviceIds).to.include.members([58, 59]);
    expect(route!.kind === 'inline' ? option!.deviceIds.length : 3).to.be.greaterThan(2);
  });

  it('judges an option by four scores that show what they are made of', () => {
    const topology = metroRing();
    const index = indexPlant(plant);
    const [option] = optionsOf(topology, plant);
    const chances = new Map(option!.deviceIds.map((id) => [id, { staysUp: 0.99, staysFree: 0.98 }]));
    const advice = adviseOn(option!, topology, index, terms, chances);
    const { performance, availability, efficiency, reliability } = advice;
    expect(performance.score).to.be.closeTo(
      0.5 * option!.score + 0.5 * Math.min(performance.inputs.minFit!, performance.inputs.minLink!),
      1e-9,
    );
    expect(availability.score).to.be.closeTo(0.99 ** 12 * 0.98 ** 12, 1e-9);
    const { portWaste, trunkShare, scarcity } = efficiency.inputs;
    expect(efficiency.score).to.be.closeTo(1 - 0.4 * portWaste! - 0.3 * trunkShare! - 0.3 * scarcity!, 1e-9);
    expect(reliability.score).to.be.closeTo(0.95, 1e-9);
    expect(reliability.lowest.quantile10).to.be.lessThan(0.95);
    expect(advice.recommendation).to.be.closeTo(
      0.3 * performance.score + 0.25 * availability.score + 0.25 * efficiency.score + 0.2 * reliability.score,
      1e-9,
    );
    expect(advice.freeNow).to.equal(1);
    const booked = indexPlant(withBooked(plant, [option!.deviceIds[0]!], WINDOW));
    expect(adviseOn(option!, topology, booked, terms, chances).freeNow).to.equal(0);
  });
});

import { expect } from 'chai';
import {
  DAY,
  earliestTopology,
  earliestWindow,
  HOUR,
  indexPlant,
  MINUTE,
  resolveTopology,
  type TimeSlot,
} from '../../../domain/index.js';
import { Dice } from '../../torture/dice.js';
import { naiveBest } from './naive-resolver.js';
import { NOON, randomQuestion, type Question } from './random-lab.js';
import { duplexLab, edge, node, question } from './small-labs.js';

const LENGTH = 2 * HOUR;
const WITHIN: TimeSlot = { start: NOON, end: NOON + 14 * HOUR };

/** The same lab, with more bookings that begin and end at any second. */
const crowded = (dice: Dice): Question => {
  const asked = randomQuestion(dice);
  const slots = (): TimeSlot[] =>
    Array.from({ length: dice.below(4) }, () => {
      const start = NOON + dice.below(10 * 3600) * 1000;
      return { start, end: start + (1 + dice.below(3 * 3600)) * 1000 };
    });
  const { plant } = asked;
  return {
    ...asked,
    plant: { ...plant, devices: plant.devices.map((device) => ({ ...device, busy: [...device.busy, ...slots()] })) },
  };
};

/** Every instant at which anything ends, rounded up to the minute, one after the other. */
const byTrying = ({ plant, topology, terms }: Question): number | null => {
  const slots = [
    ...plant.devices.flatMap(({ busy, maintenance }) => [...busy, ...maintenance]),
    ...[...plant.heldPorts, ...plant.heldTrunks].map(({ slot }) => slot),
    ...plant.switches.flatMap(({ maintenance }) => maintenance),
  ];
  const starts = [WITHIN.start, ...slots.map(({ end }) => Math.ceil(end / MINUTE) * MINUTE)]
    .filter((start) => start >= WITHIN.start && start + LENGTH <= WITHIN.end)
    .sort((a, b) => a - b);
  for (const start of starts) {
    const window = { start, end: start + LENGTH };
    if (naiveBest({ plant, topology, terms: { ...terms, window } }) !== null) return start;
  }
  return null;
};

describe('the earliest time for a whole topology', function () {
  this.timeout(60_000);

  it('is what trying every instant finds', () => {
    let later = 0;
    for (let seed = 60_000; seed < 60_400; seed += 1) {
      const asked = crowded(new Dice(seed));
      const wanted = byTrying(asked);
      const found = earliestWindow(asked.topology, indexPlant(asked.plant), {
        ...asked.terms,
        within: WITHIN,
        length: LENGTH,
      });
      expect(found?.start ?? null, `seed ${seed}`).to.equal(wanted);
      if (wanted !== null && wanted > WITHIN.start) later += 1;
    }
    expect(later).to.be.greaterThan(60);
  });

  it('comes with options for it', () => {
    const asked = question(duplexLab({ ROADM: 2 }), {
      nodes: [node('a', 'ROADM'), node('b', 'ROADM')],
      edges: [edge('e', 'a', 'b')],
    });
    const { plant, topology } = asked;
    const [first, second] = plant.devices;
    const busy = {
      ...plant,
      devices: [
        { ...first!, busy: [{ start: NOON, end: NOON + HOUR }] },
        { ...second!, busy: [{ start: NOON + 2 * HOUR, end: NOON + 5 * HOUR }] },
      ],
    };
    const within = { start: NOON, end: NOON + DAY };
    const answer = earliestTopology(topology, indexPlant(busy), { within, length: 2 * HOUR, now: NOON });
    if (answer.status === 'none') throw new Error(answer.infeasible.detail);
    expect(answer.window).to.deep.equal({ start: NOON + 5 * HOUR, end: NOON + 7 * HOUR });
    expect(answer.options[0]!.deviceIds).to.deep.equal([1, 2]);
  });

  it('says why there is none', () => {
    const { plant } = question(duplexLab({ ROADM: 1 }), { nodes: [], edges: [] });
    const topology = { nodes: [node('a', 'ROADM'), node('b', 'ROADM')], edges: [] };
    const within = { start: NOON, end: NOON + DAY };
    const answer = earliestTopology(topology, indexPlant(plant), { within, length: HOUR, now: NOON });
    if (answer.status === 'found') throw new Error('there is one ROADM');
    expect(answer.infeasible.detail).to.equal('For a and b together there is only ROADM 1.');
    const terms = { within: { start: NOON, end: NOON + MINUTE }, length: HOUR, now: NOON };
    expect(() => earliestTopology(topology, indexPlant(plant), terms)).to.throw('The time to search in is shorter');
    expect(resolveTopology(topology, indexPlant(plant), { window: within, now: NOON }).status).to.equal('infeasible');
  });
});

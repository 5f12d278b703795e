import { expect } from 'chai';
import { indexPlant, resolveTopology, type LogicalTopology, type Plant } from '../../../domain/index.js';
import { drawnLab, drawnLine, DRAWN_WINDOW } from '../../../bench/drawn-lab.js';
import { Dice } from '../../torture/dice.js';

const terms = { window: DRAWN_WINDOW, now: DRAWN_WINDOW.start, options: 1 };

/** Books most of the lab, frees the devices of one answer, and makes them all that could be wished for. */
const planted = (plant: Plant, topology: LogicalTopology, dice: Dice): { plant: Plant; score: number } | null => {
  const found = resolveTopology(topology, indexPlant(plant), terms);
  if (found.status === 'infeasible') return null;
  const [option] = found.options;
  const chosen = new Set(option!.deviceIds);
  const devices = plant.devices.map((device) => {
    if (chosen.has(device.id)) return device;
    return { ...device, busy: dice.chance(60) ? [...device.busy, DRAWN_WINDOW] : device.busy };
  });
  return { plant: { ...plant, devices }, score: option!.score };
};

describe('a mapping hidden in a lab that is mostly booked', () => {
  it('is found, or one at least as good up to the gap that is told', () => {
    for (let seed = 0; seed < 12; seed += 1) {
      const dice = new Dice(90_000, seed);
      const topology = drawnLine(dice, 8 + dice.below(5));
      const hidden = planted(drawnLab(dice, 200 + dice.below(300)), topology, dice);
      expect(hidden, `seed ${seed}`).not.to.equal(null);
      const answer = resolveTopology(topology, indexPlant(hidden!.plant), terms);
      if (answer.status === 'infeasible') throw new Error(`seed ${seed}: ${answer.detail}`);
      const [option] = answer.options;
      expect(option!.bound, `seed ${seed}: bound`).to.be.at.least(hidden!.score - 1e-9);
      expect(option!.score, `seed ${seed}`).to.be.at.least(hidden!.score - option!.gap * option!.bound - 1e-9);
      expect(option!.gap, `seed ${seed}: gap`).to.be.at.most(0.02);
    }
  });
});

import { Dice } from '../torture/dice.js';
import { PowerWorld } from './power-world.js';

export interface Walk {
  readonly steps: number;
  readonly sets: number;
  readonly allowedSets: number;
  readonly restarts: number;
  /** Orders of people that reached into a slot of somebody else, and were not done. */
  readonly tooLate: number;
  readonly commands: number;
  /** What must never happen, and did; with the last deeds before the first. */
  readonly violations: readonly string[];
  /** What is not as it should be after everything was repaired. */
  readonly unsettled: readonly string[];
}

/** Lets everything happen to a lab at random, and says what came of it. */
export const walk = async (seed: number, steps: number): Promise<Walk> => {
  const world = new PowerWorld(new Dice(seed));
  await world.prepare();
  const deeds: string[] = [];
  for (let n = 0; n < steps && world.violations.length === 0; n += 1) deeds.push(await world.step());
  const unsettled = world.violations.length > 0 ? [] : await world.settle();
  return {
    ...{ steps: deeds.length, sets: world.sets, allowedSets: world.allowedSets(), restarts: world.restarts, unsettled },
    tooLate: world.tooLate,
    commands: world.lab.tables.powerCommands.size,
    violations: world.violations.map((violation) => `${violation}; after ${deeds.slice(-8).join(', ')}`),
  };
};

import { MINUTE } from '../shared/index.js';

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15 * MINUTE;

/** About a day of the longest waits; what has not got through by then waits for a person. */
export const MOST_ATTEMPTS = 100;

/**
 * How long to wait before the next attempt, in milliseconds: twice as long each time, up to a quarter of an hour.
 * @param attempts how many have failed, at least 1.
 * @param chance between 0 and 1; spreads the attempts of those who failed together over half of the wait.
 */
export const waitAfter = (attempts: number, chance: number): number => {
  const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempts - 1, 30));
  return Math.round(whole * (0.5 + chance / 2));
};

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { UnitOfWork } from '../../application/index.js';
import { DomainError } from '../../domain/index.js';

/** How many run against each other in a race. */
export const RACERS = 20;

/** Runs them all at once. Every error that is not a refusal by the lab fails the race. */
export const race = async <Result>(
  run: (racer: number) => Promise<Result>,
  racers = RACERS,
): Promise<{ readonly won: Result[]; readonly refused: DomainError[] }> => {
  const won: Result[] = [];
  const refused: DomainError[] = [];
  const attempts = await Promise.allSettled(Array.from({ length: racers }, (_, racer) => run(racer)));
  for (const attempt of attempts) {
    if (attempt.status === 'fulfilled') won.push(attempt.value);
    else if (attempt.reason instanceof DomainError) refused.push(attempt.reason);
    else throw attempt.reason;
  }
  return { won, refused };
};

/** Exactly one of them did it, and the lab told all the others why not. */
export const expectOneWinner = async (run: (racer: number) => Promise<unknown>, code: string): Promise<void> => {
  const { won, refused } = await race(run);
  expect(won).to.have.length(1);
  expect(refused.map((refusal) => refusal.code)).to.deep.equal(Array.from({ length: RACERS - 1 }, () => code));
};

/** What the lab refuses it with. */
export const refusalOf = async (deed: Promise<unknown>): Promise<DomainError> => {
  try {
    await deed;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('this was not refused');
};

const GIVEN_UP = Symbol('a work that fails on purpose');

/** Does the work and lets it fail at the end, so that nothing of it may be kept. */
export const givingUp = async <Stores>(
  work: UnitOfWork<Stores>,
  deed: (stores: Stores) => Promise<unknown>,
): Promise<void> => {
  try {
    await work.run(async (stores) => {
      await deed(stores);
      throw new Error('given up', { cause: GIVEN_UP });
    });
  } catch (error) {
    if (error instanceof Error && error.cause === GIVEN_UP) return;
    throw error;
  }
  throw new Error('a work that fails must not succeed');
};

/**
 * What somebody outside reads while a work is under way that fails in the end. Some stores answer at once, some make
 * the reader wait until the work is over.
 */
export const readDuring = async <Stores, Result>(
  work: UnitOfWork<Stores>,
  deed: (stores: Stores) => Promise<unknown>,
  read: () => Promise<Result>,
): Promise<Result> => {
  let reading: Promise<Result> | undefined;
  await givingUp(work, async (stores) => {
    await deed(stores);
    const look = { over: false };
    reading = read().finally(() => (look.over = true));
    // Time to look around in; a store that makes readers wait uses it all.
    for (let turn = 0; turn < 50 && !look.over; turn += 1) await pause(2);
  });
  if (!reading) throw new Error('the work failed before anybody read');
  return reading;
};

import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { Unanswered, type Answer, type Call, type LightClient } from '../support/light-client.js';
import type { Deed } from './deed.js';
import { Dice } from './dice.js';
import type { Person, World } from './world.js';

/** The end of a request without an answer: nobody listened, or the connection broke. */
export type NoAnswer = 'unsent' | 'cut';

export type Reply = Answer | NoAnswer;

/** One turn of one person. */
export interface Step {
  readonly world: World;
  readonly person: Person;
  /** Thrown for this turn alone, so that what came of earlier turns does not change later decisions. */
  readonly dice: Dice;
  /** Unlike any other in this run. */
  readonly mark: string;
  /** Sends it to one of the servers, as the person unless another client is named, and says what is wrong when the answer is none of the `allowed` statuses. */
  readonly ask: (call: Call, allowed: readonly number[], client?: LightClient) => Promise<Reply>;
}

/** A way to change the lab. */
export interface Mutation {
  readonly name: string;
  /** How often it is chosen, relative to the others. */
  readonly weight: number;
  readonly by: 'anybody' | 'administrators';
  act(step: Step): Promise<void>;
}

/** Before somebody tries again who was told that it cannot be done now, in milliseconds. */
const AFTER_FAILURE = 100;

export const wasDone = (reply: Reply): reply is Answer =>
  typeof reply === 'object' && reply.status >= 200 && reply.status < 300;

/** Writes down how the request ended. */
export const settle = (deed: Deed, reply: Reply): void => {
  if (reply === 'unsent') deed.refused();
  else if (reply === 'cut') deed.unsure();
  else if (reply.status < 300) deed.done();
  else deed.refused();
};

/** What kept the server from answering as it should; null when it did. A device that cannot be booked is no failure. */
const failureOf = ({ status, body }: Answer): string | null => {
  const { code = '' } = (body ?? {}) as { code?: string };
  return status === 500 || code.startsWith('database.') ? `${status} ${code}` : null;
};

const send = async (base: string, client: LightClient, call: Call): Promise<Reply> => {
  try {
    return await client.ask(base, call);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return error.maybeSeen ? 'cut' : 'unsent';
  }
};

/** The person's next turn: the same one for the same seed, whatever came of those before. */
export const takeStep = async (world: World, person: Person, mutations: readonly Mutation[]): Promise<void> => {
  const dice = new Dice(world.seed, person.number, person.steps);
  const mark = `${person.username}/${person.steps}`;
  person.steps += 1;
  const possible = mutations.filter(({ by }) => by === 'anybody' || person.administrator);
  const mutation = dice.weighted(possible);
  const ask = async (call: Call, allowed: readonly number[], client = person.client): Promise<Reply> => {
    const place = dice.below(world.fleet.size);
    const base = await world.fleet.url(place);
    const began = performance.now();
    const reply = await send(base, client, call);
    const failure = typeof reply === 'object' ? failureOf(reply) : reply;
    const outcome = typeof reply === 'object' ? String(reply.status) : reply;
    const ended = performance.now();
    const calm = !world.outages.touch(place, began, ended);
    world.figures.note(mutation.name, outcome, ended - began, calm);
    if (calm && failure !== null) world.figures.fail(`${mutation.name}: ${failure}`);
    // Whether it was done before what it needs was taken away, the server cannot know.
    if (!calm && typeof reply === 'object' && failure !== null) {
      await pause(AFTER_FAILURE);
      return 'cut';
    }
    if (typeof reply === 'object' && !allowed.includes(reply.status)) {
      const { detail } = reply.body as { detail?: string };
      world.accuse(
        `${mutation.name} (${mark}): ${call.method} ${call.path} was answered ${reply.status}: ${detail ?? ''}`,
      );
    }
    return reply;
  };
  if (world.pause > 0) await pause(world.pause * (0.5 + dice.next()));
  await mutation.act({ world, person, dice, mark, ask });
  // A turn in which there was nothing to do must not keep the others waiting.
  await setImmediate();
};

import { setTimeout } from 'node:timers/promises';
import type { PowerDesk } from '../application/index.js';

/** How often the desk looks for something to do, in milliseconds. */
const EVERY = 500;

/**
 * Drives PDUs until it is stopped. A round that fails is told and followed by the next.
 * @returns how to stop: it waits for what is under way.
 */
export const startPower = (desk: PowerDesk, report: (error: unknown) => void): (() => Promise<void>) => {
  const leaving = new AbortController();
  const isLeaving = (): boolean => leaving.signal.aborted;
  const run = async (): Promise<void> => {
    while (!isLeaving()) {
      await desk.tick().catch(report);
      await setTimeout(EVERY, undefined, { signal: leaving.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    leaving.abort();
    await running;
    await desk.close();
  };
};

import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE = 15_000;
const BETWEEN_LOOKS = 20;

/**
 * Looks until there is something to see, and answers it.
 * @throws Error naming `what` when there still is not after 15 s.
 */
export const eventually = async <T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> => {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(BETWEEN_LOOKS);
  }
};

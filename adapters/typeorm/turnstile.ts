import { setImmediate } from 'node:timers/promises';

/** How long turns may follow each other before everything else in the process gets a look-in, in milliseconds. */
const LONGEST_RUN = 5;

/**
 * Lets one piece of work through at a time. The embedded database is one connection: interleaved transactions would
 * leak into each other, and a read between two writes would see what may yet be rolled back.
 */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #runSince = 0;

  pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting === 0) this.#runSince = performance.now();
    this.#waiting += 1;
    const turn = this.#last.then(async () => {
      try {
        await this.#breathe();
        return await work();
      } finally {
        this.#waiting -= 1;
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The driver is synchronous, so a long queue would keep sockets and timers waiting without this. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#runSince < LONGEST_RUN) return;
    await setImmediate();
    this.#runSince = performance.now();
  }
}

import { setImmediate as nextRound } from 'node:timers/promises';

/** How long turns may follow each other before everything else in the process gets a look-in, in milliseconds. */
const LONGEST_RUN = 5;

/**
 * Lets one piece of work through at a time. The embedded database is one connection: interleaved transactions would
 * leak into each other, and a read between two writes would see what may yet be rolled back.
 */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();
  /** When the first turn of this round of the event loop began; null when there was none yet. */
  #runSince: number | null = null;

  #inside = 0;

  pass<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#inside += 1;
    const turn = this.#last.then(async () => {
      await this.#breathe();
      return work();
    });
    const leave = () => {
      this.#inside -= 1;
    };
    this.#last = turn.then(leave, leave);
    return turn;
  }

  /** The one connection, whether somebody has it, and how many wait. */
  load(): { open: number; busy: number; waiting: number } {
    return { open: 1, busy: Math.min(1, this.#inside), waiting: Math.max(0, this.#inside - 1) };
  }

  /**
   * The driver is synchronous: hundreds of requests that arrive together would be answered in one round of the event
   * loop, and nobody else until then.
   */
  async #breathe(): Promise<void> {
    while (this.#runSince !== null && performance.now() - this.#runSince >= LONGEST_RUN) await nextRound();
    if (this.#runSince !== null) return;
    this.#runSince = performance.now();
    setImmediate(() => {
      this.#runSince = null;
    });
  }
}

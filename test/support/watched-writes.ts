import type { DataSource } from 'typeorm';

const WRITES = /^\s*(INSERT|UPDATE|DELETE|REPLACE|COMMIT)\b/i;

/**
 * Counts the statements that write, commits included, and lets some of them come to nothing. It stands where TypeORM
 * hands statements to the driver, so that nothing that writes can pass by.
 */
export class WatchedWrites {
  #seen = 0;
  #fateful = Infinity;
  #last = Infinity;
  #strike: () => void = () => undefined;

  constructor(source: DataSource) {
    source.subscribers.push({
      beforeQuery: ({ query }) => {
        if (!WRITES.test(query)) return;
        this.#seen += 1;
        if (this.#fateful <= this.#seen && this.#seen <= this.#last) this.#strike();
      },
    });
  }

  /** Begins to count anew; `strike` happens instead of the n-th write, or of all from that one to the last. */
  expect(nth: number, strike: () => void, last = nth): void {
    this.#seen = 0;
    this.#fateful = nth;
    this.#last = last;
    this.#strike = strike;
  }

  /** Lets every write pass from now on. */
  forget(): void {
    this.#fateful = Infinity;
  }

  /** How many there were since `expect`. */
  get seen(): number {
    return this.#seen;
  }

  /** Whether it came to the n-th. */
  get struck(): boolean {
    return this.#seen >= this.#fateful;
  }
}

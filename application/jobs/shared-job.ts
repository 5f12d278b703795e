import type { Clock, Leases } from '../shared/ports.js';

/** Something that is done again and again, by one of all server processes at a time. */
export class SharedJob {
  readonly name: string;
  /** Milliseconds between two runs. */
  readonly period: number;
  readonly #leases: Leases;
  readonly #clock: Clock;
  readonly #holder: string;
  readonly #work: () => Promise<unknown>;
  readonly #due: () => Promise<boolean>;
  #mineUntil = 0;

  /** @param holder tells this process from the others. */
  constructor(
    job: {
      readonly name: string;
      readonly period: number;
      readonly work: () => Promise<unknown>;
      /** Whether there is anything to do, where that is cheaper to find out than the lease is to get. */
      readonly due?: () => Promise<boolean>;
    },
    leases: Leases,
    clock: Clock,
    holder: string,
  ) {
    this.name = job.name;
    this.period = job.period;
    this.#work = job.work;
    this.#due = job.due ?? (() => Promise.resolve(true));
    this.#leases = leases;
    this.#clock = clock;
    this.#holder = holder;
  }

  /**
   * Does the work unless another process has it. Whoever did it last keeps it for two periods: when that process is
   * gone, another takes over and catches up.
   * @returns whether this process did it.
   */
  async run(): Promise<boolean> {
    if (!(await this.#due())) return false;
    if (!(await this.#isMine())) return false;
    await this.#work();
    return true;
  }

  /** Leaves the work to the other processes at once instead of after two periods; not while it is being done. */
  async release(): Promise<void> {
    if (this.#mineUntil === 0) return;
    this.#mineUntil = 0;
    await this.#leases.release(this.name, this.#holder);
  }

  /** Renews the lease once less than a period of it is left. */
  async #isMine(): Promise<boolean> {
    const now = this.#clock.now();
    const left = this.#mineUntil - now;
    // More than there ever is: the clock was set back, and others see it as over.
    if (left > this.period && left <= 2 * this.period) return true;
    const length = 2 * this.period;
    if (!(await this.#leases.acquire(this.name, this.#holder, length, now))) return false;
    this.#mineUntil = now + length;
    return true;
  }
}

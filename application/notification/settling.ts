import type { Instant } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { NotificationWork, Outcome } from './ports.js';

/** Outcomes that come faster than this, in milliseconds, are written together, but no more of them than that. */
const QUICK = 25;
const MOST_TOGETHER = 20;

/**
 * Writes outcomes down at once, or several together where they come quickly: a write waits for the disk. So a crash can
 * only repeat the little that was sent since the last write.
 */
export class Settling {
  readonly #work: NotificationWork;
  readonly #clock: Clock;
  #wroteAt: Instant = -Infinity;
  #waiting: Outcome[] = [];
  /** How many the write that is under way has. */
  #underWay = 0;
  #writing: Promise<void> | null = null;

  constructor(work: NotificationWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  add(outcome: Outcome): void {
    this.#waiting.push(outcome);
    if (this.#clock.now() - this.#wroteAt < QUICK && this.#waiting.length < MOST_TOGETHER) return;
    this.#writing ??= this.#write();
    // Whoever waits for `done` hears of a failure.
    this.#writing.catch(() => undefined);
  }

  /**
   * Resolves as soon as more may be sent: at once, unless so much waits for a write that is slow that a crash would repeat
   * too much of it. Rejects when that write fails.
   */
  async hasRoom(): Promise<void> {
    while (this.#writing !== null && this.#underWay + this.#waiting.length >= MOST_TOGETHER) await this.#writing;
  }

  /** Resolves when everything added so far is written. What could not be written is kept for the next time. */
  async done(): Promise<void> {
    while (this.#writing ?? this.#waiting.length > 0) await (this.#writing ??= this.#write());
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const outcomes = this.#waiting;
        this.#waiting = [];
        this.#underWay = outcomes.length;
        try {
          await this.#work.run(({ outbox }) => outbox.settle(outcomes));
          this.#wroteAt = this.#clock.now();
        } catch (error) {
          this.#waiting = [...outcomes, ...this.#waiting];
          throw error;
        }
      }
    } finally {
      this.#underWay = 0;
      this.#writing = null;
    }
  }
}

import type { NotificationWork, Outcome } from './ports.js';

/**
 * Writes outcomes down soon after each other: those that come while others are being written go together. So a crash
 * can only repeat what was sent during one write.
 */
export class Settling {
  readonly #work: NotificationWork;
  #waiting: Outcome[] = [];
  #writing: Promise<void> | null = null;

  constructor(work: NotificationWork) {
    this.#work = work;
  }

  add(outcome: Outcome): void {
    this.#waiting.push(outcome);
    this.#writing ??= this.#write();
    // Whoever waits for `done` hears of a failure.
    this.#writing.catch(() => undefined);
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
        try {
          await this.#work.run(({ outbox }) => outbox.settle(outcomes));
        } catch (error) {
          this.#waiting = [...outcomes, ...this.#waiting];
          throw error;
        }
      }
    } finally {
      this.#writing = null;
    }
  }
}

import type { Delivery, Letter, Notifier } from '../../application/notification/index.js';

/** Keeps what it is given, and can be told to be in trouble. */
export class RecordingNotifier implements Notifier {
  readonly lanes = 1;
  readonly letters: Letter[] = [];
  #trouble: Delivery | null = null;

  /** What it makes of letters from now on; null to take them again. */
  answerWith(trouble: Delivery | null): void {
    this.#trouble = trouble;
  }

  async send(letter: Letter): Promise<Delivery> {
    if (this.#trouble && this.#trouble.kind !== 'delivered') return this.#trouble;
    this.letters.push(letter);
    return this.#trouble ?? { kind: 'delivered' };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

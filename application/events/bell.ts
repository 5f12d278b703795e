import type { LabEvent } from '../../domain/index.js';

/** Rings in this process when something was committed that people are to be told of. Whoever misses it looks later. */
export class Bell {
  readonly #listeners = new Set<(events: readonly LabEvent[]) => void>();

  /** Tells every listener before it returns; one that throws keeps the others from it. @param events of one transaction. */
  ring(events: readonly LabEvent[]): void {
    for (const listener of this.#listeners) listener(events);
  }

  /** @returns how to stop listening. */
  listen(listener: (events: readonly LabEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

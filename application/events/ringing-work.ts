import type { LabEvent } from '../../domain/index.js';
import type { UnitOfWork } from '../shared/ports.js';
import type { Bell } from './bell.js';
import type { EventLog } from './ports.js';

/** Rings once work is committed that appended an event, and never for work that was undone. */
export class RingingWork<Stores extends { readonly events: EventLog }> implements UnitOfWork<Stores> {
  readonly #work: UnitOfWork<Stores>;
  readonly #bell: Bell;

  constructor(work: UnitOfWork<Stores>, bell: Bell) {
    this.#work = work;
    this.#bell = bell;
  }

  /** Rings once, after the commit and before this resolves. A work that runs again rings for its last run alone. */
  async run<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
    let written: LabEvent[] = [];
    const result = await this.#work.run((stores) => {
      // A lost race runs it again.
      const events: LabEvent[] = (written = []);
      const append: EventLog['append'] = (event) => {
        events.push(event);
        return stores.events.append(event);
      };
      return work({ ...stores, events: { append } });
    });
    if (written.length > 0) this.#bell.ring(written);
    return result;
  }
}

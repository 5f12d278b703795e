import { MINUTE, type Instant } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { UserListings } from './ports.js';

/** What is written down is at most so much older than what was seen. */
const GRAIN = 5 * MINUTE;

/** Remembers who is active; written down now and then, so that reading does not write. */
export class NoteActivity {
  readonly #listings: UserListings;
  readonly #clock: Clock;
  readonly #written = new Map<number, Instant>();
  #seen = new Map<number, Instant>();

  constructor(listings: UserListings, clock: Clock) {
    this.#listings = listings;
    this.#clock = clock;
  }

  /**
   * Only remembers, in this process: `write` writes it down. Nothing within five minutes of the last that was written.
   */
  seen(userId: number): void {
    const now = this.#clock.now();
    if ((this.#written.get(userId) ?? Number.NEGATIVE_INFINITY) > now - GRAIN) return;
    this.#seen.set(userId, now);
  }

  /** Every process does this for itself. */
  async write(): Promise<void> {
    if (this.#seen.size === 0) return;
    const seen = this.#seen;
    this.#seen = new Map();
    await this.#listings.noteActive(seen);
    for (const [userId, at] of seen) this.#written.set(userId, at);
  }
}

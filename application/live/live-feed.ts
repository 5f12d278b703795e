import type { EventHistory, PlacedEvent } from '../events/ports.js';

const AT_ONCE = 200;
/** Whoever was away for longer has to look at the whole anew anyway, and is told so. */
const MOST_MISSED = 10_000;

/** Somebody who looks on. */
export interface LiveListener {
  /** In order of their places. */
  happened(events: readonly PlacedEvent[]): void;
  /** Before the first of them: so much happened since the place that was seen that not all of it is told. */
  skipped?(): void;
  /** Nothing will happen here any more. */
  ended(): void;
}

interface Follower {
  readonly listener: LiveListener;
  position: number;
}

/** What happens, as it happens, for all who look on in this process: the log is read once for all of them. */
export class LiveFeed {
  readonly #events: EventHistory;
  readonly #followers = new Set<Follower>();
  #position = 0;
  #polling: Promise<void> | null = null;
  #closed = false;

  constructor(events: EventHistory) {
    this.#events = events;
  }

  /** Whether it is over: whoever follows from then on is told so at once. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** How many look on. */
  get size(): number {
    return this.#followers.size;
  }

  /**
   * @param after the last place that was seen; null to begin with what happens next.
   * @returns how to stop. What happened meanwhile has been told by then.
   */
  async follow(after: number | null, listener: LiveListener): Promise<() => void> {
    const last = await this.#events.lastPlace();
    // A place that was never given: of another database, or invented.
    const seen = Math.min(after ?? last, last);
    const follower: Follower = { listener, position: Math.max(seen, last - MOST_MISSED) };
    if (follower.position > seen) listener.skipped?.();
    while (!this.#closed) {
      const missed = await this.#events.placedAfter(follower.position, AT_ONCE);
      if (missed.length > 0) tell(follower, missed);
      // Nothing may happen between the look and the joining; no other code runs there.
      if (missed.length < AT_ONCE && follower.position >= (this.#followers.size === 0 ? 0 : this.#position)) break;
    }
    if (this.#followers.size === 0) this.#position = follower.position;
    if (this.#closed) listener.ended();
    else this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
    };
  }

  /** Looks for what has happened; when nobody looks on, there is nothing to look for. */
  poll(): Promise<void> {
    if (this.#followers.size === 0) return Promise.resolve();
    return (this.#polling ??= this.#look().finally(() => {
      this.#polling = null;
    }));
  }

  /** Tells everybody that it is over. */
  close(): void {
    this.#closed = true;
    for (const { listener } of this.#followers) listener.ended();
    this.#followers.clear();
  }

  async #look(): Promise<void> {
    for (;;) {
      const events = await this.#events.placedAfter(this.#position, AT_ONCE);
      this.#position = events.at(-1)?.place ?? this.#position;
      for (const follower of [...this.#followers]) tell(follower, events);
      if (events.length < AT_ONCE) return;
    }
  }
}

const tell = (follower: Follower, events: readonly PlacedEvent[]): void => {
  const news = events.filter(({ place }) => place > follower.position);
  if (news.length === 0) return;
  follower.position = news.at(-1)?.place ?? follower.position;
  follower.listener.happened(news);
};

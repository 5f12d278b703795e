import type { Response } from 'express';
import type { LiveFeed } from '../../../application/live/index.js';
import type { PlacedEvent } from '../../../application/events/index.js';
import type { Clock } from '../../../application/shared/ports.js';
import type { User } from '../../../domain/index.js';
import { placeBefore, type LiveTexts } from './live-data.js';

const HEARTBEAT = 15_000;
/** Whoever was found to be signed in is believed so for this long, in milliseconds. */
const BELIEVED = 1000;
/** A client that leaves more than this unread is let go: it comes back and goes on where it was. */
const MOST_UNREAD = 1_048_576;
/** Has no id: the ids are those of what happened. */
const MISSED = `event: missed\ndata: ${JSON.stringify({
  detail: 'More happened while you were away than is told here. Please read again what you show.',
})}\n\n`;

/** Who looks on, as of now; null once they may not any more. */
export type Viewer = () => Promise<User | null>;

/** One client's live stream, from its first line to its end. */
export class LiveStream {
  readonly #response: Response;
  readonly #viewer: Viewer;
  readonly #texts: LiveTexts;
  readonly #clock: Clock;
  #after: number | null;
  #checked: { readonly user: User; readonly at: number } | null = null;
  /** One after the other: who may look on is looked up in between. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(response: Response, viewer: Viewer, texts: LiveTexts, clock: Clock, after: number | null) {
    this.#response = response;
    this.#viewer = viewer;
    this.#texts = texts;
    this.#clock = clock;
    this.#after = after;
  }

  /** Resolves once the stream follows what happens; it goes on until either side ends it. */
  async run(feed: LiveFeed): Promise<void> {
    const response = this.#response;
    // Gone while it was found out who they are: nothing would ever end what begins here.
    if (response.closed) return;
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Proxies hand on what comes, as it comes.
      'X-Accel-Buffering': 'no',
    });
    const heart = setInterval(() => {
      this.#then(async () => {
        if (await this.#user()) response.write(': still here\n\n');
      });
    }, HEARTBEAT).unref();
    const left = new Promise((resolve) => response.once('close', resolve));
    const stop = await feed.follow(this.#after === null ? null : placeBefore(this.#after), {
      happened: (events) => {
        this.#then(() => this.#tell(events));
      },
      skipped: () => {
        this.#then(async () => {
          if (await this.#user()) response.write(MISSED);
        });
      },
      ended: () => {
        response.end();
      },
    });
    // What was missed has been told; an id that somebody invented keeps nothing from them.
    this.#then(() => {
      this.#after = null;
      return Promise.resolve();
    });
    // Whoever sees this misses nothing that happens from now on.
    response.write('retry: 2000\n\n');
    void left.then(() => {
      clearInterval(heart);
      stop();
    });
  }

  async #tell(events: readonly PlacedEvent[]): Promise<void> {
    const user = await this.#user();
    if (!user) return;
    const text = events.map((event) => this.#texts.of(event, user, this.#after ?? 0)).join('');
    if (text === '') return;
    if (this.#response.writableLength > MOST_UNREAD) this.#response.destroy();
    else this.#response.write(text);
  }

  /** Who looks on; the stream is over when nobody may. */
  async #user(): Promise<User | null> {
    const now = this.#clock.now();
    if (this.#checked && now - this.#checked.at < BELIEVED) return this.#checked.user;
    const user = await this.#viewer();
    this.#checked = user && { user, at: now };
    if (!user) this.#response.end();
    return user;
  }

  #then(step: () => Promise<void>): void {
    this.#last = this.#last.then(step).catch(() => {
      this.#response.destroy();
    });
  }
}

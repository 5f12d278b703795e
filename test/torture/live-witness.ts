import { request, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.js';

const BEFORE_NEXT_TRY = 200;

/**
 * Looks on at `/api/events` for a whole run, as a page does: at the server of its own place while that lives and at
 * another meanwhile, each time from the last id that it has. Nobody is away for the 10,000 places after which a server
 * lets some be missed, so nothing may be.
 */
export class LiveWitness {
  readonly #home: number;
  readonly #fleet: Fleet;
  readonly #cookie: string;
  readonly #accuse: (violation: string) => void;
  /** How often each booking was said to be made. */
  readonly #made = new Map<number, number>();
  /** From the beginning, also before the first message. */
  #lastId = 0;
  #streams = 0;
  #leave: () => void = () => undefined;

  constructor(home: number, fleet: Fleet, cookie: string, accuse: (violation: string) => void) {
    this.#home = home;
    this.#fleet = fleet;
    this.#cookie = cookie;
    this.#accuse = accuse;
  }

  /** How many streams it has read. */
  get streams(): number {
    return this.#streams;
  }

  /** Of these bookings, those of which it was not told. */
  missed(bookingIds: readonly number[]): number[] {
    return bookingIds.filter((id) => !this.#made.has(id));
  }

  /** Goes on until told to leave. */
  async look(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => {
      this.#leave();
    });
    while (!signal.aborted) {
      const others = Array.from({ length: this.#fleet.size }, (_, place) => place).filter((at) => at !== this.#home);
      // The first of those that are there; one that is being started is waited for only when all are.
      const places = [this.#home, ...others].map(async (place) => ({ place, url: await this.#fleet.url(place) }));
      const { place, url } = await Promise.race(places);
      await this.#read(url, place === this.#home ? null : this.#fleet.url(this.#home), signal);
      await pause(BEFORE_NEXT_TRY);
    }
  }

  /** @param back resolves when it is time to go home. */
  #read(url: string, back: Promise<unknown> | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const headers = { cookie: this.#cookie, 'last-event-id': String(this.#lastId) };
      const sending = request(new URL('/api/events', url), { headers, agent: false }, (response) => {
        this.#take(response);
      });
      this.#leave = () => sending.destroy();
      if (signal.aborted) this.#leave();
      sending.on('error', () => undefined);
      sending.once('close', resolve);
      sending.end();
      back?.then(
        () => sending.destroy(),
        () => undefined,
      );
    });
  }

  #take(response: IncomingMessage): void {
    response.on('error', () => undefined);
    // Without its database a server cannot tell who looks on.
    if (response.statusCode !== 200) {
      if (response.statusCode !== 503) this.#accuse(`a live page was answered ${response.statusCode ?? 0}`);
      response.resume();
      return;
    }
    this.#streams += 1;
    let rest = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      blocks.forEach((block) => {
        this.#hear(block);
      });
    });
  }

  #hear(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const [id, event, data] = [Number(field('id')), field('event'), field('data')];
    if (data === undefined) return;
    if (!(id > this.#lastId)) this.#accuse(`a live page at server ${this.#home} was told ${id} after ${this.#lastId}`);
    this.#lastId = id;
    if (event !== 'booking.created') return;
    for (const { booking_id } of (JSON.parse(data) as { bookings: { booking_id: number }[] }).bookings) {
      const times = (this.#made.get(booking_id) ?? 0) + 1;
      this.#made.set(booking_id, times);
      if (times > 1)
        this.#accuse(`a live page at server ${this.#home} was told ${times} times of booking ${booking_id}`);
    }
  }
}

import { request, type ClientRequest } from 'node:http';
import { eventually } from './eventually.js';

/** One message of a stream. */
export interface LiveMessage {
  readonly id: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads `/api/events` as browsers do. */
export class LiveClient {
  readonly messages: LiveMessage[] = [];
  status = 0;
  ended = false;
  /** Everything that came, comments too. */
  text = '';
  readonly #request: ClientRequest;

  constructor(
    base: string,
    { path = '/api/events', headers = {} }: { path?: string; headers?: Record<string, string> },
  ) {
    this.#request = request(new URL(path, base), { headers, agent: false }, (response) => {
      this.status = response.statusCode ?? 0;
      response.setEncoding('utf8').on('data', (text: string) => {
        this.#take(text);
      });
      response.on('close', () => (this.ended = true));
      response.on('error', () => undefined);
    });
    this.#request.on('error', () => (this.ended = true));
    this.#request.end();
  }

  get kinds(): string[] {
    return this.messages.map(({ event }) => event);
  }

  get lastId(): number {
    return this.messages.at(-1)?.id ?? 0;
  }

  /** Waits until the server has begun to answer. */
  async opened(): Promise<this> {
    await eventually('a stream to open', () => this.text !== '' || this.ended);
    return this;
  }

  async has(count: number): Promise<LiveMessage[]> {
    await eventually(`${count} messages of a stream`, () => this.messages.length >= count);
    return this.messages;
  }

  async isOver(): Promise<void> {
    await eventually('a stream to end', () => this.ended);
  }

  close(): void {
    this.#request.destroy();
  }

  #take(text: string): void {
    const before = this.text.split('\n\n').length - 1;
    this.text += text;
    for (const block of this.text.split('\n\n').slice(before, -1)) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const data = field('data');
      if (data === undefined) continue;
      this.messages.push({
        id: Number(field('id')),
        event: field('event') ?? '',
        data: JSON.parse(data) as Record<string, unknown>,
      });
    }
  }
}

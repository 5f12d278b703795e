import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What came to a webhook. */
export interface Posted {
  readonly path: string;
  readonly content: string;
  readonly allowed_mentions: { readonly parse: readonly string[]; readonly users: readonly string[] };
}

/** How Discord may behave: taking messages, or one of its ways not to. */
export type Mood =
  | { readonly kind: 'taking' }
  | {
      readonly kind: 'answering';
      readonly status: number;
      readonly body?: object;
      readonly headers?: Record<string, string>;
    }
  /** Takes the request and never answers. */
  | { readonly kind: 'hanging' }
  /** Takes the message, and closes the connection instead of saying so. */
  | { readonly kind: 'vanishing' };

/** Plays Discord on a port of its own. */
export class DiscordSink {
  readonly posted: Posted[] = [];
  /** When each of them came, by `performance.now()`. */
  readonly takenAt: number[] = [];
  /** How many requests came, also those that were not taken. */
  asked = 0;
  mood: Mood = { kind: 'taking' };
  #server: Server;
  #port = 0;

  constructor() {
    this.#server = this.#make();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/api/webhooks/1/token`;
  }

  get contents(): string[] {
    return this.posted.map(({ content }) => content);
  }

  async start(): Promise<this> {
    this.#server = this.#make().listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Nobody listens at the port from now on; `start` takes it again. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #make(): Server {
    return createServer((request, response) => {
      this.#answer(request, response).catch(() => request.destroy());
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    this.asked += 1;
    const { mood } = this;
    if (mood.kind === 'hanging') return;
    if (mood.kind === 'answering') {
      response.writeHead(mood.status, { 'content-type': 'application/json', ...mood.headers });
      if (mood.status < 300) this.#keep(request, body);
      response.end(JSON.stringify(mood.body ?? {}));
      return;
    }
    this.#keep(request, body);
    if (mood.kind === 'vanishing') request.socket.destroy();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}');
  }

  #keep(request: IncomingMessage, body: string): void {
    this.takenAt.push(performance.now());
    this.posted.push({ path: request.url ?? '', ...(JSON.parse(body) as Omit<Posted, 'path'>) });
  }
}

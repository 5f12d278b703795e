import { Agent, request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly cookie?: string;
  readonly body?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const IDLE_MS = 3000;

/** A client that does little more than the socket needs, so that it leaves the processor to the server. */
export class Client {
  readonly #base: URL;
  readonly #agent: Agent;

  /** @param lanes how many connections are kept alive. */
  constructor(base: string, lanes = 1) {
    this.#base = new URL(base);
    // Shorter than the server's own patience, so that it never closes a connection just as a request goes out.
    this.#agent = new Agent({ keepAlive: true, maxSockets: lanes, timeout: IDLE_MS });
  }

  send({ method, path, cookie, body }: HttpCall): Promise<HttpAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = httpRequest({
        agent: this.#agent,
        host: this.#base.hostname,
        port: this.#base.port,
        method,
        path,
        headers: {
          ...(cookie !== undefined && { cookie }),
          ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        buffer(response).then((received) => {
          resolve({ status: response.statusCode ?? 0, body: received, headers: response.headers });
        }, reject);
      });
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

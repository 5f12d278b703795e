import { Agent, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { PASSWORD } from './people.js';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** As parsed from JSON. */
  readonly body: unknown;
}

/** No answer came. */
export class Unanswered extends Error {
  /** Whether the server may have seen the request: not when nobody listened. */
  readonly maybeSeen: boolean;

  constructor(call: Call, cause: unknown) {
    const { code } = cause as NodeJS.ErrnoException;
    super(`${call.method} ${call.path} was not answered: ${code ?? String(cause)}`, { cause });
    this.maybeSeen = code !== 'ECONNREFUSED';
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

/** One person's browser, reduced to a session cookie: hundreds of them leave the processor to the server. */
export class LightClient {
  #cookie = '';

  /** @throws Unanswered when the connection fails before the whole answer is there. */
  ask(base: string, call: Call): Promise<Answer> {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        reject(new Unanswered(call, error));
      };
      const sending = httpRequest(new URL(call.path, base), {
        agent,
        method: call.method,
        headers: {
          cookie: this.#cookie,
          ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...call.headers,
        },
      });
      sending.on('error', fail);
      sending.once('response', (response) => {
        const [given] = response.headers['set-cookie'] ?? [];
        text(response).then((received) => {
          if (given !== undefined) this.#cookie = given.split(';', 1)[0] ?? '';
          resolve({
            status: response.statusCode ?? 0,
            body: received === '' ? null : (JSON.parse(received) as unknown),
          });
        }, fail);
      });
      sending.end(body);
    });
  }

  /** For a request that it does not make itself. */
  get cookie(): string {
    return this.#cookie;
  }

  /** Another client with the same session. */
  copy(): LightClient {
    const other = new LightClient();
    other.#cookie = this.#cookie;
    return other;
  }

  /** Signs in with the password that everybody has in tests. */
  async signIn(base: string, username: string): Promise<void> {
    const answer = await this.ask(base, { method: 'POST', path: '/login', body: { username, password: PASSWORD } });
    if (answer.status !== 200) throw new Error(`${username} cannot sign in: ${JSON.stringify(answer.body)}`);
  }
}

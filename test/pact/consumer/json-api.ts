import { Fields } from './fields.js';

/** A refusal, with what its page shows of it. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** How the pages talk to the server: JSON both ways, with the cookie of the browser. */
export class JsonApi {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #alwaysTyped: boolean;

  /**
   * @param session the value of the cookie; null while nobody is signed in.
   * @param alwaysTyped whether requests without a body say that they are JSON too.
   */
  constructor(url: string, session: string | null, alwaysTyped = false) {
    this.#url = url;
    this.#headers = session === null ? {} : { cookie: `session_id=${session}` };
    this.#alwaysTyped = alwaysTyped;
  }

  /** @throws Refused with the `detail` that is shown. */
  async ask(method: string, path: string, body?: object): Promise<Fields> {
    const reply = await this.send(method, path, body);
    const read = new Fields(await reply.json());
    if (!reply.ok) throw new Refused(reply.status, read.text('detail'));
    return read;
  }

  send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...this.#headers,
        ...((body !== undefined || this.#alwaysTyped) && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

import { once } from 'node:events';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Delivery, Letter, Notifier } from '../../application/notification/index.js';
import { discordContent } from './discord-text.js';

const PATIENCE = 8000;
/** What Discord asks for is kept within this, in milliseconds. */
const LONGEST_WAIT = 3_600_000;
const UNSPECIFIED_WAIT = 5000;
const WITHOUT_WEBHOOK = 15 * 60_000;

/** Discord's own identifiers. */
const SNOWFLAKE = /^\d{15,20}$/;

const milliseconds = (seconds: unknown): number | null => {
  const number = seconds === null || seconds === undefined || seconds === '' ? NaN : Number(seconds);
  return Number.isFinite(number) && number >= 0 ? Math.min(LONGEST_WAIT, Math.ceil(number * 1000)) : null;
};

const codeOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : (name ?? 'unknown error');
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const numberIn = (body: string, field: string): number | null => {
  try {
    return milliseconds((JSON.parse(body) as Record<string, unknown> | null)?.[field]);
  } catch {
    return null;
  }
};

/** A room at Discord, reached by its webhook. The address is a secret: it stands in no error. */
export class DiscordNotifier implements Notifier {
  /** Rooms show messages in the order in which they came. */
  readonly lanes = 1;
  readonly #url: URL;
  readonly #patience: number;
  readonly #agent: HttpAgent;
  readonly #request: typeof httpRequest;

  /** @param patience milliseconds until an attempt is given up. */
  constructor(url: string, patience = PATIENCE) {
    this.#patience = patience;
    this.#url = new URL(url);
    const secure = this.#url.protocol === 'https:';
    this.#agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true });
    this.#request = secure ? httpsRequest : httpRequest;
    // Without it Discord answers before it has the message.
    this.#url.searchParams.set('wait', 'true');
  }

  async send({ message, about }: Letter): Promise<Delivery> {
    const discordId = about?.discordId ?? '';
    const mentioned = SNOWFLAKE.test(discordId) ? discordId : null;
    const content = discordContent(message, mentioned === null ? null : `<@${mentioned}>`);
    const body = JSON.stringify({
      content,
      allowed_mentions: { parse: [], users: mentioned === null ? [] : [mentioned] },
    });
    try {
      return outcomeOf(await this.#post(body));
    } catch (error) {
      return { kind: 'later', reason: `Discord cannot be reached (${codeOf(error)})`, everybody: true };
    }
  }

  close(): Promise<void> {
    this.#agent.destroy();
    return Promise.resolve();
  }

  /** Not `fetch`, which takes several times as long for something so small. */
  async #post(body: string): Promise<Answer> {
    const signal = AbortSignal.timeout(this.#patience);
    const sending = this.#request(this.#url, {
      method: 'POST',
      agent: this.#agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      signal,
    });
    sending.end(body);
    const [response] = (await once(sending, 'response', { signal })) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  }
}

const outcomeOf = ({ status, headers, body }: Answer): Delivery => {
  if (status >= 200 && status < 300) {
    const isLast = headers['x-ratelimit-remaining'] === '0';
    const pause = isLast ? milliseconds(headers['x-ratelimit-reset-after']) : null;
    return { kind: 'delivered', ...(pause !== null && { pause }) };
  }
  if (status === 429) {
    const after = numberIn(body, 'retry_after') ?? milliseconds(headers['retry-after']) ?? UNSPECIFIED_WAIT;
    return { kind: 'later', reason: 'Discord wants fewer messages (429)', after, everybody: true };
  }
  if (status >= 500 || status === 408 || (status >= 300 && status < 400)) {
    return { kind: 'later', reason: `Discord answered ${status}`, everybody: true };
  }
  if (status === 404 || status === 401) {
    // Not any message's fault: all of them wait until somebody has made a new webhook.
    const reason = `Discord answered ${status}: the webhook does not exist (any more)`;
    return { kind: 'later', reason, after: WITHOUT_WEBHOOK, everybody: true };
  }
  return { kind: 'refused', reason: `Discord answered ${status}: the message was not taken` };
};

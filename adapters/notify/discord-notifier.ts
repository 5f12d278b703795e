import type { Delivery, Letter, Notifier } from '../../application/notification/index.js';
import { discordContent } from './discord-text.js';

const PATIENCE = 8000;
/** What Discord asks for is kept within this, in milliseconds. */
const LONGEST_WAIT = 3_600_000;
const UNSPECIFIED_WAIT = 5000;

/** Discord's own identifiers. */
const SNOWFLAKE = /^\d{15,20}$/;

const milliseconds = (seconds: unknown): number | null => {
  const number = seconds === null || seconds === '' ? NaN : Number(seconds);
  return Number.isFinite(number) && number >= 0 ? Math.min(LONGEST_WAIT, Math.ceil(number * 1000)) : null;
};

const codeOf = (error: unknown): string => {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? 'unknown error';
};

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

  /** @param patience milliseconds until an attempt is given up. */
  constructor(url: string, patience = PATIENCE) {
    this.#patience = patience;
    this.#url = new URL(url);
    // Without it Discord answers before it has the message.
    this.#url.searchParams.set('wait', 'true');
  }

  async send({ message, about }: Letter): Promise<Delivery> {
    const discordId = about?.discordId ?? '';
    const mentioned = SNOWFLAKE.test(discordId) ? discordId : null;
    const content = discordContent(message, mentioned === null ? null : `<@${mentioned}>`);
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          content,
          allowed_mentions: { parse: [], users: mentioned === null ? [] : [mentioned] },
        }),
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#patience),
      });
      return await outcomeOf(response);
    } catch (error) {
      return { kind: 'later', reason: `Discord cannot be reached (${codeOf(error)})`, everybody: true };
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const outcomeOf = async (response: Response): Promise<Delivery> => {
  const { status, headers } = response;
  const body = await response.text();
  if (status >= 200 && status < 300) {
    const isLast = headers.get('x-ratelimit-remaining') === '0';
    const pause = isLast ? milliseconds(headers.get('x-ratelimit-reset-after')) : null;
    return { kind: 'delivered', ...(pause !== null && { pause }) };
  }
  if (status === 429) {
    const after = numberIn(body, 'retry_after') ?? milliseconds(headers.get('retry-after')) ?? UNSPECIFIED_WAIT;
    return { kind: 'later', reason: 'Discord wants fewer messages (429)', after, everybody: true };
  }
  if (status >= 500 || status === 408 || (status >= 300 && status < 400)) {
    return { kind: 'later', reason: `Discord answered ${status}`, everybody: true };
  }
  const why = status === 404 || status === 401 ? 'the webhook does not exist (any more)' : 'the message was not taken';
  return { kind: 'refused', reason: `Discord answered ${status}: ${why}` };
};

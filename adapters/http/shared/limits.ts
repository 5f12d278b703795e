import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit';
import type { Clock, RateCounters } from '../../../application/index.js';
import { HOUR, MINUTE, nameKey } from '../../../domain/index.js';
import type { IdentityLimits } from '../identity/routes.js';
import { callerOf } from './caller.js';
import { sendProblem } from './problem.js';

/** As long as every store keeps keys. */
const LONGEST_KEY = 160;

/** Where and by which time it is counted. */
export interface Counting {
  readonly counters: RateCounters;
  readonly clock: Clock;
}

const WRITING_METHODS = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const addressOf = (request: Request): string => ipKeyGenerator(request.ip ?? '');

const accountOf = (request: Request): string => {
  const { username } = (request.body ?? {}) as { username?: unknown };
  return typeof username === 'string' ? nameKey(username.slice(0, 200)) : '';
};

/** Counts where all processes see it. */
class SharedCounts implements Store {
  readonly localKeys = false;
  readonly #counters: RateCounters;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #window: number;

  constructor(counters: RateCounters, clock: Clock, name: string, window: number) {
    this.#counters = counters;
    this.#clock = clock;
    this.#name = name;
    this.#window = window;
  }

  async increment(key: string): Promise<{ totalHits: number; resetTime: Date }> {
    const { hits, resetsAt } = await this.#counters.hit(this.#keyOf(key), this.#window, this.#clock.now());
    return { totalHits: hits, resetTime: new Date(resetsAt) };
  }

  decrement(key: string): Promise<void> {
    return this.#counters.takeBack(this.#keyOf(key));
  }

  resetKey(key: string): Promise<void> {
    return this.#counters.forget(this.#keyOf(key));
  }

  #keyOf(key: string): string {
    return `${this.#name} ${key}`.slice(0, LONGEST_KEY);
  }
}

const limiter = (options: {
  name: string;
  counting: Counting;
  window: number;
  limit: number;
  what: string;
  key: (request: Request) => string;
  failuresOnly?: boolean;
  skip?: (request: Request) => boolean;
}): RequestHandler =>
  rateLimit({
    store: new SharedCounts(options.counting.counters, options.counting.clock, options.name, options.window),
    windowMs: options.window,
    limit: options.limit,
    keyGenerator: options.key,
    skipSuccessfulRequests: options.failuresOnly ?? false,
    ...(options.skip && { skip: options.skip }),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_request, response) => {
      sendProblem(response, {
        status: 429,
        code: 'rate.limited',
        detail: `Too many ${options.what}. Please wait a little.`,
      });
    },
  });

/**
 * Requests of one key go one after the other. A limit of failures counts a request until it succeeds: without this,
 * many who know their passwords would look like many who guess when they come at once.
 */
const inTurn = (key: (request: Request) => string): RequestHandler => {
  const lastOf = new Map<string, Promise<unknown>>();
  return async (request, response, next) => {
    const queue = key(request);
    const before = lastOf.get(queue);
    const answered = new Promise((resolve) => response.once('close', resolve));
    const turn = Promise.all([before, answered]).then(() => {
      if (lastOf.get(queue) === turn) lastOf.delete(queue);
    });
    lastOf.set(queue, turn);
    await before;
    next();
  };
};

/** How often things may be tried. Reading is never limited. */
export interface Limits extends IdentityLimits {
  readonly writes: readonly RequestHandler[];
  /** How many live streams of one account a process keeps open. */
  readonly streams: number;
}

export const noLimits: Limits = { signIn: [], registration: [], writes: [], streams: Infinity };

/** Each costs some 30 kB; nobody looks at so many pages. */
const MOST_STREAMS = 100;

export const usualLimits = (counting: Counting): Limits => ({
  streams: MOST_STREAMS,
  signIn: [
    inTurn(addressOf),
    limiter({
      ...{ name: 'sign-in by address', counting, window: MINUTE, limit: 10, what: 'failed sign-ins' },
      key: addressOf,
      failuresOnly: true,
    }),
    inTurn(accountOf),
    limiter({
      name: 'sign-in by account',
      counting,
      window: MINUTE,
      limit: 10,
      what: 'failed sign-ins for this account',
      key: accountOf,
      failuresOnly: true,
    }),
  ],
  registration: [
    limiter({ name: 'registration', counting, window: HOUR, limit: 30, what: 'registrations', key: addressOf }),
  ],
  writes: [
    limiter({
      name: 'writes',
      counting,
      window: MINUTE,
      limit: 1200,
      what: 'changes',
      key: (request) => String(callerOf(request)?.id ?? ''),
      skip: (request) => !WRITING_METHODS.has(request.method) || callerOf(request) === null,
    }),
  ],
});

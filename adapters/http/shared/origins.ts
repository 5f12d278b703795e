import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import { sendProblem } from './problem.js';

/** Where the lab's frontends are served by default: the same host name, at these ports. */
const FRONTEND_PORTS = [25002, 25003, 3000, 3001];

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Which pages may use the API with the user's cookie. */
export class Origins {
  readonly #configured: ReadonlySet<string> | null;

  /** @param configured complete origins; null for the frontends of whatever host name the API is called by. */
  constructor(configured: readonly string[] | null) {
    this.#configured = configured && new Set(configured);
  }

  allows(origin: string, request: Request): boolean {
    // The API's own pages, such as /docs.
    if (origin === `${request.protocol}://${request.host}`) return true;
    if (this.#configured) return this.#configured.has(origin);
    return FRONTEND_PORTS.some((port) =>
      [`http://${request.hostname}:${port}`, `https://${request.hostname}:${port}`].includes(origin),
    );
  }

  /** Lets browsers hand replies, errors too, to pages of allowed origins. */
  get headers(): RequestHandler {
    return cors((request: Request, callback) => {
      callback(null, {
        origin: (origin, decide) => {
          decide(null, origin !== undefined && this.allows(origin, request));
        },
        credentials: true,
        methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        allowedHeaders: ['content-type', 'idempotency-key', 'if-match', 'if-none-match', 'last-event-id'],
        exposedHeaders: ['etag', 'x-request-id', 'retry-after'],
        maxAge: 600,
      });
    });
  }

  /** A page elsewhere must not change anything with the user's cookie. Clients that are not browsers send no origin. */
  get guard(): RequestHandler {
    return (request, response, next) => {
      const origin = request.get('origin');
      const foreign =
        origin === undefined ? request.get('sec-fetch-site') === 'cross-site' : !this.allows(origin, request);
      if (foreign && !SAFE_METHODS.has(request.method)) {
        sendProblem(response, {
          status: 403,
          code: 'origin.refused',
          detail: 'Pages of this origin may not change anything here.',
        });
        return;
      }
      next();
    };
  }
}

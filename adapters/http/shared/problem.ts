import type { Response } from 'express';
import { BookingRefused, DomainError, type RefusalKind } from '../../../domain/index.js';
import { ImportRefused } from '../../../application/inventory/index.js';
import { checkReply, refusalReply } from '../booking/refusal-reply.js';
import { TopologyRefused } from '../../../application/topology/index.js';
import { topologyRefusalReply } from '../topology/replies.js';

const statusOf = {
  malformed: 422,
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  stale: 412,
  'too-large': 413,
  unavailable: 503,
} satisfies Record<RefusalKind, number>;

const titleOf: Readonly<Record<number, string>> = {
  400: 'Refused',
  401: 'Not authenticated',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Taken',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Malformed request',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

/** Seconds after which it is worth asking again what was refused by no rule. */
const RETRY_AFTER: Readonly<Record<string, number>> = {
  'database.busy': 1,
  'database.unreachable': 5,
  'system.stopping': 1,
};

/** An RFC 9457 document. `detail` is always plain text: the frontends show it as it is. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly [fact: string]: unknown;
}

export const sendProblem = (response: Response, { status, code, detail, ...facts }: Problem): void => {
  const seconds = RETRY_AFTER[code];
  if (seconds !== undefined) response.set('Retry-After', String(seconds));
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:openlab:${code}`,
        title: titleOf[status] ?? 'Error',
        status,
        detail,
        code,
        ...facts,
      }),
    );
};

const factsOf = (error: DomainError): Readonly<Record<string, unknown>> => {
  if (error instanceof BookingRefused) {
    const broken = error.policy.filter((check) => !check.ok);
    return { refusals: error.refusals.map(refusalReply), policy: broken.map(checkReply) };
  }
  if (error instanceof ImportRefused) {
    return { created: 0, updated: 0, unchanged: 0, changes: [], errors: error.errors };
  }
  if (error instanceof TopologyRefused) return topologyRefusalReply(error);
  return error.facts;
};

/** The only place that knows both a refusal and an HTTP status. */
export const problemOf = (error: DomainError): Problem => ({
  ...factsOf(error),
  status: statusOf[error.kind],
  code: error.code,
  detail: error.message,
});

import type { ErrorRequestHandler, Request } from 'express';
import type { z } from 'zod';
import { DomainError, malformed } from '../../../domain/index.js';
import { problemOf, sendProblem } from './problem.js';

/** What was wrong with a request, field by field. */
export const malformedRequest = (error: z.ZodError): DomainError => {
  const errors = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const detail = errors
    .slice(0, 5)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
  return malformed('request.malformed', detail, { errors });
};

/** Errors of the body parser carry a status and a type of their own. */
const bodyProblemOf = (error: unknown) => {
  const { status, type } = (typeof error === 'object' && error !== null ? error : {}) as {
    status?: unknown;
    type?: unknown;
  };
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  if (type === 'entity.too.large') {
    return { status: 413, code: 'request.too-large', detail: 'The request is larger than this server accepts.' };
  }
  if (status === 415)
    return { status, code: 'request.unsupported', detail: 'This encoding or charset is not supported.' };
  return { status: 422, code: 'request.malformed', detail: 'The request could not be read: is its body valid JSON?' };
};

/**
 * Turns whatever a route threw into a problem document. What nobody foresaw is a bug: reported in full to the log, and
 * to the client only by the request's id.
 * @param noteForbidden is told of requests that somebody's role does not allow.
 */
export const problemHandler =
  (
    report: (bug: unknown, requestId: string) => void,
    noteForbidden: (request: Request) => void = () => undefined,
  ): ErrorRequestHandler =>
  (error: unknown, request: Request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const bodyProblem = error instanceof DomainError ? null : bodyProblemOf(error);
    if (error instanceof DomainError) {
      if (error.code === 'permission.denied') noteForbidden(request);
      sendProblem(response, problemOf(error));
    } else if (bodyProblem) sendProblem(response, bodyProblem);
    else {
      const requestId = String(response.getHeader('x-request-id') ?? '');
      report(error, requestId);
      sendProblem(response, {
        status: 500,
        code: 'internal',
        detail: `Something went wrong on our side. Please mention request ${requestId}.`,
        request_id: requestId,
      });
    }
  };

import type { Request } from 'express';
import { z } from 'zod';
import type { TokenDigest } from '../../../application/identity/index.js';
import { DomainError } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';

/** What is counted about requests, and where all counts are read. */
export interface Meters {
  /** @param route its pattern; null for an address that has none. */
  request(method: string, route: string | null, status: number, seconds: number): void;
  /** @param code of the problem document that was the answer. */
  refusal(code: string): void;
  page(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

/** Whether it was sent on this very machine, and not for somebody else. */
const isLocal = ({ socket, headers }: Request): boolean =>
  LOOPBACK.test(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined);

/** Digests are compared, so that how long it takes says nothing of the token. */
const hasToken = (request: Request, token: string | null, digest: TokenDigest): boolean => {
  const [, given] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  return token !== null && given !== undefined && digest(given) === digest(token);
};

/** @param token null where only this machine may read them. */
export const metricsRoutes = (api: Api, meters: Meters, digest: TokenDigest, token: string | null): Api =>
  api.open({
    method: 'get',
    paths: ['/metrics'],
    tag: 'System',
    summary: 'Counts for Prometheus, with the token of METRICS_TOKEN or from the same machine',
    headers: z.object({ authorization: z.string().optional() }),
    refusals: [401],
    reply: { status: 200, schema: z.string(), description: 'Text format 0.0.4', contentType: 'text/plain' },
    handle: async (_input, { request, response }) => {
      if (!isLocal(request) && !hasToken(request, token, digest)) {
        response.set('WWW-Authenticate', 'Bearer');
        throw new DomainError('unauthenticated', 'metrics.token-required', 'Send the token as Authorization: Bearer.');
      }
      const { contentType, text } = await meters.page();
      response.set('Cache-Control', 'no-store').type(contentType).send(text);
      return text;
    },
  });

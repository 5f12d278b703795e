import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Api } from '../shared/api.js';
import { DomainError } from '../../../domain/index.js';

/** Whether the server can do its work now. */
export interface Readiness {
  /** Rejects when the database cannot be reached. */
  check(): Promise<void>;
}

/** A database that has not answered for so long is not there, in milliseconds. */
const PATIENCE = 3000;

const orTooLate = (check: Promise<void>): Promise<void> =>
  Promise.race([
    check,
    setTimeout(PATIENCE, undefined, { ref: false }).then(() => {
      throw new Error('no answer');
    }),
  ]);

const StatusReply = z.object({ status: z.literal('ok'), service: z.string() });

export const systemRoutes = (api: Api, readiness: Readiness, report: (error: unknown) => void = () => undefined): Api =>
  api
    .open({
      method: 'get',
      paths: ['/health'],
      tag: 'System',
      summary: 'The process is up',
      reply: { status: 200, schema: StatusReply, description: 'It answers' },
      handle: () => ({ status: 'ok' as const, service: 'openlab' }),
    })
    .open({
      method: 'get',
      paths: ['/ready'],
      tag: 'System',
      summary: 'The database is reachable and up to date',
      refusals: [503],
      reply: { status: 200, schema: StatusReply, description: 'Requests can be served' },
      handle: async () => {
        try {
          await orTooLate(readiness.check());
        } catch (error) {
          report(error);
          throw new DomainError('unavailable', 'system.not-ready', 'The database cannot be reached.');
        }
        return { status: 'ok' as const, service: 'openlab' };
      },
    });

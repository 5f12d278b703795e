import type { Request } from 'express';
import { z } from 'zod';
import type { ReadFeeds } from '../../../application/feeds/index.js';
import type { WhoIs } from '../../../application/identity/index.js';
import type { LiveFeed } from '../../../application/live/index.js';
import type { Clock } from '../../../application/shared/ports.js';
import { DomainError } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { callerOf } from '../shared/caller.js';
import { text } from '../shared/fields.js';
import { sendProblem } from '../shared/problem.js';
import { LiveTexts } from './live-data.js';
import { LiveStream, type Viewer } from './live-stream.js';

export interface LiveUseCases {
  readonly liveFeed: LiveFeed;
  readonly readFeeds: ReadFeeds;
}

/** Whether the session that a request came with is still open. */
export type SessionIsOpen = (sessionId: string) => Promise<boolean>;

const EVENT_STREAM = 'text/event-stream';

/** What a client that comes back has seen last; nonsense is as good as nothing. */
const lastSeen = (request: Request): number | null => {
  const given = request.get('last-event-id') ?? '';
  return /^\d{1,15}$/.test(given) ? Number(given) : null;
};

export const liveRoutes = (
  api: Api,
  { liveFeed, readFeeds }: LiveUseCases,
  whoIs: WhoIs,
  sessionIsOpen: SessionIsOpen,
  clock: Clock,
  mostEach: number,
): Api => {
  const texts = new LiveTexts();
  /** How many streams are open, by user. */
  const open = new Map<number, number>();
  const countIn = (userId: number, by: 1 | -1): void => {
    const count = (open.get(userId) ?? 0) + by;
    if (count > 0) open.set(userId, count);
    else open.delete(userId);
  };
  const bySession =
    (userId: number, sessionId: string): Viewer =>
    async () =>
      (await sessionIsOpen(sessionId)) ? whoIs.execute(userId) : null;
  const byToken =
    (secret: string): Viewer =>
    async () =>
      (await readFeeds.opened(secret, 'live'))?.user ?? null;
  return api.open({
    method: 'get',
    paths: ['/api/events'],
    tag: 'Live',
    summary: 'What happens, as it happens (Server-Sent Events), with a session or a token',
    query: z.object({ token: text(200).optional() }),
    headers: z.object({ 'last-event-id': z.string().optional() }),
    refusals: [401, 429, 503],
    reply: {
      status: 200,
      schema: z.string(),
      description:
        'booking.created, booking.changed, device.changed, power.changed, approval.needed, with ids that rise; ' +
        'missed first, without an id, where more happened since Last-Event-ID than is told',
      contentType: EVENT_STREAM,
    },
    handle: async ({ query }, { request, response }) => {
      const caller = callerOf(request);
      const viewer =
        query.token === undefined ? caller && bySession(caller.id, request.sessionID) : byToken(query.token);
      const user = viewer && (await viewer());
      if (!user) throw new DomainError('unauthenticated', 'session.required', 'Not authenticated');
      if (liveFeed.isClosed) {
        throw new DomainError('unavailable', 'system.stopping', 'This server is about to stop. Please ask again.');
      }
      if ((open.get(user.id) ?? 0) >= mostEach) {
        const detail = `You have ${mostEach} live streams open already. Please close some.`;
        sendProblem(response, { status: 429, code: 'events.too-many', detail });
        return '';
      }
      if (response.closed) return '';
      countIn(user.id, 1);
      response.once('close', () => {
        countIn(user.id, -1);
      });
      await new LiveStream(response, viewer, texts, clock, lastSeen(request)).run(liveFeed);
      return '';
    },
  });
};

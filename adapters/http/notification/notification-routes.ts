import { z } from 'zod';
import {
  NOTIFICATION_STATES,
  type LookAtNotifications,
  type Notification,
} from '../../../application/notification/index.js';
import { CHANNELS, isoOf } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, isoText } from '../shared/fields.js';

export interface NotificationUseCases {
  readonly lookAtNotifications: LookAtNotifications;
}

const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).optional().default(25),
  offset: z.coerce.number().int().min(0).max(1_000_000).optional().default(0),
};

const Meta = z.object({ total: z.int(), limit: z.int(), offset: z.int() });

const OwnReply = z.object({
  items: z.array(
    z.object({
      id: z.int(),
      type: z.string(),
      text: z.string(),
      created_at: isoText,
      read_at: isoText.nullable(),
      link: z.string(),
    }),
  ),
  meta: Meta,
});

const OperatorsReply = z.object({
  items: z.array(
    z.object({
      id: z.int(),
      event_id: z.int(),
      type: z.string(),
      channel: z.enum(CHANNELS),
      /** Null for a room. */
      user_id: z.int().nullable(),
      state: z.enum(NOTIFICATION_STATES),
      text: z.string(),
      attempts: z.int(),
      due_at: isoText.nullable(),
      last_error: z.string().nullable(),
      created_at: isoText,
      sent_at: isoText.nullable(),
    }),
  ),
  meta: Meta,
});

const isoOrNull = (at: number | null) => (at === null ? null : isoOf(at));

const own = ({ id, type, text, createdAt, readAt, link }: Notification) => ({
  ...{ id, type, text, link },
  created_at: isoOf(createdAt),
  read_at: isoOrNull(readAt),
});

const forOperators = (notification: Notification) => {
  const { id, eventId, type, channel, userId, state, text, attempts, dueAt, lastError, createdAt, sentAt } =
    notification;
  return {
    ...{ id, event_id: eventId, type, channel, user_id: userId === 0 ? null : userId, state, text, attempts },
    due_at: state === 'waiting' ? isoOf(dueAt) : null,
    last_error: lastError,
    created_at: isoOf(createdAt),
    sent_at: isoOrNull(sentAt),
  };
};

const tag = 'Notifications';
const MessageReply = z.object({ message: z.string() });
const RetriedReply = z.object({ message: z.string(), count: z.int() });

export const notificationRoutes = (api: Api, { lookAtNotifications }: NotificationUseCases): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/api/notifications'],
      tag,
      summary: 'What you were told, the newest first',
      query: z.object({ ...pageQuery, unread: z.enum(['true', 'false', '1', '0', '']).optional() }),
      reply: { status: 200, schema: OwnReply, description: 'A page; `meta.total` counts all of them' },
      handle: async ({ query: { unread, ...page } }, { caller }) => {
        const onlyUnread = unread === 'true' || unread === '1';
        const { items, total } = await lookAtNotifications.own(caller, { ...page, unread: onlyUnread });
        return { items: items.map(own), meta: { total, ...page } };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/api/notifications/{id}/read'],
      tag,
      summary: 'You have read it',
      params: z.object({ id: idInPath }),
      refusals: [404],
      reply: { status: 200, schema: MessageReply, description: 'It is not unread any more' },
      handle: async ({ params }, { caller }) => {
        await lookAtNotifications.markRead(caller, params.id);
        return { message: `Notification ${params.id} is read` };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/notifications'],
      tag,
      summary: 'Everything that was or is to be told to anybody, the newest first',
      query: z.object({ ...pageQuery, state: z.enum([...NOTIFICATION_STATES, '']).optional() }),
      refusals: [403],
      reply: { status: 200, schema: OperatorsReply, description: 'A page, with what went wrong' },
      handle: async ({ query: { state, ...page } }, { caller }) => {
        const wanted = state === undefined || state === '' ? null : state;
        const { items, total } = await lookAtNotifications.all(caller, wanted, page);
        return { items: items.map(forOperators), meta: { total, ...page } };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/notifications/{id}/retry'],
      tag,
      summary: 'Send again what was given up, or at once what waits',
      params: z.object({ id: idInPath }),
      refusals: [403, 404, 409],
      reply: { status: 200, schema: MessageReply, description: 'It is sent as if it were new' },
      handle: async ({ params }, { caller }) => {
        await lookAtNotifications.retry(caller, params.id);
        return { message: `Notification ${params.id} will be sent again` };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/notifications/retry'],
      tag,
      summary: 'Send everything again that was given up, on one channel or on all',
      body: z.object({ state: z.literal('dead'), channel: z.enum(CHANNELS).nullish() }),
      refusals: [403],
      reply: { status: 200, schema: RetriedReply, description: 'They are sent as if they were new' },
      handle: async ({ body: { channel } }, { caller }) => {
        const count = await lookAtNotifications.retryDead(caller, channel ?? null);
        return { message: `${count} notification(s) will be sent again`, count };
      },
    });

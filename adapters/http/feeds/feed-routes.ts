import type { Request, Response } from 'express';
import { z } from 'zod';
import type { AccessToken, Feed, KeepTokens, ReadFeeds } from '../../../application/feeds/index.js';
import { isoOf } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { id, idInPath, isoText, text } from '../shared/fields.js';

export interface FeedUseCases {
  readonly keepTokens: KeepTokens;
  readonly readFeeds: ReadFeeds;
}

const TokenReply = z.object({
  id: z.int(),
  scope: z.enum(['user', 'device', 'lab', 'live']),
  device_id: z.int().nullable(),
  created_at: isoText,
  expires_at: isoText.nullable(),
});

const tokenReply = ({
  id: tokenId,
  scope,
  deviceId,
  createdAt,
  expiresAt,
}: AccessToken): z.input<typeof TokenReply> => ({
  ...{ id: tokenId, scope, device_id: deviceId, created_at: isoOf(createdAt) },
  expires_at: expiresAt === null ? null : isoOf(expiresAt),
});

const MadeReply = TokenReply.extend({ token: z.string(), url: z.string() });

const pathOf = ({ scope, deviceId }: AccessToken, secret: string): string => {
  if (scope === 'live') return `/api/events?token=${secret}`;
  if (scope === 'user') return `/api/calendar/user/${secret}.ics`;
  return `/api/calendar/${scope === 'device' ? `device/${deviceId ?? 0}` : 'lab'}.ics?token=${secret}`;
};

const madeReply = ({ token, secret }: Awaited<ReturnType<KeepTokens['make']>>, request: Request) => ({
  ...tokenReply(token),
  token: secret,
  url: `${request.protocol}://${request.host}${pathOf(token, secret)}`,
});

const CALENDAR = 'text/calendar';

/** Sends the calendar, or that it is still the one which the client has. */
const sendFeed = async (feed: Feed, request: Request, response: Response): Promise<string> => {
  response.set({ ETag: `"${feed.version}"`, 'Cache-Control': 'private, no-cache' });
  if (request.fresh) response.status(304).end();
  else response.type(`${CALENDAR}; charset=utf-8`).send(await feed.text());
  return '';
};

const reply = { status: 200, schema: z.string(), description: 'A calendar (RFC 5545)', contentType: CALENDAR } as const;
const IfNoneMatch = z.object({ 'if-none-match': z.string().optional() });
const Secret = z.object({ token: text(200).optional().default('') });

const tag = 'Calendars';
const MessageReply = z.object({ message: z.string() });

export const feedRoutes = (api: Api, { keepTokens, readFeeds }: FeedUseCases): Api =>
  api
    .signedIn({
      method: 'post',
      paths: ['/api/calendar/tokens'],
      tag,
      summary: 'Make the address of a calendar that a program can read without a session',
      body: z.object({ scope: z.enum(['user', 'device', 'lab']), device_id: id.nullish() }),
      refusals: [400],
      reply: { status: 201, schema: MadeReply, description: 'The secret is told this once' },
      handle: async ({ body }, { caller, request }) =>
        madeReply(await keepTokens.make(caller, body.scope, body.device_id ?? null), request),
    })
    .signedIn({
      method: 'get',
      paths: ['/api/calendar/tokens'],
      tag,
      summary: 'Your addresses, without their secrets',
      reply: { status: 200, schema: z.array(TokenReply), description: 'By id' },
      handle: async (_input, { caller }) => (await keepTokens.ofUser(caller)).map(tokenReply),
    })
    .signedIn({
      method: 'delete',
      paths: ['/api/calendar/tokens/{id}'],
      tag,
      summary: 'Revoke an address',
      params: z.object({ id: idInPath }),
      refusals: [404],
      reply: { status: 200, schema: MessageReply, description: 'It opens nothing any more' },
      handle: async ({ params }, { caller }) => {
        await keepTokens.revoke(caller, params.id);
        return { message: `Token ${params.id} is revoked` };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/api/events/tokens'],
      tag,
      summary: 'Make an address of the live stream, good for seven days',
      reply: { status: 201, schema: MadeReply, description: 'The secret is told this once' },
      handle: async (_input, { caller, request }) => madeReply(await keepTokens.make(caller, 'live'), request),
    })
    .open({
      method: 'get',
      paths: ['/api/calendar/user/{token}.ics'],
      tag,
      summary: 'What the owner of the token has booked or shares',
      params: z.object({ token: text(200) }),
      headers: IfNoneMatch,
      refusals: [404],
      reply,
      handle: async ({ params }, { request, response }) =>
        sendFeed(await readFeeds.ofUser(params.token), request, response),
    })
    .open({
      method: 'get',
      paths: ['/api/calendar/device/{id}.ics'],
      tag,
      summary: 'What a device is booked for',
      params: z.object({ id: idInPath }),
      query: Secret,
      headers: IfNoneMatch,
      refusals: [404],
      reply,
      handle: async ({ params, query }, { request, response }) =>
        sendFeed(await readFeeds.ofDevice(query.token, params.id), request, response),
    })
    .open({
      method: 'get',
      paths: ['/api/calendar/lab.ics'],
      tag,
      summary: 'What the whole lab is booked for',
      query: Secret,
      headers: IfNoneMatch,
      refusals: [404],
      reply,
      handle: async ({ query }, { request, response }) =>
        sendFeed(await readFeeds.ofLab(query.token), request, response),
    });

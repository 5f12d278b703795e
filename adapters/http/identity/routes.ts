import type { RequestHandler } from 'express';
import { z } from 'zod';
import type {
  AcceptInvitation,
  AccountForm,
  FindUsers,
  RegisterAdmin,
  RegisterUser,
  SignIn,
} from '../../../application/identity/index.js';
import { DomainError, isAdmin, type User } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { callerOf, viaOf } from '../shared/caller.js';
import { optionalText, text } from '../shared/fields.js';
import { COOKIE_NAME, endSession, openSession } from './sessions.js';

export interface IdentityUseCases {
  readonly registerUser: RegisterUser;
  readonly registerAdmin: RegisterAdmin;
  readonly acceptInvitation: AcceptInvitation;
  readonly signIn: SignIn;
  readonly findUsers: FindUsers;
}

export interface IdentityLimits {
  readonly signIn: readonly RequestHandler[];
  readonly registration: readonly RequestHandler[];
}

const MOST_PASSWORD = 4096;

const Credentials = z.object({ username: text(200), password: text(MOST_PASSWORD) });

const email = z
  .union([z.literal('').transform(() => null), z.email().max(254)])
  .nullish()
  .transform((value) => value ?? null);

const AccountBody = z.object({
  username: text(200),
  password: text(MOST_PASSWORD),
  password2: text(MOST_PASSWORD),
  email,
  discord_id: optionalText(32),
});

const formOf = ({ discord_id, ...body }: z.output<typeof AccountBody>): AccountForm => ({
  ...body,
  discordId: discord_id,
});

const AccountReply = z.object({
  id: z.int(),
  username: z.string(),
  email: z.string().nullable(),
  is_admin: z.boolean(),
  discord_id: z.string().nullable(),
});

const accountReply = (user: User): z.input<typeof AccountReply> => ({
  id: user.id,
  username: user.username,
  email: user.email,
  is_admin: isAdmin(user.role),
  discord_id: user.discordId,
});

const LoggedIn = z.object({
  logged_in: z.boolean(),
  user_id: z.int().optional(),
  username: z.string().optional(),
  is_admin: z.boolean().optional(),
});

const MessageReply = z.object({ message: z.string() });

const tag = 'Identity';

export const identityRoutes = (api: Api, useCases: IdentityUseCases, limits: IdentityLimits): Api =>
  api
    .open({
      method: 'post',
      paths: ['/users/register'],
      tag,
      summary: 'Register an account and sign in',
      body: AccountBody,
      refusals: [400],
      before: limits.registration,
      reply: { status: 200, schema: AccountReply, description: 'The account; its session is open' },
      handle: async ({ body }, { request }) => {
        const user = await useCases.registerUser.execute(formOf(body));
        await openSession(request, user.id);
        return accountReply(user);
      },
    })
    .open({
      method: 'post',
      paths: ['/login'],
      tag,
      summary: 'Sign in',
      body: Credentials,
      refusals: [400, 403],
      before: limits.signIn,
      reply: { status: 200, schema: MessageReply.extend({ user_id: z.int() }), description: 'The session is open' },
      handle: async ({ body }, { request }) => {
        const user = await useCases.signIn.execute(body.username, body.password, viaOf(request));
        await openSession(request, user.id);
        return { message: 'Sign in successful', user_id: user.id };
      },
    })
    .open({
      method: 'post',
      paths: ['/logout'],
      tag,
      summary: 'Sign out: the session ends on the server',
      reply: { status: 200, schema: MessageReply, description: 'Nobody is signed in any more' },
      handle: async (_input, { request, response }) => {
        await endSession(request);
        response.clearCookie(COOKIE_NAME, { path: '/', sameSite: 'lax', httpOnly: true });
        return { message: 'Signed out successfully' };
      },
    })
    .open({
      method: 'get',
      paths: ['/session'],
      tag,
      summary: 'Whether somebody is signed in, and who',
      reply: { status: 200, schema: LoggedIn, description: 'Also without a session' },
      handle: (_input, { request }) => {
        const caller = callerOf(request);
        return caller ? { logged_in: true, user_id: caller.id, username: caller.username } : { logged_in: false };
      },
    })
    .open({
      method: 'get',
      paths: ['/api/auth/me'],
      tag,
      summary: 'The signed-in user',
      refusals: [401],
      reply: {
        status: 200,
        schema: z.object({
          authenticated: z.boolean(),
          user_id: z.int(),
          username: z.string(),
          is_admin: z.boolean(),
          email: z.string().nullable(),
        }),
        description: 'The user; 401 with `authenticated: false` when nobody is signed in',
      },
      handle: (_input, { request }) => {
        const caller = callerOf(request);
        if (!caller) {
          // The frontends look at this field, not only at the status.
          throw new DomainError('unauthenticated', 'session.required', 'Not authenticated', { authenticated: false });
        }
        const { id: user_id, username, email: address, role } = caller;
        return { authenticated: true, user_id, username, is_admin: isAdmin(role), email: address };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/api/users/search', '/users/search'],
      tag,
      summary: 'Find users by part of their name; an exact match comes first',
      query: z.object({ q: text(200), limit: z.coerce.number().optional().default(10) }),
      reply: {
        status: 200,
        schema: z.array(z.object({ id: z.int(), username: z.string() })),
        description: 'At most 20 users',
      },
      handle: ({ query }) => useCases.findUsers.execute(query.q, query.limit),
    })
    .open({
      method: 'post',
      paths: ['/admin/register'],
      tag,
      summary: 'Register an administrator, for those who know the admin secret',
      body: AccountBody.extend({ admin_secret: text(MOST_PASSWORD) }),
      refusals: [400, 403],
      before: limits.registration,
      reply: { status: 200, schema: AccountReply, description: 'The account; its session is open' },
      handle: async ({ body: { admin_secret: adminSecret, ...body } }, { request }) => {
        const user = await useCases.registerAdmin.execute({ ...formOf(body), adminSecret });
        await openSession(request, user.id);
        return accountReply(user);
      },
    })
    .open({
      method: 'post',
      paths: ['/admin/login'],
      tag,
      summary: 'Sign in, for the admin page: it says whether the user is an administrator',
      body: Credentials,
      refusals: [400, 403],
      before: limits.signIn,
      reply: {
        status: 200,
        schema: MessageReply.extend({ user_id: z.int(), is_admin: z.boolean() }),
        description: 'The session is open',
      },
      handle: async ({ body }, { request }) => {
        const user = await useCases.signIn.execute(body.username, body.password, viaOf(request));
        await openSession(request, user.id);
        return { message: 'Sign in successful', user_id: user.id, is_admin: isAdmin(user.role) };
      },
    })
    .open({
      method: 'get',
      paths: ['/admin/checkAdminSession'],
      tag,
      summary: 'Whether somebody is signed in and may administrate',
      reply: { status: 200, schema: LoggedIn, description: 'Also without a session' },
      handle: (_input, { request }) => {
        const caller = callerOf(request);
        if (!caller) return { logged_in: false };
        return { logged_in: true, user_id: caller.id, username: caller.username, is_admin: isAdmin(caller.role) };
      },
    })
    .open({
      method: 'post',
      paths: ['/admin/v2/invitations/accept'],
      tag,
      summary: 'Accept an invitation: makes the account and signs in',
      body: AccountBody.extend({ token: text(200) }),
      refusals: [400],
      before: limits.registration,
      reply: {
        status: 200,
        schema: z.object({ id: z.int(), username: z.string(), role: z.string() }),
        description: 'The account; its session is open',
      },
      handle: async ({ body: { token, ...body } }, { request }) => {
        const user = await useCases.acceptInvitation.execute({ ...formOf(body), token });
        await openSession(request, user.id);
        return { id: user.id, username: user.username, role: user.role };
      },
    });

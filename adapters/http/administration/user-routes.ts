import { z } from 'zod';
import type { ManageUsers, UserListing } from '../../../application/identity/index.js';
import { CAPABILITIES, isoOf, roleCan, ROLES, type ApprovalLimits, type Role } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, isoText, optionalText } from '../shared/fields.js';
import { metaReply, MetaReply, pageQuery } from '../shared/paging.js';

export interface UserAdministration {
  readonly manageUsers: ManageUsers;
}

const RoleWord = z.enum(ROLES);
const StatusWord = z.enum(['active', 'disabled']);

const Limits = z.object({
  max_days: z.int().min(0).max(3660).nullish(),
  max_device_hours: z.int().min(0).max(10_000_000).nullish(),
});

const limitsOf = (limits: z.output<typeof Limits> | null | undefined): ApprovalLimits | null | undefined =>
  limits && { maxDays: limits.max_days ?? null, maxDeviceHours: limits.max_device_hours ?? null };

const UserReply = z
  .object({
    id: z.int(),
    username: z.string(),
    email: z.string().nullable(),
    role: RoleWord,
    status: StatusWord,
    bookings_count: z.int(),
    last_active: isoText.nullable(),
    approval_limits: z.object({ max_days: z.int().nullable(), max_device_hours: z.int().nullable() }).nullable(),
    devices_operated: z.null(),
    created_at: isoText,
  })
  .openapi('AdministeredUser');

const userReply = ({ user, bookings, lastActiveAt, approvalLimits }: UserListing): z.input<typeof UserReply> => ({
  id: user.id,
  username: user.username,
  email: user.email,
  role: user.role,
  status: user.status,
  bookings_count: bookings,
  last_active: lastActiveAt === null ? null : isoOf(lastActiveAt),
  approval_limits: approvalLimits && {
    max_days: approvalLimits.maxDays,
    max_device_hours: approvalLimits.maxDeviceHours,
  },
  devices_operated: null,
  created_at: isoOf(user.createdAt),
});

const permissionsOf = (role: Role) =>
  Object.fromEntries(CAPABILITIES.map((capability) => [capability, roleCan(role, capability)]));

const Success = z.object({ success: z.boolean() });
const oneUser = z.object({ id: idInPath });
const tag = 'Administration';

/** Who may do what. */
export const userRoutes = (api: Api, { manageUsers }: UserAdministration): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/session'],
      tag,
      summary: 'Who is signed in, and what their role allows',
      reply: {
        status: 200,
        schema: z.object({
          user: z.object({ id: z.int(), username: z.string(), email: z.string().nullable() }),
          role: RoleWord,
          status: StatusWord,
          permissions: z.record(z.string(), z.boolean()),
        }),
        description: 'All 11 permissions, true or false',
      },
      handle: (_input, { caller: { id, username, email, role, status } }) => ({
        user: { id, username, email },
        role,
        status,
        permissions: permissionsOf(role),
      }),
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/users'],
      tag,
      summary: 'Users by name',
      query: pageQuery().extend({
        role: RoleWord.optional(),
        status: StatusWord.optional(),
        search: optionalText(200),
      }),
      refusals: [403],
      reply: {
        status: 200,
        schema: z.object({ items: z.array(UserReply), meta: MetaReply }),
        description: 'Addresses only for those who may change users',
      },
      handle: async ({ query: { limit, offset, role, status, search } }, { caller }) => {
        const filter = { role: role ?? null, status: status ?? null, text: search };
        const { items, total } = await manageUsers.page(caller, filter, { limit, offset });
        return { items: items.map(userReply), meta: metaReply(total, { limit, offset }) };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/users/invite'],
      tag,
      summary: 'Invite somebody to a role; whoever has the token may accept, once',
      body: z.object({
        email: z.union([z.literal('').transform(() => null), z.email().max(254)]).nullish(),
        role: RoleWord,
      }),
      refusals: [403],
      reply: {
        status: 201,
        schema: z.object({ invitation_id: z.string(), token: z.string(), expires_at: isoText }),
        description: 'The token is told this once',
      },
      handle: async ({ body }, { caller }) => {
        const { id, token, expiresAt } = await manageUsers.invite(caller, body.email ?? null, body.role);
        return { invitation_id: id, token, expires_at: isoOf(expiresAt) };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/users/{id}/role'],
      tag,
      summary: 'Change a role, and how much somebody may confirm',
      params: oneUser,
      body: z.object({ role: RoleWord, approval_limits: Limits.nullish() }),
      refusals: [403, 404, 409],
      reply: { status: 200, schema: Success, description: 'It counts from the next request on' },
      handle: async ({ params, body }, { caller }) => {
        await manageUsers.changeRole(caller, params.id, body.role, limitsOf(body.approval_limits));
        return { success: true };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/users/{id}/status'],
      tag,
      summary: 'Disable an account, which signs it out everywhere, or enable it again',
      params: oneUser,
      body: z.object({ status: StatusWord }),
      refusals: [403, 404, 409],
      reply: { status: 200, schema: Success, description: 'It counts from the next request on' },
      handle: async ({ params, body }, { caller }) => {
        await manageUsers.changeStatus(caller, params.id, body.status);
        return { success: true };
      },
    });

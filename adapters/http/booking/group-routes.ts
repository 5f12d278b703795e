import { z } from 'zod';
import type { CancelBooking, EditCollaborators, ExtendBookings, Rebook } from '../../../application/booking/index.js';
import type { TokenDigest } from '../../../application/identity/index.js';
import type { Api } from '../shared/api.js';
import { dateText, idInPath, idOrText, text } from '../shared/fields.js';
import { MayBeRepeated } from '../shared/may-be-repeated.js';
import { grantedBookingReply, GrantedReply, grantedReply } from './replies.js';
import { idempotencyKeyOf, MOST_ITEMS, CancelBody } from './request-body.js';

export interface GroupUseCases {
  readonly cancelBooking: CancelBooking;
  readonly extendBookings: ExtendBookings;
  readonly rebook: Rebook;
  readonly editCollaborators: EditCollaborators;
}

const oneBooking = z.object({ id: idInPath });
const oneGroup = z.object({ groupId: text(36) });

/** Which bookings of the group are meant; without it the one in the path. */
const among = z.array(idOrText).max(MOST_ITEMS).nullish();

const ExtendGroupBody = z.object({ user_id: idOrText.nullish(), new_end_date: dateText });
const RebookGroupBody = z.object({
  user_id: idOrText.nullish(),
  start_date: dateText,
  end_date: dateText,
  message: text(2000).nullish(),
});

const rangeOf = ({ start_date: startDate, end_date: endDate }: { start_date: string; end_date: string }) => ({
  startDate,
  endDate,
});

const CountReply = z.object({ message: z.string(), count: z.int() });
const ExtendedReply = CountReply.extend({ bookings: GrantedReply.shape.bookings });
const tag = 'Bookings';

/** What people do with bookings that they have: share, extend, book again, give back. */
export const groupRoutes = (api: Api, useCases: GroupUseCases, digest: TokenDigest): Api => {
  const { cancelBooking, extendBookings, rebook, editCollaborators } = useCases;
  return api
    .signedIn({
      method: 'delete',
      paths: ['/api/bookings/group/{groupId}'],
      tag,
      summary: 'Cancel what still holds of a group',
      params: oneGroup,
      body: CancelBody,
      bodyOptional: true,
      refusals: [400, 403, 404],
      reply: { status: 200, schema: CountReply, description: 'How many were cancelled' },
      handle: async ({ params, body }, { caller }) => {
        const { user_id = null, reason = null } = body ?? {};
        const count = await cancelBooking.group(caller, params.groupId, user_id, reason);
        return { message: `Cancelled booking group ${params.groupId}.`, count };
      },
    })
    .signedIn({
      method: 'patch',
      paths: ['/api/bookings/group/{groupId}/extend'],
      tag,
      summary: 'Add the days up to a new last day to a group',
      params: oneGroup,
      body: ExtendGroupBody,
      refusals: [400, 403, 404, 409, 503],
      reply: { status: 200, schema: ExtendedReply, description: 'The bookings that were added' },
      handle: async ({ params, body }, { caller }) => {
        const { new_end_date, user_id } = body;
        const added = await extendBookings.group(caller, params.groupId, new_end_date, user_id ?? null);
        const count = added.length;
        const message = `Extended booking group ${params.groupId} by ${count} slot(s).`;
        return { message, count, bookings: added.map(grantedBookingReply) };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/api/bookings/group/{groupId}/rebook'],
      tag,
      summary: 'Book a group again at other dates, as a new group',
      params: oneGroup,
      body: RebookGroupBody,
      headers: MayBeRepeated,
      refusals: [400, 403, 404, 409, 503],
      reply: { status: 200, schema: GrantedReply, description: 'The new group' },
      handle: async ({ params, body }, { caller, request }) => {
        const { message, user_id } = body;
        const range = rangeOf(body);
        const once = idempotencyKeyOf(request, digest);
        return grantedReply(await rebook.group(caller, params.groupId, range, message ?? '', user_id ?? null, once));
      },
    })
    .signedIn({
      method: 'patch',
      paths: ['/bookings/{id}/extend', '/api/bookings/{id}/extend'],
      tag,
      summary: 'Move the end of a booking, or of several of its group, to a later day',
      params: oneBooking,
      body: ExtendGroupBody.extend({ booking_ids: among }),
      refusals: [400, 403, 404, 409, 503],
      reply: {
        status: 200,
        schema: ExtendedReply,
        description: 'The bookings that end later now, or were added next to confirmed ones and await a decision',
      },
      handle: async ({ params, body }, { caller }) => {
        const { booking_ids, new_end_date, user_id } = body;
        const ids = booking_ids ?? null;
        const extended = await extendBookings.bookings(caller, params.id, ids, new_end_date, user_id ?? null);
        const count = extended.length;
        const message = `Extended ${count} booking(s) successfully.`;
        return { message, count, bookings: extended.map(grantedBookingReply) };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/bookings/rebook/{id}', '/api/bookings/rebook/{id}'],
      tag,
      summary: 'Book a booking, or several of its group, again at other dates for oneself',
      params: oneBooking,
      body: RebookGroupBody.extend({ booking_ids: among }),
      headers: MayBeRepeated,
      refusals: [400, 403, 404, 409, 503],
      reply: { status: 200, schema: GrantedReply, description: 'The new group' },
      handle: async ({ params, body }, { caller, request }) => {
        const { booking_ids, message, user_id } = body;
        const ids = booking_ids ?? null;
        const once = idempotencyKeyOf(request, digest);
        return grantedReply(
          await rebook.bookings(caller, params.id, ids, rangeOf(body), message ?? '', user_id ?? null, once),
        );
      },
    })
    .signedIn({
      method: 'patch',
      paths: ['/bookings/{id}/collaborators', '/api/bookings/{id}/collaborators'],
      tag,
      summary: 'Say who shares a booking, or several of its group',
      params: oneBooking,
      body: z.object({
        owner_id: idOrText.nullish(),
        collaborators: z.array(text(200)).max(100),
        booking_ids: among,
      }),
      refusals: [400, 403, 404],
      reply: {
        status: 200,
        schema: z.object({ message: z.string(), collaborators: z.array(z.string()) }),
        description: 'Their names in order',
      },
      handle: async ({ params, body }, { caller }) => {
        const ids = body.booking_ids ?? null;
        const { collaborators, owner_id } = body;
        const names = await editCollaborators.execute(caller, params.id, ids, collaborators, owner_id ?? null);
        return { message: 'Collaborators updated successfully.', collaborators: names };
      },
    });
};

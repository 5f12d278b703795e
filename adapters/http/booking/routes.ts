import { z } from 'zod';
import type {
  CancelBooking,
  CheckConflicts,
  RemoveBooking,
  RequestBooking,
  ViewBookings,
} from '../../../application/booking/index.js';
import type { TokenDigest } from '../../../application/identity/index.js';
import type { LabZone } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { dateText, idInPath, idOrText, instant } from '../shared/fields.js';
import { MayBeRepeated } from '../shared/may-be-repeated.js';
import {
  conflictsReply,
  ConflictsReply,
  grantedReply,
  GrantedReply,
  groupReply,
  GroupReply,
  previewReply,
  PreviewReply,
  userBookingReply,
  UserBookingReply,
  weekReply,
  WeekReply,
} from './replies.js';
import { idempotencyKeyOf, MOST_ITEMS, CancelBody, requestBody, requestOf } from './request-body.js';

export interface BookingUseCases {
  readonly requestBooking: RequestBooking;
  readonly cancelBooking: CancelBooking;
  readonly viewBookings: ViewBookings;
  readonly removeBooking: RemoveBooking;
  readonly checkConflicts: CheckConflicts;
}

const MessageReply = z.object({ message: z.string() });
const tag = 'Bookings';

export const bookingRoutes = (api: Api, useCases: BookingUseCases, zone: LabZone, digest: TokenDigest): Api => {
  const { requestBooking, cancelBooking, viewBookings, removeBooking, checkConflicts } = useCases;
  return api
    .signedIn({
      method: 'post',
      paths: ['/bookings', '/api/bookings'],
      tag,
      summary: 'Book devices: all of the request, or nothing',
      body: requestBody(zone),
      headers: MayBeRepeated,
      refusals: [400, 403, 409, 503],
      reply: {
        status: 200,
        schema: GrantedReply,
        description: 'The bookings hold their slots; the server decided their status',
      },
      handle: async ({ body }, { caller, request }) => {
        const once = idempotencyKeyOf(request, digest);
        return grantedReply(await requestBooking.execute(caller, requestOf(body), once));
      },
    })
    .signedIn({
      method: 'put',
      paths: ['/bookings/{id}/cancel', '/api/bookings/{id}/cancel'],
      tag,
      summary: 'Cancel a booking',
      params: z.object({ id: idInPath }),
      body: CancelBody,
      bodyOptional: true,
      refusals: [400, 403, 404],
      reply: { status: 200, schema: MessageReply, description: 'Its slot is free again' },
      handle: async ({ params, body }, { caller }) => {
        await cancelBooking.one(caller, params.id, body?.user_id ?? null, body?.reason ?? null);
        return { message: `Booking ${params.id} has been cancelled` };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/api/bookings/preview'],
      tag,
      summary: 'What a request would be answered now, with the whole policy trace',
      body: requestBody(zone),
      refusals: [400, 403],
      reply: { status: 200, schema: PreviewReply, description: 'Nothing was written' },
      handle: async ({ body }, { caller }) => previewReply(await requestBooking.preview(caller, requestOf(body))),
    })
    .signedIn({
      method: 'get',
      paths: ['/bookings/for-week'],
      tag,
      summary: 'Every booking that touches seven days',
      query: z.object({ start: dateText }),
      reply: { status: 200, schema: z.array(WeekReply), description: 'From lab midnight of `start` on, any weekday' },
      handle: async ({ query }) => weekReply(await viewBookings.week(query.start)),
    })
    .signedIn({
      method: 'get',
      paths: ['/bookings/user/{id}'],
      tag,
      summary: 'Bookings that a user owns or collaborates in, singly or by group',
      params: z.object({ id: idInPath }),
      query: z.object({ grouped: z.enum(['true', 'false', '1', '0']).optional() }),
      refusals: [403, 404],
      reply: {
        status: 200,
        schema: z.union([z.array(GroupReply), z.array(UserBookingReply)]),
        description: 'Singly by start; by group the newest first',
      },
      handle: async ({ params, query }, { caller }) =>
        query.grouped === 'true' || query.grouped === '1'
          ? (await viewBookings.groupsOfUser(caller, params.id)).map((group) => groupReply(group, params.id))
          : (await viewBookings.ofUser(caller, params.id)).map((listing) => userBookingReply(listing, params.id)),
    })
    .signedIn({
      method: 'delete',
      paths: ['/bookings/{id}'],
      tag,
      summary: 'Delete a booking that is over; an administrator may delete any',
      params: z.object({ id: idInPath }),
      refusals: [403, 404, 409],
      reply: { status: 200, schema: MessageReply, description: 'It is gone' },
      handle: async ({ params }, { caller }) => {
        await removeBooking.execute(caller, params.id);
        return { message: `Booking ${params.id} deleted.` };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/check-conflicts'],
      tag,
      summary: 'What stands in the way of devices, day by day in lab time',
      body: z.object({ device_ids: z.array(idOrText).max(MOST_ITEMS), start: instant(zone), end: instant(zone) }),
      refusals: [400],
      reply: { status: 200, schema: z.array(ConflictsReply), description: 'Only devices with something in the way' },
      handle: async ({ body }) =>
        (await checkConflicts.execute(body.device_ids, body.start, body.end)).map(conflictsReply),
    });
};

import { z } from 'zod';
import type {
  BookingListing,
  BookingRequest,
  CancelBooking,
  RequestBooking,
  ViewBookings,
} from '../../../application/booking/index.js';
import type { TokenDigest } from '../../../application/identity/index.js';
import { isoOf, type LabZone } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { dateText, id, idInPath, idOrText, instant, isoText, name, text } from '../shared/fields.js';

export interface BookingUseCases {
  readonly requestBooking: RequestBooking;
  readonly cancelBooking: CancelBooking;
  readonly viewBookings: ViewBookings;
}

/** More items than any real request has; the longest seen is a rack for a month. */
const MOST_ITEMS = 1000;

const Status = z.enum(['PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED']);

/** What a client may wish for. Only CONFLICTING says something: it accepts to contend. */
const WishedStatus = z
  .string()
  .max(20)
  .transform((value) => value.trim().toUpperCase())
  .pipe(z.enum(['PENDING', 'CONFLICTING', 'CONFIRMED']))
  .optional()
  .default('PENDING');

const itemBody = (zone: LabZone) => {
  const times = { start_time: instant(zone), end_time: instant(zone), status: WishedStatus };
  return z.union([
    z.object({ device_id: id, ...times }),
    z.object({ device_type: name(100), device_name: name(200), ...times }),
  ]);
};

const requestBody = (zone: LabZone) =>
  z.object({
    user_id: idOrText.nullish(),
    bookings: z.array(itemBody(zone)).max(MOST_ITEMS),
    message: text(2000).nullish(),
    collaborators: z.array(text(200)).max(100).nullish(),
    grouped_booking_id: text(36).nullish(),
  });

const requestOf = (body: z.output<ReturnType<typeof requestBody>>): BookingRequest => ({
  userId: body.user_id ?? null,
  items: body.bookings.map((item) => ({
    device: 'device_id' in item ? { id: item.device_id } : { type: item.device_type, name: item.device_name },
    start: item.start_time,
    end: item.end_time,
    consent: item.status === 'CONFLICTING',
  })),
  message: body.message ?? '',
  collaborators: body.collaborators ?? [],
  groupId: body.grouped_booking_id ?? null,
});

/** Who a client says it acts for; the session decides whether it may. */
const OnBehalf = z.object({ user_id: idOrText.nullish() }).optional();

const WeekReply = z
  .object({
    booking_id: z.int(),
    user_id: z.int(),
    username: z.string(),
    owner_username: z.string(),
    device_id: z.int(),
    device_type: z.string(),
    device_name: z.string(),
    start_time: isoText,
    end_time: isoText,
    status: Status,
    grouped_booking_id: z.string(),
    collaborators: z.array(z.string()),
    is_collaborator: z.boolean(),
  })
  .openapi('WeekBooking');

const weekReply = (listing: BookingListing): z.input<typeof WeekReply> => ({
  booking_id: listing.id,
  user_id: listing.ownerId,
  username: listing.ownerUsername,
  owner_username: listing.ownerUsername,
  device_id: listing.deviceId,
  device_type: listing.deviceType,
  device_name: listing.deviceName,
  start_time: isoOf(listing.slot.start),
  end_time: isoOf(listing.slot.end),
  status: listing.status,
  grouped_booking_id: listing.groupId,
  collaborators: [...listing.collaborators],
  // Bookings are listed once, under their owner.
  is_collaborator: false,
});

const MessageReply = z.object({ message: z.string() });
const tag = 'Bookings';

export const bookingRoutes = (api: Api, useCases: BookingUseCases, zone: LabZone, digest: TokenDigest): Api => {
  const { requestBooking, cancelBooking, viewBookings } = useCases;
  return api
    .signedIn({
      method: 'post',
      paths: ['/bookings', '/api/bookings'],
      tag,
      summary: 'Book devices: all of the request, or nothing',
      body: requestBody(zone),
      refusals: [400, 403, 409, 503],
      reply: {
        status: 200,
        schema: z.object({
          message: z.string(),
          count: z.int(),
          grouped_booking_id: z.string(),
          bookings: z.array(
            z.object({
              booking_id: z.int(),
              device_id: z.int(),
              start_time: isoText,
              end_time: isoText,
              status: Status,
            }),
          ),
        }),
        description: 'The bookings hold their slots; the server decided their status',
      },
      handle: async ({ body }, { caller, request }) => {
        const key = request.get('idempotency-key');
        const once = key === undefined ? null : { key, fingerprint: digest(JSON.stringify(request.body)) };
        const { groupId, bookings } = await requestBooking.execute(caller, requestOf(body), once);
        return {
          message: `Created ${bookings.length} booking(s) successfully.`,
          count: bookings.length,
          grouped_booking_id: groupId,
          bookings: bookings.map((booking) => ({
            booking_id: booking.id,
            device_id: booking.deviceId,
            start_time: isoOf(booking.slot.start),
            end_time: isoOf(booking.slot.end),
            status: booking.status,
          })),
        };
      },
    })
    .signedIn({
      method: 'put',
      paths: ['/bookings/{id}/cancel', '/api/bookings/{id}/cancel'],
      tag,
      summary: 'Cancel a booking',
      params: z.object({ id: idInPath }),
      body: OnBehalf,
      bodyOptional: true,
      refusals: [400, 403, 404],
      reply: { status: 200, schema: MessageReply, description: 'Its slot is free again' },
      handle: async ({ params, body }, { caller }) => {
        await cancelBooking.one(caller, params.id, body?.user_id ?? null);
        return { message: `Booking ${params.id} has been cancelled` };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/bookings/for-week'],
      tag,
      summary: 'Every booking that touches seven days',
      query: z.object({ start: dateText }),
      reply: { status: 200, schema: z.array(WeekReply), description: 'From lab midnight of `start` on, any weekday' },
      handle: async ({ query }) => (await viewBookings.week(query.start)).map(weekReply),
    });
};

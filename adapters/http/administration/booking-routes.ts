import { z } from 'zod';
import {
  BOOKING_ORDERS,
  type BookingOrder,
  type BookingQuestion,
  type OverseeBookings,
  type OverseenBooking,
} from '../../../application/administration/index.js';
import type { CsvLine } from '../../../application/shared/csv-line.js';
import { isoOf, malformed } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, text } from '../shared/fields.js';
import { sendCsv } from '../shared/send-csv.js';
import { DossierReply, dossierReply, OverseenBookingReply, overseenBookingReply } from './booking-replies.js';
import { metaReply, MetaReply, pageQuery } from '../shared/paging.js';
import { orBlank, wordList, words, yesOrNo } from './queries.js';

export interface OversightUseCases {
  readonly overseeBookings: OverseeBookings;
}

const date = orBlank(text(40).openapi({ format: 'date' }));

const BookingQuery = z.object({
  status: wordList,
  search: words,
  conflict_only: yesOrNo,
  awaiting_my_action: yesOrNo,
  device_type: words,
  device_name: words,
  user_name: words,
  date_start: date,
  date_end: date,
});

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const dateOf = (word: string | undefined): string | undefined => {
  if (word !== undefined && !DATE.test(word)) {
    throw malformed('request.malformed', `Invalid date format: ${word}`, {
      errors: [{ path: 'date_start, date_end', message: 'must be YYYY-MM-DD' }],
    });
  }
  return word;
};

const questionOf = (query: z.output<typeof BookingQuery>): BookingQuestion => {
  const [firstDate, lastDate] = [dateOf(query.date_start), dateOf(query.date_end)];
  return {
    ...(query.status && { statuses: query.status }),
    ...(query.search !== undefined && { search: query.search }),
    ...(query.device_type !== undefined && { deviceType: query.device_type }),
    ...(query.device_name !== undefined && { deviceName: query.device_name }),
    ...(query.user_name !== undefined && { ownerName: query.user_name }),
    ...(firstDate !== undefined && { firstDate }),
    ...(lastDate !== undefined && { lastDate }),
    contended: query.conflict_only ?? false,
    awaitingAsker: query.awaiting_my_action ?? false,
  };
};

/** `start_time:desc`. What nothing can be sorted by is sorted by start, in the direction that was asked for. */
const orderOf = (sort = ''): BookingOrder => {
  const [word, direction] = sort.split(':');
  return {
    by: BOOKING_ORDERS.find((known) => known === word) ?? 'start_time',
    descending: direction?.toLowerCase() === 'desc',
  };
};

const COLUMNS = ['Booking ID', 'Grouped ID', 'User', 'Device Type', 'Device Name', 'Start', 'End', 'Status', 'Comment'];

const cellsOf = (booking: OverseenBooking): string[] => [
  ...[String(booking.id), booking.groupId, booking.ownerUsername, booking.deviceType, booking.deviceName],
  ...[isoOf(booking.slot.start), isoOf(booking.slot.end), booking.status, booking.comment],
];

const tag = 'Administration';

/** Every booking of the lab, for those who run it. */
export const oversightRoutes = (api: Api, { overseeBookings }: OversightUseCases, csvLine: CsvLine): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/bookings'],
      tag,
      summary: 'Bookings that match, by start unless sorted otherwise',
      query: BookingQuery.extend({
        sort: orBlank(text(40)).openapi({
          description: `\`FIELD:asc\` or \`FIELD:desc\`, where FIELD is one of ${BOOKING_ORDERS.join(', ')}`,
        }),
      }).extend(pageQuery().shape),
      refusals: [400, 403],
      reply: {
        status: 200,
        schema: z.object({ items: z.array(OverseenBookingReply), meta: MetaReply }),
        description: 'One page; statuses are as of now',
      },
      handle: async ({ query }, { caller }) => {
        const page = { limit: query.limit, offset: query.offset };
        const { bookings, total } = await overseeBookings.page(caller, questionOf(query), orderOf(query.sort), page);
        return { items: bookings.map(overseenBookingReply), meta: metaReply(total, page) };
      },
    })
    .signedIn({
      method: 'get',
      // Before /{id}, which would take it for one.
      paths: ['/admin/v2/bookings/export'],
      tag,
      summary: 'Bookings that match as a file, by number',
      query: BookingQuery,
      refusals: [400, 403],
      reply: {
        status: 200,
        schema: z.string(),
        description: 'UTF-8; cells that a spreadsheet would take for formulas begin with an apostrophe',
        contentType: 'text/csv',
      },
      handle: async ({ query }, { caller, response }) => {
        const parts = overseeBookings.export(caller, questionOf(query));
        const file = async function* () {
          yield csvLine(COLUMNS);
          for await (const bookings of parts) yield bookings.map((booking) => csvLine(cellsOf(booking))).join('');
        };
        await sendCsv(response, 'bookings.csv', file());
        return '';
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/bookings/{id}'],
      tag,
      summary: 'One booking with what goes on around it',
      params: z.object({ id: idInPath }),
      refusals: [403, 404],
      reply: {
        status: 200,
        schema: DossierReply,
        description: 'The booking under `booking` and, the same, beside it; who else has or had the device',
      },
      handle: async ({ params }, { caller }) => dossierReply(await overseeBookings.one(caller, params.id)),
    });

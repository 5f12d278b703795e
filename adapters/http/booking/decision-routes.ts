import { z } from 'zod';
import type {
  BookingListing,
  DecideBookings,
  DecisionOutcome,
  Verdict,
  ViewBookings,
} from '../../../application/booking/index.js';
import { invalid, isoOf } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, idOrText, isoText, text } from '../shared/fields.js';
import { MOST_ITEMS } from './request-body.js';

export interface DecisionUseCases {
  readonly viewBookings: ViewBookings;
  readonly decideBookings: DecideBookings;
}

const RecordReply = z
  .object({
    booking_id: z.int(),
    user_id: z.int(),
    username: z.string(),
    device_type: z.string(),
    device_name: z.string(),
    ip_address: z.string().nullable(),
    start_time: isoText,
    end_time: isoText,
    status: z.string(),
    comment: z.string().nullable(),
    decided_at: isoText.nullable(),
    decision_comment: z.string().nullable(),
  })
  .openapi('BookingRecord');

const recordReply = (listing: BookingListing): z.input<typeof RecordReply> => ({
  booking_id: listing.id,
  user_id: listing.ownerId,
  username: listing.ownerUsername,
  device_type: listing.deviceType,
  device_name: listing.deviceName,
  ip_address: listing.managementIp,
  start_time: isoOf(listing.slot.start),
  end_time: isoOf(listing.slot.end),
  status: listing.status,
  comment: listing.comment === '' ? null : listing.comment,
  decided_at: listing.decidedAt === null ? null : isoOf(listing.decidedAt),
  decision_comment: listing.decisionComment,
});

const OutcomeReply = z.object({
  succeeded: z.array(z.int()),
  failed: z.array(z.object({ id: z.int(), reason: z.string(), code: z.string() })),
});

const outcomeReply = ({ succeeded, failed }: DecisionOutcome): z.input<typeof OutcomeReply> => ({
  succeeded: [...succeeded],
  failed: failed.map(({ id, error }) => ({
    id,
    reason: error.kind === 'not-found' ? 'Not found' : error.message,
    code: error.code,
  })),
});

const verdicts: Readonly<Record<string, Verdict>> = {
  CONFIRMED: 'CONFIRMED',
  REJECTED: 'REJECTED',
  DECLINED: 'REJECTED',
};

const verdictOf = (word: string): Verdict => {
  const verdict = verdicts[word.trim().toUpperCase()];
  if (!verdict) throw invalid('booking.not-a-verdict', 'Invalid status. Allowed: CONFIRMED, REJECTED');
  return verdict;
};

const comment = text(1000).nullish();
const SeveralBody = z.object({ booking_ids: z.array(idOrText).max(MOST_ITEMS), comment });
const count = z.coerce.number().int();
const Page = z.object({
  limit: count.min(1).max(100_000).optional(),
  offset: count.min(0).max(2_147_483_647).optional(),
});

const tag = 'Approval';

/** Saying yes or no to what people asked for. */
export const decisionRoutes = (api: Api, { viewBookings, decideBookings }: DecisionUseCases): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/admin/bookings/pending'],
      tag,
      summary: 'Bookings that await a decision',
      refusals: [403],
      reply: { status: 200, schema: z.array(RecordReply), description: 'The latest start first' },
      handle: async (_input, { caller }) => (await viewBookings.undecided(caller)).map(recordReply),
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/bookings/all'],
      tag,
      summary: 'Every booking, whatever its status',
      query: Page,
      refusals: [403],
      reply: { status: 200, schema: z.array(RecordReply), description: 'The latest start first' },
      handle: async ({ query }, { caller }) =>
        (await viewBookings.all(caller, { limit: query.limit ?? null, offset: query.offset ?? 0 })).map(recordReply),
    })
    .signedIn({
      method: 'put',
      paths: ['/admin/bookings/{id}'],
      tag,
      summary: 'Confirm or reject a booking',
      params: z.object({ id: idInPath }),
      body: z.object({ status: text(20), comment }),
      refusals: [400, 403, 404, 409],
      reply: { status: 200, schema: z.object({ message: z.string() }), description: 'It is decided' },
      handle: async ({ params, body }, { caller }) => {
        await decideBookings.one(caller, params.id, verdictOf(body.status), body.comment ?? null);
        return { message: 'Booking status updated successfully' };
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/bookings/approve'],
      tag,
      summary: 'Confirm several bookings; one that fails does not keep the others',
      body: SeveralBody,
      refusals: [400, 403],
      reply: { status: 200, schema: OutcomeReply, description: 'Which could be confirmed, and why others not' },
      handle: async ({ body }, { caller }) => {
        const decisions = body.booking_ids.map((id) => ({ id, verdict: 'CONFIRMED' as const }));
        return outcomeReply(await decideBookings.many(caller, decisions, body.comment ?? null));
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/bookings/decline'],
      tag,
      summary: 'Reject several bookings',
      body: SeveralBody,
      refusals: [400, 403],
      reply: { status: 200, schema: OutcomeReply, description: 'Which could be rejected, and why others not' },
      handle: async ({ body }, { caller }) => {
        const decisions = body.booking_ids.map((id) => ({ id, verdict: 'REJECTED' as const }));
        return outcomeReply(await decideBookings.many(caller, decisions, body.comment ?? null));
      },
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/bookings/conflicts/resolve'],
      tag,
      summary: 'Decide about bookings that contend with each other, in the order given',
      body: z.object({
        resolution: z.array(z.object({ booking_id: idOrText, status: text(20), comment })).max(MOST_ITEMS),
        audit_message: comment,
      }),
      refusals: [400, 403],
      reply: { status: 200, schema: OutcomeReply, description: 'Which were decided, and why others not' },
      handle: async ({ body }, { caller }) => {
        const decisions = body.resolution.map((item) => ({
          id: item.booking_id,
          verdict: verdictOf(item.status),
          comment: item.comment ?? null,
        }));
        return outcomeReply(await decideBookings.many(caller, decisions, body.audit_message ?? null));
      },
    });

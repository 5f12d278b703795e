import { z } from 'zod';
import type { ReviewListing, ReviewTopologies } from '../../../application/topology/index.js';
import { invalid, isoOf, REVIEW_ACTIONS, REVIEW_STATUSES } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, isoText, text } from '../shared/fields.js';
import { wordList } from './queries.js';

export interface TopologyReviewing {
  readonly reviewTopologies: ReviewTopologies;
}

const ReviewReply = z
  .object({
    id: z.int(),
    name: z.string(),
    status: z.enum(REVIEW_STATUSES),
    submitted_by: z.string(),
    submitted_at: isoText,
    resolved_at: isoText.nullable(),
    conflict_count: z.int(),
  })
  .openapi('TopologyReview');

const reviewReply = (review: ReviewListing): z.input<typeof ReviewReply> => ({
  id: review.topologyId,
  name: review.topologyName,
  status: review.status,
  submitted_by: review.submitterName,
  submitted_at: isoOf(review.submittedAt),
  resolved_at: review.resolvedAt === null ? null : isoOf(review.resolvedAt),
  conflict_count: review.conflictCount,
});

const statusesOf = (words: readonly string[] | undefined) => {
  if (words === undefined) return null;
  const named = words.map((word) => word.trim().toLowerCase());
  const unknown = named.find((word) => !REVIEW_STATUSES.some((status) => status === word));
  if (unknown !== undefined) {
    const allowed = REVIEW_STATUSES.join(', ');
    throw invalid('topology.unknown-status', `'${unknown.slice(0, 40)}' is no status. Allowed: ${allowed}.`);
  }
  return REVIEW_STATUSES.filter((status) => named.includes(status));
};

const actionOf = (word: string) => {
  const action = REVIEW_ACTIONS.find((known) => known === word.trim().toLowerCase());
  if (!action) throw invalid('topology.unsupported-action', 'Unsupported topology action');
  return action;
};

const tag = 'Administration';

/** Saved topologies, for those who see to it that they can be had. */
export const topologyReviewRoutes = (api: Api, { reviewTopologies }: TopologyReviewing): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/topologies'],
      tag,
      summary: 'Saved topologies and how far their review is, the newest first',
      query: z.object({ status: wordList }),
      refusals: [400, 403],
      reply: {
        status: 200,
        schema: z.array(ReviewReply),
        description: 'All, or those of the statuses that `status` names',
      },
      handle: async ({ query }, { caller }) =>
        (await reviewTopologies.list(caller, statusesOf(query.status))).map(reviewReply),
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/v2/topologies/{id}/action'],
      tag,
      summary: 'Check, resolve, archive or export a saved topology',
      params: z.object({ id: idInPath }),
      body: z.object({
        action: text(40).openapi({ description: `One of ${REVIEW_ACTIONS.join(', ')}, in any letter case` }),
      }),
      refusals: [400, 403, 404],
      reply: {
        status: 200,
        schema: z.object({
          success: z.literal(true),
          status: z.enum(REVIEW_STATUSES),
          conflict_count: z.int(),
          topology: z.object({ name: z.string(), nodes: z.array(z.unknown()), edges: z.array(z.unknown()) }).optional(),
        }),
        description: 'How the review is now; of an export, `topology` is what was drawn',
      },
      handle: async ({ params, body }, { caller }) => {
        const action = actionOf(body.action);
        const { review, topology } = await reviewTopologies.act(caller, params.id, action);
        const { name, nodes, edges } = topology;
        return {
          success: true as const,
          status: review.status,
          conflict_count: review.conflictCount,
          ...(action === 'export' && { topology: { name, nodes: [...nodes], edges: [...edges] } }),
        };
      },
    });

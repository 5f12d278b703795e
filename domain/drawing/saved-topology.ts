import type { Instant } from '../shared/index.js';

/** A network that somebody drew and kept. What its nodes and edges look like is a matter of the page that drew it. */
export interface SavedTopology {
  readonly id: number;
  readonly name: string;
  readonly ownerId: number;
  /** They may read and change it, and book it for themselves. */
  readonly collaboratorIds: readonly number[];
  readonly nodes: readonly unknown[];
  readonly edges: readonly unknown[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** How far a review is, in the order in which it goes on. */
export const REVIEW_STATUSES = ['submitted', 'checked', 'resolved', 'archived'] as const;

/** How far administrators are with a saved topology. */
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** What administrators do with a saved topology. */
export const REVIEW_ACTIONS = ['check', 'resolve', 'archive', 'export'] as const;

/** One of the actions of a review. */
export type ReviewAction = (typeof REVIEW_ACTIONS)[number];

/** How far administrators are with one saved topology, and what they found. */
export interface TopologyReview {
  readonly topologyId: number;
  readonly status: ReviewStatus;
  readonly submittedBy: number;
  readonly submittedAt: Instant;
  /** When it was resolved or archived; null before. */
  readonly resolvedAt: Instant | null;
  /** How many nodes could not be had when it was last checked. */
  readonly conflictCount: number;
}

/** The review of a topology that was handed in just now: nothing of it is checked yet. */
export const submittedReview = (topologyId: number, submittedBy: number, at: Instant): TopologyReview => ({
  ...{ topologyId, submittedBy, submittedAt: at },
  ...{ status: 'submitted', resolvedAt: null, conflictCount: 0 },
});

/**
 * A review after an action. Exporting changes nothing.
 * @param conflictCount what a check found; as before for the other actions.
 */
export const afterReviewAction = (
  review: TopologyReview,
  action: ReviewAction,
  at: Instant,
  conflictCount: number = review.conflictCount,
): TopologyReview => {
  if (action === 'check') return { ...review, status: 'checked', resolvedAt: null, conflictCount };
  if (action === 'resolve') return { ...review, status: 'resolved', resolvedAt: at };
  if (action === 'archive') return { ...review, status: 'archived', resolvedAt: at };
  return review;
};

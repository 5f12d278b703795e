import {
  afterReviewAction,
  assertMay,
  notFound,
  submittedReview,
  type Actor,
  type LogicalTopology,
  type ReviewAction,
  type ReviewStatus,
  type SavedTopology,
  type TopologyReview,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import type { ReviewListing, TopologyLists, TopologyWork } from './ports.js';
import type { ResolveTopology } from './resolve-topology.js';

/** Understands what was drawn. @throws DomainError when it is no topology. */
export type DrawingReader = (nodes: readonly unknown[], edges: readonly unknown[]) => LogicalTopology;

const PAST: Readonly<Record<ReviewAction, string>> = {
  check: 'checked',
  resolve: 'resolved',
  archive: 'archived',
  export: 'exported',
};

/** What administrators do about saved topologies. */
export class ReviewTopologies {
  readonly #work: TopologyWork;
  readonly #lists: TopologyLists;
  readonly #resolver: ResolveTopology;
  readonly #clock: Clock;
  readonly #understand: DrawingReader;

  constructor(
    work: TopologyWork,
    lists: TopologyLists,
    resolver: ResolveTopology,
    clock: Clock,
    understand: DrawingReader,
  ) {
    this.#work = work;
    this.#lists = lists;
    this.#resolver = resolver;
    this.#clock = clock;
    this.#understand = understand;
  }

  /** The newest first; `statuses` null is all. @throws DomainError `permission.denied` without `bookings:read`. */
  async list(actor: Actor, statuses: readonly ReviewStatus[] | null): Promise<ReviewListing[]> {
    assertMay(actor, 'bookings:read');
    return this.#lists.reviews(statuses);
  }

  /**
   * Checks whether it could be had now, resolves, archives or exports: answers the review and, of an export, what was
   * drawn.
   * @throws DomainError `permission.denied`, `topology.not-found`.
   */
  async act(
    actor: Actor,
    topologyId: number,
    action: ReviewAction,
  ): Promise<{ readonly review: TopologyReview; readonly topology: SavedTopology }> {
    assertMay(actor, 'topologies:write');
    const topology = await this.#lists.find(topologyId);
    if (!topology) throw notFound('topology.not-found', 'Topology not found');
    const conflictCount = action === 'check' ? await this.#countConflicts(actor, topology) : undefined;
    return this.#work.run(async ({ topologies, audit }) => {
      const current = await topologies.find(topologyId);
      if (!current) throw notFound('topology.not-found', 'Topology not found');
      const now = this.#clock.now();
      const before =
        (await topologies.claimReview(topologyId)) ?? submittedReview(topologyId, current.ownerId, current.createdAt);
      const review = afterReviewAction(before, action, now, conflictCount);
      if (action !== 'export') await topologies.saveReview(review);
      await audit.append({
        at: now,
        actor: auditActorOf(actor),
        action: `topology.${PAST[action]}`,
        entityType: 'topology',
        entityId: String(topologyId),
        entityLabel: current.name,
        message: `${actor.username} ${PAST[action]} topology ${current.name}`,
        metadata: { before: before.status, after: review.status, conflictCount: review.conflictCount },
      });
      return { review, topology: current };
    });
  }

  /** Nodes that could not be had within the next hour. */
  async #countConflicts(actor: Actor, { nodes, edges }: SavedTopology): Promise<number> {
    const found = await this.#resolver.checkAvailability(actor, this.#understand(nodes, edges), null);
    return [...found.values()].filter(({ status }) => status !== 'available').length;
  }
}

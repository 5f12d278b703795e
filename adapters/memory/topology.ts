import type {
  NewTopology,
  ReviewListing,
  TopologyLists,
  TopologyRepository,
} from '../../application/topology/ports.js';
import type { Instant, ReviewStatus, SavedTopology, TopologyReview } from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

const inOrder = (ids: readonly number[]): number[] => [...new Set(ids)].sort((a, b) => a - b);

export class MemoryTopologies implements TopologyRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async find(id: number): Promise<SavedTopology | null> {
    return this.#tables.topologies.get(id) ?? null;
  }

  async add(topology: NewTopology, at: Instant): Promise<SavedTopology> {
    const added: SavedTopology = {
      ...topology,
      id: this.#nextId(),
      collaboratorIds: inOrder(topology.collaboratorIds),
      createdAt: at,
      updatedAt: at,
    };
    this.#tables.topologies.set(added.id, added);
    return added;
  }

  async update(id: number, topology: NewTopology, at: Instant): Promise<void> {
    const before = this.#tables.topologies.get(id);
    if (!before) return;
    const { name, nodes, edges } = topology;
    const collaboratorIds = inOrder(topology.collaboratorIds);
    this.#tables.topologies.set(id, { ...before, name, nodes, edges, collaboratorIds, updatedAt: at });
  }

  async remove(id: number): Promise<void> {
    this.#tables.topologies.delete(id);
    this.#tables.topologyReviews.delete(id);
  }

  async claimReview(topologyId: number): Promise<TopologyReview | null> {
    return this.#tables.topologyReviews.get(topologyId) ?? null;
  }

  async saveReview(review: TopologyReview): Promise<void> {
    this.#tables.topologyReviews.set(review.topologyId, review);
  }
}

export class MemoryTopologyLists implements TopologyLists {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async find(id: number): Promise<SavedTopology | null> {
    return this.#lab.tables.topologies.get(id) ?? null;
  }

  async ofUser(userId: number): Promise<SavedTopology[]> {
    return [...this.#lab.tables.topologies.values()]
      .filter(({ ownerId, collaboratorIds }) => ownerId === userId || collaboratorIds.includes(userId))
      .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
  }

  async reviews(statuses: readonly ReviewStatus[] | null): Promise<ReviewListing[]> {
    const { topologies, topologyReviews, users } = this.#lab.tables;
    return [...topologyReviews.values()]
      .filter(({ status }) => statuses === null || statuses.includes(status))
      .sort((a, b) => b.submittedAt - a.submittedAt || b.topologyId - a.topologyId)
      .map((review) => ({
        ...review,
        topologyName: topologies.get(review.topologyId)?.name ?? '',
        submitterName: users.get(review.submittedBy)?.user.username ?? '',
        changedAt: topologies.get(review.topologyId)?.updatedAt ?? review.submittedAt,
      }));
  }
}

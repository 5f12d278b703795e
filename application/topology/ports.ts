import type { Instant, ReviewStatus, SavedTopology, TopologyReview } from '../../domain/index.js';
import type { UserRepository } from '../identity/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

export type NewTopology = Omit<SavedTopology, 'id' | 'createdAt' | 'updatedAt'>;

export interface TopologyRepository {
  find(id: number): Promise<SavedTopology | null>;
  add(topology: NewTopology, at: Instant): Promise<SavedTopology>;
  /** Replaces what was drawn, the name, and who shares it. */
  update(id: number, topology: NewTopology, at: Instant): Promise<void>;
  /** With its review. */
  remove(id: number): Promise<void>;
  /** Null where there is none. Nobody else changes the review of this topology until the work ends. */
  claimReview(topologyId: number): Promise<TopologyReview | null>;
  /** Makes or replaces the review of a topology. */
  saveReview(review: TopologyReview): Promise<void>;
}

/** A review with the names that lists show. */
export interface ReviewListing extends TopologyReview {
  readonly topologyName: string;
  readonly submitterName: string;
}

/** Saved topologies as they are read, outside of any transaction. */
export interface TopologyLists {
  find(id: number): Promise<SavedTopology | null>;
  /** Those that the user owns or shares, the newest first. */
  ofUser(userId: number): Promise<SavedTopology[]>;
  /** The newest first; `statuses` null is all. */
  reviews(statuses: readonly ReviewStatus[] | null): Promise<ReviewListing[]>;
}

export interface TopologyStores {
  readonly topologies: TopologyRepository;
  readonly users: UserRepository;
  readonly audit: AuditTrail;
}

export type TopologyWork = UnitOfWork<TopologyStores>;

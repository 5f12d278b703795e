import type {
  Advice,
  DeviceChances,
  Earliest,
  EarliestTerms,
  Instant,
  LabPart,
  LogicalTopology,
  Resolution,
  ResolveTerms,
  ReviewStatus,
  SavedTopology,
  TimeSlot,
  TopologyOption,
  TopologyReview,
  Turnarounds,
} from '../../domain/index.js';
import type { UserRepository } from '../identity/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/** A saved topology before the lab gives it an id. */
export type NewTopology = Omit<SavedTopology, 'id' | 'createdAt' | 'updatedAt'>;

/** Saved topologies and their reviews, within a unit of work. */
export interface TopologyRepository {
  /** Anybody's; null when there is none. */
  find(id: number): Promise<SavedTopology | null>;
  /** The topology with its id, collaborators by id; a review is saved apart. */
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
  /** When somebody last drew in it or named it. */
  readonly changedAt: Instant;
}

/** Saved topologies as they are read, outside of any transaction. */
export interface TopologyLists {
  /** Anybody's; null when there is none. */
  find(id: number): Promise<SavedTopology | null>;
  /** Those that the user owns or shares, the newest first. */
  ofUser(userId: number): Promise<SavedTopology[]>;
  /** The newest first; `statuses` null is all. */
  reviews(statuses: readonly ReviewStatus[] | null): Promise<ReviewListing[]>;
}

/** What a deed about saved topologies reads and writes. */
export interface TopologyStores {
  readonly topologies: TopologyRepository;
  readonly users: UserRepository;
  readonly audit: AuditTrail;
}

/** A transaction about saved topologies. */
export type TopologyWork = UnitOfWork<TopologyStores>;

/** One lab, laid out to be asked about. To be closed when nothing is asked any more. */
export interface SolverCase {
  /** The best options first; what is infeasible is told with its reason and not thrown. */
  resolve(topology: LogicalTopology, terms: ResolveTerms): Promise<Resolution>;
  /** The first start within `terms.within`; that there is none is told and not thrown. */
  earliest(topology: LogicalTopology, terms: EarliestTerms): Promise<Earliest>;
  /** Judges options as configurations, in the same order. */
  advise(
    topology: LogicalTopology,
    options: readonly TopologyOption[],
    terms: ResolveTerms,
    chances: ReadonlyMap<number, DeviceChances>,
  ): Promise<Advice[]>;
  /** Lets go of the lab; nothing may be asked any more. */
  close(): void;
}

/** Finds devices for topologies. Where it works is its own matter: large questions must not keep others waiting. */
export interface TopologySolver {
  /**
   * @throws DomainError from any question: `topology.too-long` when it takes longer than people wait; `topology.busy`
   * when the solver had to let it go because of another one, and is to be opened again.
   */
  open(
    lab: AsyncIterable<LabPart>,
    turnarounds: Turnarounds,
    expected: { readonly nodes: number },
  ): Promise<SolverCase>;
}

/** What is likely to become of devices. */
export interface DeviceOutlook {
  /** By thing id, with a value for each that is asked for. @param deviceIds of things. */
  chancesOf(deviceIds: readonly number[], window: TimeSlot, now: Instant): Promise<Map<number, DeviceChances>>;
}

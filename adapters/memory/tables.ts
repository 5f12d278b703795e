import type {
  AuditEntry,
  Decision,
  Favourite,
  GroupConnect,
  Invitation,
  KeptAnswer,
  Named,
  SessionRecord,
} from '../../application/index.js';
import type {
  Booking,
  Device,
  DeviceType,
  Instant,
  LabEvent,
  Link,
  MaintenanceWindow,
  SavedTopology,
  TopologyReview,
  User,
} from '../../domain/index.js';

/** Everything the lab knows, as immutable rows by key. */
export interface Tables {
  readonly users: Map<number, { user: User; passwordHash: string }>;
  readonly sessions: Map<string, SessionRecord>;
  readonly invitations: Map<string, Invitation>;
  readonly deviceTypes: Map<number, DeviceType>;
  readonly manufacturers: Map<number, Named>;
  readonly sites: Map<number, Named>;
  readonly tags: Map<number, Named>;
  readonly devices: Map<number, Device>;
  readonly deviceTags: Map<number, readonly number[]>;
  readonly maintenance: Map<number, MaintenanceWindow>;
  readonly bookings: Map<number, Booking>;
  readonly decisions: Map<number, Decision>;
  readonly favourites: Map<number, Favourite>;
  /** What a removed device was called, by thing id. */
  readonly goneNames: Map<number, { readonly type: string; readonly name: string }>;
  readonly keptAnswers: Map<string, KeptAnswer & { readonly at: number }>;
  readonly links: Map<number, Link>;
  readonly crossConnects: Map<number, GroupConnect>;
  readonly topologies: Map<number, SavedTopology>;
  readonly topologyReviews: Map<number, TopologyReview>;
  readonly audit: Map<number, AuditEntry>;
  readonly events: Map<number, LabEvent>;
  readonly leases: Map<string, { readonly holder: string; readonly until: Instant }>;
}

/** Hands out identifiers that are never used twice, also after a rollback. */
export type NextId = () => number;

/** The committed rows, and the way to change them: all of a change, or nothing of it. */
export interface LabState {
  readonly tables: Tables;
  transaction<Result>(work: (tables: Tables) => Promise<Result>): Promise<Result>;
}

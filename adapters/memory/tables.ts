import type {
  AccessToken,
  AuditEntry,
  Dated,
  Decision,
  Favourite,
  GroupConnect,
  Invitation,
  KeptAnswer,
  KeptSetting,
  LastReading,
  OutletRecord,
  OutletWord,
  Pdu,
  PowerCommand,
  Notification,
  SessionRecord,
} from '../../application/index.js';
import type {
  Attachment,
  Booking,
  Device,
  DeviceChange,
  DeviceType,
  HealthSnapshot,
  Instant,
  LabEvent,
  Link,
  MaintenanceWindow,
  Seal,
  Manufacturer,
  SavedTopology,
  Site,
  Tag,
  TopologyReview,
  User,
  UserFigures,
} from '../../domain/index.js';

/** Everything the lab knows, as immutable rows by key. */
export interface Tables {
  readonly users: Map<number, { user: User; passwordHash: string }>;
  readonly sessions: Map<string, SessionRecord>;
  readonly invitations: Map<string, Invitation>;
  readonly deviceTypes: Map<number, Dated<DeviceType>>;
  readonly manufacturers: Map<number, Dated<Manufacturer>>;
  readonly sites: Map<number, Dated<Site>>;
  readonly tags: Map<number, Dated<Tag>>;
  readonly devices: Map<number, Device>;
  readonly deviceTags: Map<number, readonly number[]>;
  readonly deviceChanges: Map<number, DeviceChange>;
  readonly attachments: Map<number, Attachment>;
  readonly maintenance: Map<number, MaintenanceWindow>;
  readonly deviceHealth: Map<number, HealthSnapshot>;
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
  readonly auditSeals: Map<number, Seal>;
  readonly settings: Map<string, KeptSetting>;
  readonly profiles: Map<number, UserFigures>;
  readonly events: Map<number, LabEvent>;
  readonly pdus: Map<number, Pdu>;
  readonly powerOutlets: Map<string, OutletRecord>;
  readonly powerReadings: Map<number, LastReading>;
  readonly powerWords: Map<string, OutletWord>;
  readonly powerCommands: Map<number, PowerCommand>;
  /** The place of each event that people were told of. */
  readonly places: Map<number, number>;
  readonly notifications: Map<number, Notification>;
  readonly accessTokens: Map<number, AccessToken>;
  readonly doneOnce: Map<string, Instant>;
  readonly leases: Map<string, { readonly holder: string; readonly until: Instant }>;
}

/** Hands out identifiers that are never used twice, also after a rollback. */
export type NextId = () => number;

/** The committed rows, and the way to change them: all of a change, or nothing of it. */
export interface LabState {
  readonly tables: Tables;
  transaction<Result>(work: (tables: Tables) => Promise<Result>): Promise<Result>;
}

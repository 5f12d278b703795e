import type {
  ApprovalLimits,
  Attachment,
  Device,
  DeviceChange,
  DeviceType,
  HealthSnapshot,
  MaintenanceWindow,
  Manufacturer,
  SavedTopology,
  Site,
  Tag,
  TopologyReview,
  User,
} from '../../domain/index.js';
import type { MovedBooking } from './rules/index.js';
import type { Favourite } from '../booking/ports.js';
import type { Invitation } from '../identity/ports.js';
import type { Dated } from '../inventory/ports.js';
import type { OutletRecord, Pdu } from '../power/index.js';
import type { KeptSetting } from '../settings/ports.js';
import type { AuditEntry } from '../shared/ports.js';

/** An account of the old lab, with the secret as it was stored there or made anew. */
export interface MovedAccount {
  readonly user: User;
  readonly passwordHash: string;
  readonly approvalLimits: ApprovalLimits | null;
}

/** A whole lab, ready to be written. Everything keeps the id that it has here. */
export interface MovedLab {
  readonly accounts: readonly MovedAccount[];
  readonly invitations: readonly Invitation[];
  readonly settings: readonly KeptSetting[];
  readonly deviceTypes: readonly Dated<DeviceType>[];
  readonly manufacturers: readonly Dated<Manufacturer>[];
  readonly sites: readonly Dated<Site>[];
  readonly tags: readonly Dated<Tag>[];
  readonly devices: readonly Device[];
  /** Tag ids by device id. */
  readonly deviceTags: ReadonlyMap<number, readonly number[]>;
  readonly windows: readonly MaintenanceWindow[];
  /** The oldest first: they are numbered in this order. */
  readonly changes: readonly DeviceChange[];
  readonly attachments: readonly Attachment[];
  readonly health: readonly HealthSnapshot[];
  readonly bookings: readonly MovedBooking[];
  /** New bookings get greater ids than this: rows that were merged or refused had ids too. */
  readonly lastBookingId: number;
  readonly favourites: readonly Favourite[];
  readonly topologies: readonly SavedTopology[];
  readonly reviews: readonly TopologyReview[];
  readonly pdus: readonly Pdu[];
  readonly outlets: readonly OutletRecord[];
  /** The oldest first; the last one says that the lab moved in. */
  readonly audit: readonly AuditEntry[];
}

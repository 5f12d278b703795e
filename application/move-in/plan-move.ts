import { limitsFor, type BookingPolicy, type Instant, type LabZone } from '../../domain/index.js';
import {
  moveBookings,
  moveCatalogues,
  moveDevices,
  moveDrawings,
  moveHealth,
  moveHistory,
  MoveLog,
  movePapers,
  movePeople,
  moveTags,
  oldOverlaps,
  soundRows,
  type MovedPaper,
  type MovedUser,
  type OldLab,
  type OldOverlap,
} from './rules/index.js';
import type { TokenDigest } from '../identity/ports.js';
import type { CredentialVault } from '../power/index.js';
import { moveDeeds, moveInvitations, moveSettings } from './move-administration.js';
import { moveFavourites } from './move-favourites.js';
import { movePdus, type MovedPdus, type OldPdu } from './move-pdus.js';
import type { MovedLab } from './moved-lab.js';

/** The old lab and the file of its control panel, as they were read. */
export interface OldHome {
  readonly lab: OldLab;
  readonly pdus: readonly OldPdu[];
}

export interface MoveTerms {
  readonly zone: LabZone;
  readonly policy: BookingPolicy;
}

/** A move thought through, with nothing done yet. */
export interface MovePlan {
  readonly people: readonly MovedUser[];
  readonly lab: Omit<MovedLab, 'accounts'>;
  readonly papers: readonly MovedPaper[];
  readonly overlaps: readonly OldOverlap[];
  readonly power: Pick<MovedPdus, 'pduTotals' | 'outletTotals'>;
  readonly log: MoveLog;
  /** The rows that say enough to be moved, filled where they do not say all. */
  readonly sound: OldLab;
}

/**
 * Everything that moves, and what becomes of every row.
 * @param rowsOf hands on the sound rows, to whoever wants to know which of them is read.
 */
export const planMove = (
  { lab, pdus: oldPdus }: OldHome,
  { zone, policy }: MoveTerms,
  now: Instant,
  vault: CredentialVault,
  digest: TokenDigest,
  rowsOf = (sound: OldLab) => sound,
): MovePlan => {
  const log = new MoveLog();
  const old = rowsOf(soundRows(lab, now, log));
  const people = movePeople(old, now, log);
  const users = people.map(({ user }) => user);
  const catalogues = moveCatalogues(old, log);
  const { deviceTypes, devices: unowned, windows, things } = moveDevices(old, catalogues, zone, now, log);
  const deviceIds = new Set(unowned.map(({ id }) => id));
  const { tags, byDevice } = moveTags(old, catalogues, deviceIds, log);
  const { changes, owners } = moveHistory(old, unowned, users, log);
  const devices = unowned.map((device) => ({ ...device, ownerId: owners.get(device.id) ?? null }));
  const maxContendersOf = (type: string) => limitsFor(policy, type, 'User').maxContenders;
  const surroundings = { zone, now, users, things, windows, maxContendersOf };
  const { bookings, groupOf } = moveBookings(old.booking_table, surroundings, log);
  const statuses = new Map(bookings.map(({ id, status }) => [id, status]));
  const papers = movePapers(old, deviceIds, users, log);
  const { pdus, outlets, ...power } = movePdus(oldPdus, devices, vault, now, log);
  return {
    people,
    lab: {
      invitations: moveInvitations(old.admin_invitations, now, digest, log),
      settings: moveSettings(old.admin_settings, log),
      ...{ deviceTypes, manufacturers: catalogues.manufacturers, sites: catalogues.sites, tags, devices },
      deviceTags: new Map([...byDevice].map(([id, tagIds]) => [id, [...tagIds].sort((a, b) => a - b)])),
      ...{ windows, changes, bookings, pdus, outlets },
      lastBookingId: Math.max(0, ...lab.booking_table.map((row) => row.booking_id)),
      attachments: papers.map(({ attachment }) => attachment),
      health: moveHealth(old, deviceIds, log),
      favourites: moveFavourites(old.booking_favorite, users, deviceIds, groupOf, log),
      ...moveDrawings(old, users, log),
      audit: moveDeeds(old.admin_audit_log, users, log),
    },
    ...{ papers, power, log, sound: old },
    overlaps: oldOverlaps(old.booking_table, things, zone, statuses),
  };
};

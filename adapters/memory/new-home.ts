import {
  IN_THE_WAY,
  MOVED_IN,
  OCCUPANTS,
  notEmpty,
  type MovedLab,
  type MoveMark,
  type NewHome,
} from '../../application/move-in/index.js';
import type { MemoryLab } from './memory-lab.js';
import type { Tables } from './tables.js';

const occupants = (tables: Tables): string[] =>
  OCCUPANTS.flatMap((kind) => (tables[kind].size > 0 ? [`${tables[kind].size} ${IN_THE_WAY[kind]}`] : []));

const put = <Row extends { readonly id: number }>(rows: Map<number, Row>, from: readonly Row[]): void => {
  for (const row of from) rows.set(row.id, row);
};

export class MemoryNewHome implements NewHome {
  readonly #lab: MemoryLab;

  constructor(lab: MemoryLab) {
    this.#lab = lab;
  }

  async lastMove(): Promise<MoveMark | null> {
    const mark = [...this.#lab.tables.audit.values()].findLast(({ action }) => action === MOVED_IN);
    return mark ? { at: mark.at, fingerprint: String(mark.metadata.fingerprint) } : null;
  }

  async inTheWay(): Promise<string[]> {
    return occupants(this.#lab.tables);
  }

  async fill(lab: MovedLab): Promise<void> {
    const ids = [
      ...[lab.accounts.map(({ user }) => user), lab.deviceTypes, lab.manufacturers, lab.sites, lab.tags, lab.devices],
      ...[lab.windows, lab.attachments, lab.bookings, lab.favourites, lab.topologies, lab.pdus],
    ].flatMap((rows) => rows.map(({ id }) => id));
    this.#lab.passIds(Math.max(lab.lastBookingId, ...ids));
    await this.#lab.transaction(async (tables) => {
      const there = occupants(tables);
      if (there.length > 0) throw notEmpty(there);
      for (const { user, passwordHash, approvalLimits } of lab.accounts) {
        tables.users.set(user.id, { user, passwordHash });
        if (approvalLimits) tables.profiles.set(user.id, { approvalLimits, lastActiveAt: null });
      }
      for (const invitation of lab.invitations) tables.invitations.set(invitation.tokenDigest, invitation);
      for (const setting of lab.settings) tables.settings.set(setting.key, setting);
      put(tables.deviceTypes, lab.deviceTypes);
      put(tables.manufacturers, lab.manufacturers);
      put(tables.sites, lab.sites);
      put(tables.tags, lab.tags);
      put(tables.devices, lab.devices);
      for (const [deviceId, tagIds] of lab.deviceTags) tables.deviceTags.set(deviceId, tagIds);
      put(tables.maintenance, lab.windows);
      for (const change of lab.changes) tables.deviceChanges.set(this.#lab.nextId(), change);
      put(tables.attachments, lab.attachments);
      for (const snapshot of lab.health) tables.deviceHealth.set(snapshot.deviceId, snapshot);
      for (const { rejection, ...booking } of lab.bookings) {
        tables.bookings.set(booking.id, booking);
        if (rejection !== null) {
          tables.decisions.set(booking.id, { by: null, at: booking.updatedAt, comment: rejection });
        }
      }
      put(tables.favourites, lab.favourites);
      put(tables.topologies, lab.topologies);
      for (const review of lab.reviews) tables.topologyReviews.set(review.topologyId, review);
      put(tables.pdus, lab.pdus);
      for (const outlet of lab.outlets) tables.powerOutlets.set(`${outlet.pduId}/${outlet.number}`, outlet);
      for (const entry of lab.audit) tables.audit.set(this.#lab.nextId(), entry);
    });
  }
}

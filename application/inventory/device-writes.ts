import {
  changesBetween,
  keepsBookings,
  type Actor,
  type Device,
  type DeviceAction,
  type DeviceDescription,
  type DeviceEvent,
  type DeviceFacts,
  type Thing,
} from '../../domain/index.js';
import { ALL_TIME, cancelWhatHolds, holdingTheseThings } from '../booking/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { DeviceNames } from './device-names.js';
import { maintenanceAhead, tellOfMovedMaintenance } from './moved-maintenance.js';
import type { InventoryStores } from './ports.js';
import { recordChange } from './record-change.js';
import { hasBookings, moveRowBetweenThings, sameThing } from './thing-membership.js';

/** Who writes rows, and what they say about it. */
export interface Deed {
  readonly actor: Actor;
  /** What the history calls it. */
  readonly action: DeviceAction;
  /** Why. */
  readonly notes: string | null;
  /**
   * What becomes of bookings to come that would be left without a device: they are in the way, or they are cancelled.
   * `unless-by-status` lets them stay where only the status says so, for a form that cannot ask.
   */
  readonly bookings: 'refuse' | 'cancel' | 'unless-by-status';
}

/** Tags of a row to be written with it. */
export interface TagChange {
  readonly ids: readonly number[];
  readonly names: readonly string[];
  readonly namesBefore: readonly string[];
}

/**
 * How rows of the inventory are added, changed and removed, by whichever way that is asked for: bookings stay with their
 * thing or are given back, the history has every field, and the event is there to be told. Checks no permission and
 * audits nothing.
 */
export class DeviceWrites {
  readonly names: DeviceNames;
  readonly #stores: InventoryStores;
  readonly #clock: Clock;

  constructor(stores: InventoryStores, clock: Clock) {
    this.#stores = stores;
    this.#clock = clock;
    this.names = new DeviceNames(stores);
  }

  /** Adds a row to a thing that is claimed. */
  async add(facts: DeviceFacts, { actor, action, notes }: Omit<Deed, 'bookings'>, tags?: TagChange): Promise<Device> {
    const now = this.#clock.now();
    const after = await this.names.describe(facts, tags?.names ?? []);
    const device = await this.#stores.devices.add(facts, now, auditActorOf(actor).id);
    if (tags && tags.ids.length > 0) await this.#stores.deviceTags.set(device.id, tags.ids);
    await recordChange(this.#stores, actor, device, { action, notes, metadata: { after } }, now);
    await this.#announce('device.added', actor, device, after);
    return device;
  }

  /**
   * Changes a row that is claimed, together with the thing that it is to join.
   * @param known what was said of it before, where the row itself says something else by now.
   * @throws DomainError `device.has-bookings`, `device.duplicate`.
   */
  async change(row: Device, facts: DeviceFacts, deed: Deed, tags?: TagChange, known: DeviceFacts = row): Promise<void> {
    const { devices, deviceTags, calendars } = this.#stores;
    const { actor, action, notes } = deed;
    const now = this.#clock.now();
    const before = await this.names.describe(known, tags?.namesBefore ?? []);
    const after = await this.names.describe(facts, tags?.names ?? []);
    const isMoved = !sameThing(row, facts);
    const [thing] = isMoved || row.status !== facts.status ? await calendars.things([{ id: row.id }]) : [];
    const maintained = isMoved ? await maintenanceAhead(row.id, this.#stores, now) : null;
    if (isMoved) await moveRowBetweenThings(row, facts, this.#stores, this.#clock);
    await devices.update(row.id, facts, now, auditActorOf(actor).id);
    if (tags) await deviceTags.set(row.id, tags.ids);
    if (thing) await this.#keepBookings(thing, [row.id, ...rest(thing, row.id)], deed);
    await recordChange(this.#stores, actor, row, { action, notes, fields: changesBetween(before, after) }, now);
    await this.#announce('device.changed', actor, { ...row, ...facts }, after, row.status !== facts.status);
    if (maintained) await tellOfMovedMaintenance(this.#stores, actor, row.id, maintained, now);
  }

  /**
   * Removes a row that is claimed.
   * @throws DomainError `device.has-bookings`.
   */
  async remove(row: Device, deed: Deed): Promise<void> {
    const { devices, deviceTags, attachments, calendars, thingBookings } = this.#stores;
    const now = this.#clock.now();
    const tags = await deviceTags.of(row.id);
    const papers = await attachments.ofDevice(row.id);
    const before = await this.names.describe(
      row,
      tags.map(({ name }) => name),
    );
    const [thing] = await calendars.things([{ id: row.id }]);
    const staying = thing ? rest(thing, row.id) : [];
    if (deed.bookings === 'cancel' && staying.length === 0) await this.#cancel(deed.actor, [row.id], before);
    await moveRowBetweenThings(row, null, this.#stores, this.#clock);
    await thingBookings.rememberName(row.id, before.device_type ?? '', row.name);
    await devices.remove(row.id);
    if (thing) await this.#keepBookings(thing, staying, deed);
    const metadata = { before, attachments: papers.map(({ fileName }) => fileName) };
    await recordChange(this.#stores, deed.actor, row, { action: deed.action, notes: deed.notes, metadata }, now);
    await this.#announce('device.removed', deed.actor, row, before);
  }

  /** Sees to bookings of a thing that kept them, now that its rows, or what became of them, are as they are. */
  async #keepBookings(before: Thing, rowIds: readonly number[], { actor, bookings }: Deed): Promise<void> {
    const keeps = (thing: Thing) => (bookings === 'unless-by-status' ? thing.schedulable : keepsBookings(thing));
    if (!keeps(before)) return;
    const things = await this.#stores.calendars.things(rowIds.map((id) => ({ id })));
    const lost = new Map(things.flatMap((thing) => (thing && !keeps(thing) ? [[thing.id, thing] as const] : [])));
    if (lost.size === 0) return;
    if (bookings === 'cancel') {
      for (const { id, type, name } of lost.values()) await this.#cancel(actor, [id], { device_type: type, name });
      return;
    }
    const held = await holdingTheseThings(this.#stores, [...lost.keys()], this.#clock);
    for (const [id, count] of held) throw hasBookings({ id, name: lost.get(id)?.name ?? before.name }, count);
  }

  #cancel(actor: Actor, thingIds: readonly number[], { device_type: type, name }: Named): Promise<void> {
    const why = `${type ?? ''} ${name ?? ''} is not available any more`.trim();
    return cancelWhatHolds(this.#stores, actor, thingIds, why, this.#clock);
  }

  /** @param concernsOwners whether it matters to those who booked it. */
  async #announce(
    type: DeviceEvent['type'],
    actor: Actor,
    { id, name, status }: Pick<Device, 'id' | 'name' | 'status'>,
    { device_type: deviceType }: Pick<DeviceDescription, 'device_type'>,
    concernsOwners = false,
  ): Promise<void> {
    const at = this.#clock.now();
    await this.#stores.events.append({
      ...{ type, at, actorId: auditActorOf(actor).id },
      concerns: concernsOwners ? await this.#ownersOf(id, at) : [],
      device: { id, type: deviceType ?? '', name, status },
    });
  }

  async #ownersOf(rowId: number, now: number): Promise<number[]> {
    const { calendars } = this.#stores;
    const [thing] = await calendars.things([{ id: rowId }]);
    if (!thing) return [];
    const held = await calendars.read([thing.id], { start: now, end: ALL_TIME.end });
    return [...new Set(held.get(thing.id)?.holds.map((hold) => hold.ownerId))];
  }
}

type Named = Pick<DeviceDescription, 'device_type' | 'name'>;

/** Another row of the thing, by which it is found when the row has left; none when it was the only one. */
const rest = ({ rowIds }: Thing, rowId: number): number[] => rowIds.filter((id) => id !== rowId).slice(0, 1);

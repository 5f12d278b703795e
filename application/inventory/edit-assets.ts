import {
  assertMay,
  invalid,
  notFound,
  parseDeviceStatus,
  type Actor,
  type Device,
  type DeviceFacts,
  type DomainError,
  type LabZone,
} from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { NOTHING_SAID } from './add-device.js';
import { eachByItself, type BulkOutcome } from './bulk-outcome.js';
import { DeviceWrites, type Deed } from './device-writes.js';
import { assertFits, auditOfDevice, unknownDevice, writeLegacyMaintenance } from './legacy-device.js';
import type { InventoryStores, InventoryWork } from './ports.js';
import { assertSeen, type SeenVersions } from './seen-versions.js';
import { claimRow } from './thing-membership.js';

/** What somebody says of an asset; what is left out stays as it is. */
export type AssetForm = Partial<Omit<DeviceFacts, 'status'>> & {
  /** In either vocabulary. */
  readonly status?: string;
  /** Both texts of the first scheduler, `<segment>/<YYYY-MM-DD>`, or both null; left out leaves maintenance alone. */
  readonly maintenanceStart?: string | null;
  readonly maintenanceEnd?: string | null;
};

/** What comes with a change. */
export interface ChangeTerms {
  readonly seen?: SeenVersions;
  /** Whether bookings to come that would be left without a device are cancelled, rather than being in the way. */
  readonly cancelBookings?: boolean;
  /** Why. */
  readonly notes?: string | null;
}

/** Facts that decide which thing a row belongs to, and whether it fits in there. */
const FITTING = ['typeId', 'name', 'inPort', 'outPort', 'polatisName', 'managementIp'] as const;

/** Adds and changes assets, one by one and many at once. */
export class EditAssets {
  readonly #work: InventoryWork;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(work: InventoryWork, clock: Clock, zone: LabZone) {
    this.#work = work;
    this.#clock = clock;
    this.#zone = zone;
  }

  /** @throws DomainError `device.duplicate` and its kin, `catalogue.not-found`. */
  add(
    actor: Actor,
    form: AssetForm & Pick<DeviceFacts, 'name' | 'typeId'>,
    notes: string | null = null,
  ): Promise<number> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const facts: DeviceFacts = { ...NOTHING_SAID, ...factsIn(form), name: form.name, typeId: form.typeId };
      await stores.devices.claimThings([facts]);
      await assertReferences(facts, null, stores);
      await assertFits(facts, null, stores);
      const device = await new DeviceWrites(stores, this.#clock).add(facts, { actor, action: 'created', notes });
      await this.#writeMaintenance(device.id, form, actor, stores);
      await stores.audit.append({
        ...auditOfDevice(actor, 'device.added', device, `${actor.username} added ${device.name}`, device.createdAt),
        metadata: { after: facts },
      });
      return device.id;
    });
  }

  /** @throws DomainError `device.not-found`, `device.stale`, `device.has-bookings`, `device.duplicate` and its kin. */
  change(actor: Actor, id: number, form: AssetForm, terms: ChangeTerms = {}): Promise<void> {
    assertMay(actor, 'devices:write');
    return this.#change(actor, id, form, 'updated', terms);
  }

  /** Makes the same change to many, each by itself: one that fails does not keep the others. */
  async changeMany(
    actor: Actor,
    ids: readonly number[],
    form: AssetForm,
    terms: Omit<ChangeTerms, 'seen'> = {},
  ): Promise<BulkOutcome> {
    assertMay(actor, 'devices:write');
    return eachByItself(ids, (id) => this.#change(actor, id, form, 'bulk_updated', terms));
  }

  #change(actor: Actor, id: number, form: AssetForm, action: Deed['action'], terms: ChangeTerms): Promise<void> {
    const { seen = null, cancelBookings = false, notes = null } = terms;
    return this.#work.run(async (stores) => {
      const found = await stores.devices.find(id);
      if (!found) throw unknownDevice(id);
      const said = factsIn(form);
      const row = await claimRow(found, { ...found, ...said }, stores.devices);
      if (!row) throw unknownDevice(id);
      assertSeen(row, seen);
      const facts: DeviceFacts = { ...row, ...said };
      await assertReferences(facts, row, stores);
      if (FITTING.some((fact) => facts[fact] !== row[fact])) await assertFits(facts, id, stores);
      const deed: Deed = { actor, action, notes, bookings: cancelBookings ? 'cancel' : 'refuse' };
      await new DeviceWrites(stores, this.#clock).change(row, facts, deed);
      await this.#writeMaintenance(id, form, actor, stores);
      await stores.audit.append({
        ...auditOfDevice(actor, 'device.changed', row, `${actor.username} changed ${row.name}`, this.#clock.now()),
        metadata: { before: row, after: facts },
      });
    });
  }

  async #writeMaintenance(id: number, form: AssetForm, actor: Actor, stores: InventoryStores): Promise<void> {
    const { maintenanceStart, maintenanceEnd } = form;
    if (maintenanceStart === undefined && maintenanceEnd === undefined) return;
    const texts = { maintenanceStart: maintenanceStart ?? null, maintenanceEnd: maintenanceEnd ?? null };
    await writeLegacyMaintenance(id, texts, actor, stores, this.#zone, this.#clock);
  }
}

/** @throws DomainError `device.unknown-status`. */
const factsIn = ({ maintenanceStart, maintenanceEnd, status, ...facts }: AssetForm) => ({
  ...facts,
  ...(status === undefined ? {} : { status: parseDeviceStatus(status) }),
});

/** @throws DomainError `catalogue.not-found`, `device.unknown-owner` naming what is said of a device and is not there. */
const assertReferences = async (facts: DeviceFacts, before: Device | null, stores: InventoryStores): Promise<void> => {
  const references = [
    ['typeId', 'Device type', stores.deviceTypes],
    ['manufacturerId', 'Manufacturer', stores.manufacturers],
    ['siteId', 'Site', stores.sites],
  ] as const;
  for (const [fact, title, catalogue] of references) {
    const id = facts[fact];
    if (id === null || id === before?.[fact] || (await catalogue.claim(id))) continue;
    throw notFound('catalogue.not-found', `${title} with ID ${id} not found`);
  }
  const { ownerId } = facts;
  if (ownerId === null || ownerId === before?.ownerId || (await stores.users.find(ownerId))) return;
  throw unknownOwner();
};

/** A refusal because the owner that was named does not exist. */
export const unknownOwner = () => notFound('device.unknown-owner', 'Owner not found');

/** What may be said of many assets at once: nothing that tells one from another. */
export const BULK_FIELDS = [
  ...['status', 'device_type_id', 'manufacturer_id', 'site_id', 'model', 'rack', 'owner_group', 'notes'],
] as const;

/** @returns the refusal of a bulk change to such a field. */
export const notInBulk = (field: string): DomainError =>
  invalid('device.not-in-bulk', `Field '${field.slice(0, 40)}' is not allowed for update`);

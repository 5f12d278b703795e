import {
  inWords,
  invalid,
  legacyMaintenanceOf,
  nameKey,
  notFound,
  parseDeviceStatus,
  sameSlot,
  shownMaintenance,
  slotOfLegacyMaintenance,
  type Actor,
  type Device,
  type DeviceFacts,
  type DeviceType,
  type Instant,
  type LabZone,
  type MaintenanceEvent,
  type MaintenanceWindow,
} from '../../domain/index.js';
import { announceMaintenance } from '../booking/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { namedOrMade } from './named-or-made.js';
import type { InventoryStores } from './ports.js';
import { sameThing } from './thing-membership.js';

/** A device as the first scheduler's admin page describes it: types by name, ports 0 when there are none. */
export interface LegacyDeviceForm {
  readonly type: string;
  readonly name: string;
  /** In either vocabulary. */
  readonly status: string;
  readonly inPort: number;
  readonly outPort: number;
  readonly polatisName: string | null;
  readonly managementIp: string | null;
  /** `<segment>/<YYYY-MM-DD>`, both or neither. */
  readonly maintenanceStart: string | null;
  readonly maintenanceEnd: string | null;
}

/** The named type; one that is unknown is made, schedulable and optical. */
export const typeNamedOrMade = (name: string, stores: InventoryStores, now: Instant): Promise<DeviceType> =>
  namedOrMade(
    stores.deviceTypes,
    { name, category: 'OPTICAL', description: null, schedulable: true, hasPorts: true },
    now,
  );

/** What the form says of a device; everything it does not say is left to `before`. */
export const factsOf = (
  form: LegacyDeviceForm,
  type: DeviceType,
): Pick<DeviceFacts, 'typeId' | 'name' | 'status' | 'inPort' | 'outPort' | 'polatisName' | 'managementIp'> => ({
  typeId: type.id,
  name: form.name,
  status: parseDeviceStatus(form.status),
  inPort: form.inPort === 0 ? null : form.inPort,
  outPort: form.outPort === 0 ? null : form.outPort,
  polatisName: form.polatisName,
  managementIp: form.managementIp,
});

/**
 * Rows of one thing must differ in patch port, labels must not repeat, and an address belongs to one thing.
 * @throws DomainError naming what is in the way.
 */
export const assertFits = async (
  facts: Pick<DeviceFacts, 'typeId' | 'name' | 'inPort' | 'outPort' | 'polatisName' | 'managementIp'>,
  ownId: number | null,
  stores: InventoryStores,
): Promise<void> => {
  const siblings = (await stores.devices.claimThings([facts])).filter((row) => row.id !== ownId);
  const label = facts.polatisName && nameKey(facts.polatisName);
  if (label && siblings.some((row) => row.polatisName && nameKey(row.polatisName) === label)) {
    throw invalid('device.duplicate-polatis-name', 'Polatis name already exists in this device group');
  }
  const twin = siblings.find(
    (row) =>
      row.inPort === facts.inPort &&
      row.outPort === facts.outPort &&
      (facts.inPort !== null || facts.outPort !== null || row.polatisName === facts.polatisName),
  );
  if (twin) {
    throw invalid(
      'device.duplicate',
      `${facts.name} is already in the inventory as device ${twin.id}; a further row of it needs a patch port of its own.`,
      { device_id: twin.id },
    );
  }
  if (facts.managementIp) {
    const others = await stores.devices.withManagementIp(facts.managementIp);
    if (others.some((row) => row.id !== ownId && !sameThing(row, facts))) {
      throw invalid('device.duplicate-address', 'IP address already exists for another device');
    }
  }
};

/**
 * Brings the one window that the two text fields mean in line with them; windows written otherwise are left alone.
 * The device is claimed by then, and so a window's time of writing tells whether a booking was made before or after it.
 */
export const writeLegacyMaintenance = async (
  deviceId: number,
  form: Pick<LegacyDeviceForm, 'maintenanceStart' | 'maintenanceEnd'>,
  actor: Actor,
  stores: InventoryStores,
  zone: LabZone,
  clock: Clock,
): Promise<void> => {
  const { maintenanceStart: start, maintenanceEnd: end } = form;
  if ((start === null) !== (end === null)) {
    const missing = [...(start === null ? ['maintenance_start'] : []), ...(end === null ? ['maintenance_end'] : [])];
    throw invalid('maintenance.half', `A maintenance needs both ends: ${inWords(missing)} is missing.`);
  }
  const slot = start !== null && end !== null ? slotOfLegacyMaintenance({ start, end }, zone) : null;
  const now = clock.now();
  const windows = await stores.maintenance.ofDevice(deviceId);
  // The page sends back what it was shown: that is no wish to change it, nor to write it a second time.
  const shown = shownMaintenance(windows, now);
  if (shown && slot && sameSlot(slotOfLegacyMaintenance(legacyMaintenanceOf(shown.slot, zone), zone), slot)) return;
  const tell = async (type: MaintenanceEvent['type'], window: MaintenanceWindow): Promise<void> => {
    const [thing] = await stores.calendars.things([{ id: deviceId }]);
    const calendar = thing && (await stores.calendars.read([thing.id], window.slot)).get(thing.id);
    if (calendar) await announceMaintenance(stores, type, actor, window, calendar, now);
  };
  const written = windows.find((window) => window.legacy);
  if (written) {
    await stores.maintenance.remove(written.id);
    await tell('maintenance.removed', written);
  }
  if (slot) {
    const window = { deviceId, slot, reason: '', createdBy: actor.id, createdAt: now, legacy: true };
    await tell('maintenance.announced', await stores.maintenance.add(window));
  }
};

/**
 * A refusal because there is no such device.
 * @param id as it was asked for, where the answer names it.
 */
export const unknownDevice = (id: number | null = null) =>
  notFound('device.not-found', id === null ? 'Device not found' : `Device with ID ${id} not found`);

export const auditOfDevice = (actor: Actor, action: string, device: Device, message: string, now: Instant) => ({
  at: now,
  actor: auditActorOf(actor),
  action,
  entityType: 'device',
  entityId: String(device.id),
  entityLabel: device.name,
  message,
});

import {
  type Device,
  type DeviceStatus,
  type DeviceType,
  groupBy,
  type Instant,
  isBookable,
  isIpAddress,
  type LabZone,
  type MaintenanceWindow,
  nameKey,
  type Thing,
  thingOf,
} from '../../../domain/index.js';
import type { MovedCatalogues, Written } from './move-catalogues.js';
import type { MoveLog } from './move-log.js';
import { agreedStatus, deviceStatusOf, SCHEDULER_WORDS } from './old-device-status.js';
import type { OldAsset, OldLab, OldSchedulerDevice } from './old-lab.js';
import { maintenanceKindOf, maintenanceSlotOf, type OldMaintenance } from './old-maintenance.js';
import { momentText, utcOf } from './old-times.js';

export interface MovedDevices {
  /** With those that only the scheduler's devices named. */
  readonly deviceTypes: readonly Written<DeviceType>[];
  readonly devices: readonly Device[];
  readonly windows: readonly MaintenanceWindow[];
  /** By the id of each of its rows. */
  readonly things: ReadonlyMap<number, Thing>;
}

/** One device as the two old tables have it; at least one of them does. */
interface Halves {
  readonly id: number;
  readonly asset: OldAsset | null;
  readonly scheduled: OldSchedulerDevice | null;
}

const halvesOf = (old: OldLab): Halves[] => {
  const assets = new Map(old.devices.map((row) => [row.id, row]));
  const scheduled = new Map(old.device_table.map((row) => [row.id, row]));
  return [...new Set([...scheduled.keys(), ...assets.keys()])]
    .sort((a, b) => a - b)
    .map((id) => ({ id, asset: assets.get(id) ?? null, scheduled: scheduled.get(id) ?? null }));
};

const tidy = (text: string | null): string | null => (text === null || text.trim() === '' ? null : text.trim());

const portOf = (number: number): number | null => (number > 0 ? number : null);

/** Device types by name; one that is not there is made, as an administrator would make it. */
class Types {
  readonly #byKey = new Map<string, Written<DeviceType>>();
  #lastId: number;
  readonly #now: Instant;

  constructor(types: readonly Written<DeviceType>[], now: Instant) {
    this.#now = now;
    for (const type of types) this.#byKey.set(nameKey(type.name), type);
    this.#lastId = Math.max(0, ...types.map(({ id }) => id));
  }

  get all(): readonly Written<DeviceType>[] {
    return [...this.#byKey.values()];
  }

  withId(id: number | null): Written<DeviceType> | null {
    return this.all.find((type) => type.id === id) ?? null;
  }

  /** And whether it had to be made. */
  named(name: string): { readonly type: Written<DeviceType>; readonly made: boolean } {
    const known = this.#byKey.get(nameKey(name));
    if (known) return { type: known, made: false };
    const type: Written<DeviceType> = {
      ...{ id: (this.#lastId += 1), name, category: 'OPTICAL', description: null, schedulable: true, hasPorts: true },
      ...{ createdAt: this.#now, updatedAt: this.#now },
    };
    this.#byKey.set(nameKey(name), type);
    return { type, made: true };
  }
}

/** Merges the two device tables of the old lab, and reads the maintenance texts of both. */
export const moveDevices = (
  old: OldLab,
  catalogues: MovedCatalogues,
  zone: LabZone,
  now: Instant,
  log: MoveLog,
): MovedDevices => {
  const types = new Types(catalogues.deviceTypes, now);
  const halves = halvesOf(old);
  const merged = withoutDoubles(
    halves.map((pair) => mergeHalves(pair, catalogues, types, now, log)),
    log,
  );
  const typeOf = new Map(types.all.map((type) => [type.id, type]));

  const things = new Map<number, Thing>();
  for (const rows of groupBy(merged, ({ typeId, name }) => `${typeId}/${nameKey(name)}`).values()) {
    const thing = thingOf(
      rows.map(({ id, typeId, name, status }) => {
        const type = typeOf.get(typeId);
        return { id, type: type?.name ?? '', name, status, schedulable: type?.schedulable ?? false };
      }),
    );
    for (const id of thing.rowIds) things.set(id, thing);
  }
  noteSharedPorts(old, log);

  // The old lab never looked before it booked. What keeps people from booking is so from now on.
  const devices = merged.map((device) => {
    const thing = things.get(device.id);
    return thing && !isBookable(thing) ? { ...device, updatedAt: now } : device;
  });
  return { deviceTypes: types.all, devices, windows: windowsOf(halves, zone, now, log), things };
};

const mergeHalves = (
  { id, asset, scheduled }: Halves,
  catalogues: MovedCatalogues,
  types: Types,
  now: Instant,
  log: MoveLog,
): Device => {
  const source = asset ? 'devices' : 'device_table';
  const change = (rule: string, detail: string) => log.change(source, id, rule, detail);
  log.take(source, id);
  if (asset && scheduled) log.merge('device_table', id, 'device.one-table', 'merged with its row of the inventory');
  if (!scheduled) {
    const detail = 'the scheduler did not know it; it can be booked now if its status allows';
    log.note('devices', id, 'device.never-scheduled', detail);
  }

  const name = tidy(scheduled?.deviceName ?? null) ?? tidy(asset?.name ?? null) ?? `device ${id}`;
  if (asset && scheduled && name !== asset.name) {
    change('device.name', `'${asset.name}' in the inventory is '${name}', as people booked it`);
  }
  const type = typeOfHalves({ id, asset, scheduled }, catalogues, types, change);
  const at = asset ? utcOf(asset.created_at) : now;
  return {
    id,
    oiId: tidy(asset?.oi_id ?? null),
    name,
    typeId: type.id,
    manufacturerId: catalogues.idOf('manufacturers', asset?.manufacturer_id ?? null),
    model: tidy(asset?.model ?? null),
    serialNumber: tidy(asset?.serial_number ?? null),
    status: statusOfHalves({ id, asset, scheduled }, change),
    siteId: catalogues.idOf('sites', asset?.site_id ?? null),
    rack: tidy(asset?.rack ?? null),
    uPosition: asset?.u_position ?? null,
    hostname: tidy(asset?.hostname ?? null),
    managementIp: addressOfHalves({ id, asset, scheduled }, change),
    polatisName: labelOfHalves({ id, asset, scheduled }, change),
    polatisPortRange: asset?.polatis_port_range ?? null,
    inPort: portOf(scheduled?.In_Port ?? 0),
    outPort: portOf(scheduled?.Out_Port ?? 0),
    ports: [],
    ownerGroup: tidy(asset?.owner_group ?? null),
    ownerId: null,
    notes: asset?.notes ?? null,
    version: 1,
    createdAt: at,
    updatedAt: asset ? utcOf(asset.updated_at) : now,
    createdBy: asset?.created_by_id ?? null,
    updatedBy: asset?.updated_by_id ?? null,
  };
};

type Change = (rule: string, detail: string) => void;

const statusOfHalves = ({ asset, scheduled }: Halves, change: Change): DeviceStatus => {
  const words = [scheduled, asset].map((half) => half?.status ?? null);
  const [scheduler = null, inventory = null] = words.map(deviceStatusOf);
  for (const word of words) {
    if (word !== null && deviceStatusOf(word) === null)
      change('device.status-word', `nobody knows the status '${word}'`);
  }
  if (asset === null) {
    const detail = 'the inventory never had it: a booking made it up. It is unavailable until somebody says what it is';
    change('device.only-scheduled', detail);
    return 'unavailable';
  }
  const status = agreedStatus(scheduler, inventory);
  if (scheduled && (scheduler !== inventory || scheduler === null)) {
    const [said, alsoSaid] = words.map((word) => word ?? 'nothing');
    change('device.status', `the scheduler says ${said}, the inventory ${alsoSaid}: ${status}`);
  } else if (scheduled && !SCHEDULER_WORDS.includes(scheduled.status ?? '')) {
    change('device.status-untidy', `'${scheduled.status ?? ''}' is read as ${status}`);
  }
  return status;
};

const addressOfHalves = ({ asset, scheduled }: Halves, change: Change): string | null => {
  const [ip, other] = [tidy(asset?.mgmt_ip ?? null), tidy(scheduled?.ip_address ?? null)];
  if (ip !== null && other !== null && ip !== other) {
    change(
      'device.address',
      `the scheduler says ${other}, the inventory ${ip}: the inventory is right about addresses`,
    );
  }
  const address = ip ?? other;
  if (address === null || isIpAddress(address)) return address;
  change('device.no-address', `'${address}' is no IP address, and was dropped`);
  return null;
};

/** The label of its port on the patch switch. */
const labelOfHalves = ({ asset, scheduled }: Halves, change: Change): string | null => {
  const said = scheduled?.polatis_name ?? null;
  const label = tidy(asset?.polatis_name ?? null) ?? tidy(said);
  if (said !== null && said !== label) change('device.polatis-name', `'${said}' is '${label ?? ''}'`);
  return label;
};

/** Numbers of which there may be one each, also after spaces around them were taken off. */
const withoutDoubles = (devices: readonly Device[], log: MoveLog): Device[] => {
  const taken = { oiId: new Set<string>(), serialNumber: new Set<string>() };
  const once = (id: number, fact: keyof typeof taken, value: string | null): string | null => {
    if (value === null || !taken[fact].has(value)) {
      if (value !== null) taken[fact].add(value);
      return value;
    }
    log.change(
      'devices',
      id,
      'device.number-taken',
      `another device has the number '${value}', which was dropped here`,
    );
    return null;
  };
  return devices.map((device) => ({
    ...device,
    oiId: once(device.id, 'oiId', device.oiId),
    serialNumber: once(device.id, 'serialNumber', device.serialNumber),
  }));
};

const typeOfHalves = (
  { asset, scheduled }: Halves,
  catalogues: MovedCatalogues,
  types: Types,
  change: Change,
): DeviceType => {
  const said = scheduled?.deviceType ?? null;
  const ofAsset = asset ? types.withId(catalogues.idOf('device_types', asset.device_type_id)) : null;
  if (ofAsset) {
    if (scheduled && said !== ofAsset.name) {
      change(
        'device.type-text',
        `${said === null ? 'no type' : `'${said}'`} in the scheduler is ${ofAsset.name}, as in the inventory`,
      );
    }
    return ofAsset;
  }
  const { type, made } = types.named(tidy(said) ?? 'Unknown');
  if (made) change('device.new-type', `the type ${type.name} was made: optical, schedulable`);
  return type;
};

/** Two devices on one port of the patch switch: both stay as they are, but only one can be plugged in. */
const noteSharedPorts = (old: OldLab, log: MoveLog): void => {
  const patched = old.device_table.filter(({ In_Port: into, Out_Port: out }) => into > 0 || out > 0);
  for (const rows of groupBy(patched, samePort).values()) {
    const [first, ...others] = rows;
    for (const { id } of others) {
      log.note(
        'device_table',
        id,
        'device.shared-port',
        `has the ports of device ${first?.id ?? 0}: only one can be plugged in there`,
      );
    }
  }
};

/** The switch is named at the beginning of the label, `PA-` or `PB-`. */
export const samePort = ({ polatis_name: label, In_Port: into, Out_Port: out }: OldSchedulerDevice): string =>
  `${(label ?? '').trim().toUpperCase().slice(0, 3)}/${into}/${out}`;

const quoted = ({ maintenance_start: start, maintenance_end: end }: OldMaintenance): string =>
  [start, end].map((text) => (text === null ? 'nothing' : `'${text}'`)).join(' to ');

const windowsOf = (halves: readonly Halves[], zone: LabZone, now: Instant, log: MoveLog): MaintenanceWindow[] => {
  const windows: MaintenanceWindow[] = [];
  for (const { id, asset, scheduled } of halves) {
    const texts = [scheduled, asset].find((half) => half !== null && maintenanceKindOf(half, zone) !== null) ?? null;
    const kind = texts && maintenanceKindOf(texts, zone);
    if (!texts || kind === null || kind === 'empty_string') continue;
    const source = texts === scheduled ? 'device_table' : 'devices';
    const slot = maintenanceSlotOf(texts, zone);
    if (slot === null) {
      const detail = `${quoted(texts)} says no time (${kind.replaceAll('_', ' ')}): the device has no maintenance window`;
      log.change(source, id, `maintenance.${kind}`, detail);
      continue;
    }
    const span = `${momentText(slot.start)} to ${momentText(slot.end)}`;
    const rule = kind === 'whitespace' ? 'maintenance.whitespace' : 'maintenance.window';
    log.change(source, id, rule, `${quoted(texts)} is a maintenance window from ${span}`);
    windows.push({
      ...{ id: windows.length + 1, deviceId: id, slot, reason: 'Maintenance' },
      ...{ createdBy: null, createdAt: now, legacy: true },
    });
  }
  return windows;
};

import { nameKey, type Instant } from '../shared/index.js';
import type { DeviceFacts } from './device.js';

/** How a device came to be what it is. */
export type DeviceAction =
  | 'created'
  | 'updated'
  | 'bulk_updated'
  | 'imported'
  | 'deleted'
  | 'tags_changed'
  | 'attachment_added'
  | 'attachment_removed'
  | 'power_mapping_changed';

/** What is said of a device in words, as the columns of an inventory file are called; null where nothing is. */
export type DeviceDescription = Readonly<Record<DescribedField, string | null>>;

/** The columns of an inventory file, in its order. */
export type DescribedField =
  | 'oi_id'
  | 'name'
  | 'device_type'
  | 'manufacturer'
  | 'model'
  | 'serial_number'
  | 'status'
  | 'site'
  | 'rack'
  | 'u_position'
  | 'hostname'
  | 'mgmt_ip'
  | 'polatis_name'
  | 'polatis_port_range'
  | 'in_port'
  | 'out_port'
  | 'tags'
  | 'ports'
  | 'owner_group'
  | 'notes'
  | 'owner';

/** One field of one change, in words that can be read when what they name is long gone. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One change of one device: who, when, why, and every field before and after. It outlives the device. */
export interface DeviceChange {
  readonly deviceId: number;
  readonly deviceName: string;
  readonly action: DeviceAction;
  readonly at: Instant;
  /** Null when the lab did it by itself. */
  readonly actorId: number | null;
  readonly actorName: string;
  /** Why, in the words of whoever did it. */
  readonly notes: string | null;
  readonly fields: readonly FieldChange[];
  /** What else is to be known, for example all that was said of a device that came or went. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

/** What the identifiers in a device's facts stand for. */
export interface ReferredNames {
  readonly type: string;
  readonly manufacturer: string | null;
  readonly site: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
}

const words = (value: number | null): string | null => (value === null ? null : String(value));
const list = (items: readonly string[]): string | null => (items.length === 0 ? null : items.join(';'));

/** A device in words, as an inventory file has it. Lists are joined with semicolons. */
export const describeDevice = (facts: DeviceFacts, names: ReferredNames): DeviceDescription => ({
  oi_id: facts.oiId,
  name: facts.name,
  device_type: names.type,
  manufacturer: names.manufacturer,
  model: facts.model,
  serial_number: facts.serialNumber,
  status: facts.status,
  site: names.site,
  rack: facts.rack,
  u_position: words(facts.uPosition),
  hostname: facts.hostname,
  mgmt_ip: facts.managementIp,
  polatis_name: facts.polatisName,
  polatis_port_range: facts.polatisPortRange,
  in_port: words(facts.inPort),
  out_port: words(facts.outPort),
  tags: list([...names.tags].sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1))),
  ports: list(facts.ports),
  owner_group: facts.ownerGroup,
  notes: facts.notes,
  owner: names.owner,
});

/** The fields in which two descriptions differ, in the order of an inventory file. */
export const changesBetween = (before: DeviceDescription, after: DeviceDescription): FieldChange[] =>
  (Object.keys(after) as DescribedField[])
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, before: before[field], after: after[field] }));

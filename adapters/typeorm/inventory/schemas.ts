import { EntitySchema } from 'typeorm';
import type { DeviceAction, DeviceCategory, DeviceStatus } from '../../../domain/index.js';
import { flag, id, instant, longText, named, optional, reference, text } from '../columns.js';

export interface DeviceTypeRow {
  id: number;
  name: string;
  nameKey: string;
  category: DeviceCategory;
  description: string | null;
  schedulable: boolean;
  hasPorts: boolean;
  createdAt: number;
  updatedAt: number;
}

export const deviceTypeSchema = new EntitySchema<DeviceTypeRow>({
  name: 'device_type',
  tableName: 'device_types',
  columns: {
    id,
    name: text(100),
    nameKey: named('name_key', text(200)),
    category: text(16),
    description: optional(longText),
    schedulable: named('is_schedulable', flag),
    hasPorts: named('has_ports', flag),
    createdAt: named('created_at', instant),
    updatedAt: named('updated_at', instant),
  },
  indices: [{ name: 'ux_device_types_name', columns: ['nameKey'], unique: true }],
});

/** What every catalogue keeps of an entry. */
export interface NamedRow {
  id: number;
  name: string;
  nameKey: string;
  createdAt: number;
  updatedAt: number;
}

export interface ManufacturerRow extends NamedRow {
  website: string | null;
  notes: string | null;
}

export interface SiteRow extends NamedRow {
  address: string | null;
  notes: string | null;
}

export interface TagRow extends NamedRow {
  description: string | null;
  color: string | null;
}

const namedColumns = {
  id,
  name: text(100),
  nameKey: named('name_key', text(200)),
  createdAt: named('created_at', instant),
  updatedAt: named('updated_at', instant),
};

const uniqueName = (tableName: string) => [{ name: `ux_${tableName}_name`, columns: ['nameKey'], unique: true }];

export const manufacturerSchema = new EntitySchema<ManufacturerRow>({
  name: 'manufacturer',
  tableName: 'manufacturers',
  columns: { ...namedColumns, website: optional(text(500)), notes: optional(longText) },
  indices: uniqueName('manufacturers'),
});

export const siteSchema = new EntitySchema<SiteRow>({
  name: 'site',
  tableName: 'sites',
  columns: { ...namedColumns, address: optional(longText), notes: optional(longText) },
  indices: uniqueName('sites'),
});

export const tagSchema = new EntitySchema<TagRow>({
  name: 'tag',
  tableName: 'tags',
  columns: { ...namedColumns, description: optional(longText), color: optional(text(7)) },
  indices: uniqueName('tags'),
});

export interface DeviceRow {
  id: number;
  oiId: string | null;
  name: string;
  nameKey: string;
  typeId: number;
  manufacturerId: number | null;
  model: string | null;
  serialNumber: string | null;
  status: DeviceStatus;
  siteId: number | null;
  rack: string | null;
  uPosition: number | null;
  hostname: string | null;
  managementIp: string | null;
  polatisName: string | null;
  polatisPortRange: string | null;
  inPort: number | null;
  outPort: number | null;
  /** JSON array of `name:kind`. */
  ports: string;
  ownerGroup: string | null;
  ownerId: number | null;
  notes: string | null;
  /** In comparable form, line by line: everything that a search looks through. */
  searchText: string | null;
  version: number;
  createdAt: number;
  updatedAt: number;
  createdBy: number | null;
  updatedBy: number | null;
}

export const deviceSchema = new EntitySchema<DeviceRow>({
  name: 'device',
  tableName: 'devices',
  columns: {
    id,
    oiId: named('oi_id', optional(text(50))),
    name: text(200),
    nameKey: named('name_key', text(400)),
    typeId: named('device_type_id', reference),
    manufacturerId: named('manufacturer_id', optional(reference)),
    model: optional(text(100)),
    serialNumber: named('serial_number', optional(text(100))),
    status: text(16),
    siteId: named('site_id', optional(reference)),
    rack: optional(text(50)),
    uPosition: named('u_position', optional(reference)),
    hostname: optional(text(255)),
    managementIp: named('mgmt_ip', optional(text(45))),
    polatisName: named('polatis_name', optional(text(100))),
    polatisPortRange: named('polatis_port_range', optional(text(100))),
    inPort: named('in_port', optional(reference)),
    outPort: named('out_port', optional(reference)),
    ports: longText,
    ownerGroup: named('owner_group', optional(text(100))),
    ownerId: named('owner_id', optional(reference)),
    notes: optional(longText),
    searchText: named('search_text', { ...optional(longText), select: false }),
    version: { ...reference, default: 1 },
    createdAt: named('created_at', instant),
    updatedAt: named('updated_at', instant),
    createdBy: named('created_by', optional(reference)),
    updatedBy: named('updated_by', optional(reference)),
  },
  indices: [
    { name: 'ux_devices_oi_id', columns: ['oiId'], unique: true },
    { name: 'ux_devices_serial', columns: ['serialNumber'], unique: true },
    { name: 'ix_devices_thing', columns: ['typeId', 'nameKey'] },
    { name: 'ix_devices_mgmt_ip', columns: ['managementIp'] },
    { name: 'ix_devices_name', columns: ['nameKey'] },
    { name: 'ix_devices_status', columns: ['status'] },
    { name: 'ix_devices_site', columns: ['siteId'] },
    { name: 'ix_devices_manufacturer', columns: ['manufacturerId'] },
    { name: 'ix_devices_owner', columns: ['ownerId'] },
  ],
});

export interface DeviceTagRow {
  deviceId: number;
  tagId: number;
}

export const deviceTagSchema = new EntitySchema<DeviceTagRow>({
  name: 'device_tag',
  tableName: 'device_tags',
  columns: {
    deviceId: { ...named('device_id', reference), primary: true },
    tagId: { ...named('tag_id', reference), primary: true },
  },
  indices: [{ name: 'ix_device_tags_tag', columns: ['tagId'] }],
});

export interface MaintenanceRow {
  id: number;
  deviceId: number;
  startsAt: number;
  endsAt: number;
  reason: string;
  createdBy: number | null;
  createdAt: number;
  legacy: boolean;
}

export const maintenanceSchema = new EntitySchema<MaintenanceRow>({
  name: 'maintenance_window',
  tableName: 'maintenance_windows',
  columns: {
    id,
    deviceId: named('device_id', reference),
    startsAt: named('starts_at', instant),
    endsAt: named('ends_at', instant),
    reason: text(1000),
    createdBy: named('created_by', optional(reference)),
    createdAt: named('created_at', instant),
    legacy: flag,
  },
  indices: [{ name: 'ix_maintenance_device', columns: ['deviceId', 'endsAt'] }],
});

export interface DeviceChangeRow {
  id: number;
  deviceId: number;
  deviceName: string;
  action: DeviceAction;
  at: number;
  actorId: number | null;
  actorName: string;
  notes: string | null;
  /** JSON object. */
  metadata: string | null;
}

export const deviceChangeSchema = new EntitySchema<DeviceChangeRow>({
  name: 'device_change',
  tableName: 'device_changes',
  columns: {
    id,
    deviceId: named('device_id', reference),
    deviceName: named('device_name', text(200)),
    action: text(32),
    at: instant,
    actorId: named('actor_id', optional(reference)),
    actorName: named('actor_name', text(100)),
    notes: optional(longText),
    metadata: optional(longText),
  },
  indices: [{ name: 'ix_device_changes_device', columns: ['deviceId'] }],
});

/** A change without fields has one row here without a name. */
export interface ChangedFieldRow {
  id: number;
  changeId: number;
  fieldName: string | null;
  oldValue: string | null;
  newValue: string | null;
}

export const changedFieldSchema = new EntitySchema<ChangedFieldRow>({
  name: 'device_change_field',
  tableName: 'device_change_fields',
  columns: {
    id,
    changeId: named('change_id', reference),
    fieldName: named('field_name', optional(text(64))),
    oldValue: named('old_value', optional(longText)),
    newValue: named('new_value', optional(longText)),
  },
  indices: [{ name: 'ix_device_change_fields_change', columns: ['changeId'] }],
});

export interface AttachmentRow {
  id: number;
  deviceId: number;
  fileName: string;
  mimeType: string;
  sizeBytes: number;
  vaultName: string;
  uploadedBy: number | null;
  uploadedByName: string;
  createdAt: number;
}

export const attachmentSchema = new EntitySchema<AttachmentRow>({
  name: 'attachment',
  tableName: 'attachments',
  columns: {
    id,
    deviceId: named('device_id', reference),
    fileName: named('file_name', text(255)),
    mimeType: named('mime_type', text(127)),
    sizeBytes: named('size_bytes', instant),
    vaultName: named('vault_name', text(64)),
    uploadedBy: named('uploaded_by', optional(reference)),
    uploadedByName: named('uploaded_by_name', text(100)),
    createdAt: named('created_at', instant),
  },
  indices: [
    { name: 'ix_attachments_device', columns: ['deviceId'] },
    { name: 'ux_attachments_vault_name', columns: ['vaultName'], unique: true },
  ],
});

export const inventorySchemas = [
  deviceTypeSchema,
  manufacturerSchema,
  siteSchema,
  tagSchema,
  deviceSchema,
  deviceTagSchema,
  maintenanceSchema,
  deviceChangeSchema,
  changedFieldSchema,
  attachmentSchema,
];

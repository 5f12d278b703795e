import { EntitySchema, type EntitySchemaOptions } from 'typeorm';
import type { DeviceCategory, DeviceStatus } from '../../../domain/index.js';
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

/** A catalogue entry that so far has a name only. */
export interface NamedRow {
  id: number;
  name: string;
  nameKey: string;
  createdAt: number;
  updatedAt: number;
}

const namedSchema = (name: string, tableName: string): EntitySchema<NamedRow> => {
  const options: EntitySchemaOptions<NamedRow> = {
    name,
    tableName,
    columns: {
      id,
      name: text(100),
      nameKey: named('name_key', text(200)),
      createdAt: named('created_at', instant),
      updatedAt: named('updated_at', instant),
    },
    indices: [{ name: `ux_${tableName}_name`, columns: ['nameKey'], unique: true }],
  };
  return new EntitySchema(options);
};

export const manufacturerSchema = namedSchema('manufacturer', 'manufacturers');
export const siteSchema = namedSchema('site', 'sites');
export const tagSchema = namedSchema('tag', 'tags');

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
  notes: string | null;
  createdAt: number;
  updatedAt: number;
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
    notes: optional(longText),
    createdAt: named('created_at', instant),
    updatedAt: named('updated_at', instant),
  },
  indices: [
    { name: 'ux_devices_oi_id', columns: ['oiId'], unique: true },
    { name: 'ux_devices_serial', columns: ['serialNumber'], unique: true },
    { name: 'ix_devices_thing', columns: ['typeId', 'nameKey'] },
    { name: 'ix_devices_mgmt_ip', columns: ['managementIp'] },
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

export const inventorySchemas = [
  deviceTypeSchema,
  manufacturerSchema,
  siteSchema,
  tagSchema,
  deviceSchema,
  deviceTagSchema,
  maintenanceSchema,
];

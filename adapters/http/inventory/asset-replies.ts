import '../shared/zod-openapi.js';
import { z } from 'zod';
import type { Asset, Dated, HistoryEntry } from '../../../application/inventory/index.js';
import {
  fileEndingOf,
  isoOf,
  legacyMaintenanceOf,
  shownMaintenance,
  type Attachment,
  type Instant,
  type LabZone,
  type Tag,
} from '../../../domain/index.js';
import { isoText } from '../shared/fields.js';
import { remembering } from '../shared/remembering.js';

const NamedReply = z.object({ id: z.int(), name: z.string() });

export const TagReply = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    color: z.string().nullable(),
    created_at: isoText,
  })
  .openapi('Tag');

export const tagReply = ({ id, name, description, color, createdAt }: Dated<Tag>): z.input<typeof TagReply> => ({
  id,
  name,
  description,
  color,
  created_at: isoOf(createdAt),
});

export const AssetReply = z
  .object({
    id: z.int(),
    oi_id: z.string().nullable(),
    name: z.string(),
    status: z.string(),
    device_type_id: z.int(),
    device_type_name: z.string(),
    device_type: NamedReply.extend({ category: z.string(), is_schedulable: z.boolean(), has_ports: z.boolean() }),
    manufacturer_id: z.int().nullable(),
    manufacturer_name: z.string().nullable(),
    manufacturer: NamedReply.nullable(),
    site_id: z.int().nullable(),
    site_name: z.string().nullable(),
    site: NamedReply.nullable(),
    model: z.string().nullable(),
    serial_number: z.string().nullable(),
    rack: z.string().nullable(),
    u_position: z.int().nullable(),
    hostname: z.string().nullable(),
    mgmt_ip: z.string().nullable(),
    polatis_name: z.string().nullable(),
    polatis_port_range: z.string().nullable(),
    in_port: z.int().nullable(),
    out_port: z.int().nullable(),
    ports: z.array(z.string()),
    maintenance_start: z.string().nullable(),
    maintenance_end: z.string().nullable(),
    owner_group: z.string().nullable(),
    notes: z.string().nullable(),
    tags: z.array(TagReply),
    version: z.int(),
    created_at: isoText,
    updated_at: isoText,
    created_by_id: z.int().nullable(),
    updated_by_id: z.int().nullable(),
  })
  .openapi('Asset');

export const assetReply = (zone: LabZone, now: Instant): ((asset: Asset) => z.input<typeof AssetReply>) => {
  const tagOf = remembering(tagReply);
  const iso = remembering(isoOf);
  return ({ device, type, manufacturer, site, tags, maintenance }) => {
    const window = maintenance.length > 0 ? shownMaintenance(maintenance, now) : null;
    const texts = window && legacyMaintenanceOf(window.slot, zone);
    return {
      id: device.id,
      oi_id: device.oiId,
      name: device.name,
      status: device.status,
      device_type_id: type.id,
      device_type_name: type.name,
      device_type: {
        id: type.id,
        name: type.name,
        category: type.category,
        is_schedulable: type.schedulable,
        has_ports: type.hasPorts,
      },
      manufacturer_id: device.manufacturerId,
      manufacturer_name: manufacturer?.name ?? null,
      manufacturer,
      site_id: device.siteId,
      site_name: site?.name ?? null,
      site,
      model: device.model,
      serial_number: device.serialNumber,
      rack: device.rack,
      u_position: device.uPosition,
      hostname: device.hostname,
      mgmt_ip: device.managementIp,
      polatis_name: device.polatisName,
      polatis_port_range: device.polatisPortRange,
      in_port: device.inPort,
      out_port: device.outPort,
      ports: [...device.ports],
      maintenance_start: texts?.start ?? null,
      maintenance_end: texts?.end ?? null,
      owner_group: device.ownerGroup,
      notes: device.notes,
      tags: tags.map(tagOf),
      version: device.version,
      created_at: iso(device.createdAt),
      updated_at: iso(device.updatedAt),
      created_by_id: device.createdBy,
      updated_by_id: device.updatedBy,
    };
  };
};

const anything = z.record(z.string(), z.unknown()).nullable();

export const HistoryReply = z
  .object({
    id: z.int(),
    change_id: z.int(),
    device_id: z.int(),
    action: z.string(),
    field_name: z.string().nullable(),
    old_value: z.string().nullable(),
    new_value: z.string().nullable(),
    changed_by_id: z.int().nullable(),
    changed_by_username: z.string(),
    notes: z.string().nullable(),
    metadata: anything,
    extra: anything,
    created_at: isoText,
  })
  .openapi('DeviceHistoryEntry', {
    description: 'One field of one change. Entries of one change have one `change_id`; `extra` is `metadata`.',
  });

export const historyReply = (entry: HistoryEntry): z.input<typeof HistoryReply> => ({
  id: entry.id,
  change_id: entry.changeId,
  device_id: entry.deviceId,
  action: entry.action,
  field_name: entry.field,
  old_value: entry.before,
  new_value: entry.after,
  changed_by_id: entry.actorId,
  changed_by_username: entry.actorName,
  notes: entry.notes,
  metadata: entry.metadata,
  extra: entry.metadata,
  created_at: isoOf(entry.at),
});

export const AttachmentReply = z
  .object({
    id: z.int(),
    file_name: z.string(),
    file_type: z.string(),
    mime_type: z.string(),
    size_bytes: z.int(),
    uploaded_by: z.string(),
    uploaded_by_id: z.int().nullable(),
    created_at: isoText,
  })
  .openapi('Attachment');

export const attachmentReply = (attachment: Attachment): z.input<typeof AttachmentReply> => ({
  id: attachment.id,
  file_name: attachment.fileName,
  file_type: fileEndingOf(attachment.fileName),
  mime_type: attachment.mimeType,
  size_bytes: attachment.sizeBytes,
  uploaded_by: attachment.uploadedByName,
  uploaded_by_id: attachment.uploadedBy,
  created_at: isoOf(attachment.createdAt),
});

import '../shared/zod-openapi.js';
import { z } from 'zod';
import { LONGEST, PORT, type AssetForm } from '../../../application/inventory/index.js';
import { isIpAddress } from '../../../domain/index.js';
import { id, name, optionalText, text } from '../shared/fields.js';

/** Why something is done, for the history. */
export const reason = optionalText(1000).optional();

const MOST_PORT = 999_999;
const MOST_UNIT = 9999;

/** Something that may be left out, which leaves it as it is; blank and null are nothing. */
const said = (longest: number) => optionalText(longest).optional();
const patchPort = z
  .int()
  .min(0)
  .max(MOST_PORT)
  .nullable()
  .transform((port) => (port === 0 ? null : port))
  .optional();

const fields = {
  device_type_id: id,
  manufacturer_id: id.nullable().optional(),
  site_id: id.nullable().optional(),
  status: text(40).optional(),
  model: said(LONGEST.model),
  serial_number: said(LONGEST.serial_number),
  rack: said(LONGEST.rack),
  u_position: z.int().min(0).max(MOST_UNIT).nullable().optional(),
  hostname: said(LONGEST.hostname),
  mgmt_ip: optionalText(LONGEST.mgmt_ip)
    .refine((value) => value === null || isIpAddress(value), 'is not an IP address')
    .optional(),
  polatis_name: said(LONGEST.polatis_name),
  polatis_port_range: said(100),
  in_port: patchPort,
  out_port: patchPort,
  ports: z
    .array(z.string().regex(PORT, 'is not <name>:<kind>'))
    .max(500)
    .refine((ports) => new Set(ports).size === ports.length, 'names a port twice')
    .refine((ports) => ports.join(';').length <= LONGEST.ports, `is longer than ${LONGEST.ports} characters`)
    .optional(),
  owner_group: said(LONGEST.owner_group),
  notes: said(LONGEST.notes),
  maintenance_start: said(60),
  maintenance_end: said(60),
};

/** A page reads the inventory number as a number where it can, and as nothing where it cannot. */
const oiId = z
  .union([z.int().min(0), text(LONGEST.oi_id)])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : String(value).trim() || null));

export const NewAssetBody = z
  .object({ name: name(LONGEST.name), oi_id: oiId, ...fields, change_notes: reason })
  .openapi({ description: 'Further keys are ignored. `change_notes` goes into the history.' });

export const AssetBody = z
  .object({
    name: name(LONGEST.name).optional(),
    oi_id: oiId,
    ...fields,
    device_type_id: id.optional(),
    change_notes: reason,
  })
  .openapi({
    description:
      'What is left out stays as it is, and so does an `oi_id` of null. Further keys are ignored. `change_notes` goes into the history.',
  });

export const bulkFields = z.object({
  ...{ status: fields.status, device_type_id: id.optional(), manufacturer_id: fields.manufacturer_id },
  ...{ site_id: fields.site_id, model: fields.model, rack: fields.rack, owner_group: fields.owner_group },
  notes: fields.notes,
});

type Said = Partial<Omit<z.output<typeof AssetBody>, 'change_notes'>>;

/** What the body says of an asset: what it leaves out is left out. */
export const formOf = (body: Said): AssetForm => {
  const { oi_id: number } = body;
  return present({
    name: body.name,
    oiId: number ?? undefined,
    typeId: body.device_type_id,
    manufacturerId: body.manufacturer_id,
    siteId: body.site_id,
    status: body.status,
    model: body.model,
    serialNumber: body.serial_number,
    rack: body.rack,
    uPosition: body.u_position,
    hostname: body.hostname,
    managementIp: body.mgmt_ip,
    polatisName: body.polatis_name,
    polatisPortRange: body.polatis_port_range,
    inPort: body.in_port,
    outPort: body.out_port,
    ports: body.ports,
    ownerGroup: body.owner_group,
    notes: body.notes,
    maintenanceStart: body.maintenance_start,
    maintenanceEnd: body.maintenance_end,
  });
};

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the keys that have no value. */
export const present = <T extends object>(record: T): Present<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Present<T>;

import type { InventoryColumn } from './inventory-row.js';
import type { Asset } from './ports.js';

/** What an inventory file says of an asset; read again it makes no difference. */
export const lineOf = ({ device, type, manufacturer, site, tags }: Asset): Record<InventoryColumn, string> => {
  const text = (value: string | number | null): string => (value === null ? '' : String(value));
  return {
    oi_id: text(device.oiId),
    name: device.name,
    device_type: type.name,
    category: type.category,
    manufacturer: text(manufacturer?.name ?? null),
    model: text(device.model),
    serial_number: text(device.serialNumber),
    status: device.status,
    site: text(site?.name ?? null),
    rack: text(device.rack),
    u_position: text(device.uPosition),
    hostname: text(device.hostname),
    mgmt_ip: text(device.managementIp),
    polatis_name: text(device.polatisName),
    in_port: text(device.inPort),
    out_port: text(device.outPort),
    tags: tags.map(({ name }) => name).join(';'),
    ports: device.ports.join(';'),
    owner_group: text(device.ownerGroup),
    notes: text(device.notes),
  };
};

import type { EntityManager } from 'typeorm';
import type { DeviceStatus, PlantRow } from '../../../domain/index.js';
import { inParts, marks, rowsOf } from '../sql.js';

interface RowOfPlant {
  id: number;
  typeId: number;
  nameKey: string;
  oiId: string | null;
  type: string;
  name: string;
  manufacturer: string | null;
  model: string | null;
  site: string | null;
  status: DeviceStatus;
  schedulable: number;
  ports: string;
}

const tagsOf = async (manager: EntityManager, ids: readonly number[]): Promise<Map<number, string[]>> => {
  const tags = new Map<number, string[]>();
  for (const part of inParts(ids)) {
    const rows = await rowsOf<{ deviceId: number; name: string }>(
      manager,
      `SELECT device_tags.device_id AS deviceId, tags.name AS name
         FROM device_tags JOIN tags ON tags.id = device_tags.tag_id
        WHERE device_tags.device_id IN (${marks(part)})
        ORDER BY device_tags.device_id, tags.name_key`,
      part,
    );
    for (const { deviceId, name } of rows) {
      const list = tags.get(deviceId);
      if (list) list.push(name);
      else tags.set(deviceId, [name]);
    }
  }
  return tags;
};

/** Rows with what the plant wants to know of them. @param rest the end of the query, after the tables. */
export const plantRows = async (
  manager: EntityManager,
  rest: string,
  parameters: readonly unknown[],
): Promise<PlantRow[]> => {
  const rows = await rowsOf<RowOfPlant>(
    manager,
    `SELECT devices.id AS id, devices.device_type_id AS typeId, devices.name_key AS nameKey, devices.oi_id AS oiId,
            device_types.name AS type, devices.name AS name, manufacturers.name AS manufacturer,
            devices.model AS model, sites.name AS site, devices.status AS status,
            device_types.is_schedulable AS schedulable, devices.ports AS ports
       FROM devices
       JOIN device_types ON device_types.id = devices.device_type_id
       LEFT JOIN manufacturers ON manufacturers.id = devices.manufacturer_id
       LEFT JOIN sites ON sites.id = devices.site_id
      ${rest}`,
    parameters,
  );
  const tags = await tagsOf(
    manager,
    rows.map(({ id }) => id),
  );
  return rows.map(({ typeId, nameKey, schedulable, ports, ...row }) => ({
    ...row,
    thingKey: `${typeId}/${nameKey}`,
    schedulable: Boolean(schedulable),
    ports: JSON.parse(ports) as string[],
    tags: tags.get(row.id) ?? [],
  }));
};

import type { PlantReader, PlantRow } from '../../../application/plant/ports.js';
import type { DeviceStatus, Link } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';
import type { LinkRow } from './schemas.js';
import { LINK_COLUMNS, toLink } from './typeorm-links.js';

/** So many rows are read before others get their turn: the embedded database answers with the whole process. */
const PAGE = 500;

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

/** The lab as it is wired, read in pages so that other requests need not wait for a large one. */
export class TypeormPlantReader implements PlantReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async rows(): Promise<PlantRow[]> {
    const rows = await this.#pages<RowOfPlant>(
      `SELECT devices.id AS id, devices.device_type_id AS typeId, devices.name_key AS nameKey, devices.oi_id AS oiId,
              device_types.name AS type, devices.name AS name, manufacturers.name AS manufacturer,
              devices.model AS model, sites.name AS site, devices.status AS status,
              device_types.is_schedulable AS schedulable, devices.ports AS ports
         FROM devices
         JOIN device_types ON device_types.id = devices.device_type_id
         LEFT JOIN manufacturers ON manufacturers.id = devices.manufacturer_id
         LEFT JOIN sites ON sites.id = devices.site_id
        WHERE devices.id > ? ORDER BY devices.id LIMIT ?`,
      (row) => row.id,
    );
    const tags = await this.#tags();
    const leads = new Map<string, number>();
    return rows.map(({ typeId, nameKey, schedulable, ports, ...row }) => {
      const key = `${typeId}/${nameKey}`;
      const thingId = leads.get(key) ?? row.id;
      leads.set(key, thingId);
      return {
        ...{ ...row, thingId, schedulable: Boolean(schedulable) },
        ports: ports === '[]' ? [] : (JSON.parse(ports) as string[]),
        tags: tags.get(row.id) ?? [],
      };
    });
  }

  async links(): Promise<Link[]> {
    const sql = `SELECT ${LINK_COLUMNS} FROM links WHERE id > ? ORDER BY id LIMIT ?`;
    return (await this.#pages<LinkRow>(sql, (row) => row.id)).map(toLink);
  }

  async #tags(): Promise<Map<number, string[]>> {
    const tags = new Map<number, string[]>();
    const rows = await this.#database.read((manager) =>
      rowsOf<{ deviceId: number; name: string }>(
        manager,
        `SELECT device_tags.device_id AS deviceId, tags.name AS name
           FROM device_tags JOIN tags ON tags.id = device_tags.tag_id
          ORDER BY device_tags.device_id, tags.name_key`,
      ),
    );
    for (const { deviceId, name } of rows) {
      const list = tags.get(deviceId);
      if (list) list.push(name);
      else tags.set(deviceId, [name]);
    }
    return tags;
  }

  async #pages<Row>(sql: string, idOf: (row: Row) => number): Promise<Row[]> {
    const all: Row[] = [];
    for (let last = 0; ;) {
      const from = last;
      const page = await this.#database.read((manager) => rowsOf<Row>(manager, sql, [from, PAGE]));
      all.push(...page);
      const end = page[page.length - 1];
      if (page.length < PAGE || end === undefined) return all;
      last = idOf(end);
    }
  }
}

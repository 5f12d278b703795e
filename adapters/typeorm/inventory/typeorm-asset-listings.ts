import type { EntityManager } from 'typeorm';
import type {
  Asset,
  AssetFilter,
  AssetListings,
  AssetOrder,
  Dated,
  InventorySummary,
  Page,
} from '../../../application/inventory/ports.js';
import { groupBy, nameKey, type DeviceCategory, type MaintenanceWindow, type Tag } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { marks, rowsOf } from '../sql.js';
import type { DeviceRow, MaintenanceRow, TagRow } from './schemas.js';
import { toTag } from './typeorm-catalogues.js';
import { tagRows } from './typeorm-device-tags.js';
import { toWindow, WINDOW_COLUMNS } from './typeorm-maintenance.js';

interface AssetRow extends DeviceRow {
  readonly typeName: string;
  readonly category: DeviceCategory;
  readonly description: string | null;
  readonly schedulable: boolean | number;
  readonly hasPorts: boolean | number;
  readonly manufacturerName: string | null;
  readonly siteName: string | null;
}

const DEVICE_COLUMNS: Readonly<Record<Exclude<keyof DeviceRow, 'nameKey' | 'searchText'>, string>> = {
  id: 'id',
  oiId: 'oi_id',
  name: 'name',
  typeId: 'device_type_id',
  manufacturerId: 'manufacturer_id',
  model: 'model',
  serialNumber: 'serial_number',
  status: 'status',
  siteId: 'site_id',
  rack: 'rack',
  uPosition: 'u_position',
  hostname: 'hostname',
  managementIp: 'mgmt_ip',
  polatisName: 'polatis_name',
  polatisPortRange: 'polatis_port_range',
  inPort: 'in_port',
  outPort: 'out_port',
  ports: 'ports',
  ownerGroup: 'owner_group',
  ownerId: 'owner_id',
  notes: 'notes',
  version: 'version',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  createdBy: 'created_by',
  updatedBy: 'updated_by',
};

// Outer joins, so that no database begins with the catalogues: it would sort what it has in order already.
const SELECT_ASSETS = `SELECT ${Object.entries(DEVICE_COLUMNS)
  .map(([name, column]) => `devices.${column} AS ${name}`)
  .join(', ')},
    device_types.name AS typeName, device_types.category AS category, device_types.description AS description,
    device_types.is_schedulable AS schedulable, device_types.has_ports AS hasPorts,
    manufacturers.name AS manufacturerName, sites.name AS siteName
  FROM devices
  LEFT JOIN device_types ON device_types.id = devices.device_type_id
  LEFT JOIN manufacturers ON manufacturers.id = devices.manufacturer_id
  LEFT JOIN sites ON sites.id = devices.site_id`;

const ORDERS: Readonly<Record<AssetOrder['by'], string>> = {
  id: 'devices.id',
  oi_id: 'devices.oi_id',
  name: 'devices.name_key',
  status: 'devices.status',
  device_type: 'device_types.name_key',
  site: 'sites.name_key',
  rack: 'devices.rack',
  created_at: 'devices.created_at',
  updated_at: 'devices.updated_at',
};

/** A condition and its parameters. */
interface Where {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

const whereOf = ({ typeId, manufacturerId, siteId, status, tagIds, search }: AssetFilter): Where => {
  const conditions: Where[] = [];
  const equal = (column: string, value: unknown) => {
    if (value !== null) conditions.push({ sql: `devices.${column} = ?`, parameters: [value] });
  };
  equal('device_type_id', typeId);
  equal('manufacturer_id', manufacturerId);
  equal('site_id', siteId);
  equal('status', status);
  if (tagIds.length > 0) {
    const sql = `devices.id IN (SELECT device_id FROM device_tags WHERE tag_id IN (${marks(tagIds)}))`;
    conditions.push({ sql, parameters: tagIds });
  }
  const sought = search === null ? '' : nameKey(search);
  if (sought !== '') {
    const inCatalogue = (column: string, table: string) =>
      `devices.${column} IN (SELECT id FROM ${table} WHERE INSTR(name_key, ?) > 0)`;
    const sql = [
      'INSTR(devices.search_text, ?) > 0',
      inCatalogue('device_type_id', 'device_types'),
      inCatalogue('manufacturer_id', 'manufacturers'),
      inCatalogue('site_id', 'sites'),
    ].join(' OR ');
    conditions.push({ sql: `(${sql})`, parameters: [sought, sought, sought, sought] });
  }
  return {
    sql: conditions.length === 0 ? '' : `WHERE ${conditions.map((condition) => condition.sql).join(' AND ')}`,
    parameters: conditions.flatMap((condition) => condition.parameters),
  };
};

/** The inventory read with as many statements for a thousand rows as for one. */
export class TypeormAssetListings implements AssetListings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  page(
    filter: AssetFilter,
    { by, descending }: AssetOrder,
    { limit, offset }: Page,
  ): Promise<{ assets: Asset[]; total: number }> {
    const { sql, parameters } = whereOf(filter);
    const order = `${ORDERS[by]} ${descending ? 'DESC' : 'ASC'}${by === 'id' ? '' : ', devices.id DESC'}`;
    return this.#database.read(async (manager) => {
      const [counted] = await rowsOf<{ total: number }>(
        manager,
        `SELECT COUNT(*) AS total FROM devices ${sql}`,
        parameters,
      );
      const rows = await rowsOf<AssetRow>(manager, `${SELECT_ASSETS} ${sql} ORDER BY ${order} LIMIT ? OFFSET ?`, [
        ...parameters,
        limit,
        offset,
      ]);
      return { assets: await completed(manager, rows), total: counted?.total ?? 0 };
    });
  }

  find(id: number): Promise<Asset | null> {
    return this.#one('devices.id = ?', id);
  }

  withOiId(oiId: string): Promise<Asset | null> {
    return this.#one('devices.oi_id = ?', oiId);
  }

  all(): Promise<Asset[]> {
    return this.#database.read(async (manager) =>
      completed(manager, await rowsOf<AssetRow>(manager, `${SELECT_ASSETS} ORDER BY devices.id`), 'everything'),
    );
  }

  summary(): Promise<InventorySummary> {
    return this.#database.read(async (manager) => {
      const count = async <Key extends string | null>(key: string, join = '') => {
        const sql = `SELECT ${key} AS word, COUNT(*) AS devices FROM devices ${join} GROUP BY ${key} ORDER BY ${key}`;
        const rows = await rowsOf<{ word: Key; devices: number }>(manager, sql);
        return new Map(rows.map(({ word, devices }) => [word, devices]));
      };
      const byStatus = await count<string>('devices.status');
      return {
        total: [...byStatus.values()].reduce((sum, devices) => sum + devices, 0),
        byStatus,
        byType: await count<string>(
          'device_types.name',
          'JOIN device_types ON device_types.id = devices.device_type_id',
        ),
        bySite: await count<string | null>('sites.name', 'LEFT JOIN sites ON sites.id = devices.site_id'),
      };
    });
  }

  async #one(where: string, parameter: unknown): Promise<Asset | null> {
    const [found] = await this.#database.read(async (manager) =>
      completed(manager, await rowsOf<AssetRow>(manager, `${SELECT_ASSETS} WHERE ${where}`, [parameter])),
    );
    return found ?? null;
  }
}

/** Adds tags and maintenance. @param of `everything` when all devices are asked for: no statement can name them all. */
const completed = async (
  manager: EntityManager,
  rows: readonly AssetRow[],
  of: 'these' | 'everything' = 'these',
): Promise<Asset[]> => {
  if (rows.length === 0) return [];
  const ids = of === 'these' ? rows.map((row) => row.id) : null;
  const tags = groupBy(await tagRows(manager, ids), (row) => row.deviceId);
  const windows = groupBy(
    await rowsOf<MaintenanceRow>(
      manager,
      `SELECT ${WINDOW_COLUMNS} FROM maintenance_windows ${ids ? `WHERE device_id IN (${marks(ids)})` : ''}
        ORDER BY maintenance_windows.starts_at, maintenance_windows.id`,
      ids ?? [],
    ),
    (row) => row.deviceId,
  );
  // Few tags are on many devices.
  const tagsById = new Map<number, Dated<Tag>>();
  const tagOf = (row: TagRow): Dated<Tag> => {
    const known = tagsById.get(row.id) ?? toTag(row);
    tagsById.set(row.id, known);
    return known;
  };
  return rows.map((row) =>
    assetOf(row, (tags.get(row.id) ?? []).map(tagOf), (windows.get(row.id) ?? []).map(toWindow)),
  );
};

const entryOf = (id: number | null, name: string | null) => (id === null || name === null ? null : { id, name });

/** Written out: with objects spread into others, a page takes half as long again. */
const assetOf = (row: AssetRow, tags: readonly Dated<Tag>[], maintenance: readonly MaintenanceWindow[]): Asset => ({
  device: {
    id: row.id,
    oiId: row.oiId,
    name: row.name,
    typeId: row.typeId,
    manufacturerId: row.manufacturerId,
    model: row.model,
    serialNumber: row.serialNumber,
    status: row.status,
    siteId: row.siteId,
    rack: row.rack,
    uPosition: row.uPosition,
    hostname: row.hostname,
    managementIp: row.managementIp,
    polatisName: row.polatisName,
    polatisPortRange: row.polatisPortRange,
    inPort: row.inPort,
    outPort: row.outPort,
    ports: JSON.parse(row.ports) as string[],
    ownerGroup: row.ownerGroup,
    ownerId: row.ownerId,
    notes: row.notes,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    createdBy: row.createdBy,
    updatedBy: row.updatedBy,
  },
  type: {
    id: row.typeId,
    name: row.typeName,
    category: row.category,
    description: row.description,
    // Hand-written queries answer with 0 and 1.
    schedulable: Boolean(row.schedulable),
    hasPorts: Boolean(row.hasPorts),
  },
  manufacturer: entryOf(row.manufacturerId, row.manufacturerName),
  site: entryOf(row.siteId, row.siteName),
  tags,
  maintenance,
});

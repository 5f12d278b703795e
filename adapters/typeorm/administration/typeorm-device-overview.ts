import type { DeviceFilter, DeviceOverview, OverseenDevice } from '../../../application/administration/ports.js';
import type { Page } from '../../../application/inventory/ports.js';
import { groupBy, nameKey, type DeviceStatus } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { tagRows } from '../inventory/typeorm-device-tags.js';
import { marks, rowsOf } from '../sql.js';
import { metricsOf } from './typeorm-device-health.js';

interface Row {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly status: DeviceStatus;
  readonly ownerId: number | null;
  readonly ownerUsername: string | null;
  readonly siteId: number | null;
  readonly siteName: string | null;
  readonly rack: string | null;
  readonly uPosition: number | null;
  readonly updatedAt: number;
  readonly healthStatus: string | null;
  readonly heartbeatAt: number | null;
  readonly metrics: string | null;
  readonly reportedAt: number | null;
}

export class TypeormDeviceOverview implements DeviceOverview {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  page(filter: DeviceFilter, { limit, offset }: Page): Promise<{ devices: OverseenDevice[]; total: number }> {
    const { sql, parameters } = whereOf(filter);
    return this.#database.read(async (manager) => {
      const [counted] = await rowsOf<{ total: number }>(
        manager,
        `SELECT COUNT(*) AS total FROM devices WHERE ${sql}`,
        parameters,
      );
      const rows = await rowsOf<Row>(
        manager,
        `SELECT devices.id AS id, device_types.name AS type, devices.name AS name, devices.status AS status,
                users.id AS ownerId, users.username AS ownerUsername, sites.id AS siteId, sites.name AS siteName,
                devices.rack AS rack, devices.u_position AS uPosition, devices.updated_at AS updatedAt,
                device_health.status AS healthStatus, device_health.heartbeat_at AS heartbeatAt,
                device_health.metrics AS metrics, device_health.reported_at AS reportedAt
           FROM devices
           LEFT JOIN device_types ON device_types.id = devices.device_type_id
           LEFT JOIN users ON users.id = devices.owner_id
           LEFT JOIN sites ON sites.id = devices.site_id
           LEFT JOIN device_health ON device_health.device_id = devices.id
          WHERE ${sql} ORDER BY devices.id LIMIT ? OFFSET ?`,
        [...parameters, limit, offset],
      );
      const ids = rows.map((row) => row.id);
      const tags = groupBy(ids.length === 0 ? [] : await tagRows(manager, ids), (row) => row.deviceId);
      const devices = rows.map((row) => toOverseen(row, tags.get(row.id)?.map(({ name }) => name) ?? []));
      return { devices, total: counted?.total ?? 0 };
    });
  }
}

const whereOf = ({ statuses, type, owner, tag }: DeviceFilter) => {
  const conditions: { sql: string; parameters: readonly string[] }[] = [{ sql: '1 = 1', parameters: [] }];
  if (statuses.length > 0) conditions.push({ sql: `devices.status IN (${marks(statuses)})`, parameters: statuses });
  if (type !== null) {
    const sql = 'devices.device_type_id IN (SELECT device_types.id FROM device_types WHERE device_types.name_key = ?)';
    conditions.push({ sql, parameters: [nameKey(type)] });
  }
  if (owner !== null) {
    const sql = 'devices.owner_id IN (SELECT users.id FROM users WHERE INSTR(users.username_key, ?) > 0)';
    conditions.push({ sql, parameters: [nameKey(owner)] });
  }
  if (tag !== null) {
    const sql = `devices.id IN (SELECT device_tags.device_id FROM device_tags
                                  JOIN tags ON tags.id = device_tags.tag_id WHERE tags.name_key = ?)`;
    conditions.push({ sql, parameters: [nameKey(tag)] });
  }
  return {
    sql: conditions.map((condition) => condition.sql).join(' AND '),
    parameters: conditions.flatMap((condition) => condition.parameters),
  };
};

const toOverseen = (row: Row, tags: readonly string[]): OverseenDevice => ({
  id: row.id,
  type: row.type,
  name: row.name,
  status: row.status,
  owner: row.ownerId === null ? null : { id: row.ownerId, username: row.ownerUsername ?? '' },
  tags,
  site: row.siteId === null ? null : { id: row.siteId, name: row.siteName ?? '' },
  rack: row.rack,
  uPosition: row.uPosition,
  updatedAt: row.updatedAt,
  health:
    row.healthStatus === null
      ? null
      : {
          deviceId: row.id,
          status: row.healthStatus,
          heartbeatAt: row.heartbeatAt ?? 0,
          metrics: metricsOf(row.metrics ?? '{}'),
          reportedAt: row.reportedAt ?? 0,
        },
});

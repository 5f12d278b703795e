import type { EntityManager } from 'typeorm';
import type { DeviceHealth, DeviceHealthReader } from '../../../application/administration/ports.js';
import type { HealthSnapshot } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, isMysql, marks, rowsOf } from '../sql.js';
import type { HealthRow } from './schemas.js';

const read = async (manager: EntityManager, deviceIds: readonly number[]): Promise<Map<number, HealthSnapshot>> => {
  const found = new Map<number, HealthSnapshot>();
  for (const part of inParts(deviceIds)) {
    const rows = await rowsOf<HealthRow>(
      manager,
      `SELECT device_id AS deviceId, status, heartbeat_at AS heartbeatAt, metrics, reported_at AS reportedAt
         FROM device_health WHERE device_id IN (${marks(part)})`,
      part,
    );
    for (const row of rows) found.set(row.deviceId, { ...row, metrics: metricsOf(row.metrics) });
  }
  return found;
};

export const metricsOf = (text: string): HealthSnapshot['metrics'] => JSON.parse(text) as HealthSnapshot['metrics'];

export class TypeormDeviceHealth implements DeviceHealth {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  read(deviceIds: readonly number[]): Promise<Map<number, HealthSnapshot>> {
    return read(this.#manager, deviceIds);
  }

  async report({ deviceId, status, heartbeatAt, metrics, reportedAt }: HealthSnapshot): Promise<void> {
    const columns = ['status', 'heartbeat_at', 'metrics', 'reported_at'];
    const renewed = isMysql(this.#manager)
      ? `ON DUPLICATE KEY UPDATE ${columns.map((column) => `${column} = VALUES(${column})`).join(', ')}`
      : `ON CONFLICT (device_id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`;
    await this.#manager.query(
      `INSERT INTO device_health (device_id, ${columns.join(', ')}) VALUES (?, ?, ?, ?, ?) ${renewed}`,
      [deviceId, status, heartbeatAt, JSON.stringify(metrics), reportedAt],
    );
  }
}

/** What was last committed. */
export class TypeormDeviceHealthReader implements DeviceHealthReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(deviceIds: readonly number[]): Promise<Map<number, HealthSnapshot>> {
    return this.#database.read((manager) => read(manager, deviceIds));
  }
}

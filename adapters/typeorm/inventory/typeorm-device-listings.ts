import type { EntityManager } from 'typeorm';
import type { DeviceListing, DeviceListings } from '../../../application/inventory/ports.js';
import type { MaintenanceWindow } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';
import type { MaintenanceRow } from './schemas.js';
import { toWindow, WINDOW_COLUMNS } from './typeorm-maintenance.js';

type ListingRow = Omit<DeviceListing, 'maintenance'>;

const NO_WINDOWS: readonly MaintenanceWindow[] = [];

const listing = async (
  manager: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<DeviceListing[]> => {
  const rows = await rowsOf<ListingRow>(
    manager,
    `SELECT devices.id AS id, device_types.name AS type, devices.name AS name, devices.mgmt_ip AS managementIp,
            devices.polatis_name AS polatisName, devices.status AS status, devices.in_port AS inPort,
            devices.out_port AS outPort
       FROM devices JOIN device_types ON device_types.id = devices.device_type_id
      WHERE ${where} ORDER BY devices.id`,
    parameters,
  );
  const windows = new Map<number, MaintenanceWindow[]>();
  const windowRows = await rowsOf<MaintenanceRow>(
    manager,
    `SELECT ${WINDOW_COLUMNS} FROM maintenance_windows ORDER BY maintenance_windows.starts_at, maintenance_windows.id`,
  );
  for (const row of windowRows) {
    const window = toWindow(row);
    const known = windows.get(window.deviceId);
    if (known) known.push(window);
    else windows.set(window.deviceId, [window]);
  }
  return rows.map((row) => Object.assign(row, { maintenance: windows.get(row.id) ?? NO_WINDOWS }));
};

export class TypeormDeviceListings implements DeviceListings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ schedulableOnly }: { readonly schedulableOnly: boolean }): Promise<DeviceListing[]> {
    return this.#database.read((manager) =>
      listing(manager, schedulableOnly ? 'device_types.is_schedulable = 1' : '1 = 1', []),
    );
  }

  async find(id: number): Promise<DeviceListing | null> {
    const [found] = await this.#database.read((manager) => listing(manager, 'devices.id = ?', [id]));
    return found ?? null;
  }
}

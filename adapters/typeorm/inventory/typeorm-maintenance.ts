import type { EntityManager } from 'typeorm';
import type { MaintenanceRepository, NewMaintenanceWindow } from '../../../application/inventory/ports.js';
import type { MaintenanceWindow } from '../../../domain/index.js';
import { maintenanceSchema, type MaintenanceRow } from './schemas.js';

export const toWindow = ({ startsAt, endsAt, legacy, ...row }: MaintenanceRow): MaintenanceWindow => ({
  ...row,
  // SQLite and MySQL answer hand-written queries with 0 and 1.
  legacy: (legacy as unknown) === true || (legacy as unknown) === 1,
  slot: { start: startsAt, end: endsAt },
});

/** The columns of a window under the names of its row, for hand-written queries. */
export const WINDOW_COLUMNS = `maintenance_windows.id AS id, maintenance_windows.device_id AS deviceId,
  maintenance_windows.starts_at AS startsAt, maintenance_windows.ends_at AS endsAt, maintenance_windows.reason AS reason,
  maintenance_windows.created_by AS createdBy, maintenance_windows.created_at AS createdAt,
  maintenance_windows.legacy AS legacy`;

export class TypeormMaintenanceRepository implements MaintenanceRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async ofDevice(deviceId: number): Promise<MaintenanceWindow[]> {
    const rows = await this.#manager
      .getRepository(maintenanceSchema)
      .find({ where: { deviceId }, order: { startsAt: 'ASC', id: 'ASC' } });
    return rows.map(toWindow);
  }

  async add({ slot, ...window }: NewMaintenanceWindow): Promise<MaintenanceWindow> {
    const row = { ...window, startsAt: slot.start, endsAt: slot.end };
    const { identifiers } = await this.#manager.getRepository(maintenanceSchema).insert(row);
    return toWindow({ ...row, id: Number(identifiers[0]?.id) });
  }

  async remove(id: number): Promise<void> {
    await this.#manager.getRepository(maintenanceSchema).delete({ id });
  }
}

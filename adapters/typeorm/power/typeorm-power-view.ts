import type { EntityManager } from 'typeorm';
import type { FedDevice, OutletsOf, PowerView } from '../../../application/power/index.js';
import {
  groupBy,
  type BookedTime,
  type BookingStatus,
  type DeviceStatus,
  type TimeSlot,
} from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, marks, rowsOf } from '../sql.js';
import { TypeormPower } from './typeorm-power.js';

interface DeviceRow {
  id: number;
  name: string;
  type: string;
  status: DeviceStatus;
  managementIp: string | null;
  /** Of the same thing, the row itself among them. */
  siblingId: number;
}

interface BookingRow {
  bookingId: number;
  deviceId: number;
  ownerId: number;
  ownerUsername: string | null;
  startsAt: number;
  endsAt: number;
  status: BookingStatus;
  changedAt: number;
}

const devicesOf = async (manager: EntityManager, ids: readonly number[]): Promise<DeviceRow[]> => {
  const rows: DeviceRow[] = [];
  for (const part of inParts(ids)) {
    const sql = `SELECT devices.id AS id, devices.name AS name, device_types.name AS type, devices.status AS status,
                        devices.mgmt_ip AS managementIp, siblings.id AS siblingId
                   FROM devices
                   JOIN device_types ON device_types.id = devices.device_type_id
                   JOIN devices siblings ON siblings.device_type_id = devices.device_type_id
                                        AND siblings.name_key = devices.name_key
                  WHERE devices.id IN (${marks(part)})`;
    rows.push(...(await rowsOf<DeviceRow>(manager, sql, part)));
  }
  return rows;
};

const bookingsOf = async (
  manager: EntityManager,
  thingIds: readonly number[],
  { start, end }: TimeSlot,
): Promise<BookedTime[]> => {
  const rows: BookingRow[] = [];
  const shared: { bookingId: number; userId: number }[] = [];
  for (const part of inParts(thingIds)) {
    const sql = `SELECT bookings.id AS bookingId, bookings.device_id AS deviceId, bookings.owner_id AS ownerId,
                        users.username AS ownerUsername, bookings.starts_at AS startsAt, bookings.ends_at AS endsAt,
                        bookings.status AS status, bookings.updated_at AS changedAt
                   FROM bookings LEFT JOIN users ON users.id = bookings.owner_id
                  WHERE bookings.device_id IN (${marks(part)})
                    AND bookings.status IN ('CONFIRMED', 'EXPIRED', 'CANCELLED', 'REJECTED')
                    AND bookings.ends_at > ? AND bookings.starts_at < ?`;
    rows.push(...(await rowsOf<BookingRow>(manager, sql, [...part, start, end])));
  }
  for (const part of inParts(rows.map(({ bookingId }) => bookingId))) {
    const sql = `SELECT booking_id AS bookingId, user_id AS userId FROM booking_collaborators
                  WHERE booking_id IN (${marks(part)}) ORDER BY user_id`;
    shared.push(...(await rowsOf<{ bookingId: number; userId: number }>(manager, sql, part)));
  }
  const collaborators = groupBy(shared, ({ bookingId }) => bookingId);
  return rows
    .sort((a, b) => a.startsAt - b.startsAt || a.bookingId - b.bookingId)
    .map(({ startsAt, endsAt, ownerUsername, ...row }) => ({
      ...row,
      ownerUsername: ownerUsername ?? '',
      slot: { start: startsAt, end: endsAt },
      collaboratorIds: (collaborators.get(row.bookingId) ?? []).map(({ userId }) => userId),
    }));
};

interface WindowRow {
  deviceId: number;
  startsAt: number;
  endsAt: number;
  reason: string;
}

const maintenanceOf = async (
  manager: EntityManager,
  rowIds: readonly number[],
  { start, end }: TimeSlot,
): Promise<WindowRow[]> => {
  const rows: WindowRow[] = [];
  for (const part of inParts(rowIds)) {
    const sql = `SELECT device_id AS deviceId, starts_at AS startsAt, ends_at AS endsAt, reason
                   FROM maintenance_windows
                  WHERE device_id IN (${marks(part)}) AND ends_at > ? AND starts_at < ?`;
    rows.push(...(await rowsOf<WindowRow>(manager, sql, [...part, start, end])));
  }
  return rows.sort((a, b) => a.startsAt - b.startsAt);
};

export class TypeormPowerView implements PowerView {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  pdus() {
    return this.#database.read((manager) => new TypeormPower(manager).pdus());
  }

  outlets(of?: OutletsOf) {
    return this.#database.read((manager) => new TypeormPower(manager).outlets(of));
  }

  readings() {
    return this.#database.read((manager) => new TypeormPower(manager).readings());
  }

  words(pduId: number) {
    return this.#database.read((manager) => new TypeormPower(manager).words(pduId));
  }

  openCommands() {
    return this.#database.read((manager) => new TypeormPower(manager).openCommands());
  }

  command(id: number) {
    return this.#database.read((manager) => new TypeormPower(manager).command(id));
  }

  devices(rowIds: readonly number[], window: TimeSlot): Promise<FedDevice[]> {
    return this.#database.read(async (manager) => {
      const rows = groupBy(await devicesOf(manager, rowIds), ({ id }) => id);
      const siblings = new Map([...rows].map(([id, all]) => [id, all.map(({ siblingId }) => siblingId)]));
      const thingOf = (id: number): number => Math.min(...(siblings.get(id) ?? [id]));
      const bookings = await bookingsOf(manager, [...new Set([...rows.keys()].map(thingOf))], window);
      const windows = await maintenanceOf(manager, [...new Set([...siblings.values()].flat())], window);
      return [...rows]
        .sort(([a], [b]) => a - b)
        .flatMap(([id, [row]]) => {
          if (!row) return [];
          const { name, type, status, managementIp } = row;
          return {
            ...{ id, thingId: thingOf(id), name, type, status, managementIp },
            bookings: bookings.filter(({ deviceId }) => deviceId === thingOf(id)),
            maintenance: windows
              .filter(({ deviceId }) => siblings.get(id)?.includes(deviceId))
              .map(({ startsAt, endsAt, reason }) => ({ slot: { start: startsAt, end: endsAt }, reason })),
          };
        });
    });
  }
}

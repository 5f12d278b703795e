import type { CensusTaker } from '../../../application/booking/ports.js';
import {
  isBookable,
  thingOf,
  type BookingStatus,
  type Census,
  type DeviceStatus,
  type ThingRow,
} from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';

interface BookingRow {
  id: number;
  groupId: string;
  deviceId: number;
  ownerId: number;
  startsAt: number;
  endsAt: number;
  status: BookingStatus;
  createdAt: number;
}

interface DeviceRow {
  id: number;
  typeId: number;
  nameKey: string;
  type: string;
  name: string;
  status: DeviceStatus;
  schedulable: number;
  deviceChangedAt: number;
  typeChangedAt: number;
}

const thingsIn = (rows: readonly DeviceRow[]): Census['things'] => {
  const byThing = new Map<string, DeviceRow[]>();
  for (const row of rows) {
    const key = `${row.typeId}/${row.nameKey}`;
    byThing.set(key, [...(byThing.get(key) ?? []), row]);
  }
  return [...byThing.values()].map((siblings) => {
    const thing = thingOf(
      siblings.map(({ schedulable, ...row }): ThingRow => ({ ...row, schedulable: schedulable === 1 })),
    );
    const changes = siblings.flatMap((row) => [row.deviceChangedAt, row.typeChangedAt]);
    return {
      id: thing.id,
      rowIds: thing.rowIds,
      type: thing.type,
      bookable: isBookable(thing),
      changedAt: Math.max(...changes),
    };
  });
};

export class TypeormCensusTaker implements CensusTaker {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  take(): Promise<Census> {
    return this.#database.snapshot(async (manager) => {
      const bookings = await rowsOf<BookingRow>(
        manager,
        `SELECT id, group_id AS groupId, device_id AS deviceId, owner_id AS ownerId, starts_at AS startsAt,
                ends_at AS endsAt, status, created_at AS createdAt FROM bookings ORDER BY id`,
      );
      const devices = await rowsOf<DeviceRow>(
        manager,
        `SELECT devices.id AS id, devices.device_type_id AS typeId, devices.name_key AS nameKey,
                device_types.name AS type, devices.name AS name, devices.status AS status,
                device_types.is_schedulable AS schedulable, devices.updated_at AS deviceChangedAt,
                device_types.updated_at AS typeChangedAt
           FROM devices JOIN device_types ON device_types.id = devices.device_type_id ORDER BY devices.id`,
      );
      const windows = await rowsOf<{
        id: number;
        deviceId: number;
        startsAt: number;
        endsAt: number;
        createdAt: number;
      }>(
        manager,
        `SELECT id, device_id AS deviceId, starts_at AS startsAt, ends_at AS endsAt, created_at AS createdAt
           FROM maintenance_windows ORDER BY id`,
      );
      const deeds = await rowsOf<{ at: number; action: string; entityId: string; metadata: string }>(
        manager,
        `SELECT at, action, entity_id AS entityId, metadata FROM audit_log
          WHERE action IN ('booking.requested', 'booking.extended', 'booking.deleted') ORDER BY id`,
      );
      const withSlot = <Row extends { startsAt: number; endsAt: number }>({ startsAt, endsAt, ...row }: Row) => ({
        ...row,
        slot: { start: startsAt, end: endsAt },
      });
      return {
        bookings: bookings.map(withSlot),
        things: thingsIn(devices),
        windows: windows.map(withSlot),
        requests: deeds
          .filter((deed) => deed.action === 'booking.requested')
          .map(({ entityId, metadata }) => ({
            groupId: entityId,
            bookingIds: (JSON.parse(metadata) as { bookingIds: number[] }).bookingIds,
          })),
        extensions: deeds
          .filter((deed) => deed.action === 'booking.extended')
          .flatMap(({ at, metadata }) =>
            (JSON.parse(metadata) as { before: { id: number; end: number }[] }).before.map(({ id, end }) => ({
              ...{ bookingId: id, from: end, at },
            })),
          ),
        deletedIds: new Set(
          deeds.filter((deed) => deed.action === 'booking.deleted').map((deed) => Number(deed.entityId)),
        ),
      };
    });
  }
}

import type { BookingHistoryReader } from '../../../application/forecast/ports.js';
import {
  isInstalled,
  type BookingHistory,
  type Instant,
  type KnownSchedule,
  type PastBooking,
  type Thing,
  type TimeSlot,
} from '../../../domain/index.js';
import { ROWS_OF_THINGS, toThings, type RowOfThing } from '../booking/typeorm-calendars.js';
import type { Database } from '../database.js';
import { inParts, marks, rowsOf } from '../sql.js';

interface PastRow {
  deviceId: number;
  groupId: string;
  startsAt: number;
  endsAt: number;
  createdAt: number;
  releasedAt: number | null;
}

interface SlotRow {
  deviceId: number;
  startsAt: number;
  endsAt: number;
}

const slotOf = ({ startsAt, endsAt }: SlotRow): TimeSlot => ({ start: startsAt, end: endsAt });

/** Bookings of the past and of the time to come, as forecasts need them. */
export class TypeormBookingHistory implements BookingHistoryReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(from: Instant): Promise<BookingHistory> {
    return this.#database.read(async (manager) => {
      const rows = await rowsOf<RowOfThing>(manager, ROWS_OF_THINGS);
      const births = new Map(
        (
          await rowsOf<{ id: number; createdAt: number }>(manager, 'SELECT id, created_at AS createdAt FROM devices')
        ).map(({ id, createdAt }) => [id, createdAt]),
      );
      // Nothing leaves a terminal status, so the last change of such a booking is when it was given up.
      const bookings = await rowsOf<PastRow>(
        manager,
        `SELECT device_id AS deviceId, group_id AS groupId, starts_at AS startsAt, ends_at AS endsAt,
                created_at AS createdAt,
                CASE WHEN status IN ('CANCELLED', 'REJECTED') THEN updated_at END AS releasedAt
           FROM bookings WHERE ends_at > ?`,
        [from],
      );
      const maintenance = await rowsOf<SlotRow>(
        manager,
        `SELECT device_id AS deviceId, starts_at AS startsAt, ends_at AS endsAt FROM maintenance_windows
          WHERE ends_at > ?`,
        [from],
      );
      const things = toThings(rows).filter((thing) => thing.schedulable && isInstalled(thing.status));
      const thingOfRow = new Map(things.flatMap((thing) => thing.rowIds.map((rowId) => [rowId, thing.id] as const)));
      return {
        from,
        devices: things.map(({ id, type, rowIds }) => ({
          id,
          type,
          since: Math.min(...rowIds.map((rowId) => births.get(rowId) ?? from)),
        })),
        bookings: bookings.map(({ deviceId, groupId, createdAt, releasedAt, ...slot }): PastBooking => ({
          ...{ deviceId, groupId, createdAt, releasedAt },
          slot: { start: slot.startsAt, end: slot.endsAt },
        })),
        maintenance: maintenance.flatMap((row) => {
          const thingId = thingOfRow.get(row.deviceId);
          return thingId === undefined ? [] : [{ deviceId: thingId, slot: slotOf(row) }];
        }),
      };
    });
  }

  ahead(things: readonly Thing[], window: TimeSlot): Promise<Map<number, KnownSchedule>> {
    return this.#database.read(async (manager) => {
      const schedules = new Map(
        things.map(({ id }) => [id, { holds: [] as KnownSchedule['holds'][number][], maintenance: [] as TimeSlot[] }]),
      );
      for (const part of inParts([...schedules.keys()])) {
        const rows = await rowsOf<SlotRow & { groupId: string; createdAt: number }>(
          manager,
          `SELECT device_id AS deviceId, group_id AS groupId, starts_at AS startsAt, ends_at AS endsAt,
                  created_at AS createdAt
             FROM bookings
            WHERE device_id IN (${marks(part)}) AND status IN ('PENDING', 'CONFLICTING', 'CONFIRMED')
              AND ends_at > ? AND starts_at < ?`,
          [...part, window.start, window.end],
        );
        for (const row of rows) {
          const { groupId, createdAt } = row;
          schedules.get(row.deviceId)?.holds.push({ groupId, slot: slotOf(row), createdAt });
        }
      }
      const thingOfRow = new Map(things.flatMap((thing) => thing.rowIds.map((rowId) => [rowId, thing.id] as const)));
      for (const part of inParts([...thingOfRow.keys()])) {
        const rows = await rowsOf<SlotRow>(
          manager,
          `SELECT device_id AS deviceId, starts_at AS startsAt, ends_at AS endsAt FROM maintenance_windows
            WHERE device_id IN (${marks(part)}) AND ends_at > ? AND starts_at < ?`,
          [...part, window.start, window.end],
        );
        for (const row of rows) {
          schedules.get(thingOfRow.get(row.deviceId) ?? row.deviceId)?.maintenance.push(slotOf(row));
        }
      }
      return schedules;
    });
  }
}

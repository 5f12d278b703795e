import type { BookingHistoryReader } from '../../application/forecast/ports.js';
import {
  holds,
  isInstalled,
  overlaps,
  type BookingHistory,
  type Instant,
  type KnownSchedule,
  type Thing,
  type TimeSlot,
} from '../../domain/index.js';
import { thingsIn } from './booking.js';
import type { LabState } from './tables.js';

export class MemoryBookingHistory implements BookingHistoryReader {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async read(from: Instant): Promise<BookingHistory> {
    const { devices, bookings, maintenance } = this.#lab.tables;
    const things = thingsIn(this.#lab.tables).filter((thing) => thing.schedulable && isInstalled(thing.status));
    const thingOfRow = new Map(things.flatMap((thing) => thing.rowIds.map((rowId) => [rowId, thing.id] as const)));
    return {
      from,
      devices: things.map(({ id, type, rowIds }) => ({
        id,
        type,
        since: Math.min(...rowIds.map((rowId) => devices.get(rowId)?.createdAt ?? from)),
      })),
      bookings: [...bookings.values()]
        .filter((booking) => booking.slot.end > from)
        .map(({ deviceId, groupId, slot, createdAt, status, updatedAt }) => ({
          ...{ deviceId, groupId, slot, createdAt },
          releasedAt: status === 'CANCELLED' || status === 'REJECTED' ? updatedAt : null,
        })),
      maintenance: [...maintenance.values()].flatMap(({ deviceId, slot }) => {
        const thingId = thingOfRow.get(deviceId);
        return thingId !== undefined && slot.end > from ? [{ deviceId: thingId, slot }] : [];
      }),
    };
  }

  async ahead(things: readonly Thing[], window: TimeSlot): Promise<Map<number, KnownSchedule>> {
    const { bookings, maintenance } = this.#lab.tables;
    return new Map(
      things.map(({ id, rowIds }) => [
        id,
        {
          holds: [...bookings.values()]
            .filter(({ deviceId, status, slot }) => deviceId === id && holds(status) && overlaps(slot, window))
            .map(({ groupId, slot, createdAt }) => ({ groupId, slot, createdAt })),
          maintenance: [...maintenance.values()]
            .filter(({ deviceId, slot }) => rowIds.includes(deviceId) && overlaps(slot, window))
            .map(({ slot }) => slot),
        },
      ]),
    );
  }
}

import {
  type BookingStatus,
  groupBy,
  type Instant,
  type LabZone,
  overlaps,
  type Thing,
} from '../../../domain/index.js';
import { oldConfirmed, oldHolds } from './old-booking-status.js';
import type { OldBooking } from './old-lab.js';
import { oldSlotOf, type OldSlot } from './old-times.js';

/** Between whom an overlap is. */
export type Rivalry = 'same group' | 'same user, two groups' | 'two users';

/** Two owners' rows that held one device at the same time in the old lab. */
export interface OldOverlap {
  readonly bookings: readonly [number, number];
  readonly deviceId: number;
  readonly deviceType: string;
  readonly deviceName: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly rivalry: Rivalry;
  /** Whether the old lab had confirmed both. */
  readonly bothConfirmed: boolean;
  readonly before: readonly [string, string];
  /** Null for a row that is no booking of its own any more. */
  readonly after: readonly [BookingStatus | null, BookingStatus | null];
}

interface Placed {
  readonly row: OldBooking;
  readonly slot: Pick<OldSlot, 'start' | 'end'>;
}

/** Pairs that overlap on what `placeOf` says is one place, the earlier start first. */
export const overlappingRows = (
  rows: readonly Placed[],
  placeOf: (row: OldBooking) => string | number | null,
): [Placed, Placed][] => {
  const pairs: [Placed, Placed][] = [];
  for (const [place, there] of groupBy(rows, ({ row }) => placeOf(row))) {
    if (place === null) continue;
    let open: Placed[] = [];
    for (const next of [...there].sort((a, b) => a.slot.start - b.slot.start || a.row.booking_id - b.row.booking_id)) {
      open = open.filter(({ slot }) => overlaps(slot, next.slot));
      for (const earlier of open) pairs.push([earlier, next]);
      open.push(next);
    }
  }
  return pairs;
};

export const rivalryOf = (a: OldBooking, b: OldBooking): Rivalry => {
  if (a.grouped_booking_id !== '' && a.grouped_booking_id === b.grouped_booking_id) return 'same group';
  return a.user_id === b.user_id ? 'same user, two groups' : 'two users';
};

/** Every overlap of owners' rows that held a device in the old lab, and what became of both. */
export const oldOverlaps = (
  rows: readonly OldBooking[],
  things: ReadonlyMap<number, Thing>,
  zone: LabZone,
  statusOf: ReadonlyMap<number, BookingStatus>,
): OldOverlap[] => {
  const holding = rows
    .filter(({ is_collaborator: copy, status }) => copy !== 1 && oldHolds(status))
    .map((row) => ({ row, slot: oldSlotOf(row, zone) }))
    .filter(({ slot }) => slot.end > slot.start);
  return overlappingRows(holding, (row) => things.get(row.device_id)?.id ?? null).map(([a, b]) => {
    const thing = things.get(a.row.device_id);
    return {
      bookings: [a.row.booking_id, b.row.booking_id],
      ...{ deviceId: thing?.id ?? 0, deviceType: thing?.type ?? '', deviceName: thing?.name ?? '' },
      ...{ from: Math.max(a.slot.start, b.slot.start), to: Math.min(a.slot.end, b.slot.end) },
      rivalry: rivalryOf(a.row, b.row),
      bothConfirmed: oldConfirmed(a.row.status) && oldConfirmed(b.row.status),
      before: [a.row.status ?? '', b.row.status ?? ''],
      after: [statusOf.get(a.row.booking_id) ?? null, statusOf.get(b.row.booking_id) ?? null],
    };
  });
};

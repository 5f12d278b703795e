import type { Instant, TimeSlot } from '../shared/index.js';

/** A booking as the forecast learns from it. */
export interface PastBooking {
  /** The thing: the lowest row id of its type and name. */
  readonly deviceId: number;
  readonly groupId: string;
  readonly slot: TimeSlot;
  readonly createdAt: Instant;
  /** When it was cancelled or rejected; null while it holds, and when it held to its end. */
  readonly releasedAt: Instant | null;
}

/** A thing that can be forecast. */
export interface ObservedDevice {
  readonly id: number;
  readonly type: string;
  /** Since when the lab knows it: before that it was not free, it was not there. */
  readonly since: Instant;
}

/** What happened in the lab from some time on, and what is booked ahead. */
export interface BookingHistory {
  readonly from: Instant;
  readonly devices: readonly ObservedDevice[];
  /** All that end after `from`. */
  readonly bookings: readonly PastBooking[];
  /** By device; all that end after `from`. */
  readonly maintenance: readonly { readonly deviceId: number; readonly slot: TimeSlot }[];
}

/** The time in which the booking really kept others out; null when it was given up before it began. */
export const heldSlot = ({ slot, releasedAt }: PastBooking): TimeSlot | null => {
  if (releasedAt === null || releasedAt >= slot.end) return slot;
  return releasedAt > slot.start ? { start: slot.start, end: releasedAt } : null;
};

/** Whether the booking was on the calendar at that instant. */
export const holdsAt = ({ createdAt, releasedAt }: PastBooking, at: Instant): boolean =>
  createdAt <= at && (releasedAt === null || releasedAt > at);

/** The history as somebody knew it at that instant: nothing that was booked or given up later. */
export const asKnownAt = (history: BookingHistory, at: Instant): BookingHistory => ({
  ...history,
  devices: history.devices.filter((device) => device.since <= at),
  bookings: history.bookings
    .filter((booking) => booking.createdAt <= at)
    .map((booking) => ((booking.releasedAt ?? at) > at ? { ...booking, releasedAt: null } : booking)),
});

/** A device that was booked before its row was written (moved in from elsewhere) was there when that was done. */
export const seenWhenBooked = (history: BookingHistory): BookingHistory => {
  const firsts = new Map<number, Instant>();
  for (const { deviceId, createdAt } of history.bookings) {
    if (createdAt < (firsts.get(deviceId) ?? Number.POSITIVE_INFINITY)) firsts.set(deviceId, createdAt);
  }
  const devices = history.devices.map((device) => ({
    ...device,
    since: Math.min(device.since, firsts.get(device.id) ?? device.since),
  }));
  return { ...history, devices };
};

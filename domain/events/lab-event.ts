import type { BookingStatus } from '../booking/index.js';
import type { DeviceStatus } from '../inventory/index.js';
import type { OutletState } from '../power/index.js';
import type { Instant } from '../shared/index.js';

/** A booking as an event tells it: as it was then, so that it can still be told when it is gone. */
export interface EventBooking {
  readonly id: number;
  readonly deviceId: number;
  readonly deviceType: string;
  readonly deviceName: string;
  readonly start: Instant;
  readonly end: Instant;
  /** After what happened. */
  readonly status: BookingStatus;
  /** When it was made; left out where only its place in a calendar was read. */
  readonly createdAt?: Instant;
}

/** A device as an event tells it. */
export interface EventDevice {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly status: DeviceStatus;
}

interface Happening {
  readonly at: Instant;
  /** Who did it; null when the lab did it by itself. */
  readonly actorId: number | null;
  /** Users who are to be told, without repetition. Who else may see it follows from its type. */
  readonly concerns: readonly number[];
}

/** Something that happened to bookings of one group. */
export interface BookingEvent extends Happening {
  readonly type:
    | 'booking.requested'
    | 'booking.rebooked'
    | 'booking.extended'
    | 'booking.confirmed'
    | 'booking.rejected'
    | 'booking.cancelled'
    | 'booking.expired'
    /** Its time will be over soon, and nothing follows on it. */
    | 'booking.expires-soon'
    | 'booking.deleted'
    /** Others contend for it from now on. */
    | 'booking.contended'
    /** Nobody contends for it any more. */
    | 'booking.contention-resolved'
    | 'booking.collaborators-changed'
    /** Of those who are concerned: they share it no more. */
    | 'booking.collaborators-removed';
  readonly groupId: string;
  readonly ownerId: number;
  readonly collaboratorIds: readonly number[];
  readonly bookings: readonly EventBooking[];
  /** What the requester wrote, or what was said about the decision. */
  readonly message: string;
}

/** A time in which a device cannot be had came or went. */
export interface MaintenanceEvent extends Happening {
  readonly type: 'maintenance.announced' | 'maintenance.removed';
  readonly device: EventDevice;
  readonly start: Instant;
  readonly end: Instant;
  readonly reason: string;
  /** Bookings in that time, which stay. */
  readonly affected: readonly (EventBooking & { readonly ownerId: number; readonly groupId: string })[];
}

/** A piece of fibre as an event tells it, as it was before. */
export interface EventFibre {
  readonly id: number;
  /** The lab's own number of it. */
  readonly label: string | null;
  /** Device and port. */
  readonly a: string;
  readonly b: string;
}

/** Fibre between devices of one group was moved or taken away under its live bookings, which stay. */
export interface FibreEvent extends Happening {
  readonly type: 'fibre.changed' | 'fibre.removed';
  readonly groupId: string;
  readonly ownerId: number;
  readonly collaboratorIds: readonly number[];
  /** Those that used it. */
  readonly bookings: readonly EventBooking[];
  readonly links: readonly EventFibre[];
}

/** An asset came, changed or went. */
export interface DeviceEvent extends Happening {
  readonly type: 'device.added' | 'device.changed' | 'device.removed';
  readonly device: EventDevice;
}

/** The power of an outlet changed, or could not be changed as it should. */
export interface PowerEvent extends Happening {
  readonly type: 'power.changed' | 'power.trouble';
  readonly pdu: string;
  /** Null when the whole PDU is in trouble. */
  readonly outlet: number | null;
  /** What the outlet feeds. */
  readonly device: Pick<EventDevice, 'id' | 'name'> | null;
  readonly bookingId: number | null;
  readonly before: OutletState | null;
  readonly after: OutletState | null;
  /** Whether the PDU said so when it was asked afterwards. */
  readonly confirmed: boolean;
  /** Why it was switched, or what the trouble is. */
  readonly message: string;
}

/** Once a day: what awaits a decision. Those who may decide are concerned. */
export interface DigestEvent extends Happening {
  readonly type: 'approvals.pending';
  /** How many bookings wait in all. */
  readonly count: number;
  /** The first of them, by start. */
  readonly waiting: readonly (EventBooking & { readonly ownerUsername: string })[];
}

/**
 * Something that people or programs may want to know, told after it was committed: by messages, in the live stream,
 * in calendars.
 */
export type LabEvent = BookingEvent | MaintenanceEvent | FibreEvent | DeviceEvent | PowerEvent | DigestEvent;

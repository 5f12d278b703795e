import type { MaintenanceWindow, Thing } from '../inventory/index.js';
import type { TimeSlot } from '../shared/index.js';
import type { HoldingStatus } from './booking.js';

/** A holding booking as others see it on the calendar of its device. */
export interface Hold {
  /** Rising with the order in which bookings were made. */
  readonly bookingId: number;
  readonly groupId: string;
  readonly ownerId: number;
  readonly ownerUsername: string;
  readonly slot: TimeSlot;
  readonly status: HoldingStatus;
}

/** A booking whose time is over; where the lab has a turnaround, it keeps others off the device a little longer. */
export interface EndedHold extends Omit<Hold, 'status'> {
  readonly status: 'EXPIRED';
}

/** Everything that keeps one device from being booked, within the window it was read for. */
export interface Calendar {
  readonly thing: Thing;
  readonly holds: readonly Hold[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** What ended a short time ago; left out where the lab has no turnaround. */
  readonly ended?: readonly EndedHold[];
}

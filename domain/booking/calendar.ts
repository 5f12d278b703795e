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

/** Everything that keeps one device from being booked, within the window it was read for. */
export interface Calendar {
  readonly thing: Thing;
  readonly holds: readonly Hold[];
  readonly maintenance: readonly MaintenanceWindow[];
}

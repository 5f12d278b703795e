import {
  overlaps,
  type Actor,
  type Calendar,
  type EventDevice,
  type Hold,
  type Instant,
  type MaintenanceEvent,
  type MaintenanceWindow,
  type Thing,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import { eventBookingOf } from './announce.js';
import type { BookingStores } from './ports.js';

const eventDeviceOf = ({ id, type, name, status }: Thing): EventDevice => ({ id, type, name, status });

/** What holds the device during the window. */
export const affectedBy = ({ slot }: Pick<MaintenanceWindow, 'slot'>, { holds }: Calendar, now: Instant): Hold[] =>
  holds.filter((hold) => overlaps(hold.slot, slot) && hold.slot.end > now);

/** Records for telling that a window came or went; the owners of the bookings in it are concerned. */
export const announceMaintenance = async (
  { events }: Pick<BookingStores, 'events'>,
  type: MaintenanceEvent['type'],
  actor: Actor,
  { slot, reason }: Pick<MaintenanceWindow, 'slot' | 'reason'>,
  calendar: Calendar,
  at: Instant,
): Promise<void> => {
  const calendars = new Map([[calendar.thing.id, calendar]]);
  const affected = affectedBy({ slot }, calendar, at).map(({ bookingId, groupId, ownerId, ...hold }) => ({
    ...eventBookingOf({ ...hold, id: bookingId, deviceId: calendar.thing.id }, calendars),
    ...{ groupId, ownerId },
  }));
  await events.append({
    ...{ at, type, start: slot.start, end: slot.end, reason, affected },
    actorId: auditActorOf(actor).id,
    concerns: [...new Set(affected.map((booking) => booking.ownerId))],
    device: eventDeviceOf(calendar.thing),
  });
};

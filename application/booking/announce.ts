import type {
  Actor,
  Booking,
  BookingEvent,
  BookingStatus,
  Calendar,
  EventBooking,
  Instant,
} from '../../domain/index.js';
import { groupBy } from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { BookingStores } from './ports.js';

/** What an event tells of a booking. */
export type BookingOfEvent = Pick<
  Booking,
  'id' | 'groupId' | 'deviceId' | 'ownerId' | 'slot' | 'collaboratorIds' | 'createdAt'
> & {
  readonly status: BookingStatus;
};

/** A booking as events tell it; one whose device is gone has no names. */
export const eventBookingOf = (
  {
    id,
    deviceId,
    slot,
    status,
    createdAt,
  }: Pick<BookingOfEvent, 'id' | 'deviceId' | 'slot' | 'status'> & Partial<Pick<BookingOfEvent, 'createdAt'>>,
  calendars: ReadonlyMap<number, Calendar>,
): EventBooking => {
  const thing = calendars.get(deviceId)?.thing;
  return {
    ...{ id, deviceId, start: slot.start, end: slot.end, status },
    deviceType: thing?.type ?? '',
    deviceName: thing?.name ?? '',
    ...(createdAt !== undefined && { createdAt }),
  };
};

/**
 * Records for telling what happened to bookings, one event a group: owner and collaborators are concerned.
 * @param bookings as they are afterwards.
 * @param others who is concerned instead, where it is about somebody else.
 */
export const announce = async (
  { events }: Pick<BookingStores, 'events'>,
  type: BookingEvent['type'],
  actor: Actor,
  bookings: readonly BookingOfEvent[],
  calendars: ReadonlyMap<number, Calendar>,
  at: Instant,
  message = '',
  others: readonly number[] | null = null,
): Promise<void> => {
  for (const [groupId, members] of groupBy(bookings, (booking) => booking.groupId)) {
    const [first] = members;
    if (!first) continue;
    const collaboratorIds = [...new Set(members.flatMap((booking) => booking.collaboratorIds))];
    await events.append({
      ...{ at, type, groupId, ownerId: first.ownerId, collaboratorIds, message },
      actorId: auditActorOf(actor).id,
      concerns: others ?? [first.ownerId, ...collaboratorIds.filter((id) => id !== first.ownerId)],
      bookings: members.map((booking) => eventBookingOf(booking, calendars)),
    });
  }
};

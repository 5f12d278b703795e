import { invalid, notFound, type Booking } from '../../domain/index.js';
import type { BookingRepository } from './ports.js';

/** @throws DomainError `booking.unknown-group`. */
export const bookingsOfGroup = async (groupId: string, bookings: BookingRepository): Promise<Booking[]> => {
  const members = await bookings.ofGroup(groupId);
  if (members.length === 0) throw notFound('booking.unknown-group', 'Booking group not found.');
  return members;
};

/**
 * The booking, or those of its group that `among` names.
 * @throws DomainError `booking.not-found`, `booking.no-items` for an empty list, or `booking.other-group` for ids that are not
 * of the same group.
 */
export const bookingsNamed = async (
  id: number,
  among: readonly number[] | null,
  bookings: BookingRepository,
): Promise<Booking[]> => {
  const booking = await bookings.find(id);
  if (!booking) throw notFound('booking.not-found', 'Booking not found.');
  if (among === null) return [booking];
  if (among.length === 0) throw invalid('booking.no-items', 'No bookings were named.');
  const wanted = new Set(among);
  const members = (await bookings.ofGroup(booking.groupId)).filter((member) => wanted.has(member.id));
  if (members.length < wanted.size) {
    const known = new Set(members.map((member) => member.id));
    throw invalid('booking.other-group', 'Some of these bookings are not of the same group.', {
      booking_ids: among.filter((other) => !known.has(other)),
    });
  }
  return members;
};

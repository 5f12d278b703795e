import { forbidden, isAdmin, type Actor, type Booking, type User } from '../../domain/index.js';

export const ownsAll = (bookings: readonly Booking[], user: Pick<User, 'id'>): boolean =>
  bookings.every((booking) => booking.ownerId === user.id);

/** @throws DomainError `booking.not-owner` unless the user owns all of them or the actor administrates. */
export const assertOwner = (
  actor: Actor,
  user: Pick<User, 'id'>,
  bookings: readonly Booking[],
  refusal: string,
): void => {
  if (!isAdmin(actor.role) && !ownsAll(bookings, user)) throw forbidden('booking.not-owner', refusal);
};

/** @throws DomainError `booking.not-yours` unless the user owns or shares all of them, or the actor administrates. */
export const assertTakesPart = (
  actor: Actor,
  user: Pick<User, 'id'>,
  bookings: readonly Booking[],
  refusal: string,
): void => {
  const takesPart = bookings.every(
    (booking) => booking.ownerId === user.id || booking.collaboratorIds.includes(user.id),
  );
  if (!isAdmin(actor.role) && !takesPart) throw forbidden('booking.not-yours', refusal);
};

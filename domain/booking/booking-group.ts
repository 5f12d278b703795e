import type { BookingStatus } from './booking.js';

/** A group of bookings as a whole. APPROVED is confirmed, DECLINED is rejected. */
export type GroupStatus = 'PENDING' | 'APPROVED' | 'EXPIRED' | 'DECLINED' | 'CANCELLED';

/**
 * What a group of bookings is called as a whole: as long as any of it is undecided it is PENDING; cancelling a part
 * leaves the rest.
 * @param statuses of its bookings as of now; at least one.
 */
export const groupStatusOf = (statuses: readonly BookingStatus[]): GroupStatus => {
  const has = (...wanted: BookingStatus[]) => statuses.some((status) => wanted.includes(status));
  if (has('PENDING', 'CONFLICTING')) return 'PENDING';
  if (has('CONFIRMED')) return 'APPROVED';
  if (has('EXPIRED')) return 'EXPIRED';
  return has('REJECTED') ? 'DECLINED' : 'CANCELLED';
};

export type { BookingTerms } from './booking-terms.js';
export { CancelBooking } from './cancel-booking.js';
export { CheckConflicts, type DeviceConflicts } from './check-conflicts.js';
export type { GrantedRequest, IdempotencyKey } from './kept-answer.js';
export type * from './ports.js';
export { RemoveBooking } from './remove-booking.js';
export { RequestBooking, type BookingRequest, type Preview } from './request-booking.js';
export { ViewBookings, type BookingGroupView, type GroupDevice } from './view-bookings.js';
export type { RequestedItem } from './wanted-items.js';

export { CancelBooking } from './cancel-booking.js';
export type * from './ports.js';
export {
  RequestBooking,
  type BookingRequest,
  type BookingTerms,
  type GrantedRequest,
  type IdempotencyKey,
  type Preview,
  type RequestedItem,
} from './request-booking.js';
export { ViewBookings, type BookingGroupView, type GroupDevice } from './view-bookings.js';

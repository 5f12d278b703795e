export { bookItems, type ItemsOrder } from './book-items.js';
export { announce, eventBookingOf, type BookingOfEvent } from './announce.js';
export { affectedBy, announceMaintenance } from './announce-maintenance.js';
export type { BookingTerms } from './booking-terms.js';
export { CancelBooking } from './cancel-booking.js';
export { CheckInvariants, type InvariantReport } from './check-invariants.js';
export { CheckConflicts, type DeviceConflicts } from './check-conflicts.js';
export { ALL_TIME, settleCalendar, type CalendarStores } from './claim-calendars.js';
export { collaboratorsNamed } from './collaborators.js';
export { explainingRefusals, type ExplainedRefusal } from './explain-refusals.js';
export {
  assertUsableKey,
  keepRefusal,
  keptFor,
  keptRefusalOf,
  toldAgain,
  type GrantedRequest,
  type IdempotencyKey,
  type KeptRefusal,
} from './kept-answer.js';
export { requesterOf } from './requester.js';
export type * from './ports.js';
export { DecideBookings, type DecisionOutcome, type Verdict } from './decide-bookings.js';
export { EditCollaborators } from './edit-collaborators.js';
export { ExpireBookings } from './expire-bookings.js';
export { ExtendBookings, type ExtensionTerms } from './extend-bookings.js';
export { FindFreeTime, type EarliestAnswer, type EarliestQuestion } from './find-free-time.js';
export { cancelWhatHolds, holdingTheseThings, type GivingBackStores } from './give-back.js';
export { KeepFavourites } from './keep-favourites.js';
export { PlanMaintenance, type MaintenanceWork } from './plan-maintenance.js';
export { Rebook, type RebookRange } from './rebook.js';
export { RemoveBooking } from './remove-booking.js';
export { RequestBooking, type BookingRequest, type Preview } from './request-booking.js';
export { mayDecideOwn } from './self-approval.js';
export { ViewBookings, type BookingGroupView, type GroupDevice } from './view-bookings.js';
export { unknownDevices, wantedItems, type RequestedItem } from './wanted-items.js';

export { beyondApprovalLimits } from './approval-limits.js';
export { alternativesTo, MOST_ALTERNATIVES } from './alternatives.js';
export { groupStatusOf, type GroupStatus } from './booking-group.js';
export {
  defaultBookingPolicy,
  hasQuotas,
  horizonOf,
  limitsFor,
  widestTurnaround,
  type BookingLimits,
  type BookingPolicy,
  type RoleLimits,
  type TypeLimits,
} from './booking-policy.js';
export {
  checkApproval,
  checkRequest,
  Today,
  type HeldTime,
  type ItemCheck,
  type NeighbourFacts,
  type PolicyCheck,
  type PolicyFacts,
  type QuotaFacts,
  type TimeFacts,
} from './policy-rules.js';
export {
  holds,
  HOLDING_STATUSES,
  parseBookingStatus,
  statusAt,
  TERMINAL_STATUSES,
  type Booking,
  type BookingStatus,
  type HoldingStatus,
} from './booking.js';
export type { Calendar, EndedHold, Hold } from './calendar.js';
export { peakHolders, reevaluate, unconfirmedStatus, type StatusChange } from './contention.js';
export { earliestCommon, type AnyOf, type BusyDevice } from './earliest-common.js';
export { datesOf, dayConflictsOf, type DayConflict } from './day-conflicts.js';
export { blocksAround, earliestFree, freeSlots } from './free-time.js';
export { violationsIn, type Census, type RecordedBooking, type Violation } from './invariants.js';
export {
  judge,
  mergeItems,
  type DeviceTime,
  type Grant,
  type Judgement,
  type JudgementTerms,
  type WantedItem,
} from './judgement.js';
export { continuationOf, extensionOf, repetitionOf, type PatternItem } from './repetition.js';
export { startsTooLong } from './starts-too-long.js';
export { stretchesOf, stretchOf } from './stretch.js';
export { BookingRefused, type Alternative, type Refusal } from './refusal.js';

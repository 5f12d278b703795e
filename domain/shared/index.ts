export {
  DomainError,
  conflict,
  forbidden,
  invalid,
  malformed,
  notFound,
  stale,
  type RefusalKind,
} from './domain-error.js';
export { groupBy } from './group-by.js';
export { DAY, HOUR, MINUTE, SECOND, isoOf, type Instant } from './instant.js';
export { addToDate, LabZone, type WallTime } from './lab-zone.js';
export { slotInWords } from './slot-in-words.js';
export { inWords, isComparable, isKeepable, nameKey, shortened } from './text.js';
export { hullOf, lengthOf, overlaps, sameSlot, timeSlot, type TimeSlot } from './time-slot.js';

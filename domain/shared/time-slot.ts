import { invalid } from './domain-error.js';
import type { Instant } from './instant.js';

/** Half-open interval [start, end): a slot that ends at noon leaves noon free. */
export interface TimeSlot {
  readonly start: Instant;
  readonly end: Instant;
}

/** @throws DomainError `slot.invalid` unless start is before end. */
export const timeSlot = (start: Instant, end: Instant): TimeSlot => {
  if (!(start < end)) throw invalid('slot.invalid', 'The end must be after the start.');
  return { start, end };
};

/** Touching slots do not overlap. */
export const overlaps = (a: TimeSlot, b: TimeSlot): boolean => a.start < b.end && b.start < a.end;

/** Whether both begin and end at the same millisecond. */
export const sameSlot = (a: TimeSlot, b: TimeSlot): boolean => a.start === b.start && a.end === b.end;

/** Length in milliseconds. */
export const lengthOf = (slot: TimeSlot): number => slot.end - slot.start;

/** The smallest slot that contains all of them; null when there are none. */
export const hullOf = (slots: readonly TimeSlot[]): TimeSlot | null => {
  let hull: { start: Instant; end: Instant } | null = null;
  for (const { start, end } of slots) {
    if (!hull) hull = { start, end };
    else {
      if (start < hull.start) hull.start = start;
      if (end > hull.end) hull.end = end;
    }
  }
  return hull;
};

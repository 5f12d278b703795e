import type { TimeSlot } from '../shared/index.js';

/**
 * The slot together with all others that follow on it or lead up to it without a break, as one stretch of time: what
 * one group has of a device so is one booking as far as its length goes, however it was put together.
 */
export const stretchOf = (slot: TimeSlot, others: readonly TimeSlot[]): TimeSlot => {
  let { start, end } = slot;
  for (const other of others.toSorted((a, b) => a.start - b.start)) {
    if (other.start <= end && other.end > end) end = other.end;
  }
  for (const other of others.toSorted((a, b) => b.end - a.end)) {
    if (other.end >= start && other.start < start) start = other.start;
  }
  return { start, end };
};

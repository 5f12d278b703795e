import type { Instant } from '../shared/index.js';
import { overlaps, type TimeSlot } from '../shared/index.js';
import type { Calendar } from './calendar.js';

/** Every slot in which somebody holds the device or maintenance does. */
export const blocksOf = (calendar: Pick<Calendar, 'holds' | 'maintenance'>): TimeSlot[] => [
  ...calendar.holds.map((hold) => hold.slot),
  ...calendar.maintenance.map((window) => window.slot),
];

/** The maximal slots of at least `length` milliseconds within `window` that no block touches, in order. */
export const freeSlots = (window: TimeSlot, length: number, blocks: readonly TimeSlot[]): TimeSlot[] => {
  const inOrder = blocks.filter((block) => overlaps(block, window)).sort((a, b) => a.start - b.start);
  const free: TimeSlot[] = [];
  let from: Instant = window.start;
  for (const block of inOrder) {
    if (block.start > from && block.start - from >= length) free.push({ start: from, end: block.start });
    if (block.end > from) from = block.end;
  }
  if (from < window.end && window.end - from >= length) free.push({ start: from, end: window.end });
  return free;
};

/** The earliest slot of exactly `length` milliseconds within `window` that no block touches; null when there is none. */
export const earliestFree = (window: TimeSlot, length: number, blocks: readonly TimeSlot[]): TimeSlot | null => {
  const [first] = freeSlots(window, length, blocks);
  return first ? { start: first.start, end: first.start + length } : null;
};

import { DAY, overlaps, type Instant, type TimeSlot } from '../shared/index.js';
import type { Calendar } from './calendar.js';

/**
 * Every slot in which the device cannot be had: maintenance, what the user holds, and what others hold or have just
 * held with so many milliseconds around it.
 */
export const blocksAround = (
  { holds, maintenance, ended = [] }: Pick<Calendar, 'holds' | 'maintenance' | 'ended'>,
  userId: number,
  gap: number,
): TimeSlot[] => [
  ...[...ended, ...holds].map(({ slot, ownerId }) =>
    ownerId === userId ? slot : { start: slot.start - gap, end: slot.end + gap },
  ),
  ...maintenance.map((window) => window.slot),
];

/** Whether nothing of `blocksAround` touches the slot; without making them. */
export const isFreeDuring = (
  slot: TimeSlot,
  { holds, maintenance, ended = [] }: Pick<Calendar, 'holds' | 'maintenance' | 'ended'>,
  userId: number,
  gap: number,
): boolean => {
  const widened = { start: slot.start - gap, end: slot.end + gap };
  const inTheWay = (hold: { readonly slot: TimeSlot; readonly ownerId: number }) =>
    overlaps(hold.slot, hold.ownerId === userId ? slot : widened);
  return !maintenance.some((window) => overlaps(window.slot, slot)) && !holds.some(inTheWay) && !ended.some(inTheWay);
};

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

/**
 * The earliest slot of exactly `length` milliseconds within `window` that no block touches; null when there is none.
 * @param suits what else is asked of it. Where a slot does not suit, the next ones are tried a day later each.
 */
export const earliestFree = (
  window: TimeSlot,
  length: number,
  blocks: readonly TimeSlot[],
  suits: (slot: TimeSlot) => boolean = () => true,
): TimeSlot | null => {
  for (const free of freeSlots(window, length, blocks)) {
    for (let start = free.start; start + length <= free.end; start += DAY) {
      const slot = { start, end: start + length };
      if (suits(slot)) return slot;
    }
  }
  return null;
};

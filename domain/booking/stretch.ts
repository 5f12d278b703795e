import type { TimeSlot } from '../shared/index.js';

/** The times that the slots cover together, in order; slots that touch or overlap make one. */
export const stretchesOf = (slots: readonly TimeSlot[]): TimeSlot[] => {
  const stretches: { start: number; end: number }[] = [];
  for (const { start, end } of slots.toSorted((a, b) => a.start - b.start)) {
    const last = stretches.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start, end });
  }
  return stretches;
};

/**
 * The slot together with those stretches that follow on it or lead up to it without a break: what one group has of a
 * device so is one booking as far as its length goes, however it was put together.
 * @param stretches as `stretchesOf` makes them.
 */
export const stretchOf = (slot: TimeSlot, stretches: readonly TimeSlot[]): TimeSlot => {
  let { start, end } = slot;
  // The first that does not end before the slot: those before it cannot touch it.
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.end ?? 0) < slot.start) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < stretches.length; at += 1) {
    const stretch = stretches[at];
    if (!stretch || stretch.start > slot.end) break;
    start = Math.min(start, stretch.start);
    end = Math.max(end, stretch.end);
  }
  return { start, end };
};

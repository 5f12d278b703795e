import { DAY, type LabZone, type TimeSlot } from '../shared/index.js';

/**
 * The starts within `window` from which a slot of `length` milliseconds lasts more than so many lab days. That is none
 * or all of them, but for lengths near the limit: there it depends on the clock changes that the slot spans.
 */
export const startsTooLong = (window: TimeSlot, length: number, maxDays: number, zone: LabZone): TimeSlot[] => {
  // No clock change is longer than a day.
  if (length <= (maxDays - 1) * DAY) return [];
  if (length > (maxDays + 1) * DAY) return [window];
  const changes = zone.changesDuring({ start: window.start, end: window.end + length });
  const edges = [window.start, window.end, ...changes.flatMap((change) => [change, change - length])]
    .filter((edge) => edge >= window.start && edge <= window.end)
    .sort((a, b) => a - b);
  return edges.flatMap((start, index) => {
    const end = edges[index + 1];
    return end !== undefined && start < end && zone.daysBetween(start, start + length) > maxDays
      ? [{ start, end }]
      : [];
  });
};

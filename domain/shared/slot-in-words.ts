import type { LabZone } from './lab-zone.js';
import type { TimeSlot } from './time-slot.js';

/** `2026-11-27 00:01 to 23:59`, in lab time, for people. */
export const slotInWords = ({ start, end }: TimeSlot, zone: LabZone): string => {
  const [first, last] = [zone.dateOf(start), zone.dateOf(end)];
  return `${first} ${zone.timeOf(start)} to ${first === last ? '' : `${last} `}${zone.timeOf(end)}`;
};

import { isBookable } from '../inventory/index.js';
import { addToDate, overlaps, type LabZone, type TimeSlot } from '../shared/index.js';
import type { Calendar } from './calendar.js';

/**
 * What stands in the way on one lab date. Times are what the lab's clock shows, so that in the hour that it shows twice
 * `to` may be before `from`.
 */
export interface DayConflict {
  /** Lab date, `YYYY-MM-DD`. */
  readonly date: string;
  /** Lab time, `HH:mm`. */
  readonly from: string;
  /** Lab time, `HH:mm`; `23:59` where it lasts to midnight or beyond. */
  readonly to: string;
  readonly kind: 'booking' | 'maintenance';
}

/** The lab dates that a slot touches, in order. */
export const datesOf = (slot: TimeSlot, zone: LabZone): string[] => {
  const last = zone.dateOf(slot.end - 1);
  const dates: string[] = [];
  for (let date = zone.dateOf(slot.start); date < last; date = addToDate(date, 1)) dates.push(date);
  return [...dates, last];
};

const onDays = (slot: TimeSlot, kind: DayConflict['kind'], zone: LabZone): DayConflict[] =>
  datesOf(slot, zone).map((date, index, dates) => ({
    date,
    from: index === 0 ? zone.timeOf(slot.start) : '00:00',
    to: index === dates.length - 1 && zone.dateOf(slot.end) === date ? zone.timeOf(slot.end) : '23:59',
    kind,
  }));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Everything in the way of the device during `range`, day by day; a device that is not bookable is in its own way. */
export const dayConflictsOf = (calendar: Calendar, range: TimeSlot, zone: LabZone): DayConflict[] => {
  const within = (slot: TimeSlot): TimeSlot => ({
    start: Math.max(slot.start, range.start),
    end: Math.min(slot.end, range.end),
  });
  const conflicts = [
    ...(isBookable(calendar.thing) ? [] : onDays(range, 'maintenance', zone)),
    ...calendar.maintenance
      .filter((window) => overlaps(window.slot, range))
      .flatMap((window) => onDays(within(window.slot), 'maintenance', zone)),
    ...calendar.holds
      .filter((hold) => overlaps(hold.slot, range))
      .flatMap((hold) => onDays(within(hold.slot), 'booking', zone)),
  ];
  return conflicts.sort((a, b) => compare(a.date, b.date) || compare(a.from, b.from));
};

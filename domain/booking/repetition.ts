import { addToDate, DAY, groupBy, invalid, type LabZone, type TimeSlot } from '../shared/index.js';

/** One device in one slot of a group: what is repeated when the group is extended or booked again. */
export interface PatternItem {
  readonly deviceId: number;
  readonly slot: TimeSlot;
}

/** More than any rack for a month; the horizon refuses what is beyond. */
export const MOST_PATTERN_ITEMS = 1000;

const daysFrom = (date: string, later: string): number => (Date.parse(later) - Date.parse(date)) / DAY;

const firstDateOf = ({ slot }: PatternItem, zone: LabZone): string => zone.dateOf(slot.start);
const lastDateOf = ({ slot }: PatternItem, zone: LabZone): string => zone.dateOf(slot.end - 1);

const latest = (dates: readonly string[]): string => dates.reduce((a, b) => (a > b ? a : b), '');
const earliest = (dates: readonly string[]): string => dates.reduce((a, b) => (a < b ? a : b), '9999-12-31');

/** The slot on other lab days, at the same time on the wall. */
const moved = ({ deviceId, slot }: PatternItem, days: number, zone: LabZone): PatternItem => ({
  deviceId,
  slot: { start: zone.addDays(slot.start, days), end: zone.addDays(slot.end, days) },
});

const refuseTooMany = (count: number): void => {
  if (count > MOST_PATTERN_ITEMS) {
    throw invalid(
      'booking.too-many',
      `That would be ${count} bookings; at most ${MOST_PATTERN_ITEMS} can be made at once.`,
    );
  }
};

/** Items by device, each with those on the device's last day. */
const lastDays = (items: readonly PatternItem[], zone: LabZone): { date: string; items: PatternItem[] }[] => {
  const byDevice = groupBy(items, (item) => item.deviceId);
  return [...byDevice.values()].map((own) => {
    const date = latest(own.map((item) => lastDateOf(item, zone)));
    return { date, items: own.filter((item) => lastDateOf(item, zone) === date) };
  });
};

/**
 * What is added when a group is to last until `newEndDate` (a lab date, included): on each further day every slot of
 * the device's last day again; a slot that runs over midnight goes on until then instead.
 * @throws DomainError `booking.not-later` unless that is after the group's last day; `booking.too-many`.
 */
export const extensionOf = (items: readonly PatternItem[], newEndDate: string, zone: LabZone): PatternItem[] => {
  const last = latest(items.map((item) => lastDateOf(item, zone)));
  if (newEndDate <= last) throw invalid('booking.not-later', 'New end date must be after the current booking range.');
  const added = daysFrom(last, newEndDate);
  const templates = lastDays(items, zone);
  refuseTooMany(added * templates.reduce((count, day) => count + day.items.length, 0));
  return templates.flatMap(({ date, items: onLastDay }) =>
    onLastDay.flatMap((item) => {
      const offset = daysFrom(date, last);
      if (firstDateOf(item, zone) !== date) return [continued(item, offset + added, zone)];
      return Array.from({ length: added }, (_, day) => moved(item, offset + day + 1, zone));
    }),
  );
};

/** The time that is added when the slot ends that many lab days later. */
const continued = ({ deviceId, slot }: PatternItem, days: number, zone: LabZone): PatternItem => ({
  deviceId,
  slot: { start: slot.end, end: zone.addDays(slot.end, days) },
});

/**
 * The time that is added when one booking ends on `newEndDate` (a lab date) at the same time on the wall.
 * @throws DomainError `booking.not-later` unless that is after its end.
 */
export const continuationOf = (item: PatternItem, newEndDate: string, zone: LabZone): TimeSlot => {
  const days = daysFrom(lastDateOf(item, zone), newEndDate);
  if (days <= 0) throw invalid('booking.not-later', 'New end date must be after the current booking end date.');
  return continued(item, days, zone).slot;
};

/**
 * The same pattern from `startDate` to `endDate` (lab dates, both included). In a longer range the slots of each
 * device's last day go on each further day.
 * @throws DomainError `booking.range-too-short` when the range is shorter than the pattern; `booking.too-many`.
 */
export const repetitionOf = (
  items: readonly PatternItem[],
  startDate: string,
  endDate: string,
  zone: LabZone,
): PatternItem[] => {
  const first = earliest(items.map((item) => firstDateOf(item, zone)));
  const last = latest(items.map((item) => lastDateOf(item, zone)));
  const span = daysFrom(first, last);
  if (daysFrom(startDate, endDate) < span) {
    throw invalid('booking.range-too-short', `The bookings span ${span + 1} day(s): choose at least as many.`);
  }
  refuseTooMany(items.length);
  const shifted = items.map((item) => moved(item, daysFrom(first, startDate), zone));
  return endDate > addToDate(startDate, span) ? [...shifted, ...extensionOf(shifted, endDate, zone)] : shifted;
};

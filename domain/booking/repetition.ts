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

/** A whole day or more by the clock on the wall, over midnight: it cannot be had again on each day, only go on. */
const isLong = (item: PatternItem, zone: LabZone): boolean =>
  zone.daysBetween(item.slot.start, item.slot.end) >= 1 && firstDateOf(item, zone) !== lastDateOf(item, zone);

/** The lab date that a slot belongs to: a night belongs to its evening, what goes on for days to the last of them. */
const dayOf = (item: PatternItem, zone: LabZone): string =>
  isLong(item, zone) ? lastDateOf(item, zone) : firstDateOf(item, zone);

const latest = (dates: readonly string[]): string => dates.reduce((a, b) => (a > b ? a : b), '');
const earliest = (dates: readonly string[]): string => dates.reduce((a, b) => (a < b ? a : b), '9999-12-31');

/**
 * The slot on other lab days, at the same time on the wall.
 * @throws DomainError `lab-time.nonexistent` where a clock change leaves nothing of it.
 */
const moved = ({ deviceId, slot }: PatternItem, days: number, zone: LabZone): PatternItem => {
  if (days === 0) return { deviceId, slot };
  const [start, end] = [zone.addDays(slot.start, days), zone.addDays(slot.end, days)];
  if (start >= end) {
    throw invalid(
      'lab-time.nonexistent',
      `There is no time from ${zone.timeOf(slot.start)} to ${zone.timeOf(slot.end)} on ${zone.dateOf(start)} in ` +
        `${zone.name}: the clocks change.`,
    );
  }
  return { deviceId, slot: { start, end } };
};

const refuseTooMany = (count: number): void => {
  if (count > MOST_PATTERN_ITEMS) {
    throw invalid(
      'booking.too-many',
      `That would be ${count} bookings; at most ${MOST_PATTERN_ITEMS} can be made at once.`,
    );
  }
};

/** What goes on of the items of one device: every slot of its last day, or the one that runs through it. */
const lastDay = (items: readonly PatternItem[], zone: LabZone): { date: string; items: PatternItem[] } => {
  const last = items.reduce((a, b) => (b.slot.end > a.slot.end ? b : a));
  const date = dayOf(last, zone);
  if (isLong(last, zone)) return { date, items: [last] };
  return { date, items: items.filter((item) => !isLong(item, zone) && dayOf(item, zone) === date) };
};

/**
 * What is added when a group is to last until `newEndDate` (a lab date, included): on each further day every slot of
 * the device's last day again; a slot that runs through whole days goes on until then instead.
 * @throws DomainError `booking.not-later` unless that is after the group's last day; `booking.too-many`;
 * `lab-time.malformed` when it is not a date.
 */
export const extensionOf = (items: readonly PatternItem[], newEndDate: string, zone: LabZone): PatternItem[] => {
  zone.startOfDate(newEndDate);
  if (newEndDate <= latest(items.map((item) => lastDateOf(item, zone)))) {
    throw invalid('booking.not-later', 'New end date must be after the current booking range.');
  }
  const devices = [...groupBy(items, (item) => item.deviceId).values()].map((own) => lastDay(own, zone));
  const last = latest(devices.map(({ date }) => date));
  const templates = devices.flatMap(({ date, items: onLastDay }) => onLastDay.map((item) => ({ date, item })));
  refuseTooMany(
    templates.reduce((count, { item }) => count + (isLong(item, zone) ? 1 : daysFrom(last, newEndDate)), 0),
  );
  return templates.flatMap(({ date, item }) => {
    const days = daysFrom(date, newEndDate);
    if (isLong(item, zone)) return [continued(item, days, zone)];
    const isAdded = (day: number) => {
      const until = addToDate(lastDateOf(item, zone), day);
      return until > last && until <= newEndDate;
    };
    return Array.from({ length: days }, (_, day) => day + 1)
      .filter(isAdded)
      .map((day) => moved(item, day, zone));
  });
};

/** The time that is added when the slot ends that many lab days later. */
const continued = ({ deviceId, slot }: PatternItem, days: number, zone: LabZone): PatternItem => ({
  deviceId,
  slot: { start: slot.end, end: zone.addDays(slot.end, days) },
});

/**
 * The time that is added when one booking ends on `newEndDate` (a lab date) at the same time on the wall.
 * @throws DomainError `booking.not-later` unless that is after its end; `lab-time.malformed` when it is not a date.
 */
export const continuationOf = (item: PatternItem, newEndDate: string, zone: LabZone): TimeSlot => {
  zone.startOfDate(newEndDate);
  const days = daysFrom(lastDateOf(item, zone), newEndDate);
  if (days <= 0) throw invalid('booking.not-later', 'New end date must be after the current booking end date.');
  return continued(item, days, zone).slot;
};

/**
 * The same pattern from `startDate` to `endDate` (lab dates, both included). In a longer range the slots of each
 * device's last day go on each further day.
 * @throws DomainError `booking.range-too-short` when the range is shorter than the pattern; `booking.too-many`;
 * `lab-time.malformed` when one of them is not a date.
 */
export const repetitionOf = (
  items: readonly PatternItem[],
  startDate: string,
  endDate: string,
  zone: LabZone,
): PatternItem[] => {
  for (const date of [startDate, endDate]) zone.startOfDate(date);
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

import { DAY, HOUR, type Instant, isoOf, type LabZone, type TimeSlot } from '../../../domain/index.js';
import type { OldBooking, OldTime } from './old-lab.js';

/** How the old lab came to write the times of a booking, by which it is told what they mean. */
export type Writing = 'day_grid_utc' | 'topology_local' | 'other_local';

const TOPOLOGY = 'Topology booking:';
const DAY_BEGINS = /(?:23|00):01(?::\d\d)?$/;
const DAY_ENDS = /(?:22|23):59(?::\d\d)?$/;

/**
 * The day grid sent whole local days (00:01 to 23:59) in UTC; topologies, and everything else, were written in local
 * time.
 */
export const writingOf = ({
  comment,
  start_time: start,
  end_time: end,
}: Pick<OldBooking, 'comment' | 'start_time' | 'end_time'>): Writing => {
  if (comment?.startsWith(TOPOLOGY) === true) return 'topology_local';
  return DAY_BEGINS.test(start) && DAY_ENDS.test(end) ? 'day_grid_utc' : 'other_local';
};

/** Whether a text is a time: `0000-00-00 00:00:00`, which older databases took, is none. */
export const isTime = (text: string): boolean => !text.startsWith('0000') && !Number.isNaN(utcOf(text));

/** Stamps of the old server itself, which it took in UTC. */
export const utcOf = (text: OldTime): Instant => Date.parse(`${text.replace(' ', 'T')}Z`);

/** What there is to be said about a reading of the wall clock. */
export type Doubt = 'none' | 'missing' | 'ambiguous';

/** A time on the lab's wall: one that a clock change skips is read an hour later, one that is there twice the earlier. */
export const localOf = (text: OldTime, zone: LabZone): { readonly instant: Instant; readonly doubt: Doubt } => {
  const asIfUtc = new Date(utcOf(text));
  const wall = {
    year: asIfUtc.getUTCFullYear(),
    month: asIfUtc.getUTCMonth() + 1,
    day: asIfUtc.getUTCDate(),
    hour: asIfUtc.getUTCHours(),
    minute: asIfUtc.getUTCMinutes(),
    second: asIfUtc.getUTCSeconds(),
    millisecond: 0,
  };
  const instant = zone.instantAt(wall);
  if (instant === null) return { instant: utcOf(text) - zone.offsetAt(utcOf(text) - DAY), doubt: 'missing' };
  const again = instant + HOUR;
  const twice = again + zone.offsetAt(again) === instant + zone.offsetAt(instant);
  return { instant, doubt: twice ? 'ambiguous' : 'none' };
};

export interface OldSlot extends TimeSlot {
  readonly writing: Writing;
  /** About the start or the end. */
  readonly doubt: Doubt;
}

/** When a booking of the old lab really is; the end may lie before the start. */
export const oldSlotOf = (row: OldBooking, zone: LabZone): OldSlot => {
  const writing = writingOf(row);
  if (writing === 'day_grid_utc') {
    return { start: utcOf(row.start_time), end: utcOf(row.end_time), writing, doubt: 'none' };
  }
  const [start, end] = [localOf(row.start_time, zone), localOf(row.end_time, zone)];
  return { start: start.instant, end: end.instant, writing, doubt: start.doubt === 'none' ? end.doubt : start.doubt };
};

/** Whether a row of the day grid is not the whole local day that was meant: the clocks changed since it was sent. */
export const isShiftedDay = ({ start, end, writing }: OldSlot, zone: LabZone): boolean =>
  writing === 'day_grid_utc' && (zone.timeOf(start) !== '00:01' || zone.timeOf(end) !== '23:59');

/** `2026-11-23 07:00 UTC`, for people. */
export const momentText = (instant: Instant): string => `${isoOf(instant).slice(0, 16).replace('T', ' ')} UTC`;

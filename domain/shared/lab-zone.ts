import { invalid, malformed } from './domain-error.js';
import { DAY, HOUR, isoOf, MINUTE, type Instant } from './instant.js';
import type { TimeSlot } from './time-slot.js';

/** A reading of the lab's wall clock. Month and day count from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** The offsets of one UTC day; zones do not change their clocks twice within one. */
interface OffsetsOfDay {
  readonly before: number;
  /** From here on the clocks are ahead by `after`. */
  readonly change: Instant;
  readonly after: number;
}

const REMEMBERED_DAYS = 20_000;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d))?$/i;

/** The wall clock read as if it were UTC: a number to compare and calculate with, not an instant. */
const asIfUtc = (wall: WallTime): number => {
  const date = new Date(0);
  date.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  date.setUTCHours(wall.hour, wall.minute, wall.second, wall.millisecond);
  return date.getTime();
};

const isRealDate = (year: number, month: number, day: number): boolean => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * The lab's time zone: the one place that turns wall clock readings into instants and back.
 * Nothing here depends on the zone of the machine it runs on.
 */
export class LabZone {
  readonly name: string;
  readonly #clockFace: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, OffsetsOfDay>();
  readonly #dates = new Map<number, string>();

  /** @throws DomainError `lab-time.unknown-zone` when `name` is not an IANA zone such as Europe/Dublin. */
  constructor(name: string) {
    this.name = name;
    try {
      this.#clockFace = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      throw invalid('lab-time.unknown-zone', `There is no time zone named '${name}'.`);
    }
  }

  /** Milliseconds by which the wall clock is ahead of UTC at that instant. */
  offsetAt(instant: Instant): number {
    const day = Math.floor(instant / DAY);
    const { before, change, after } = remembered(this.#offsets, day, () => this.#offsetsOfDay(day));
    return instant < change ? before : after;
  }

  /** What the lab's wall clock shows at that instant. */
  wallTimeAt(instant: Instant): WallTime {
    const shifted = new Date(instant + this.offsetAt(instant));
    return {
      year: shifted.getUTCFullYear(),
      month: shifted.getUTCMonth() + 1,
      day: shifted.getUTCDate(),
      hour: shifted.getUTCHours(),
      minute: shifted.getUTCMinutes(),
      second: shifted.getUTCSeconds(),
      millisecond: shifted.getUTCMilliseconds(),
    };
  }

  /**
   * The instant at which the wall clock shows `wall`; the earlier one when it shows it twice (autumn),
   * null when it never does (spring).
   */
  instantAt(wall: WallTime): Instant | null {
    const local = asIfUtc(wall);
    const candidates = [this.offsetAt(local - DAY), this.offsetAt(local + DAY)]
      .map((offset) => local - offset)
      .filter((instant) => instant + this.offsetAt(instant) === local);
    return candidates.length > 0 ? Math.min(...candidates) : null;
  }

  /**
   * Reads `YYYY-MM-DDTHH:mm[:ss[.fff]]` (or a space instead of T). With Z or an offset it is that instant, without
   * one it is lab time. Fractions finer than a millisecond are cut off.
   * @throws DomainError `lab-time.malformed`, or `lab-time.nonexistent` for a wall time that a clock change skips.
   */
  parse(text: string): Instant {
    const match = DATE_TIME.exec(text.trim());
    if (!match) throw malformed('lab-time.malformed', `'${text.slice(0, 40)}' is not a date and time.`);
    const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = match;
    const wall: WallTime = {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      millisecond: Number(fraction.slice(0, 3).padEnd(3, '0')),
    };
    if (!isRealDate(wall.year, wall.month, wall.day) || wall.hour > 23 || wall.minute > 59 || wall.second > 59) {
      throw malformed('lab-time.malformed', `'${text.slice(0, 40)}' is not a date and time.`);
    }
    if (zone) return asIfUtc(wall) - offsetOf(zone);

    const instant = this.instantAt(wall);
    if (instant === null) {
      throw invalid(
        'lab-time.nonexistent',
        `${text.trim()} does not exist in ${this.name}: the clocks go forward over it. Choose another time or add an offset.`,
      );
    }
    return instant;
  }

  /**
   * First instant of a lab date `YYYY-MM-DD`: midnight, or the first moment of the day where a clock change skips it.
   * @throws DomainError `lab-time.malformed` when it is not a real date.
   */
  startOfDate(date: string): Instant {
    const match = DATE.exec(date);
    if (!match || !isRealDate(Number(match[1]), Number(match[2]), Number(match[3]))) {
      throw malformed('lab-time.malformed', `'${date.slice(0, 40)}' is not a date (YYYY-MM-DD).`);
    }
    return this.onDate(date, { hour: 0, minute: 0, second: 0, millisecond: 0 });
  }

  /** The instant of a time of day on a lab date; where a clock change skips it, the moment just after the gap. */
  onDate(date: string, time: Pick<WallTime, 'hour' | 'minute' | 'second' | 'millisecond'>): Instant {
    const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
    return this.#instantAtOrAfter({ year, month, day, ...time });
  }

  /** The lab date of an instant, `YYYY-MM-DD`. */
  dateOf(instant: Instant): string {
    const day = Math.floor((instant + this.offsetAt(instant)) / DAY);
    return remembered(this.#dates, day, () => dateText(day * DAY));
  }

  /** Lab wall clock of an instant, `HH:mm`. */
  timeOf(instant: Instant): string {
    const wall = instant + this.offsetAt(instant);
    const intoDay = wall - Math.floor(wall / DAY) * DAY;
    return `${two(Math.floor(intoDay / HOUR))}:${two(Math.floor((intoDay % HOUR) / MINUTE))}`;
  }

  /** Midnight (lab time) of the lab date on which the instant lies. */
  startOfDay(instant: Instant): Instant {
    return this.startOfDate(this.dateOf(instant));
  }

  /** Moves an instant by whole lab days, keeping the time on the wall: a day may have 23 or 25 hours. */
  addDays(instant: Instant, days: number): Instant {
    const wall = this.wallTimeAt(instant);
    return this.#instantAtOrAfter({ ...wall, day: wall.day + days });
  }

  /** Lab days from one instant to another, with fractions: by the clock on the wall, so that every day counts as one. */
  daysBetween(from: Instant, to: Instant): number {
    return (to + this.offsetAt(to) - from - this.offsetAt(from)) / DAY;
  }

  /** The instants within the slot from which on the clocks show something else. */
  changesDuring(slot: TimeSlot): Instant[] {
    const changes: Instant[] = [];
    for (let day = Math.floor(slot.start / DAY); day * DAY < slot.end; day += 1) {
      const { before, change, after } = remembered(this.#offsets, day, () => this.#offsetsOfDay(day));
      if (before !== after && change >= slot.start && change < slot.end) changes.push(change);
    }
    return changes;
  }

  #instantAtOrAfter(wall: WallTime): Instant {
    const instant = this.instantAt(wall);
    if (instant !== null) return instant;
    // The clock change that skips `wall` comes after the first of these and no later than the second.
    const local = asIfUtc(wall);
    return this.#changeWithin(local - this.offsetAt(local + DAY), local - this.offsetAt(local - DAY));
  }

  #offsetsOfDay(day: number): OffsetsOfDay {
    const [start, end] = [day * DAY, (day + 1) * DAY];
    const [before, after] = [this.#readOffset(start), this.#readOffset(end)];
    return { before, change: before === after ? end : this.#changeWithin(start, end), after };
  }

  /** The one clock change after `start`, and no later than `end`. */
  #changeWithin(start: Instant, end: Instant): Instant {
    const before = this.#readOffset(start);
    let [last, first] = [start, end];
    while (first - last > 1) {
      const middle = Math.floor((last + first) / 2);
      if (this.#readOffset(middle) === before) last = middle;
      else first = middle;
    }
    return first;
  }

  #readOffset(instant: Instant): number {
    const second = Math.floor(instant / 1000) * 1000;
    const face: Record<string, string> = {};
    for (const { type, value } of this.#clockFace.formatToParts(second)) face[type] = value;
    const year = face.era === 'BC' ? 1 - Number(face.year) : Number(face.year);
    const wall = asIfUtc({
      year,
      month: Number(face.month),
      day: Number(face.day),
      hour: Number(face.hour),
      minute: Number(face.minute),
      second: Number(face.second),
      millisecond: 0,
    });
    return wall - second;
  }
}

/** Asks `find` for what is not known yet, and keeps the answer. */
const remembered = <T>(known: Map<number, T>, day: number, find: () => T): T => {
  const kept = known.get(day);
  if (kept !== undefined) return kept;
  if (known.size >= REMEMBERED_DAYS) known.clear();
  const found = find();
  known.set(day, found);
  return found;
};

/** `+02:00` or `-0530` or `Z` in milliseconds ahead of UTC. */
const offsetOf = (zone: string): number => {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (digits.startsWith('-') ? -1 : 1) * minutes * MINUTE;
};

/** The date of a time read as if it were UTC: `2026-11-23`. */
const dateText = (asUtc: number): string => isoOf(asUtc).slice(0, -'T00:00:00.000Z'.length);

/** Calendar arithmetic on `YYYY-MM-DD`; no zone is involved. */
export const addToDate = (date: string, days: number): string => dateText(Date.parse(`${date}T00:00:00Z`) + days * DAY);

import { DAY, HOUR, type Instant, type LabZone } from '../shared/index.js';

/** Lengths of windows that are counted whole: hours are dependent, so a day is not twenty-four of them. */
export const LENGTH_CLASSES: readonly number[] = [1, 2, 4, 8, 24, 48, 72, 168, 336, 744].map((hours) => hours * HOUR);

/** A part of the day in which windows begin. */
export const SEGMENT = 4 * HOUR;
const SEGMENTS = DAY / SEGMENT;

/** Weekday or weekend, and the part of the day. */
export const CELLS = 2 * SEGMENTS;

/** The class nearest to a length, as a ratio. */
export const lengthClassOf = (length: number): number =>
  LENGTH_CLASSES.reduce((nearest, candidate) =>
    Math.abs(Math.log(candidate / length)) < Math.abs(Math.log(nearest / length)) ? candidate : nearest,
  );

/** The cell of a reading of the lab's clock, in milliseconds since 1970 as if it were UTC. */
const cellOfWall = (wall: number): number => {
  const day = Math.floor(wall / DAY);
  // 1970 began on a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  const weekend = weekday === 0 || weekday === 6 ? 1 : 0;
  return weekend * SEGMENTS + Math.floor((wall - day * DAY) / SEGMENT);
};

/** In which cell a window that begins then is counted. Long ones are counted from the nearest beginning of a segment. */
export const cellOf = (start: Instant, lengthClass: number, zone: LabZone): number =>
  cellOfWall(start + zone.offsetAt(start) + (lengthClass < SEGMENT ? 0 : SEGMENT / 2));

const DAYS = ['weekdays', 'weekends'];

/** `weekdays from 08:00 to 12:00`, or, where windows are longer than that, `weekdays from about 08:00`. */
export const cellInWords = (cell: number, lengthClass: number): string => {
  const hour = (cell % SEGMENTS) * (SEGMENT / HOUR);
  const clock = (hours: number) => `${String(hours).padStart(2, '0')}:00`;
  const days = DAYS[Math.floor(cell / SEGMENTS)] ?? '';
  return lengthClass < SEGMENT
    ? `${days} between ${clock(hour)} and ${clock(hour + SEGMENT / HOUR)}`
    : `${days} from about ${clock(hour)}`;
};

/** `1 hour`, `4 hours`, `1 day`, `31 days`. */
export const lengthInWords = (length: number): string => {
  const [unit, word] = length < DAY ? [HOUR, 'hour'] : [DAY, 'day'];
  const count = length / unit;
  return `${count} ${word}${count === 1 ? '' : 's'}`;
};

/** The windows of one class that are counted, in order of their start. */
export interface WindowGrid {
  readonly length: number;
  readonly starts: Float64Array;
  readonly cells: Uint8Array;
  /** How much one window counts: those of one segment together as one, those that overlap from day to day as a part. */
  readonly weight: number;
  /** What the cells of a day count together, of what they count each: long windows of one day overlap. */
  readonly share: number;
}

/** Every window of the class that begins at `from` or later and is over by `until`. */
export const windowGrid = (from: Instant, until: Instant, length: number, zone: LabZone): WindowGrid => {
  const step = Math.min(length, SEGMENT);
  const starts: number[] = [];
  const cells: number[] = [];
  const first = Math.floor((from + zone.offsetAt(from)) / DAY) * DAY;
  for (let wall = first; ; wall += step) {
    const start = wall - zone.offsetAt(wall - zone.offsetAt(wall));
    if (start + length > until) break;
    // Where the clocks go forward two readings are one instant.
    if (start < from || start <= (starts[starts.length - 1] ?? Number.NEGATIVE_INFINITY)) continue;
    starts.push(start);
    cells.push(cellOfWall(wall));
  }
  return {
    length,
    starts: Float64Array.from(starts),
    cells: Uint8Array.from(cells),
    weight: length < SEGMENT ? length / SEGMENT : Math.min(1, DAY / length),
    share: SEGMENT / Math.min(Math.max(length, SEGMENT), DAY),
  };
};

/** Index of the first start that is not before the instant. */
export const firstFrom = (starts: Float64Array, at: Instant): number => {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
};

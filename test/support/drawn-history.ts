import {
  CELLS,
  cellOf,
  DAY,
  HOUR,
  LabZone,
  type BookingHistory,
  type Instant,
  type ObservedDevice,
  type PastBooking,
  type TimeSlot,
} from '../../domain/index.js';
import { Dice } from '../torture/dice.js';

const SEGMENT = 4 * HOUR;

/** What is known of a lab whose history is drawn. */
export interface Structure {
  readonly types: number;
  readonly devicesEach: number;
  readonly days: number;
  /** How much types, devices, parts of the week and parts of the week of a device differ (standard deviations of logs). */
  readonly spread: { readonly type: number; readonly device: number; readonly cell: number; readonly own: number };
  /** By how much less is booked in the first third of each day (a difference of logs). */
  readonly dayNight: number;
  /** Mean of the days that a booking is made ahead, exponentially distributed. */
  readonly leadDays: number;
  /** Share of the bookings that are given up on each day before their start. */
  readonly hazard: number;
}

export const usualStructure: Structure = {
  types: 5,
  devicesEach: 24,
  days: 210,
  spread: { type: 0.5, device: 0.6, cell: 0.6, own: 0.15 },
  dayNight: 1,
  leadDays: 8,
  hazard: 0.02,
};

const normal = (dice: Dice): number => Math.sqrt(-2 * Math.log(1 - dice.next())) * Math.cos(2 * Math.PI * dice.next());

const exponential = (dice: Dice, mean: number): number => -mean * Math.log(1 - dice.next());

const poisson = (dice: Dice, mean: number): number => {
  const left = Math.exp(-mean);
  let count = 0;
  for (let product = dice.next(); product > left; product *= dice.next()) count += 1;
  return count;
};

/** A history drawn by known rules, and what these rules say of any time. */
export interface DrawnHistory {
  readonly history: BookingHistory;
  readonly zone: LabZone;
  readonly until: Instant;
  /** How likely a booking that starts then and holds at `now` holds until it starts. */
  survives(start: Instant, now: Instant): number;
  /**
   * How likely the slot, which begins and ends with parts of the day, ends free, given what holds in it at `now`.
   * Every part of the day is booked as a whole: bookings come as a Poisson process, are made some days ahead, and are
   * given up with the same probability on each day.
   */
  truth(deviceId: number, slot: TimeSlot, blockers: readonly { readonly slot: TimeSlot }[], now: Instant): number;
}

/** Draws it. The zone has no clock changes, so that parts of the day are all alike. */
export const drawnHistory = (seed: number, structure: Structure = usualStructure): DrawnHistory => {
  const dice = new Dice(seed);
  const zone = new LabZone('UTC');
  const from = Date.UTC(2026, 0, 5);
  const until = from + structure.days * DAY;
  const { spread, leadDays } = structure;
  const decay = -Math.log1p(-structure.hazard);

  const cells = Array.from(
    { length: CELLS },
    (_, cell) => (cell % 6 < 2 ? -structure.dayNight : 0) + spread.cell * normal(dice),
  );
  const devices: ObservedDevice[] = [];
  const rates: number[][] = [];
  for (let type = 0; type < structure.types; type += 1) {
    const ofType = spread.type * normal(dice);
    for (let nth = 0; nth < structure.devicesEach; nth += 1) {
      const ofDevice = spread.device * normal(dice);
      devices.push({ id: devices.length + 1, type: `Type ${type + 1}`, since: from });
      rates.push(cells.map((cell) => Math.exp(-0.5 + ofType + ofDevice + cell + spread.own * normal(dice))));
    }
  }
  /** Bookings that hold until the start, of a part of the day; more are made and given up. */
  const rateAt = (deviceId: number, start: Instant) => rates[deviceId - 1]?.[cellOf(start, SEGMENT, zone)] ?? 0;
  // Of bookings made exponentially far ahead and given up at a constant rate, those that hold are exponential too.
  const heldShare = 1 / (1 + leadDays * decay);

  const bookings: PastBooking[] = [];
  for (const { id } of devices) {
    for (let start = from; start < until + 60 * DAY; start += SEGMENT) {
      for (let made = poisson(dice, rateAt(id, start) / heldShare); made > 0; made -= 1) {
        const createdAt = Math.round(start - exponential(dice, leadDays) * DAY);
        const releasedAt = Math.round(createdAt + exponential(dice, 1 / decay) * DAY);
        bookings.push({
          deviceId: id,
          groupId: `${bookings.length}`,
          slot: { start, end: start + SEGMENT },
          createdAt,
          releasedAt: releasedAt < start ? releasedAt : null,
        });
      }
    }
  }

  const survives = (start: Instant, now: Instant) => Math.exp((-decay * Math.max(0, start - now)) / DAY);
  return {
    history: { from, devices, bookings, maintenance: [] },
    zone,
    until,
    survives,
    truth: (deviceId, slot, blockers, now) => {
      let free = 1;
      for (const blocker of blockers) free *= 1 - survives(Math.max(blocker.slot.start, slot.start), now);
      for (let start = slot.start - (slot.start % SEGMENT); start < slot.end; start += SEGMENT) {
        const stillToCome = 1 - Math.exp((-(1 / leadDays + decay) * Math.max(0, start - now)) / DAY);
        // Those still to come are made between now and the start.
        free *= Math.exp(-rateAt(deviceId, start) * stillToCome);
      }
      return free;
    },
  };
};

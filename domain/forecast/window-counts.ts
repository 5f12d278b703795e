import { DAY, groupBy, type Instant, type LabZone, type TimeSlot } from '../shared/index.js';
import { heldSlot, type BookingHistory } from './booking-history.js';
import { CELLS, firstFrom, windowGrid, type WindowGrid } from './window-grid.js';

/** Counts are kept by week, so that old weeks can be forgotten and new ones predicted from those before. */
export const WEEK = 7 * DAY;

/** How many days ahead a window was booked, in steps that widen. */
export const LEAD_STEPS: readonly number[] = [0, 0.25, 0.5, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90];

/** The whole windows of one length class, counted. A window is free when nobody held the device at any time in it. */
export interface WindowCounts {
  readonly length: number;
  readonly deviceCount: number;
  /** The latest week is 0. */
  readonly weeks: number;
  /** What the cells of a day count together, of what they count each. */
  readonly share: number;
  /** Weight of all windows and of the free ones by week, device and cell, in that order. */
  readonly all: Float32Array;
  readonly free: Float32Array;
  /** Weight of the windows that were held in the end, by how long before their start that was known. */
  readonly heldByLead: Float64Array;
}

interface Held {
  readonly slot: TimeSlot;
  readonly createdAt: Instant;
}

/** The last of the lead steps that is not above this; -1 when all are. */
const stepOf = (days: number): number => {
  let step = -1;
  while (step + 1 < LEAD_STEPS.length && (LEAD_STEPS[step + 1] ?? 0) <= days) step += 1;
  return step;
};

/** Calls back with the index of every window of the grid that overlaps the slot. */
const eachIn = ({ starts, length }: WindowGrid, { start, end }: TimeSlot, each: (index: number) => void): void => {
  for (let index = firstFrom(starts, start - length + 1); index < starts.length; index += 1) {
    if ((starts[index] ?? 0) >= end) return;
    each(index);
  }
};

/** Counts every window of the class in the history that was over by `asOf`; those under maintenance are left out. */
export const countWindows = (history: BookingHistory, asOf: Instant, length: number, zone: LabZone): WindowCounts => {
  const grid = windowGrid(history.from, asOf, length, zone);
  const { starts, cells, weight } = grid;
  const weekOf = (index: number) => Math.floor((asOf - (starts[index] ?? 0) - length) / WEEK);
  const weeks = starts.length === 0 ? 0 : weekOf(0) + 1;
  const deviceCount = history.devices.length;
  const all = new Float32Array(weeks * deviceCount * CELLS);
  const free = new Float32Array(weeks * deviceCount * CELLS);
  const heldByLead = new Float64Array(LEAD_STEPS.length + 1);

  const places = Uint32Array.from(starts, (_, index) => weekOf(index) * deviceCount * CELLS + (cells[index] ?? 0));
  const held = groupBy(
    history.bookings.flatMap((booking): (Held & { deviceId: number })[] => {
      const slot = heldSlot(booking);
      return slot && slot.start < asOf ? [{ deviceId: booking.deviceId, slot, createdAt: booking.createdAt }] : [];
    }),
    (booking) => booking.deviceId,
  );
  const maintained = groupBy(history.maintenance, (window) => window.deviceId);
  // For each window: how long before its start it was known that it would be held; NaN for one that does not count.
  const leads = new Float64Array(starts.length);

  history.devices.forEach(({ id, since }, device) => {
    const offset = device * CELLS;
    const first = since <= history.from ? 0 : firstFrom(starts, since);
    leads.fill(Number.NEGATIVE_INFINITY, first);
    for (const { slot } of maintained.get(id) ?? []) {
      eachIn(grid, slot, (index) => {
        leads[index] = Number.NaN;
      });
    }
    for (const { slot, createdAt } of held.get(id) ?? []) {
      eachIn(grid, slot, (index) => {
        const lead = (starts[index] ?? 0) - createdAt;
        if (lead > (leads[index] ?? 0)) leads[index] = lead;
      });
    }
    for (let index = first; index < starts.length; index += 1) {
      const lead = leads[index] ?? 0;
      if (Number.isNaN(lead)) continue;
      const place = (places[index] ?? 0) + offset;
      all[place] = (all[place] ?? 0) + weight;
      if (lead === Number.NEGATIVE_INFINITY) free[place] = (free[place] ?? 0) + weight;
      else {
        const step = stepOf(lead / DAY) + 1;
        heldByLead[step] = (heldByLead[step] ?? 0) + weight;
      }
    }
  });
  return { length, deviceCount, weeks, share: grid.share, all, free, heldByLead };
};

import { expect } from 'chai';
import fc from 'fast-check';
import { blocksAround, DAY, earliestFree, freeSlots, timeSlot, type TimeSlot } from '../../../domain/index.js';
import { aHold, aThing, calendarOf, instantsOf, isOn, slotsOn, type Grid } from '../../support/calendars.js';

const grid: Grid = { from: 0, step: 1, steps: 40 };
const cases = fc.record({
  window: slotsOn(grid, 40),
  length: fc.integer({ min: 1, max: 12 }),
  blocks: fc.array(slotsOn(grid, 8), { maxLength: 7 }),
});
const thousands = { numRuns: 3000 };

/** Minute by minute: where a run of free ones begins and ends. */
const runsIn = (window: TimeSlot, blocks: readonly TimeSlot[]): TimeSlot[] => {
  const isFree = (at: number) => isOn(window, at) && !blocks.some((block) => isOn(block, at));
  const minutes = [...instantsOf(grid), grid.steps];
  const starts = minutes.filter((at) => isFree(at) && !isFree(at - 1));
  return starts.map((start) => ({ start, end: minutes.find((at) => at > start && !isFree(at))! }));
};

describe('Free time', () => {
  it('is every longest run of minutes that nothing blocks', () => {
    fc.assert(
      fc.property(cases, ({ window, length, blocks }) => {
        const runs = runsIn(window, blocks).filter(({ start, end }) => end - start >= length);
        expect(freeSlots(window, length, blocks)).to.deep.equal(runs);
      }),
      thousands,
    );
  });

  it('is found earliest where the first run is long enough', () => {
    fc.assert(
      fc.property(cases, ({ window, length, blocks }) => {
        const isFree = (at: number) => isOn(window, at) && !blocks.some((block) => isOn(block, at));
        const fits = (start: number) => Array.from({ length }, (_, i) => start + i).every(isFree);
        const start = instantsOf(grid).find(fits);
        expect(earliestFree(window, length, blocks)).to.deep.equal(
          start === undefined ? null : { start, end: start + length },
        );
      }),
      thousands,
    );
  });

  it('is looked for a day later each time until it suits', () => {
    const window = timeSlot(0, 10 * DAY);
    const from = (earliest: number) => (slot: TimeSlot) => slot.start >= earliest;
    expect(earliestFree(window, DAY, [], from(2.5 * DAY))).to.deep.equal(timeSlot(3 * DAY, 4 * DAY));
    expect(earliestFree(window, DAY, [timeSlot(3 * DAY, 3.5 * DAY)], from(2.5 * DAY))).to.deep.equal(
      timeSlot(3.5 * DAY, 4.5 * DAY),
    );
    expect(earliestFree(window, DAY, [], from(9.5 * DAY))).to.equal(null);
  });

  it('is blocked by maintenance, by what one holds, and by what others hold with room around it', () => {
    const calendar = calendarOf(
      aThing(1),
      [aHold(1, timeSlot(100, 200), { ownerId: 1 }), aHold(2, timeSlot(300, 400), { ownerId: 2 })],
      [timeSlot(500, 600)],
    );
    expect(blocksAround(calendar, 1, 20)).to.deep.equal([timeSlot(100, 200), timeSlot(280, 420), timeSlot(500, 600)]);
  });

  it('is blocked by holds and by maintenance alike', () => {
    const calendar = calendarOf(aThing(1), [aHold(1, timeSlot(1, 2))], [timeSlot(5, 6)]);
    expect(blocksAround(calendar, 0, 0)).to.deep.equal([timeSlot(1, 2), timeSlot(5, 6)]);
  });
});

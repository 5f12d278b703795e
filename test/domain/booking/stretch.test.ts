import { expect } from 'chai';
import fc from 'fast-check';
import { DAY, HOUR, LabZone, startsTooLong, stretchesOf, stretchOf, type TimeSlot } from '../../../domain/index.js';

const slot = fc
  .tuple(fc.nat(40), fc.integer({ min: 1, max: 6 }))
  .map(([start, length]): TimeSlot => ({ start, end: start + length }));

describe('A stretch of time', () => {
  it('is every hour before and after the slot that is reached without a break', () => {
    fc.assert(
      fc.property(slot, fc.array(slot, { maxLength: 8 }), (middle, others) => {
        const has = (hour: number) => [middle, ...others].some(({ start, end }) => start <= hour && hour < end);
        let { start, end } = middle;
        while (has(start - 1)) start -= 1;
        while (has(end)) end += 1;
        expect(stretchOf(middle, stretchesOf(others))).to.deep.equal({ start, end });
      }),
      { numRuns: 3000 },
    );
  });
});

describe('Starts from which a slot is too long', () => {
  const zone = new LabZone('Europe/Dublin');
  const year = { start: Date.UTC(2026, 0, 1), end: Date.UTC(2027, 0, 1) };

  it('are those from which it lasts more lab days than it may, minute by minute', () => {
    const cases = fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(-DAY, -2 * HOUR, -HOUR, -1, 0, 1, HOUR, 2 * HOUR, DAY),
      fc.array(fc.integer({ min: 0, max: 365 * 24 * 4 }), { minLength: 20, maxLength: 20 }),
    );
    fc.assert(
      fc.property(cases, ([maxDays, more, quarters]) => {
        const length = maxDays * DAY + more;
        const tooLong = startsTooLong(year, length, maxDays, zone);
        const nearChanges = zone
          .changesDuring(year)
          .flatMap((change) => [change, change - length].flatMap((at) => [at - 1, at, at + 1]));
        for (const at of [...quarters.map((quarter) => year.start + (quarter * HOUR) / 4), ...nearChanges]) {
          if (at < year.start || at >= year.end) continue;
          const isTooLong = zone.daysBetween(at, at + length) > maxDays;
          expect(
            tooLong.some(({ start, end }) => start <= at && at < end),
            new Date(at).toISOString(),
          ).to.equal(isTooLong);
        }
      }),
      { numRuns: 300 },
    );
  });
});

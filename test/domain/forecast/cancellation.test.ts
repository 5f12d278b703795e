import { expect } from 'chai';
import fc from 'fast-check';
import { CancellationModel, DAY, HOUR, lifeTables, type PastBooking } from '../../../domain/index.js';
import { Dice } from '../../torture/dice.js';

const NOW = Date.UTC(2026, 5, 1);

/** Days before the start at which it was made and, if it was, given up; and days from the start to now. */
const lives = fc.array(
  fc.record({
    made: fc.double({ min: 0.01, max: 90, noNaN: true }),
    released: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    toNow: fc.double({ min: -90, max: 40, noNaN: true }),
  }),
  { maxLength: 30 },
);

type Life = typeof lives extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

const bookingOf = ({ made, released, toNow }: Life): PastBooking => {
  const start = NOW - Math.round(toNow * DAY);
  const createdAt = start - Math.round(made * DAY);
  return {
    deviceId: 1,
    groupId: 'a',
    slot: { start, end: start + 6 * HOUR },
    createdAt,
    releasedAt: released === null ? null : Math.min(createdAt + Math.round(released * made * DAY), start - 1),
  };
};

/** The risk set of each day before the start, one booking after the other, as in a textbook's table. */
const naiveTable = (bookings: readonly PastBooking[], day: number) => {
  let [atRisk, released] = [0, 0];
  for (const { slot, createdAt, releasedAt } of bookings) {
    if (createdAt > NOW) continue;
    const ends = releasedAt !== null && releasedAt <= NOW;
    const entered = Math.min((slot.start - createdAt) / DAY, day + 1);
    const left = (slot.start - Math.min(ends ? releasedAt : NOW, slot.start)) / DAY;
    const endsHere = ends && left > day && left <= day + 1;
    if (endsHere) released += 1;
    const stayed = endsHere ? day : Math.max(left, day);
    atRisk += Math.max(0, entered - stayed);
  }
  return { atRisk, released };
};

describe('how likely bookings are given up', () => {
  it('counts who was at risk on each day before the start, and who gave up, as Kaplan and Meier do', () => {
    fc.assert(
      fc.property(lives, (all) => {
        const bookings = all.map(bookingOf);
        const { all: table } = lifeTables(bookings, NOW);
        for (let day = 0; day < 60; day += 1) {
          const naive = naiveTable(bookings, day);
          expect(table.atRisk[day]).to.be.closeTo(naive.atRisk, 1e-6);
          expect(table.released[day]).to.equal(naive.released);
        }
      }),
    );
  });

  it('is, with whole days and nobody censored, the product over days of those who stayed', () => {
    // Ten bookings made five days ahead; one gives up on the fourth day before, three on the last.
    const made = (nth: number, releasedDaysAhead: number | null): PastBooking => {
      const start = NOW - 30 * DAY;
      const releasedAt = releasedDaysAhead === null ? null : start - releasedDaysAhead * DAY;
      const slot = { start, end: start + HOUR };
      return { deviceId: 1, groupId: `${nth}`, slot, createdAt: start - 5 * DAY, releasedAt };
    };
    const days = [3.5, 0.5, 0.5, 0.5, null, null, null, null, null, null];
    const { all } = lifeTables(
      days.map((day, nth) => made(nth, day)),
      NOW,
    );
    let survival = 1;
    for (let day = 4; day >= 0; day -= 1) survival *= 1 - all.released[day]! / all.atRisk[day]!;
    expect(survival).to.be.closeTo(0.6, 1e-9);
  });

  const drawn = (hazard: number, count: number): PastBooking[] => {
    const dice = new Dice(7, count);
    return Array.from({ length: count }, (_, nth) => {
      const start = NOW - dice.below(60) * DAY + dice.below(20) * DAY;
      const createdAt = start - Math.round(dice.next() * 20 * DAY);
      const releasedAt = createdAt - Math.round((Math.log(1 - dice.next()) / -Math.log1p(-hazard)) * DAY);
      return {
        deviceId: 1,
        groupId: `${nth}`,
        slot: { start, end: start + HOUR },
        createdAt,
        releasedAt: releasedAt < Math.min(start, NOW) ? releasedAt : null,
      };
    }).filter((booking) => booking.createdAt <= NOW);
  };
  const ahead = (days: number) => ({ slot: { start: NOW + days * DAY, end: NOW + days * DAY + HOUR }, createdAt: NOW });

  it('finds the hazard with which bookings were drawn, most of them still open', () => {
    const model = new CancellationModel(drawn(0.05, 4000), NOW);
    const start = NOW + 5 * DAY;
    expect(model.releasedBy(ahead(5), NOW, start).mean).to.be.closeTo(1 - 0.95 ** 5, 0.03);
    expect(model.releasedBy(ahead(10), NOW, start).mean).to.be.closeTo(1 - 0.95 ** 5, 0.03);
  });

  it('is nothing at once, and never falls with time', () => {
    const model = new CancellationModel(drawn(0.1, 500), NOW);
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 120, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (toStart, wait, more) => {
          const until = (days: number) => model.releasedBy(ahead(toStart), NOW, NOW + days * DAY).mean;
          expect(until(0)).to.equal(0);
          expect(until(wait)).to.be.within(0, 1);
          expect(until(wait + more)).to.be.at.least(until(wait) - 1e-9);
        },
      ),
    );
  });

  it('is surer the more bookings were watched', () => {
    const worth = (count: number) =>
      new CancellationModel(drawn(0.05, count), NOW).releasedBy(ahead(5), NOW, NOW + 5 * DAY).worth;
    expect(worth(5000)).to.be.above(3 * worth(50));
  });

  it('is small, and vague, where nobody ever booked', () => {
    const belief = new CancellationModel([], NOW).releasedBy(ahead(10), NOW, NOW + 10 * DAY);
    expect(belief.mean).to.be.closeTo(1 - 0.99 ** 10, 1e-6);
    expect(belief.worth).to.be.below(100);
  });
});

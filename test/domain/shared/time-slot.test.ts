import { expect } from 'chai';
import fc from 'fast-check';
import { DomainError, hullOf, lengthOf, overlaps, sameSlot, timeSlot, type TimeSlot } from '../../../domain/index.js';

const slots: fc.Arbitrary<TimeSlot> = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 8 }))
  .map(([start, length]) => timeSlot(start, start + length));

const instantsOf = ({ start, end }: TimeSlot): number[] => Array.from({ length: end - start }, (_, i) => start + i);

describe('A time slot', () => {
  it('begins before it ends', () => {
    expect(timeSlot(1, 2)).to.deep.equal({ start: 1, end: 2 });
    for (const [start, end] of [
      [2, 2],
      [3, 2],
      [Number.NaN, 2],
      [1, Number.NaN],
    ] as const) {
      expect(() => timeSlot(start, end), `${start} to ${end}`)
        .to.throw(DomainError, 'The end must be after the start.')
        .with.property('code', 'slot.invalid');
    }
  });

  it('leaves the instant at which it ends to the next one', () => {
    expect(overlaps(timeSlot(1, 3), timeSlot(3, 5))).to.be.false;
    expect(overlaps(timeSlot(3, 5), timeSlot(1, 3))).to.be.false;
    expect(overlaps(timeSlot(1, 4), timeSlot(3, 5))).to.be.true;
  });

  it('overlaps another when they share an instant, and then the other overlaps it', () => {
    fc.assert(
      fc.property(slots, slots, (a, b) => {
        const shared = instantsOf(a).some((instant) => instantsOf(b).includes(instant));
        expect(overlaps(a, b)).to.equal(shared);
        expect(overlaps(b, a)).to.equal(shared);
      }),
      { numRuns: 2000 },
    );
  });

  it('is as long as it has instants, and the same as one with the same instants', () => {
    fc.assert(
      fc.property(slots, slots, (a, b) => {
        expect(lengthOf(a)).to.equal(instantsOf(a).length);
        expect(sameSlot(a, b)).to.equal(instantsOf(a).join() === instantsOf(b).join());
        expect(sameSlot(a, { ...a })).to.be.true;
      }),
    );
  });

  it('has with others a hull from the first instant to the last', () => {
    expect(hullOf([])).to.equal(null);
    fc.assert(
      fc.property(fc.array(slots, { minLength: 1, maxLength: 6 }), (some) => {
        const all = some.flatMap(instantsOf);
        expect(hullOf(some)).to.deep.equal({ start: Math.min(...all), end: Math.max(...all) + 1 });
      }),
    );
  });
});

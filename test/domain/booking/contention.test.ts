import { expect } from 'chai';
import fc from 'fast-check';
import { peakHolders, reevaluate, unconfirmedStatus, type Hold } from '../../../domain/index.js';
import {
  aHold,
  groupsAt,
  hourly,
  instantsOf,
  isOn,
  settled,
  slotsOn,
  statusDue,
  unruly,
} from '../../support/calendars.js';

const grid = hourly(0, 24);
const holds = unruly(grid, 10, 9);
const thousands = { numRuns: 3000 };

const slot = (start: number, end: number) => ({ start, end });
const changed = (some: readonly Hold[]): Hold[] => {
  const changes = new Map(reevaluate(some).map((change) => [change.bookingId, change.to]));
  return some.map((hold) => ({ ...hold, status: changes.get(hold.bookingId) ?? hold.status }));
};

describe('Contention', () => {
  it('is counted at the busiest instant of a slot, by groups', () => {
    fc.assert(
      fc.property(slotsOn(grid, 12), holds, (wanted, some) => {
        const crowds = instantsOf(grid)
          .filter((instant) => isOn(wanted, instant))
          .map((instant) => groupsAt(instant, some));
        // Outside the slot others may crowd together as they like, but those who also are in the slot count.
        const inSlot = some.filter((hold) => instantsOf(grid).some((at) => isOn(hold.slot, at) && isOn(wanted, at)));
        expect(peakHolders(wanted, inSlot)).to.equal(Math.max(...crowds));
        expect(peakHolders(wanted, some)).to.equal(Math.max(...crowds));
      }),
      thousands,
    );
  });

  it('is not made by bookings that only touch, nor by two of one group', () => {
    expect(peakHolders(slot(0, 10), [aHold(1, slot(0, 5)), aHold(2, slot(5, 10))])).to.equal(1);
    expect(peakHolders(slot(0, 10), [aHold(1, slot(0, 6)), aHold(2, slot(5, 10))])).to.equal(2);
    const oneGroup = [aHold(1, slot(0, 6), { groupId: 'g' }), aHold(2, slot(5, 10), { groupId: 'g' })];
    expect(peakHolders(slot(0, 10), oneGroup)).to.equal(1);
    expect(peakHolders(slot(0, 10), [])).to.equal(0);
    expect(peakHolders(slot(5, 8), [aHold(1, slot(0, 5)), aHold(2, slot(8, 10))])).to.equal(0);
  });
});

describe('The status of an unconfirmed booking', () => {
  it('is CONFLICTING when a confirmed or an earlier one overlaps it, PENDING otherwise', () => {
    fc.assert(
      fc.property(holds, (some) => {
        for (const hold of some) {
          if (hold.status === 'CONFIRMED') continue;
          expect(unconfirmedStatus(hold, some)).to.equal(statusDue(hold, some, grid));
        }
      }),
      thousands,
    );
  });

  it('follows from the bookings that there are, not from the status that they had', () => {
    const first = aHold(1, slot(0, 6));
    const second = aHold(2, slot(4, 10), { status: 'CONFLICTING' });
    const third = aHold(3, slot(9, 12));
    expect(unconfirmedStatus(first, [first, second, third])).to.equal('PENDING');
    expect(unconfirmedStatus(third, [first, second, third])).to.equal('CONFLICTING');
    expect(unconfirmedStatus(first, [first, { ...second, status: 'CONFIRMED' }])).to.equal('CONFLICTING');
  });
});

describe('Re-evaluation', () => {
  it('changes exactly those whose status no longer follows from the calendar', () => {
    fc.assert(
      fc.property(holds, (some) => {
        const due = some
          .map((hold) => ({ bookingId: hold.bookingId, from: hold.status, to: statusDue(hold, some, grid) }))
          .filter(({ from, to }) => from !== to);
        expect(reevaluate(some)).to.deep.equal(due);
      }),
      thousands,
    );
  });

  it('leaves nothing to change, and never touches a confirmed booking', () => {
    fc.assert(
      fc.property(holds, (some) => {
        expect(changed(some)).to.deep.equal(settled(some, grid));
        expect(reevaluate(changed(some))).to.deep.equal([]);
        const confirmed = new Set(some.filter((hold) => hold.status === 'CONFIRMED').map((hold) => hold.bookingId));
        expect(reevaluate(some).filter((change) => confirmed.has(change.bookingId))).to.deep.equal([]);
      }),
      thousands,
    );
  });

  it('makes the next in line PENDING when the first goes away, and does not confirm it', () => {
    const calendar = changed([aHold(1, slot(0, 6)), aHold(2, slot(0, 6)), aHold(3, slot(5, 9))]);
    expect(calendar.map((hold) => hold.status)).to.deep.equal(['PENDING', 'CONFLICTING', 'CONFLICTING']);
    expect(reevaluate(calendar.slice(1))).to.deep.equal([{ bookingId: 2, from: 'CONFLICTING', to: 'PENDING' }]);
  });
});

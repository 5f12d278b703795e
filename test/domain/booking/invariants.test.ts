import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultBookingPolicy,
  HOUR,
  violationsIn,
  type Census,
  type Hold,
  type RecordedBooking,
  type Violation,
} from '../../../domain/index.js';
import { aHold, groupsAt, hourly, instantsOf, isOn, lawful, statusDue, unruly } from '../../support/calendars.js';

const MADE = 1000;
const grid = hourly(0, 24);
const thousands = { numRuns: 2000 };

const recorded = ({ bookingId, groupId, ownerId, slot, status }: Hold): RecordedBooking => ({
  id: bookingId,
  groupId,
  deviceId: 1,
  ownerId,
  slot,
  status,
  createdAt: MADE,
});

/** One device that could be booked since long ago, with these bookings and whatever `other` says. */
const census = (bookings: readonly RecordedBooking[], other: Partial<Census> = {}): Census => ({
  bookings,
  things: [{ id: 1, rowIds: [1, 2], type: 'ROADM', bookable: true, changedAt: 0 }],
  windows: [],
  requests: [],
  extensions: [],
  deletedIds: new Set(),
  ...other,
});

const found = (some: Census, maxContenders = 2) => violationsIn(some, { ...defaultBookingPolicy, maxContenders });

/** Which bookings are named by violations of that invariant. */
const accused = (violations: readonly Violation[], invariant: Violation['invariant']) =>
  new Set(violations.filter((violation) => violation.invariant === invariant).flatMap(({ bookingIds }) => bookingIds));

const ids = (holds: readonly Hold[]) => new Set(holds.map((hold) => hold.bookingId));

describe('The invariant checker', () => {
  it('finds nothing on calendars that came about by the rules', () => {
    const labs = fc
      .integer({ min: 1, max: 3 })
      .chain((maxContenders) => fc.tuple(lawful(grid, 10, 9, maxContenders), fc.constant(maxContenders)));
    fc.assert(
      fc.property(labs, ([holds, maxContenders]) => {
        expect(found(census(holds.map(recorded)), maxContenders)).to.deep.equal([]);
      }),
      thousands,
    );
  });

  it('names every booking that breaks I1, I2 or I3, and no other', () => {
    fc.assert(
      fc.property(unruly(grid, 10, 9), fc.integer({ min: 1, max: 3 }), (holds, maxContenders) => {
        const violations = found(census(holds.map(recorded)), maxContenders).filter(
          ({ invariant }) => invariant !== 'I4',
        );
        const instants = instantsOf(grid);
        const confirmed = holds.filter((hold) => hold.status === 'CONFIRMED');
        const double = confirmed.filter((hold) =>
          instants.some(
            (at) => isOn(hold.slot, at) && confirmed.some((other) => other !== hold && isOn(other.slot, at)),
          ),
        );
        expect(accused(violations, 'I1')).to.deep.equal(ids(double));

        const crowded = instants.filter((at) => groupsAt(at, holds) > maxContenders);
        expect(violations.some(({ invariant }) => invariant === 'I2')).to.equal(crowded.length > 0);
        for (const id of accused(violations, 'I2')) {
          const hold = holds.find(({ bookingId }) => bookingId === id)!;
          expect(crowded.some((at) => isOn(hold.slot, at))).to.be.true;
        }

        const misjudged = holds.filter((hold) => hold.status !== statusDue(hold, holds, grid));
        const blamed = violations.filter(({ invariant }) => invariant === 'I3').map(({ bookingIds }) => bookingIds[0]);
        expect(new Set(blamed)).to.deep.equal(ids(misjudged));
        expect(blamed).to.have.lengthOf(misjudged.length);
      }),
      thousands,
    );
  });

  it('keeps devices apart and looks at holding bookings only', () => {
    const [one, two] = [1, 2].map((id) => recorded(aHold(id, { start: 0, end: HOUR }, { status: 'CONFIRMED' })));
    expect(found(census([one!, two!])).map(({ invariant }) => invariant)).to.deep.equal(['I1']);
    const things = [1, 2].map((id) => ({ id, rowIds: [id], type: 'ROADM', bookable: true, changedAt: 0 }));
    expect(found(census([one!, { ...two!, deviceId: 2 }], { things }))).to.deep.equal([]);
    for (const status of ['REJECTED', 'CANCELLED', 'EXPIRED'] as const) {
      expect(found(census([one!, { ...two!, status }]))).to.deep.equal([]);
    }
  });

  it('counts as many contenders as the policy lets a type have', () => {
    const bookings = [1, 2].map((id) =>
      recorded(aHold(id, { start: 0, end: HOUR }, { status: id === 1 ? 'PENDING' : 'CONFLICTING' })),
    );
    const policy = { ...defaultBookingPolicy, deviceTypes: { roadm: { maxContenders: 1 } } };
    expect([...accused(violationsIn(census(bookings), policy), 'I2')]).to.deep.equal([1, 2]);
    expect(violationsIn(census(bookings), defaultBookingPolicy)).to.deep.equal([]);
  });

  describe('on I4', () => {
    const members = [1, 2].map((id) =>
      recorded(aHold(id, { start: id * HOUR, end: (id + 1) * HOUR }, { groupId: 'g' })),
    );
    const requests = [{ groupId: 'g', bookingIds: [1, 2] }];
    const verdict = (some: Census) => found(some).map(({ invariant, bookingIds }) => [invariant, bookingIds]);

    it('finds nothing when all that was asked for is there, or was deleted on purpose', () => {
      expect(verdict(census(members, { requests }))).to.deep.equal([]);
      expect(verdict(census(members.slice(1), { requests, deletedIds: new Set([1]) }))).to.deep.equal([]);
    });

    it('finds a part that is missing, and a part that nobody asked for', () => {
      expect(verdict(census(members.slice(1), { requests }))).to.deep.equal([['I4', [1]]]);
      expect(verdict(census(members, { requests: [{ groupId: 'g', bookingIds: [1] }] }))).to.deep.equal([['I4', [2]]]);
    });

    it('finds a group of two owners', () => {
      const [first, second] = members;
      expect(verdict(census([first!, { ...second!, ownerId: 9 }], { requests }))).to.deep.equal([['I4', [1, 2]]]);
    });
  });

  describe('on I5', () => {
    const booking = recorded(aHold(1, { start: HOUR, end: 2 * HOUR }));
    const verdict = (some: Census) => found(some).map(({ invariant }) => invariant);
    const thing = { id: 1, rowIds: [1, 2], type: 'ROADM', bookable: true, changedAt: 0 };
    const window = { id: 1, deviceId: 2, slot: { start: 0, end: HOUR + 1 }, createdAt: MADE - 1 };

    it('finds a booking that was made into maintenance of any of its rows', () => {
      expect(verdict(census([booking], { windows: [window] }))).to.deep.equal(['I5']);
      expect(verdict(census([booking], { windows: [{ ...window, deviceId: 3 }] }))).to.deep.equal([]);
      expect(verdict(census([booking], { windows: [{ ...window, slot: { start: 0, end: HOUR } }] }))).to.deep.equal([]);
    });

    it('lets maintenance and device changes that came later stand', () => {
      expect(verdict(census([booking], { windows: [{ ...window, createdAt: MADE }] }))).to.deep.equal([]);
      const retired = { ...thing, bookable: false, changedAt: MADE };
      expect(verdict(census([booking], { things: [retired] }))).to.deep.equal([]);
      const grown = { ...thing, changedAt: MADE };
      expect(verdict(census([booking], { things: [grown], windows: [window] }))).to.deep.equal([]);
    });

    it('finds time that was added into maintenance, or on a device that could not be booked any more', () => {
      const later = { ...window, createdAt: MADE + 1 };
      const extended = (at: number, from = 2 * HOUR - 1) => ({ extensions: [{ bookingId: 1, from, at }] });
      const late = { ...later, slot: { start: 2 * HOUR - 1, end: 3 * HOUR } };
      expect(verdict(census([booking], { windows: [late], ...extended(MADE + 2) }))).to.deep.equal(['I5']);
      expect(verdict(census([booking], { windows: [late], ...extended(MADE + 1) }))).to.deep.equal([]);
      expect(verdict(census([booking], { windows: [later], ...extended(MADE + 2) }))).to.deep.equal([]);
      const retired = { ...thing, bookable: false, changedAt: MADE };
      expect(verdict(census([booking], { things: [retired], ...extended(MADE + 1) }))).to.deep.equal(['I5']);
    });

    it('finds a booking of a device that could not be booked, or is not there', () => {
      expect(verdict(census([booking], { things: [{ ...thing, bookable: false }] }))).to.deep.equal(['I5']);
      expect(verdict(census([booking], { things: [] }))).to.deep.equal(['I5']);
    });
  });
});

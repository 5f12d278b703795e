import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultPowerPolicy,
  needsOf,
  planFor,
  setFor,
  wishesFor,
  type BookedTime,
  type BookingStatus,
  type Feed,
  type OutletState,
  type PoweredDevice,
  type PowerPolicy,
  type Wish,
} from '../../../domain/index.js';

const MINUTE = 60_000;
const NINE = Date.UTC(2026, 10, 25, 9);
const policy: PowerPolicy = { ...defaultPowerPolicy, automation: 'on-demand' };

const at = (minutes: number): number => NINE + minutes * MINUTE;

const booked = (from: number, to: number, other: Partial<BookedTime> = {}): BookedTime => ({
  ...{ bookingId: 7, deviceId: 1, ownerId: 1, ownerUsername: 'ada', collaboratorIds: [] },
  ...{ slot: { start: at(from), end: at(to) }, status: 'CONFIRMED', changedAt: at(from) - 1000 * MINUTE },
  ...other,
});

const feed = (other: Partial<Feed> = {}): Feed => ({
  ...{ pduId: 1, pduName: 'PDU1', outlet: 1, mode: 'on_demand', hold: null, hand: null },
  ...other,
});

const device = (bookings: readonly BookedTime[], other: Partial<PoweredDevice> = {}): PoweredDevice => ({
  ...{ id: 1, name: 'ROADM 1', inMaintenance: false, maintenance: [], feeds: [feed()] },
  needs: needsOf(bookings, policy),
  ...other,
});

const wish = (of: PoweredDevice, minutes: number): Wish => [...wishesFor(of, at(minutes), policy).values()][0]!;
const actions = (of: PoweredDevice, ...minutes: number[]) => minutes.map((minute) => wish(of, minute).action);

describe('what power is wished of an outlet', () => {
  it('is on from the lead of a slot to its end, left alone in its grace, and off before and after', () => {
    expect(actions(device([booked(0, 60)]), -5.1, -5, 0, 59.9, 60, 69.9, 70)).to.deep.equal([
      ...['off', 'on', 'on', 'on', 'hold', 'hold', 'off'],
    ]);
  });

  it('says why, for people, with the booking', () => {
    const of = device([booked(0, 60)]);
    expect(wish(of, -60)).to.deep.equal({
      action: 'off',
      reason: 'Nobody needs ROADM 1 until booking 7 of ada at 2026-11-25 09:00Z',
      bookingId: null,
    });
    expect(wish(of, -1).reason).to.equal('ROADM 1: booking 7 of ada starts at 2026-11-25 09:00Z');
    expect(wish(of, 1)).to.deep.include({
      bookingId: 7,
      reason: 'ROADM 1: booking 7 of ada lasts until 2026-11-25 10:00Z',
    });
  });

  it('stays on between two bookings whose lead and grace meet', () => {
    const of = device([booked(0, 60), booked(75, 120, { bookingId: 8 })]);
    expect(actions(of, 59, 60, 69, 70, 74, 75)).to.deep.equal(['on', 'hold', 'hold', 'on', 'on', 'on']);
  });

  for (const [status, when, expected] of [
    ['PENDING', 30, 'off'],
    ['CONFLICTING', 30, 'off'],
    ['EXPIRED', 65, 'hold'],
    ['EXPIRED', 71, 'off'],
  ] as const) {
    it(`is ${expected} ${when} minutes after the start of an hour that is ${status}`, () => {
      expect(wish(device([booked(0, 60, { status })]), when).action).to.equal(expected);
    });
  }

  it('gives a booking that is given back while it runs its grace from then on, and none to one given back before', () => {
    const during = device([booked(0, 60, { status: 'CANCELLED', changedAt: at(20) })]);
    expect(actions(during, 21, 29, 30)).to.deep.equal(['hold', 'hold', 'off']);
    const before = device([booked(0, 60, { status: 'REJECTED', changedAt: at(-20) })]);
    expect(actions(before, -15, 0, 30)).to.deep.equal(['off', 'off', 'off']);
  });

  it('is left alone while it is held, under maintenance, or switched by people only', () => {
    const hold = { until: at(30), reason: 'cables', by: 'bob' };
    expect(actions(device([booked(0, 60)], { feeds: [feed({ hold })] }), -60, 10, 30)).to.deep.equal([
      'hold',
      'hold',
      'on',
    ]);
    const maintenance = [{ slot: { start: at(0), end: at(30) }, reason: 'fans' }];
    expect(actions(device([], { maintenance }), -1, 0, 29, 30)).to.deep.equal(['off', 'hold', 'hold', 'off']);
    expect(actions(device([], { inMaintenance: true }), 0)).to.deep.equal(['hold']);
    expect(actions(device([booked(0, 60)], { feeds: [feed({ mode: 'manual' })] }), 10)).to.deep.equal(['hold']);
  });

  it('is never off where it is always on', () => {
    expect(actions(device([booked(0, 60)], { feeds: [feed({ mode: 'always_on' })] }), -60, 30, 90)).to.deep.equal([
      ...['on', 'on', 'on'],
    ]);
  });

  it('is off only when all feeds of the device may be', () => {
    const feeds = [feed(), feed({ outlet: 2, hold: { until: at(30), reason: 'psu', by: 'bob' } })];
    const both = (minutes: number) =>
      [...wishesFor(device([], { feeds }), at(minutes), policy).values()].map(({ action }) => action);
    expect(both(0)).to.deep.equal(['hold', 'hold']);
    expect(both(30)).to.deep.equal(['off', 'off']);
    const mixed = [feed(), feed({ outlet: 2, mode: 'always_on' })];
    expect(
      [...wishesFor(device([], { feeds: mixed }), at(0), policy).values()].map(({ action }) => action),
    ).to.deep.equal([...['hold', 'on']]);
  });

  it('respects what people of the booking switched off, until the next booking', () => {
    const hand = { to: 'off', at: at(10), by: 'ada', bookingId: 7 } as const;
    const of = device([booked(0, 60), booked(60, 120, { bookingId: 8 })], { feeds: [feed({ hand })] });
    expect(actions(of, 11, 54.9, 55, 90)).to.deep.equal(['hold', 'hold', 'on', 'on']);
  });

  it('respects what somebody switched on without a booking for a while, and no longer than nobody had it', () => {
    const hand = { to: 'on', at: at(0), by: 'bob', bookingId: null } as const;
    expect(actions(device([], { feeds: [feed({ hand })] }), 1, 239, 240)).to.deep.equal(['hold', 'hold', 'off']);
    const used = device([booked(30, 60)], { feeds: [feed({ hand })] });
    expect(actions(used, 1, 40, 69, 71)).to.deep.equal(['hold', 'on', 'hold', 'off']);
  });

  it('is on in a booking that was confirmed after somebody had switched the device off', () => {
    const hand = { to: 'off', at: at(10), by: 'bob', bookingId: null } as const;
    expect(actions(device([booked(0, 60)], { feeds: [feed({ hand })] }), 11)).to.deep.equal(['on']);
  });
});

describe('what is sent for a wish', () => {
  const off: Wish = { action: 'off', reason: '', bookingId: null };

  it('is off only where the outlet is known to be on', () => {
    const states: OutletState[] = ['on', 'off', 'transitioning', 'unknown', 'unavailable'];
    expect(states.map((state) => setFor(off, state))).to.deep.equal(['off', null, null, null, null]);
    expect(states.map((state) => setFor({ ...off, action: 'on' }, state))).to.deep.equal([
      null,
      'on',
      null,
      'on',
      'on',
    ]);
    expect(states.map((state) => setFor({ ...off, action: 'hold' }, state))).to.deep.equal(states.map(() => null));
  });
});

describe('a plan', () => {
  it('lists how things are, every change, and what would be sent', () => {
    const plan = planFor(device([booked(60, 120)]), () => 'on', at(0), at(240), policy);
    expect(plan.map(({ at: when, wish: { action }, set }) => [(when - NINE) / MINUTE, action, set])).to.deep.equal([
      [0, 'off', 'off'],
      [55, 'on', 'on'],
      [120, 'hold', null],
      [130, 'off', 'off'],
    ]);
  });
});

describe('a wish, whatever the calendar, the holds, the hands and the feeds', () => {
  const status = fc.constantFrom<BookingStatus>(
    ...(['PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED'] as const),
  );
  const slot = fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 1, max: 200 }));
  const bookings = fc.array(
    fc
      .record({ slot, status, changed: fc.integer({ min: -400, max: 400 }), id: fc.integer({ min: 1, max: 9 }) })
      .map(({ slot: [start, length], status, changed, id }) =>
        booked(start, start + length, { bookingId: id, status, changedAt: at(changed) }),
      ),
    { maxLength: 5 },
  );
  const feeds = fc.array(
    fc.record({
      outlet: fc.integer({ min: 1, max: 99 }),
      mode: fc.constantFrom('on_demand' as const, 'always_on' as const, 'manual' as const),
      hold: fc.option(fc.integer({ min: -100, max: 100 }).map((until) => ({ until: at(until), reason: '', by: 'x' }))),
      hand: fc.option(
        fc.record({
          to: fc.constantFrom('on' as const, 'off' as const),
          at: fc.integer({ min: -300, max: 0 }).map(at),
          by: fc.constant('x'),
          bookingId: fc.option(fc.integer({ min: 1, max: 9 })),
        }),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const maintenance = fc.array(
    slot.map(([start, length]) => ({ slot: { start: at(start), end: at(start + length) }, reason: '' })),
    { maxLength: 2 },
  );

  it('is never off while anybody needs the device', () => {
    fc.assert(
      fc.property(bookings, feeds, maintenance, (all, some, windows) => {
        const of = device(all, { feeds: some.map(feed), maintenance: windows });
        const wishes = [...wishesFor(of, NINE, policy)];
        const inUse = all.some(
          ({ status, slot }) =>
            status === 'CONFIRMED' && slot.start - policy.lead <= NINE && NINE < slot.end + policy.grace,
        );
        const kept =
          inUse ||
          windows.some(({ slot }) => slot.start <= NINE && NINE < slot.end) ||
          of.feeds.some(({ hold, mode }) => mode !== 'on_demand' || (hold !== null && NINE < hold.until));
        if (kept) for (const [, { action }] of wishes) expect(action).to.not.equal('off');
        const offs = wishes.filter(([, { action }]) => action === 'off').length;
        expect([0, wishes.length]).to.include(offs);
        for (const [, { reason }] of wishes) expect(reason).to.not.equal('');
      }),
      { numRuns: 3000 },
    );
  });

  it('changes only at the instants of its plan', () => {
    fc.assert(
      fc.property(bookings, feeds, maintenance, fc.integer({ min: 0, max: 719 }), (all, some, windows, minute) => {
        const of = device(all, {
          feeds: some.map((one, index) => feed({ ...one, outlet: index + 1 })),
          maintenance: windows,
        });
        const plan = planFor(of, () => 'unknown', NINE, at(720), policy);
        for (const [one, { action, bookingId }] of wishesFor(of, at(minute), policy)) {
          const last = plan.filter((change) => change.feed === one && change.at <= at(minute)).at(-1);
          expect(last?.wish).to.deep.include({ action, bookingId });
        }
      }),
      { numRuns: 500 },
    );
  });
});

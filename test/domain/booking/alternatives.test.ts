import { expect } from 'chai';
import fc from 'fast-check';
import {
  alternativesTo,
  DAY,
  defaultBookingPolicy,
  HOUR,
  isoOf,
  judge,
  LabZone,
  lengthOf,
  MINUTE,
  MOST_ALTERNATIVES,
  sameSlot,
  type Alternative,
  type BookingPolicy,
  type Calendar,
  type Instant,
  type TimeSlot,
  type WantedItem,
} from '../../../domain/index.js';
import { aHold, aThing, calendarOf, instantsOf, isOn, slotsOn, termsAt, type Grid } from '../../support/calendars.js';
import { WallClock } from '../../support/wall-clock.js';

const zone = new LabZone('Europe/Dublin');
const clock = new WallClock('Europe/Dublin');

/** Four days in quarters of an hour; the second day has 25 hours. */
const grid: Grid = { from: zone.startOfDate('2026-10-24'), step: 15 * MINUTE, steps: 97 * 4 };
/** Every quarter until after the latest horizon. */
const quarters = instantsOf({ ...grid, steps: 6 * 24 * 4 });
/** What the clock on the wall shows at each of them, as a number to calculate with. */
const onTheWall = new Map(quarters.map((quarter) => [quarter, clock.asIfUtcAt(quarter)]));
const wallDaysBetween = (from: Instant, to: Instant) => (onTheWall.get(to)! - onTheWall.get(from)!) / DAY;
const minutesInto = (from: Instant, minutes: number): Instant => from + minutes * MINUTE;

const calendars = (id: number) =>
  fc
    .record({
      status: fc.constantFrom('active', 'active', 'active', 'active', 'in_maintenance'),
      holds: fc.array(fc.record({ slot: slotsOn(grid, 160), ownerId: fc.integer({ min: 1, max: 4 }) }), {
        maxLength: 6,
      }),
      maintenance: fc.array(slotsOn(grid, 60), { maxLength: 2 }),
    })
    .map(({ status, holds, maintenance }) =>
      calendarOf(
        aThing(id, { status }),
        holds.map(({ slot, ownerId }, index) => aHold(index + 1, slot, { ownerId })),
        maintenance,
      ),
    );

const cases = fc
  .record({
    now: fc.integer({ min: 0, max: 30 * 4 }).map((step) => grid.from + step * grid.step),
    horizonDays: fc.integer({ min: 1, max: 3 }),
    turnaroundMinutes: fc.constantFrom(0, 0, 30),
    wanted: slotsOn(grid, 80),
    own: calendars(1),
    peers: fc
      .uniqueArray(fc.integer({ min: 2, max: 6 }), { maxLength: 5 })
      .chain((ids) => fc.tuple(...ids.map(calendars))),
    rest: fc.array(fc.record({ device: fc.integer({ min: 1, max: 4 }), slot: slotsOn(grid, 40) }), { maxLength: 3 }),
  })
  .map(({ now, horizonDays, turnaroundMinutes, wanted, own, peers, rest }) => ({
    item: { thing: own.thing, slot: wanted, consent: false } satisfies WantedItem,
    own,
    peers,
    rest: rest.map(({ device, slot }): WantedItem => ({ thing: aThing(device), slot, consent: false })),
    terms: termsAt(now, { policy: { maxContenders: 2, maxDays: 1, horizonDays, turnaroundMinutes } }),
    horizon: quarters.find((quarter) => wallDaysBetween(now, quarter) >= horizonDays)!,
  }));

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const quartersOf = ({ start, end }: TimeSlot): Instant[] =>
  instantsOf({ from: start, step: grid.step, steps: (end - start) / grid.step });

/** Whether the slot may be had on that device: quarter by quarter, and as the rules on time say. */
const mayBeHad = (slot: TimeSlot, calendar: Calendar, { rest, terms, horizon }: Case): boolean => {
  const { now, policy } = terms;
  const inTheWay = [
    ...calendar.holds.map(({ slot: held, ownerId }) => {
      const gap = ownerId === terms.requesterId ? 0 : policy.turnaroundMinutes! * MINUTE;
      return { start: held.start - gap, end: held.end + gap };
    }),
    ...calendar.maintenance.map((window) => window.slot),
    ...rest.filter((other) => other.thing.id === calendar.thing.id).map((other) => other.slot),
  ];
  return (
    calendar.thing.status === 'active' &&
    slot.end > now &&
    slot.end <= horizon &&
    Math.floor(onTheWall.get(slot.start)! / DAY) >= Math.floor(onTheWall.get(now)! / DAY) &&
    wallDaysBetween(slot.start, slot.end) <= policy.maxDays &&
    !quartersOf(slot).some((at) => inTheWay.some((block) => isOn(block, at)))
  );
};

/** The first start, quarter by quarter, from which the device may be had for as long as was wanted. */
const firstStart = (from: Instant, lab: Case): Instant | undefined =>
  quarters
    .filter((start) => start >= from && start >= lab.terms.now)
    .find((start) => mayBeHad({ start, end: start + lengthOf(lab.item.slot) }, lab.own, lab));

const offered = ({ item, own, peers, rest, terms }: Case): Alternative[] =>
  alternativesTo(item, own, peers, rest, terms);

const thousands = { numRuns: 2000 };

describe('Alternatives to a refused slot', () => {
  it('are granted at once to whoever asks for one of them', () => {
    fc.assert(
      fc.property(cases, (lab) => {
        const all = new Map([lab.own, ...lab.peers].map((calendar) => [calendar.thing.id, calendar]));
        for (const { deviceId, slot } of offered(lab)) {
          const items = [{ thing: all.get(deviceId)!.thing, slot, consent: false }];
          expect(judge(items, all, lab.terms).refusals, isoOf(slot.start)).to.deep.equal([]);
          expect(mayBeHad(slot, all.get(deviceId)!, lab)).to.be.true;
        }
      }),
      thousands,
    );
  });

  it('begin with the earliest time of the same device, then the first other device that is free', () => {
    fc.assert(
      fc.property(cases, (lab) => {
        const { item, own, peers, terms } = lab;
        const length = lengthOf(item.slot);
        const starts = [firstStart(terms.now, lab), firstStart(item.slot.start, lab)];
        const times = [...new Set(starts)]
          .filter((start) => start !== undefined)
          .map((start) => ({ kind: 'time', deviceId: own.thing.id, slot: { start, end: start + length } }));
        const devices = peers
          .filter((peer) => mayBeHad(item.slot, peer, lab))
          .map((peer) => ({ kind: 'device', deviceId: peer.thing.id, slot: item.slot }));
        const due = [...times.slice(0, 1), ...devices.slice(0, 1), ...times.slice(1), ...devices.slice(1)];
        expect(offered(lab).map(({ kind, deviceId, slot }) => ({ kind, deviceId, slot }))).to.deep.equal(
          due.slice(0, MOST_ALTERNATIVES),
        );
      }),
      thousands,
    );
  });

  it('are as long as what was wanted, different from each other, and at most three', () => {
    fc.assert(
      fc.property(cases, (lab) => {
        const found = offered(lab);
        expect(found.length).to.be.at.most(3);
        for (const [index, { kind, deviceId, slot }] of found.entries()) {
          expect(lengthOf(slot)).to.equal(lengthOf(lab.item.slot));
          expect(kind === 'device').to.equal(deviceId !== lab.item.thing.id);
          const twins = found
            .slice(index + 1)
            .filter((other) => other.deviceId === deviceId && sameSlot(other.slot, slot));
          expect(twins).to.deep.equal([]);
        }
      }),
      thousands,
    );
  });

  it('are granted at any second of the day, and of slots of any length', () => {
    const anySecond = fc.tuple(cases, fc.nat(15 * 60_000 - 1), fc.nat(15 * 60_000 - 1));
    fc.assert(
      fc.property(anySecond, ([lab, intoQuarter, shorter]) => {
        const now = lab.terms.now + intoQuarter;
        const { start, end } = lab.item.slot;
        const item = { ...lab.item, slot: { start, end: end - shorter } };
        const all = new Map(
          [lab.own, ...lab.peers].map((calendar) => {
            const holds = calendar.holds.filter((hold) => hold.slot.end > now);
            return [calendar.thing.id, { ...calendar, holds }];
          }),
        );
        const terms = { ...lab.terms, now };
        const [own, ...peers] = [...all.values()];
        for (const { kind, deviceId, slot } of alternativesTo(item, own!, peers, lab.rest, terms)) {
          const items = [{ thing: all.get(deviceId)!.thing, slot, consent: false }];
          expect(judge(items, all, terms).refusals).to.deep.equal([]);
          if (kind === 'time') expect(slot.start).to.be.at.least(now);
        }
      }),
      thousands,
    );
  });
});

describe('An alternative time', () => {
  const now = Date.parse('2026-11-23T09:00:40.500Z');
  const nine = Date.parse('2026-11-23T09:00Z');
  const only = (holds: readonly TimeSlot[], wanted: TimeSlot, policy: Partial<BookingPolicy> = {}, at = now) => {
    const own = calendarOf(
      aThing(1),
      holds.map((slot, index) => aHold(index + 1, slot)),
    );
    const terms = termsAt(at, { policy: { ...defaultBookingPolicy, ...policy } });
    return alternativesTo({ thing: own.thing, slot: wanted, consent: false }, own, [], [], terms).map(
      ({ slot }) => `${isoOf(slot.start)} ${isoOf(slot.end)}`,
    );
  };
  const fromNine = (start: number, end: number): TimeSlot => ({
    start: minutesInto(nine, start),
    end: minutesInto(nine, end),
  });

  it('begins with a whole minute that is still to come', () => {
    expect(only([fromNine(60, 120)], fromNine(60, 120))).to.deep.equal([
      '2026-11-23T11:00:00.000Z 2026-11-23T12:00:00.000Z',
    ]);
    expect(only([fromNine(90, 120)], fromNine(90, 120))[0]).to.equal(
      '2026-11-23T09:01:00.000Z 2026-11-23T09:31:00.000Z',
    );
  });

  it('begins now when there is no room from the next minute on', () => {
    const crowded = { start: now + HOUR, end: now + 400 * DAY };
    expect(only([crowded], { start: now + HOUR, end: now + 2 * HOUR })).to.deep.equal([
      `${isoOf(now)} ${isoOf(now + HOUR)}`,
    ]);
  });

  it('is found even for a moment, although the current minute is half over', () => {
    expect(only([], { start: nine - 2000, end: nine - 1000 })[0]).to.equal(
      '2026-11-23T09:01:00.000Z 2026-11-23T09:01:01.000Z',
    );
  });

  it('is there for the longest booking, whose days have one hour more across the clock change', () => {
    const august = zone.parse('2026-08-01T00:00');
    const october: TimeSlot = { start: zone.parse('2026-10-01T00:00'), end: zone.parse('2026-11-01T00:00') };
    expect(lengthOf(october)).to.equal(31 * DAY + HOUR);
    const found = only([{ start: october.start, end: october.start + HOUR }], october, {}, august);
    expect(found).not.to.deep.equal([]);
    for (const text of found) {
      const [start = '', end = ''] = text.split(' ');
      expect(zone.daysBetween(zone.parse(start), zone.parse(end))).to.be.at.most(31);
    }
  });

  it('is not looked for when no booking may be that long', () => {
    expect(only([], { start: nine, end: nine + 60 * DAY })).to.deep.equal([]);
  });

  it('ends within the horizon', () => {
    const busy = (until: Instant) => [{ start: nine - HOUR, end: until }];
    const horizon = zone.addDays(now, 2);
    const wanted = { start: nine, end: nine + HOUR };
    expect(only(busy(horizon - HOUR), wanted, { horizonDays: 2 })).to.have.lengthOf(1);
    expect(only(busy(horizon - HOUR + 1), wanted, { horizonDays: 2 })).to.deep.equal([]);
  });
});

describe('Alternatives among many devices', () => {
  it('are found', () => {
    const now = grid.from;
    const wanted = { start: now + HOUR, end: now + 2 * HOUR };
    const busy = Array.from({ length: 400 }, (_, index) =>
      aHold(index, { start: now + index * 2 * HOUR, end: now + (index * 2 + 1.5) * HOUR }),
    );
    const [own, ...peers] = Array.from({ length: 201 }, (_, id) => calendarOf(aThing(id), busy));
    const item = { thing: own!.thing, slot: wanted, consent: false };
    const rest = Array.from({ length: 1000 }, (_, id): WantedItem => ({
      thing: aThing(id + 300),
      slot: wanted,
      consent: false,
    }));
    expect(alternativesTo(item, own!, peers, rest, termsAt(now))).to.have.lengthOf(1);
  });
});

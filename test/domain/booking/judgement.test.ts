import { expect } from 'chai';
import fc from 'fast-check';
import {
  DAY,
  defaultBookingPolicy,
  DEVICE_STATUSES,
  DomainError,
  HOUR,
  judge,
  LabZone,
  mergeItems,
  MINUTE,
  type BookingPolicy,
  type Calendar,
  type DeviceStatus,
  type EndedHold,
  type Hold,
  type Role,
  type TimeSlot,
  type WantedItem,
} from '../../../domain/index.js';
import {
  aHold,
  aThing,
  calendarOf,
  groupsAt,
  hourly,
  instantsOf,
  isOn,
  lawful,
  settled,
  slotsOn,
  termsAt,
} from '../../support/calendars.js';
import { WallClock } from '../../support/wall-clock.js';

const zone = new LabZone('Europe/Dublin');
const clock = new WallClock('Europe/Dublin');
/** Three days, the second of which has 25 hours. */
const grid = hourly(zone.startOfDate('2026-10-24'), 73);
const REQUESTER = 2;
const meet = (a: TimeSlot, b: TimeSlot) => instantsOf(grid).some((at) => isOn(a, at) && isOn(b, at));

const usually = <T>(value: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(value), weight: 7 }, { arbitrary: other, weight: 1 });

/** Limits of every kind; each of them may be missing. */
const limits = {
  minMinutes: fc.constantFrom(60, 180),
  maxDays: fc.integer({ min: 1, max: 2 }),
  horizonDays: usually(3, fc.integer({ min: 1, max: 2 })),
  maxDeviceHours: usually(300, fc.integer({ min: 10, max: 120 })),
  maxGroups: usually(4, fc.integer({ min: 1, max: 3 })),
  turnaroundMinutes: fc.constantFrom(0, 60, 150),
};
const exceptions = fc.record(limits, { requiredKeys: [] });
const policies: fc.Arbitrary<BookingPolicy> = fc.record(
  {
    ...limits,
    maxContenders: fc.integer({ min: 1, max: 3 }),
    deviceTypes: fc.record({ scope: exceptions }),
    roles: fc.record({ User: exceptions }),
  },
  { requiredKeys: ['maxContenders', 'maxDays', 'horizonDays'] },
);

const cases = fc
  .record({
    now: fc.integer({ min: 0, max: 30 * 4 }).map((quarters) => grid.from + quarters * 15 * MINUTE),
    role: fc.constantFrom<Role>('User', 'Admin'),
    groupId: fc.constantFrom(null, 'group 1'),
    joined: fc.array(fc.record({ deviceId: fc.integer({ min: 1, max: 3 }), slot: slotsOn(grid, 12) }), {
      maxLength: 3,
    }),
    held: fc.array(
      fc.record({
        groupId: fc.constantFrom('group 1', 'group 2', 'group 3'),
        type: fc.constantFrom('ROADM', 'SCOPE', 'Laser'),
        slot: slotsOn(grid, 20),
      }),
      { maxLength: 3 },
    ),
    policy: policies,
    automatic: fc.boolean(),
  })
  .chain(({ now, automatic, ...drawn }) =>
    fc.record({
      terms: fc.constant(termsAt(now, { ...drawn, requesterId: REQUESTER, automatic: () => automatic })),
      calendars: fc.array(
        fc.record({
          type: fc.constantFrom('ROADM', 'Scope'),
          status: usually<DeviceStatus>('active', fc.constantFrom(...DEVICE_STATUSES)),
          schedulable: usually(true, fc.constant(false)),
          holds: lawful(grid, 12, 8, drawn.policy.maxContenders),
          maintenance: fc.array(slotsOn(grid, 6), { maxLength: 1 }),
          ended: fc.array(fc.record({ ownerId: fc.constantFrom(REQUESTER, 7), slot: slotsOn(grid, 6) }), {
            maxLength: 2,
          }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      wishes: fc.array(
        fc.record({ device: fc.nat(2), slot: fc.oneof(slotsOn(grid, 8), slotsOn(grid, 30)), consent: fc.boolean() }),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
    }),
  )
  .map(({ terms, calendars, wishes }) => {
    const standing = calendars.map(({ type, status, schedulable, holds, maintenance, ended }, index) => {
      const left = settled(
        holds.filter((hold) => hold.slot.end > terms.now),
        grid,
      );
      const over = ended.map(({ ownerId, slot }, nth): EndedHold => {
        const known = { bookingId: 900 + nth, groupId: 'over', ownerId, ownerUsername: `user ${ownerId}` };
        return { ...known, slot, status: 'EXPIRED' };
      });
      return { ...calendarOf(aThing(index + 1, { type, status, schedulable }), left, maintenance), ended: over };
    });
    const items: WantedItem[] = [];
    for (const { device, slot, consent } of wishes) {
      const { thing } = standing[device % standing.length]!;
      if (items.some((item) => item.thing === thing && meet(item.slot, slot))) continue;
      items.push({ thing, slot, consent });
    }
    return { terms, items, calendars: new Map(standing.map((calendar) => [calendar.thing.id, calendar])) };
  });

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const horizons = new Map<string, number>();
const horizonFrom = (now: number, days: number): number => {
  const horizon = horizons.get(`${now} ${days}`) ?? clock.daysLater(now, days);
  horizons.set(`${now} ${days}`, horizon);
  return horizon;
};

/** Every reason against an item, as the lab's rules say it. */
const reasonsAgainst = ({ thing, slot, consent }: WantedItem, { terms, items, calendars }: Case): string[] => {
  const { now, policy, role } = terms;
  const { holds, maintenance, ended } = calendars.get(thing.id)!;
  const ofRole = role === 'User' ? (policy.roles?.User ?? {}) : {};
  const ofType = thing.type === 'Scope' ? (policy.deviceTypes?.scope ?? {}) : {};
  const { minMinutes = 0, turnaroundMinutes = 0 } = { ...policy, ...ofRole, ...ofType };
  const maxDays = ofType.maxDays ?? ofRole.maxDays ?? policy.maxDays;
  const horizonDays = ofType.horizonDays ?? ofRole.horizonDays ?? policy.horizonDays;

  const onTheWall = (instant: number) => clock.asIfUtcAt(instant) + (instant % 1000);
  const inTheWay = holds.filter((hold) => meet(hold.slot, slot));
  const isOthers = inTheWay.some((hold) => hold.ownerId !== REQUESTER);
  const isFull = instantsOf(grid).some((at) => isOn(slot, at) && groupsAt(at, holds) >= policy.maxContenders);
  // What touches it, what touches that, and so on, as one.
  const unbroken = (others: readonly TimeSlot[]): TimeSlot => {
    let [start, end] = [slot.start, slot.end];
    for (let grown = true; grown;) {
      grown = false;
      for (const other of others) {
        if (other.end < start || other.start > end || (other.start >= start && other.end <= end)) continue;
        [start, end] = [Math.min(start, other.start), Math.max(end, other.end)];
        grown = true;
      }
    }
    return { start, end };
  };
  const joined = (terms.joined ?? []).filter(({ deviceId }) => deviceId === thing.id).map((other) => other.slot);
  const asked = items.filter((other) => other.thing.id === thing.id).map((other) => other.slot);
  const [joint, whole] = [unbroken(joined), unbroken([...joined, ...asked])];
  const isNear = ({ slot: other }: Hold | EndedHold) =>
    (other.end <= slot.start && slot.start - other.end < turnaroundMinutes * MINUTE) ||
    (slot.end <= other.start && other.start - slot.end < turnaroundMinutes * MINUTE);

  // A quota of the lab or of a role counts everything, one of a type what is of that type.
  const all = [
    ...terms.held,
    ...items.map((item) => ({ groupId: terms.groupId ?? 'new', type: item.thing.type, slot: item.slot })),
  ];
  const same = all.filter((other) => other.type.toLowerCase() === thing.type.toLowerCase());
  const { maxDeviceHours = Infinity, maxGroups = Infinity } = { ...policy, ...ofRole };
  const { maxDeviceHours: hoursOfType = Infinity, maxGroups: groupsOfType = Infinity } = ofType;
  const hours = (some: typeof all) => some.reduce((sum, other) => sum + (other.slot.end - other.slot.start), 0) / HOUR;
  const groups = (some: typeof all) => new Set(some.map((other) => other.groupId)).size;

  const reasons: [string, boolean][] = [
    ['booking.in-past', slot.end <= now],
    ['booking.starts-in-past', clock.dateAt(slot.start) < clock.dateAt(now)],
    ['booking.too-short', joint.end - joint.start < minMinutes * MINUTE],
    ['booking.too-long', onTheWall(whole.end) - onTheWall(whole.start) > maxDays * DAY],
    ['booking.beyond-horizon', slot.end > horizonFrom(now, horizonDays)],
    ['booking.too-many-hours', hours(all) > maxDeviceHours],
    ['booking.too-many-hours', hours(same) > hoursOfType],
    ['booking.too-many-groups', groups(all) > maxGroups],
    ['booking.too-many-groups', groups(same) > groupsOfType],
    ['booking.turnaround', [...holds, ...ended].some((hold) => hold.ownerId !== REQUESTER && isNear(hold))],
    ['booking.device-unavailable', thing.status !== 'active' || !thing.schedulable],
    ['booking.maintenance', maintenance.some((window) => meet(window.slot, slot))],
    ['booking.own', inTheWay.some((hold) => hold.ownerId === REQUESTER)],
    ['booking.full', isOthers && isFull],
    ['booking.taken', isOthers && !isFull && !consent],
  ];
  return reasons.filter(([, isSo]) => isSo).map(([code]) => code);
};

const kindOf = (code: string): string => {
  if (/own|full|taken|turnaround/.test(code)) return 'conflict';
  return /device-unavailable|maintenance/.test(code) ? 'unavailable' : 'invalid';
};

const thousands = { numRuns: 2000 };

describe('The judgement of a request', () => {
  it('grants what the rules allow and tells every reason against the rest', () => {
    fc.assert(
      fc.property(cases, (lab) => {
        const { terms, items, calendars } = lab;
        const { grants, refusals } = judge(items, calendars, terms);
        const told = refusals.map(({ deviceId, slot, code, kind }) => ({ deviceId, slot, code, kind }));
        const due = items.flatMap((item) =>
          reasonsAgainst(item, lab).map((code) => {
            return { deviceId: item.thing.id, slot: item.slot, code, kind: kindOf(code) };
          }),
        );
        expect(told).to.deep.equal(due);

        const free = items.filter((item) => reasonsAgainst(item, lab).length === 0);
        expect(grants).to.deep.equal(
          free.map(({ thing, slot }) => {
            const isContended = calendars.get(thing.id)!.holds.some((hold) => meet(hold.slot, slot));
            const status = terms.automatic(thing) ? 'CONFIRMED' : 'PENDING';
            return { thing, slot, status: isContended ? 'CONFLICTING' : status };
          }),
        );
      }),
      thousands,
    );
  });

  it('leaves a calendar on which all invariants hold', () => {
    fc.assert(
      fc.property(cases, ({ terms, items, calendars }) => {
        const { grants } = judge(items, calendars, terms);
        for (const { thing, holds, maintenance } of calendars.values()) {
          const added = grants
            .filter((grant) => grant.thing === thing)
            .map(({ slot, status }, index) =>
              aHold(1000 + index, slot, { groupId: 'the new one', ownerId: REQUESTER, status }),
            );
          const after: Hold[] = [...holds, ...added];
          for (const [index, hold] of after.entries()) {
            for (const other of after.slice(index + 1)) {
              const isDouble =
                hold.status === 'CONFIRMED' && other.status === 'CONFIRMED' && meet(hold.slot, other.slot);
              expect(isDouble, 'I1').to.be.false;
            }
          }
          for (const instant of instantsOf(grid)) {
            expect(groupsAt(instant, after), 'I2').to.be.at.most(terms.policy.maxContenders);
          }
          expect(after, 'I3').to.deep.equal(settled(after, grid));
          for (const { slot } of added) {
            expect(thing.status === 'active' && thing.schedulable, 'I5').to.be.true;
            expect(
              maintenance.some((window) => meet(window.slot, slot)),
              'I5',
            ).to.be.false;
          }
        }
      }),
      thousands,
    );
  });

  it('names in a refusal who and what is in the way', () => {
    fc.assert(
      fc.property(cases, ({ terms, items, calendars }) => {
        for (const refusal of judge(items, calendars, terms).refusals) {
          const { thing, holds, maintenance } = calendars.get(refusal.deviceId)!;
          const isTurnaround = refusal.code === 'booking.turnaround';
          const inTheWay = holds.filter((hold) => meet(hold.slot, refusal.slot));
          const isMine = refusal.code === 'booking.own';
          const holders = isTurnaround
            ? refusal.holders.filter((hold) => hold.ownerId !== REQUESTER && !inTheWay.includes(hold as Hold))
            : inTheWay.filter((hold) => (hold.ownerId === REQUESTER) === isMine);
          if (isTurnaround) expect(holders).not.to.deep.equal([]);
          const windows = maintenance.filter((window) => meet(window.slot, refusal.slot));
          expect(refusal.holders).to.deep.equal(refusal.kind === 'conflict' ? holders : []);
          expect(refusal.maintenance).to.deep.equal(refusal.code === 'booking.maintenance' ? windows : []);
          expect([refusal.deviceType, refusal.deviceName]).to.deep.equal([thing.type, thing.name]);
          if (refusal.kind === 'conflict' && !isTurnaround) expect(refusal.detail).to.include('is already booked');
          else expect(refusal.detail).not.to.match(/conflict|already booked/i);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('holds every policy rule against every item, kept or not', () => {
    fc.assert(
      fc.property(cases, ({ terms, items, calendars }) => {
        const { policy, refusals } = judge(items, calendars, terms);
        for (const rule of ['ends-in-future', 'starts-today-or-later', 'max-days', 'horizon-days']) {
          expect(policy.filter((check) => check.rule === rule)).to.have.lengthOf(items.length);
        }
        const broken = policy.filter((check) => !check.ok).map((check) => check.code);
        const told = refusals
          .filter(({ kind, code }) => kind === 'invalid' || code === 'booking.turnaround')
          .map(({ code }) => code);
        expect(told).to.deep.equal(broken);
      }),
      { numRuns: 500 },
    );
  });
});

describe('What a refusal says', () => {
  const now = Date.parse('2026-11-23T09:00Z');
  const wanted: TimeSlot = { start: now + 2 * HOUR, end: now + 4 * HOUR };
  const terms = termsAt(now, { requesterId: REQUESTER });
  const said = (calendar: Calendar, consent = false, slot = wanted) => {
    const calendars = new Map([[calendar.thing.id, calendar]]);
    return judge([{ thing: calendar.thing, slot, consent }], calendars, terms).refusals.map(({ detail }) => detail);
  };
  const scope = aThing(1, { type: 'Scope', name: 'Scope 1' });
  const night: TimeSlot = { start: now + 3 * HOUR, end: now + 20 * HOUR };

  it('is who holds the device, how, and when in lab time', () => {
    expect(said(calendarOf(scope, [aHold(1, wanted, { status: 'CONFIRMED' })]))).to.deep.equal([
      'Scope 1 is already booked by ada (CONFIRMED, 2026-11-23 11:00 to 13:00). To contend for it, ask with status CONFLICTING.',
    ]);
    expect(said(calendarOf(scope, [aHold(1, night), aHold(2, wanted, { ownerUsername: 'bob' })]), true)).to.deep.equal([
      'Scope 1 is already booked by ada (PENDING, 2026-11-23 12:00 to 2026-11-24 05:00) and bob (PENDING, 2026-11-23 11:00 to 13:00); ' +
        'no more than 2 may contend for it.',
    ]);
  });

  it('is who has the device too shortly before and after, and until when', () => {
    const neighbours = [
      aHold(1, { start: now, end: wanted.start - HOUR / 2 }, { status: 'CONFIRMED' }),
      aHold(2, { start: wanted.end + HOUR / 4, end: now + 20 * HOUR }, { ownerUsername: 'bob' }),
    ];
    const calendar = calendarOf(scope, neighbours);
    const policy = { ...defaultBookingPolicy, turnaroundMinutes: 60 };
    const item = { thing: scope, slot: wanted, consent: true };
    const { refusals } = judge([item], new Map([[scope.id, calendar]]), { ...terms, policy });
    expect(refusals.map(({ detail }) => detail)).to.deep.equal([
      '60 minutes must stay free between two people, and only 15 do. ' +
        'Scope 1 is held by ada (2026-11-23 09:00 to 10:30) and bob (2026-11-23 13:15 to 2026-11-24 05:00).',
    ]);
  });

  it('names the first three of many', () => {
    const many = [0, 1, 2, 3, 4].map((hour) =>
      aHold(hour + 1, { start: now + hour * HOUR, end: now + (hour + 1) * HOUR }, { ownerUsername: `user ${hour}` }),
    );
    expect(said(calendarOf(scope, many), false, { start: now, end: now + 5 * HOUR })).to.deep.equal([
      'Scope 1 is already booked by user 0 (PENDING, 2026-11-23 09:00 to 10:00), user 1 (PENDING, 2026-11-23 10:00 to 11:00), ' +
        'user 2 (PENDING, 2026-11-23 11:00 to 12:00) and 2 more. To contend for it, ask with status CONFLICTING.',
    ]);
  });

  it('is how many may contend for a device of that type, whoever asks', () => {
    const policy = { ...defaultBookingPolicy, maxContenders: 3, deviceTypes: { SCOPE: { maxContenders: 1 } } };
    const calendars = [scope, aThing(2)].map((thing) => calendarOf(thing, [aHold(1, wanted)]));
    const { grants, refusals } = judge(
      calendars.map(({ thing }) => ({ thing, slot: wanted, consent: true })),
      new Map(calendars.map((calendar) => [calendar.thing.id, calendar])),
      { ...terms, policy },
    );
    expect(grants.map(({ thing }) => thing.name)).to.deep.equal(['ROADM 2']);
    expect(refusals.map(({ detail }) => detail)).to.deep.equal([
      'Scope 1 is already booked by ada (PENDING, 2026-11-23 11:00 to 13:00); no more than 1 may contend for it.',
    ]);
  });

  it('is that it is already theirs, even when they would contend', () => {
    expect(said(calendarOf(scope, [aHold(1, wanted, { ownerId: REQUESTER })]), true)).to.deep.equal([
      'Scope 1 is already booked by you, 2026-11-23 11:00 to 13:00.',
    ]);
  });

  it('is the maintenance with its reason, together with everything else', () => {
    const broken = { ...scope, status: 'in_maintenance' as const };
    expect(said(calendarOf(broken, [], [night]))).to.deep.equal([
      'Scope 1 cannot be booked: its status is in_maintenance.',
      'Scope 1 is under maintenance 2026-11-23 12:00 to 2026-11-24 05:00 (fans).',
    ]);
    expect(said(calendarOf({ ...scope, schedulable: false }))).to.deep.equal([
      'Scope 1 cannot be booked: devices of type Scope are not schedulable.',
    ]);
  });

  it('is that nothing is known about a device without a calendar: it is not free', () => {
    const { grants, refusals } = judge([{ thing: scope, slot: wanted, consent: true }], new Map(), terms);
    expect(grants).to.deep.equal([]);
    expect(refusals).to.have.lengthOf(1);
    expect(refusals[0]).to.include({ kind: 'unavailable', code: 'booking.device-unavailable' });
  });
});

describe('Items of one request', () => {
  const small = { from: 0, step: 1, steps: 12 };
  const things = [aThing(1), aThing(2), aThing(3)];
  const requests = fc.array(
    fc.record({ thing: fc.constantFrom(...things), slot: slotsOn(small, 4), consent: fc.boolean() }),
    { maxLength: 7 },
  );
  const isSame = (a: WantedItem, b: WantedItem) =>
    a.thing === b.thing && a.slot.start === b.slot.start && a.slot.end === b.slot.end;

  it('are merged when they are identical, and refused when they overlap otherwise', () => {
    fc.assert(
      fc.property(requests, (items) => {
        const clashing = things.filter((thing) =>
          items.some((a) =>
            items.some(
              (b) =>
                a.thing === thing &&
                b.thing === thing &&
                !isSame(a, b) &&
                instantsOf(small).some((at) => isOn(a.slot, at) && isOn(b.slot, at)),
            ),
          ),
        );
        if (clashing.length > 0) {
          expect(() => mergeItems(items))
            .to.throw(DomainError)
            .that.deep.includes({
              kind: 'invalid',
              code: 'booking.items-overlap',
              facts: { device_ids: clashing.map((thing) => thing.id) },
            });
          return;
        }
        const distinct = items.filter((item, index) => items.findIndex((other) => isSame(item, other)) === index);
        expect(mergeItems(items)).to.deep.equal(
          distinct.map((item) => ({
            ...item,
            consent: items.filter((other) => isSame(item, other)).every((other) => other.consent),
          })),
        );
      }),
      thousands,
    );
  });

  it('are refused with the names of all devices whose slots overlap', () => {
    const item = (thing: WantedItem['thing'], start: number): WantedItem => {
      return { thing, slot: { start, end: start + 3 }, consent: false };
    };
    const [first, second, third] = [things[0]!, things[1]!, things[2]!];
    const items = [item(first, 0), item(second, 0), item(third, 0), item(third, 2), item(first, 1)];
    expect(() => mergeItems(items)).to.throw('Slots of this request for ROADM 1 and ROADM 3 overlap each other.');
  });

  it('are merged and judged by the thousand', () => {
    const now = grid.from;
    const items = Array.from({ length: 1000 }, (_, index): WantedItem => {
      const start = now + Math.floor(index / 50) * HOUR;
      return { thing: aThing(index % 50), slot: { start, end: start + HOUR }, consent: false };
    });
    const calendars = new Map(
      Array.from({ length: 50 }, (_, device) => {
        const holds = Array.from({ length: 200 }, (__, index) =>
          aHold(index, { start: now + index * 2 * HOUR, end: now + index * 2 * HOUR + HOUR }),
        );
        return [device, calendarOf(aThing(device), holds)] as const;
      }),
    );
    const terms = termsAt(now);
    expect(judge(mergeItems(items), calendars, terms).refusals).to.have.lengthOf(500);
  });
});

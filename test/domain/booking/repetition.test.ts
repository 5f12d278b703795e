import { expect } from 'chai';
import fc from 'fast-check';
import {
  addToDate,
  continuationOf,
  DAY,
  DomainError,
  extensionOf,
  isoOf,
  LabZone,
  MINUTE,
  overlaps,
  repetitionOf,
  type PatternItem,
} from '../../../domain/index.js';
import { WallClock } from '../../support/wall-clock.js';

const zone = new LabZone('Europe/Dublin');
const clock = new WallClock('Europe/Dublin');

/** Clocks go forward over 01:00 to 02:00 on this date, and show that hour twice on the other. */
const SPRING = '2027-03-28';
const AUTUMN = '2026-10-25';

/** From one reading of the lab's clock, `2026-11-23 09:00`, to another. */
const item = (deviceId: number, start: string, end: string): PatternItem => ({
  deviceId,
  slot: { start: zone.parse(start), end: zone.parse(end) },
});

/** A slot as people read it off the wall: device, start and end. */
type Reading = readonly [number, string, string];

const readings = (items: readonly PatternItem[]): Reading[] =>
  items
    .map(({ deviceId, slot }): Reading => [
      deviceId,
      clock.at(slot.start).slice(0, -3),
      clock.at(slot.end).slice(0, -3),
    ])
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));

const refusal = (deed: () => unknown): DomainError => {
  try {
    deed();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('this was not refused');
};

describe('Extending a group', () => {
  const extended = (items: readonly PatternItem[], newEndDate: string) =>
    readings(extensionOf(items, newEndDate, zone));

  it('repeats every slot of the last day on each further day', () => {
    const group = [
      item(1, '2026-11-24 09:00', '2026-11-24 12:00'),
      item(1, '2026-11-25 09:00', '2026-11-25 12:00'),
      item(1, '2026-11-25 13:00', '2026-11-25 13:30'),
      item(1, '2026-11-25 18:00', '2026-11-26 00:00'),
    ];
    expect(extended(group, '2026-11-27')).to.deep.equal([
      [1, '2026-11-26 09:00', '2026-11-26 12:00'],
      [1, '2026-11-26 13:00', '2026-11-26 13:30'],
      [1, '2026-11-26 18:00', '2026-11-27 00:00'],
      [1, '2026-11-27 09:00', '2026-11-27 12:00'],
      [1, '2026-11-27 13:00', '2026-11-27 13:30'],
      [1, '2026-11-27 18:00', '2026-11-28 00:00'],
    ]);
  });

  it('takes along a device whose last day is earlier, from the day after the group’s last', () => {
    const group = [
      item(1, '2026-11-24 09:00', '2026-11-24 12:00'),
      item(2, '2026-11-26 10:00', '2026-11-26 11:00'),
      item(2, '2026-11-24 07:00', '2026-11-24 08:00'),
    ];
    expect(extended(group, '2026-11-28')).to.deep.equal([
      [1, '2026-11-27 09:00', '2026-11-27 12:00'],
      [1, '2026-11-28 09:00', '2026-11-28 12:00'],
      [2, '2026-11-27 10:00', '2026-11-27 11:00'],
      [2, '2026-11-28 10:00', '2026-11-28 11:00'],
    ]);
  });

  it('repeats a night, up to the one that ends on the last day', () => {
    const nights = [item(1, '2026-11-24 22:00', '2026-11-25 02:00')];
    expect(extended(nights, '2026-11-27')).to.deep.equal([
      [1, '2026-11-25 22:00', '2026-11-26 02:00'],
      [1, '2026-11-26 22:00', '2026-11-27 02:00'],
    ]);
  });

  it('repeats a day and its night together', () => {
    const days = ['2026-11-24', '2026-11-25'].flatMap((date) => [
      item(1, `${date} 09:00`, `${date} 12:00`),
      item(1, `${date} 22:00`, `${addToDate(date, 1)} 02:00`),
    ]);
    expect(extended(days, '2026-11-27')).to.deep.equal([
      [1, '2026-11-26 09:00', '2026-11-26 12:00'],
      [1, '2026-11-26 22:00', '2026-11-27 02:00'],
      [1, '2026-11-27 09:00', '2026-11-27 12:00'],
    ]);
  });

  it('lets a slot of a day or more go on to the same time of the last day', () => {
    const week = [item(1, '2026-11-23 07:00', '2026-11-25 12:00'), item(2, '2026-11-25 08:00', '2026-11-25 09:00')];
    expect(extended(week, '2026-11-27')).to.deep.equal([
      [1, '2026-11-25 12:00', '2026-11-27 12:00'],
      [2, '2026-11-26 08:00', '2026-11-26 09:00'],
      [2, '2026-11-27 08:00', '2026-11-27 09:00'],
    ]);
  });

  it('goes on with what was added to a booking before', () => {
    const grown = [item(1, '2026-11-24 00:01', '2026-11-24 23:59'), item(1, '2026-11-24 23:59', '2026-11-25 23:59')];
    expect(extended(grown, '2026-11-27')).to.deep.equal([[1, '2026-11-25 23:59', '2026-11-27 23:59']]);
  });

  it('repeats whole dates', () => {
    expect(extended([item(1, '2026-11-24 00:00', '2026-11-25 00:00')], '2026-11-26')).to.deep.equal([
      [1, '2026-11-25 00:00', '2026-11-26 00:00'],
      [1, '2026-11-26 00:00', '2026-11-27 00:00'],
    ]);
  });

  it('keeps the time on the wall when the clocks change', () => {
    const at = (date: string) => [item(1, `${date} 09:00`, `${date} 17:00`)];
    const inUtc = (items: readonly PatternItem[]) => items.map(({ slot }) => [isoOf(slot.start), isoOf(slot.end)]);
    expect(inUtc(extensionOf(at(addToDate(SPRING, -1)), SPRING, zone))).to.deep.equal([
      ['2027-03-28T08:00:00.000Z', '2027-03-28T16:00:00.000Z'],
    ]);
    expect(inUtc(extensionOf(at(addToDate(AUTUMN, -1)), AUTUMN, zone))).to.deep.equal([
      ['2026-10-25T09:00:00.000Z', '2026-10-25T17:00:00.000Z'],
    ]);
    // A time that there is twice is the earlier, one that there is not the moment after the gap.
    const small = (date: string) => [item(1, `${date} 00:30`, `${date} 01:30`)];
    expect(inUtc(extensionOf(small(addToDate(AUTUMN, -1)), AUTUMN, zone))).to.deep.equal([
      ['2026-10-24T23:30:00.000Z', '2026-10-25T00:30:00.000Z'],
    ]);
    expect(inUtc(extensionOf(small(addToDate(SPRING, -1)), SPRING, zone))).to.deep.equal([
      ['2027-03-28T00:30:00.000Z', '2027-03-28T01:00:00.000Z'],
    ]);
  });

  it('refuses days on which nothing is left of a slot', () => {
    const inTheGap = [item(1, '2027-03-26 01:10', '2027-03-26 01:50')];
    expect(extended(inTheGap, '2027-03-27')).to.have.length(1);
    const error = refusal(() => extensionOf(inTheGap, '2027-03-29', zone));
    expect([error.kind, error.code]).to.deep.equal(['invalid', 'lab-time.nonexistent']);
    expect(error.message).to.include('01:10 to 01:50 on 2027-03-28');
    // From before the clocks are set back to after it, by the same reading: on other days that is no time at all.
    const twice = [
      { deviceId: 1, slot: { start: Date.parse('2026-10-25T00:15Z'), end: Date.parse('2026-10-25T01:15Z') } },
    ];
    expect(refusal(() => extensionOf(twice, '2026-10-26', zone)).code).to.equal('lab-time.nonexistent');
  });

  it('refuses what is not later, not a date, or too much', () => {
    const group = [item(1, '2026-11-24 09:00', '2026-11-24 12:00'), item(2, '2026-11-24 22:00', '2026-11-25 02:00')];
    for (const [date, code] of [
      ['2026-11-24', 'booking.not-later'],
      ['2026-11-25', 'booking.not-later'],
      ['2020-01-01', 'booking.not-later'],
      ['2026-13-01', 'lab-time.malformed'],
      ['2027-02-29', 'lab-time.malformed'],
      ['2028-11-25', 'booking.too-many'],
      ['9999-12-31', 'booking.too-many'],
    ] as const) {
      expect(refusal(() => extensionOf(group, date, zone)).code, date).to.equal(code);
    }
  });
});

describe('Extending one booking', () => {
  const added = (start: string, end: string, newEndDate: string) => {
    const slot = continuationOf(item(1, start, end), newEndDate, zone);
    return [clock.at(slot.start), clock.at(slot.end)].map((reading) => reading.slice(0, -3));
  };

  it('goes on to the same time of day', () => {
    expect(added('2026-11-24 09:00', '2026-11-24 12:00', '2026-11-26')).to.deep.equal([
      '2026-11-24 12:00',
      '2026-11-26 12:00',
    ]);
    expect(added('2026-11-24 00:00', '2026-11-25 00:00', '2026-11-25')).to.deep.equal([
      '2026-11-25 00:00',
      '2026-11-26 00:00',
    ]);
  });

  it('keeps that time on the wall when the clocks change', () => {
    expect(added('2027-03-27 09:00', '2027-03-27 12:00', SPRING)[1]).to.equal('2027-03-28 12:00');
    expect(added('2026-10-24 09:00', '2026-10-24 12:00', AUTUMN)[1]).to.equal('2026-10-25 12:00');
  });

  it('refuses what is not later or not a date', () => {
    for (const [date, code] of [
      ['2026-11-24', 'booking.not-later'],
      ['2026-11-23', 'booking.not-later'],
      ['2026-11-31', 'lab-time.malformed'],
      ['soon', 'lab-time.malformed'],
    ] as const) {
      const deed = () => continuationOf(item(1, '2026-11-24 09:00', '2026-11-24 12:00'), date, zone);
      expect(refusal(deed).code, date).to.equal(code);
    }
  });
});

describe('Booking a pattern again', () => {
  const pattern = [
    item(1, '2026-11-23 09:00', '2026-11-23 12:00'),
    item(2, '2026-11-24 09:00', '2026-11-24 10:00'),
    item(2, '2026-11-24 14:00', '2026-11-24 15:00'),
  ];
  const again = (startDate: string, endDate: string) => readings(repetitionOf(pattern, startDate, endDate, zone));

  it('is the same at other dates', () => {
    expect(again('2026-12-01', '2026-12-02')).to.deep.equal([
      [1, '2026-12-01 09:00', '2026-12-01 12:00'],
      [2, '2026-12-02 09:00', '2026-12-02 10:00'],
      [2, '2026-12-02 14:00', '2026-12-02 15:00'],
    ]);
    expect(repetitionOf(pattern, '2026-11-23', '2026-11-24', zone)).to.deep.equal(pattern);
  });

  it('goes on with the last day in a longer range', () => {
    expect(again('2026-12-01', '2026-12-03')).to.deep.equal([
      [1, '2026-12-01 09:00', '2026-12-01 12:00'],
      [1, '2026-12-03 09:00', '2026-12-03 12:00'],
      [2, '2026-12-02 09:00', '2026-12-02 10:00'],
      [2, '2026-12-02 14:00', '2026-12-02 15:00'],
      [2, '2026-12-03 09:00', '2026-12-03 10:00'],
      [2, '2026-12-03 14:00', '2026-12-03 15:00'],
    ]);
  });

  it('is refused in a range that is shorter, turned around, not of dates, or too long', () => {
    for (const [start, end, code] of [
      ['2026-12-01', '2026-12-01', 'booking.range-too-short'],
      ['2026-12-02', '2026-12-01', 'booking.range-too-short'],
      ['2026-12-32', '2026-12-31', 'lab-time.malformed'],
      ['2026-12-01', '2026-02-30', 'lab-time.malformed'],
      ['0000-01-01', '9999-12-31', 'booking.too-many'],
    ] as const) {
      expect(refusal(() => repetitionOf(pattern, start, end, zone)).code, `${start} ${end}`).to.equal(code);
    }
  });
});

describe('Repetition of any pattern', () => {
  const daysLater = (reading: string, days: number): string =>
    addToDate(reading.slice(0, 10), days) + reading.slice(10);
  const asIfUtc = (reading: string): number => Date.parse(`${reading.replace(' ', 'T')}Z`);

  /** Readings of the wall that every date has once, so that they say everything. */
  const patterns = (longest: number): fc.Arbitrary<Reading[]> =>
    fc
      .tuple(
        fc.constantFrom('2026-11-20', addToDate(SPRING, -3), addToDate(AUTUMN, -4)),
        fc.array(
          fc.record({
            device: fc.integer({ min: 1, max: 3 }),
            day: fc.nat(4),
            halfHour: fc.nat(47),
            length: fc.integer({ min: 1, max: longest }),
          }),
          { minLength: 1, maxLength: 8 },
        ),
      )
      .map(([base, drawn]) => {
        const items: Reading[] = [];
        for (const { device, day, halfHour, length } of drawn) {
          const start = asIfUtc(`${addToDate(base, day)} 00:00`) + halfHour * 30 * MINUTE;
          const reading = (at: number) => isoOf(at).slice(0, 16).replace('T', ' ');
          const [from, to] = [reading(start), reading(start + length * 30 * MINUTE)];
          const unclear = [from, to].some((text) => text.includes(' 01:'));
          const taken = items.some(([other, a, b]) => other === device && a < to && from < b);
          if (!unclear && !taken) items.push([device, from, to]);
        }
        return items;
      })
      .filter((items) => items.length > 0);

  const toItem = ([device, start, end]: Reading) => item(device, start, end);
  const lastDateOf = ([, , end]: Reading) => isoOf(asIfUtc(end) - 1).slice(0, 10);
  const latestOf = (dates: readonly string[]) => [...dates].sort().at(-1)!;
  const inOrder = (list: readonly Reading[]) => [...list].sort((a, b) => (a.join() < b.join() ? -1 : 1));

  /** Day by day, as the rules say it: on each further day what each device had on its last. */
  const extendedByHand = (group: readonly Reading[], newEndDate: string): Reading[] => {
    const isLong = (slot: Reading) =>
      asIfUtc(slot[2]) - asIfUtc(slot[1]) >= DAY && slot[1].slice(0, 10) !== lastDateOf(slot);
    const dayOf = (slot: Reading) => (isLong(slot) ? lastDateOf(slot) : slot[1].slice(0, 10));
    const lastOf = (device: number) =>
      group.filter(([other]) => other === device).reduce((a, b) => (a[2] > b[2] ? a : b));
    const devices = [...new Set(group.map(([device]) => device))];
    const lastDay = latestOf(devices.map((device) => dayOf(lastOf(device))));
    const added: Reading[] = [];
    for (const device of devices) {
      const last = lastOf(device);
      if (isLong(last)) {
        added.push([
          device,
          last[2],
          daysLater(last[2], (asIfUtc(`${newEndDate} 00:00`) - asIfUtc(`${dayOf(last)} 00:00`)) / DAY),
        ]);
        continue;
      }
      const onIt = group.filter((slot) => slot[0] === device && !isLong(slot) && dayOf(slot) === dayOf(last));
      for (let day = 1; day < 20; day += 1) {
        for (const slot of onIt) {
          const until = addToDate(lastDateOf(slot), day);
          if (until <= lastDay || until > newEndDate) continue;
          added.push([device, daysLater(slot[1], day), daysLater(slot[2], day)]);
        }
      }
    }
    return added;
  };

  it('adds by the wall what goes on by hand', () => {
    fc.assert(
      fc.property(patterns(70), fc.integer({ min: 1, max: 5 }), (group, more) => {
        const newEndDate = addToDate(latestOf(group.map(lastDateOf)), more);
        const added = extensionOf(group.map(toItem), newEndDate, zone);
        expect(readings(added)).to.deep.equal(inOrder(extendedByHand(group, newEndDate)));
      }),
      { numRuns: 1500 },
    );
  });

  it('never gives a device to one group twice at a time when its slots lie within a day each', () => {
    const withinDays = patterns(20).map((group) => group.filter((slot) => lastDateOf(slot) === slot[1].slice(0, 10)));
    fc.assert(
      fc.property(
        withinDays.filter((group) => group.length > 0),
        fc.integer({ min: 1, max: 5 }),
        (group, more) => {
          const items = group.map(toItem);
          const all = [...items, ...extensionOf(items, addToDate(latestOf(group.map(lastDateOf)), more), zone)];
          for (const [index, a] of all.entries()) {
            for (const b of all.slice(index + 1)) {
              expect(a.deviceId === b.deviceId && overlaps(a.slot, b.slot), JSON.stringify([a, b])).to.equal(false);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('moves every slot of a pattern by the same days, and goes on as an extension would', () => {
    fc.assert(
      fc.property(patterns(70), fc.integer({ min: -30, max: 200 }), fc.nat(4), (group, days, more) => {
        const first = group.map(([, start]) => start.slice(0, 10)).sort()[0]!;
        const last = latestOf(group.map(lastDateOf));
        const startDate = addToDate(first, days);
        const movedByHand = group.map(([device, start, end]): Reading => [
          device,
          daysLater(start, days),
          daysLater(end, days),
        ]);
        const endDate = addToDate(last, days + more);
        const found = readings(repetitionOf(group.map(toItem), startDate, endDate, zone));
        const further = more > 0 ? extendedByHand(movedByHand, endDate) : [];
        expect(found).to.deep.equal(inOrder([...movedByHand, ...further]));
        if (first < last) {
          const short = () => repetitionOf(group.map(toItem), startDate, addToDate(last, days - 1), zone);
          expect(refusal(short).code).to.equal('booking.range-too-short');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

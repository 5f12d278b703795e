import { expect } from 'chai';
import fc from 'fast-check';
import {
  datesOf,
  dayConflictsOf,
  DAY,
  LabZone,
  MINUTE,
  timeSlot,
  type DayConflict,
  type TimeSlot,
} from '../../../domain/index.js';
import { aHold, aThing, calendarOf, instantsOf, isOn, slotsOn, type Grid } from '../../support/calendars.js';
import { WallClock } from '../../support/wall-clock.js';

/** Four days by the minute, around the autumn change (a day of 25 hours) and the spring one (23). */
const autumn = { date: '2026-10-23', days: ['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26'] };
const spring = { date: '2026-03-27', days: ['2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30'] };

const zone = new LabZone('Europe/Dublin');
const clock = new WallClock('Europe/Dublin');

const calendarOn = (grid: Grid) =>
  fc.record({
    range: slotsOn(grid, grid.steps),
    holds: fc.array(slotsOn(grid, 2000), { maxLength: 3 }),
    windows: fc.array(slotsOn(grid, 2000), { maxLength: 2 }),
    status: fc.constantFrom('active', 'active', 'active', 'spare'),
    schedulable: fc.constantFrom(true, true, true, false),
  });

for (const { date, days } of [autumn, spring]) {
  const grid: Grid = { from: zone.startOfDate(date), step: MINUTE, steps: 4 * 24 * 60 };
  const readings = new Map(
    [...instantsOf(grid), grid.from + grid.steps * MINUTE].map((minute) => [minute, clock.at(minute)]),
  );
  const readAt = (minute: number) => readings.get(minute) ?? '';
  const minutesOf = (slot: TimeSlot) => instantsOf(grid).filter((minute) => isOn(slot, minute));

  /** Minute by minute: what the clock shows at the first one of each date and at the end of the last. */
  const dayByDay = (minutes: readonly number[], kind: DayConflict['kind']): DayConflict[] =>
    [...new Set(minutes.map((minute) => readAt(minute).slice(0, 10)))].map((day) => {
      const ofDay = minutes.filter((minute) => readAt(minute).startsWith(day));
      const over = readAt(ofDay[ofDay.length - 1]! + MINUTE);
      return {
        date: day,
        from: readAt(ofDay[0]!).slice(11, 16),
        to: over.startsWith(day) ? over.slice(11, 16) : '23:59',
        kind,
      };
    });

  describe(`Conflicts around ${days.join(', ')}`, () => {
    it('are told day by day as the clock on the wall shows them', () => {
      fc.assert(
        fc.property(calendarOn(grid), ({ range, holds, windows, status, schedulable }) => {
          const calendar = calendarOf(
            aThing(1, { status, schedulable }),
            holds.map((slot, index) => aHold(index + 1, slot)),
            windows,
          );
          const inRange = (slot: TimeSlot) => minutesOf(slot).filter((minute) => isOn(range, minute));
          const due = [
            ...(status === 'active' && schedulable ? [] : dayByDay(minutesOf(range), 'maintenance')),
            ...windows.flatMap((slot) => dayByDay(inRange(slot), 'maintenance')),
            ...holds.flatMap((slot) => dayByDay(inRange(slot), 'booking')),
          ];
          const told = dayConflictsOf(calendar, range, zone);
          expect(told).to.have.deep.members(due);
          const order = told.map(({ date: day, from }) => `${day} ${from}`);
          expect(order).to.deep.equal([...order].sort());
        }),
        { numRuns: 300 },
      );
    });

    it('touch every date on which the clock shows a minute of them', () => {
      fc.assert(
        fc.property(slotsOn(grid, 3000), (slot) => {
          const dates = [...new Set(minutesOf(slot).map((minute) => readAt(minute).slice(0, 10)))];
          expect(datesOf(slot, zone)).to.deep.equal(dates);
        }),
        { numRuns: 300 },
      );
    });
  });
}

describe('A conflict', () => {
  const told = (start: string, end: string, range = ['2026-11-01T00:00', '2026-12-01T00:00']) => {
    const [from = '', to = ''] = range;
    const slot = timeSlot(zone.parse(start), zone.parse(end));
    const calendar = calendarOf(aThing(1), [aHold(1, slot)]);
    return dayConflictsOf(calendar, timeSlot(zone.parse(from), zone.parse(to)), zone).map((conflict) =>
      [conflict.date, conflict.from, conflict.to].join(' '),
    );
  };

  it('lasts until 23:59 on a day whose midnight it reaches', () => {
    expect(told('2026-11-23T10:00', '2026-11-24T00:00')).to.deep.equal(['2026-11-23 10:00 23:59']);
    expect(told('2026-11-23T00:01', '2026-11-23T23:59')).to.deep.equal(['2026-11-23 00:01 23:59']);
    expect(told('2026-11-23T10:00', '2026-11-25T09:30')).to.deep.equal([
      '2026-11-23 10:00 23:59',
      '2026-11-24 00:00 23:59',
      '2026-11-25 00:00 09:30',
    ]);
  });

  it('is told as far as it lies within what was asked for', () => {
    expect(told('2026-11-23T10:00', '2026-11-25T09:30', ['2026-11-24T12:00', '2026-11-24T13:00'])).to.deep.equal([
      '2026-11-24 12:00 13:00',
    ]);
    expect(told('2026-11-23T10:00', '2026-11-23T11:00', ['2026-11-23T11:00', '2026-11-23T12:00'])).to.deep.equal([]);
  });

  it('is a day of the lab, not of Greenwich', () => {
    const kathmandu = new LabZone('Asia/Kathmandu');
    const evening = timeSlot(Date.parse('2026-11-23T18:00Z'), Date.parse('2026-11-23T19:00Z'));
    expect(datesOf(evening, kathmandu)).to.deep.equal(['2026-11-23', '2026-11-24']);
  });

  it('may last to the end of the year 9999', () => {
    const utc = new LabZone('UTC');
    const last = timeSlot(utc.parse('9999-12-30T12:00'), utc.parse('9999-12-31T23:59:59.999'));
    expect(datesOf(last, utc)).to.deep.equal(['9999-12-30', '9999-12-31']);
  });

  it('is told ten thousand times', () => {
    const start = zone.startOfDate('2026-11-01');
    const holds = Array.from({ length: 10_000 }, (_, index) =>
      aHold(index, timeSlot(start + index * 5 * MINUTE, start + index * 5 * MINUTE + 240 * MINUTE)),
    );
    const calendar = calendarOf(aThing(1), holds);
    expect(dayConflictsOf(calendar, timeSlot(start, start + 40 * DAY), zone)).to.have.length.above(10_000);
  });
});

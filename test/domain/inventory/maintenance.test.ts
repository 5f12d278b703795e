import { expect } from 'chai';
import fc from 'fast-check';
import {
  addToDate,
  DAY,
  DomainError,
  HOUR,
  isoOf,
  LabZone,
  legacyMaintenanceOf,
  MINUTE,
  shownMaintenance,
  slotOfLegacyMaintenance,
  timeSlot,
  type LegacyMaintenance,
  type MaintenanceWindow,
} from '../../../domain/index.js';
import { WallClock } from '../../support/wall-clock.js';

const dublin = new LabZone('Europe/Dublin');

const SEGMENTS = { '7 AM - 12 PM': [7, 12], '12 PM - 6 PM': [12, 18], '6 PM - 11 PM': [18, 23], 'All Day': [0, 24] };
const labels = Object.keys(SEGMENTS) as (keyof typeof SEGMENTS)[];

const texts = (dates: fc.Arbitrary<string>) =>
  fc.record({ from: fc.constantFrom(...labels), to: fc.constantFrom(...labels), date: dates, days: fc.nat(3) });

/** Dates around the clock changes of the zones below, and others. */
const dates = fc.oneof(
  fc
    .tuple(fc.constantFrom('2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01'), fc.integer({ min: -3, max: 3 }))
    .map(([date, days]) => addToDate(date, days)),
  fc.integer({ min: 0, max: 30_000 }).map((days) => addToDate('1975-01-01', days)),
);

/** `2026-12-02 07:00` as the clock shows it when it is that late on that date. */
const hourOn = (date: string, hour: number): string =>
  hour === 24 ? `${addToDate(date, 1)} 00:00:00` : `${date} ${String(hour).padStart(2, '0')}:00:00`;

describe('Maintenance in the words of the first scheduler', () => {
  it('is a time of the lab, the last segment included', () => {
    const isoSlot = (start: string, end: string) => {
      const slot = slotOfLegacyMaintenance({ start, end }, dublin);
      return [isoOf(slot.start), isoOf(slot.end)];
    };
    expect(isoSlot('7 AM - 12 PM/2026-12-02', '7 AM - 12 PM/2026-12-02')).to.deep.equal([
      '2026-12-02T07:00:00.000Z',
      '2026-12-02T12:00:00.000Z',
    ]);
    expect(isoSlot('All Day/2026-07-02', 'All Day/2026-07-03')).to.deep.equal([
      '2026-07-01T23:00:00.000Z',
      '2026-07-03T23:00:00.000Z',
    ]);
    expect(isoSlot('All Day/2026-10-25', 'All Day/2026-10-25')).to.deep.equal([
      '2026-10-24T23:00:00.000Z',
      '2026-10-26T00:00:00.000Z',
    ]);
    expect(isoSlot(' 12 pm - 6 PM /2026-12-02', '6 pm - 11 pm/ 2026-12-04')).to.deep.equal([
      '2026-12-02T12:00:00.000Z',
      '2026-12-04T23:00:00.000Z',
    ]);
  });

  for (const name of ['Europe/Dublin', 'America/New_York', 'America/Havana', 'Asia/Kathmandu', 'UTC']) {
    it(`means what the clock shows in ${name}, and is written again as it was`, () => {
      const zone = new LabZone(name);
      const clock = new WallClock(name);
      fc.assert(
        fc.property(texts(dates), ({ from, to, date, days }) => {
          const lastDate = addToDate(date, days);
          const written: LegacyMaintenance = { start: `${from}/${date}`, end: `${to}/${lastDate}` };
          const [begins, ends] = [hourOn(date, SEGMENTS[from][0]!), hourOn(lastDate, SEGMENTS[to][1]!)];
          if (begins >= ends) {
            expect(() => slotOfLegacyMaintenance(written, zone))
              .to.throw(DomainError)
              .with.property('code', 'slot.invalid');
            return;
          }
          const slot = slotOfLegacyMaintenance(written, zone);
          expect(slot.start).to.equal(clock.firstMinuteFrom(begins));
          expect(slot.end).to.equal(clock.firstMinuteFrom(ends));
          expect(legacyMaintenanceOf(slot, zone)).to.deep.equal(written);
        }),
        { numRuns: 200 },
      );
    });

    it(`covers any window in ${name}, and no more than it has to`, () => {
      const zone = new LabZone(name);
      const starts = fc
        .tuple(dates, fc.integer({ min: 0, max: DAY / MINUTE }))
        .map(([date, minute]) => zone.startOfDate(date) + minute * MINUTE);
      fc.assert(
        fc.property(starts, fc.integer({ min: 1, max: 3 * 24 * 60 }), (start, minutes) => {
          const slot = timeSlot(start, start + minutes * MINUTE);
          const written = legacyMaintenanceOf(slot, zone);
          const covered = slotOfLegacyMaintenance(written, zone);
          expect(covered.start <= slot.start && slot.end <= covered.end).to.be.true;
          for (const start of labels.map((label) => `${label}/${zone.dateOf(slot.start)}`)) {
            for (const end of labels.map((label) => `${label}/${zone.dateOf(slot.end - 1)}`)) {
              let other;
              try {
                other = slotOfLegacyMaintenance({ start, end }, zone);
              } catch {
                continue;
              }
              if (other.start > slot.start || other.end < slot.end) continue;
              expect(other.start <= covered.start && other.end >= covered.end, `${start} ${end}`).to.be.true;
            }
          }
        }),
        { numRuns: 200 },
      );
    });
  }

  for (const [field, start, end] of [
    ['start', '/2026-12-02', 'All Day/2026-12-02'],
    ['start', '2026-12-02', 'All Day/2026-12-02'],
    ['start', '', 'All Day/2026-12-02'],
    ['start', 'Morning/2026-12-02', 'All Day/2026-12-02'],
    ['start', '7 AM - 6 PM/2026-12-02', 'All Day/2026-12-02'],
    ['end', 'All Day/2026-12-02', '6 PM - 7 AM/2026-12-02'],
    ['end', 'All Day/2026-12-02', '/'],
    ['end', 'All Day/2026-12-02', 'All Day'],
  ] as const) {
    it(`is refused with the segments there are when its ${field} is ${JSON.stringify(field === 'start' ? start : end)}`, () => {
      expect(() => slotOfLegacyMaintenance({ start, end }, dublin))
        .to.throw(
          DomainError,
          new RegExp(`is not a maintenance ${field}: .* 7 AM - 12 PM, 12 PM - 6 PM, 6 PM - 11 PM, All Day\\.$`),
        )
        .that.includes({ kind: 'invalid', code: 'maintenance.malformed' });
    });
  }

  for (const date of ['2026-02-30', 'tomorrow', '', '2026-12-02T00:00', '2026/12/02']) {
    it(`is refused on the date ${JSON.stringify(date)}`, () => {
      const written = { start: 'All Day/2026-01-01', end: `All Day/${date}` };
      expect(() => slotOfLegacyMaintenance(written, dublin)).to.throw(DomainError);
    });
  }
});

describe('The one maintenance that the first scheduler shows', () => {
  const now = Date.parse('2026-11-23T09:00Z');
  const window = (id: number, start: number, end: number, legacy = false): MaintenanceWindow => ({
    id,
    deviceId: 1,
    slot: timeSlot(now + start, now + end),
    reason: '',
    createdBy: null,
    createdAt: now,
    legacy,
  });
  const shown = (...windows: MaintenanceWindow[]) => shownMaintenance(windows, now)?.id ?? null;

  it('is the one that was written there, even when it is over', () => {
    expect(shown(window(1, HOUR, 2 * HOUR), window(2, -2 * HOUR, -HOUR, true))).to.equal(2);
  });

  it('is otherwise the one that is on, or the next within a year', () => {
    expect(shown(window(1, 2 * DAY, 3 * DAY), window(2, DAY, 2 * DAY))).to.equal(2);
    expect(shown(window(1, DAY, 2 * DAY), window(2, -HOUR, HOUR))).to.equal(2);
    expect(shown(window(1, 365 * DAY, 368 * DAY))).to.equal(1);
  });

  it('is none when nothing is to come within a year', () => {
    expect(shown()).to.equal(null);
    expect(shown(window(1, -HOUR, 0))).to.equal(null);
    expect(shown(window(1, 366 * DAY, 367 * DAY))).to.equal(null);
  });
});

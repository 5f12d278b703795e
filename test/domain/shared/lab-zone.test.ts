import { expect } from 'chai';
import fc from 'fast-check';
import { addToDate, DAY, DomainError, HOUR, isoOf, LabZone, MINUTE, type Instant } from '../../../domain/index.js';
import { onServerIn, WallClock } from '../../support/wall-clock.js';

const at = (text: string): Instant => Date.parse(text);

/** Zones with what makes each of them hard, and instants at which their clocks changed. */
const zones: Readonly<Record<string, readonly Instant[]>> = {
  'Europe/Dublin': [at('2026-03-29T01:00Z'), at('2026-10-25T01:00Z'), at('1916-10-01T02:25:21Z')],
  'America/New_York': [at('2026-03-08T07:00Z'), at('2026-11-01T06:00Z')],
  'Asia/Kathmandu': [at('1985-12-31T18:30Z')],
  'Australia/Lord_Howe': [at('2026-04-04T15:00Z'), at('2026-10-03T15:30Z')],
  'Pacific/Apia': [at('2011-12-30T10:00Z')],
  // Changes at midnight, so that some days begin at 01:00.
  'America/Havana': [at('2026-03-08T05:00Z'), at('2026-11-01T05:00Z')],
  // Changed its clocks at one minute past midnight until 2011.
  'America/St_Johns': [at('2011-03-13T03:31Z')],
  UTC: [],
};

const ANY_YEAR = { min: at('0001-01-02T00:00Z'), max: at('9999-12-30T00:00Z') };

/** Instants of all years, half of them within hours of a clock change. */
const instants = (changes: readonly Instant[]) => {
  const anywhere = fc.integer({ min: at('1970-01-01T00:00Z'), max: at('2100-01-01T00:00Z') });
  const near = changes.map((change) => fc.integer({ min: -26 * HOUR, max: 26 * HOUR }).map((away) => change + away));
  return fc.oneof(...near, anywhere, fc.integer(ANY_YEAR));
};

/** Readings of a clock in whole quarters, as text and as LabZone takes them, half of them near a clock change. */
const readings = (clock: WallClock, changes: readonly Instant[]) => {
  const modern = changes.filter((change) => change > at('1972-01-01T00:00Z'));
  const anywhere = fc.integer({ min: at('1972-01-02T00:00Z'), max: at('2100-01-01T00:00Z') });
  const near = modern.map((change) =>
    fc.integer({ min: -26 * HOUR, max: 26 * HOUR }).map((away) => clock.asIfUtcAt(change) + away),
  );
  return fc.oneof(...near, anywhere).map((asIfUtc) => {
    const text = isoOf(Math.floor(asIfUtc / (15 * MINUTE)) * 15 * MINUTE).slice(0, 16);
    return { text: `${text.replace('T', ' ')}:00`, date: text.slice(0, 10), iso: text, wall: wallOf(text) };
  });
};

const wallOf = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number);
  return { year, month, day, hour, minute, second: 0, millisecond: 0 };
};

const two = (n: number) => String(n).padStart(2, '0');

const refusalOf = (action: () => unknown): DomainError => {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

const followsTheClockOfEveryZone = (numRuns: number) => {
  for (const [name, changes] of Object.entries(zones)) {
    describe(`in ${name}`, () => {
      const clock = new WallClock(name);
      const zone = new LabZone(name);
      const always = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void) =>
        fc.assert(fc.property(arbitrary, holds), { numRuns });

      it('shows what the clock on the wall shows, in every year', () =>
        always(instants(changes), (instant) => {
          const { year, month, day, hour, minute, second, millisecond } = zone.wallTimeAt(instant);
          const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
          expect(`${date} ${two(hour)}:${two(minute)}:${two(second)}`).to.equal(clock.at(instant));
          expect(millisecond).to.equal(((instant % 1000) + 1000) % 1000);
          expect(zone.dateOf(instant)).to.equal(clock.dateAt(instant));
          expect(zone.timeOf(instant)).to.equal(clock.at(instant).slice(11, 16));
          expect(zone.offsetAt(instant)).to.equal(clock.asIfUtcAt(instant) - Math.floor(instant / 1000) * 1000);
        }));

      it('finds the earliest moment at which the clock shows a time, and none for a time that it skips', () =>
        always(readings(clock, changes), ({ text, iso, wall }) => {
          const [earliest = null] = clock.momentsShowing(text);
          expect(zone.instantAt(wall), text).to.equal(earliest);
          if (earliest === null) expect(refusalOf(() => zone.parse(iso)).code).to.equal('lab-time.nonexistent');
          else expect(zone.parse(iso), text).to.equal(earliest);
        }));

      it('finds a time of day on a date, or the first moment after the clock skipped it', () =>
        always(readings(clock, changes), ({ text, date, wall }) => {
          expect(zone.onDate(date, wall), text).to.equal(clock.firstMinuteFrom(text));
        }));

      it('begins a day at its first moment', () =>
        always(readings(clock, changes), ({ date }) => {
          const start = zone.startOfDate(date);
          expect(start, date).to.equal(clock.firstMinuteFrom(`${date} 00:00:00`));
          expect(clock.dateAt(start - 1) < date, date).to.be.true;
        }));

      it('begins the day of an instant no later than the instant, on the same date', () =>
        always(instants(changes), (instant) => {
          const start = zone.startOfDay(instant);
          expect(start <= instant).to.be.true;
          expect(clock.dateAt(start)).to.equal(clock.dateAt(instant));
        }));

      it('moves by days and keeps the time on the wall', () =>
        always(fc.tuple(readings(clock, changes), fc.integer({ min: -400, max: 400 })), ([{ text }, days]) => {
          const [start] = clock.momentsShowing(text);
          if (start === undefined) return;
          const wanted = `${addToDate(text.slice(0, 10), days)} ${text.slice(11)}`;
          expect(zone.addDays(start, days), wanted).to.equal(clock.firstMinuteFrom(wanted));
        }));

      it('counts the days between two moments by the clock on the wall', () =>
        always(fc.tuple(instants(changes), instants(changes)), ([from, to]) => {
          const onTheWall = clock.asIfUtcAt(to) + (to % 1000) - clock.asIfUtcAt(from) - (from % 1000);
          if (from >= 0 && to >= 0) expect(zone.daysBetween(from, to)).to.equal(onTheWall / DAY);
          expect(zone.daysBetween(to, from)).to.equal(-zone.daysBetween(from, to));
        }));
    });
  }
};

describe('Lab time', () => {
  followsTheClockOfEveryZone(200);

  for (const serverZone of ['America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Kiritimati']) {
    onServerIn(serverZone, () => {
      followsTheClockOfEveryZone(25);
    });
  }

  describe('as people write it', () => {
    const dublin = new LabZone('Europe/Dublin');
    const zoned = fc.record({
      instant: fc.integer({ min: at('1970-01-02T00:00Z'), max: at('9999-12-30T00:00Z') }),
      offset: fc.integer({ min: -14 * 60, max: 14 * 60 }),
      colon: fc.constantFrom(':', ''),
      separator: fc.constantFrom('T', ' ', 't'),
    });

    it('is the written instant when it carries Z or an offset, whatever the zone of the lab', () => {
      fc.assert(
        fc.property(fc.constantFrom(...Object.keys(zones)), zoned, (name, { instant, offset, colon, separator }) => {
          const zone = new LabZone(name);
          const clock = isoOf(instant + offset * MINUTE)
            .slice(0, -1)
            .replace('T', separator);
          const minutes = Math.abs(offset);
          const sign = offset < 0 ? '-' : '+';
          expect(zone.parse(isoOf(instant))).to.equal(instant);
          expect(zone.parse(isoOf(instant).toLowerCase())).to.equal(instant);
          expect(zone.parse(`${clock}${sign}${two(Math.floor(minutes / 60))}${colon}${two(minutes % 60)}`)).to.equal(
            instant,
          );
        }),
      );
    });

    it('may leave out seconds, and keeps milliseconds and nothing finer', () => {
      const minute = at('2026-11-23T09:30:00.000Z');
      expect(dublin.parse('2026-11-23T09:30')).to.equal(minute);
      expect(dublin.parse('2026-11-23 09:30:00')).to.equal(minute);
      expect(dublin.parse('  2026-11-23T09:30:00Z ')).to.equal(minute);
      expect(dublin.parse('2026-11-23T09:30:00.5')).to.equal(minute + 500);
      expect(dublin.parse('2026-11-23T09:30:00,007')).to.equal(minute + 7);
      expect(dublin.parse('2026-11-23T09:30:00.999999999Z')).to.equal(minute + 999);
    });

    it('is winter time in winter and summer time in summer', () => {
      expect(isoOf(dublin.parse('2026-11-23T09:00'))).to.equal('2026-11-23T09:00:00.000Z');
      expect(isoOf(dublin.parse('2026-07-01T09:00'))).to.equal('2026-07-01T08:00:00.000Z');
    });

    it('is refused with the reason when the clocks go forward over it', () => {
      const refusal = refusalOf(() => dublin.parse('2026-03-29T01:30'));
      expect([refusal.kind, refusal.code]).to.deep.equal(['invalid', 'lab-time.nonexistent']);
      expect(refusal.message).to.equal(
        '2026-03-29T01:30 does not exist in Europe/Dublin: the clocks go forward over it. Choose another time or add an offset.',
      );
      expect(isoOf(dublin.parse('2026-03-29T01:30Z'))).to.equal('2026-03-29T01:30:00.000Z');
      expect(refusalOf(() => new LabZone('Pacific/Apia').parse('2011-12-30T12:00')).code).to.equal(
        'lab-time.nonexistent',
      );
      expect(refusalOf(() => new LabZone('Australia/Lord_Howe').parse('2026-10-04T02:15')).code).to.equal(
        'lab-time.nonexistent',
      );
    });

    it('is the earlier moment when the clock shows it twice', () => {
      expect(isoOf(dublin.parse('2026-10-25T01:30'))).to.equal('2026-10-25T00:30:00.000Z');
      expect(isoOf(new LabZone('America/New_York').parse('2026-11-01T01:30'))).to.equal('2026-11-01T05:30:00.000Z');
      expect(isoOf(new LabZone('Australia/Lord_Howe').parse('2026-04-05T01:45'))).to.equal('2026-04-04T14:45:00.000Z');
    });

    it('reaches from the year 1 to the end of the year 9999', () => {
      const utc = new LabZone('UTC');
      for (const text of ['0001-01-01T00:00:00.000Z', '0099-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z']) {
        expect(isoOf(utc.parse(text))).to.equal(text);
        expect(isoOf(utc.parse(text.slice(0, -1)))).to.equal(text);
        expect(utc.dateOf(utc.parse(text))).to.equal(text.slice(0, 10));
      }
    });

    for (const text of [
      '',
      'tomorrow',
      '2026-11-23',
      '09:00',
      '2026-11-23T9:00',
      '2026-13-01T09:00',
      '2026-00-10T09:00',
      '2026-11-00T09:00',
      '2026-02-29T09:00',
      '2026-11-23T24:00',
      '2026-11-23T09:60',
      '2026-11-23T09:00:60',
      '2026-11-23T09:00:00.',
      '2026-11-23T09:00+24:00',
      '2026-11-23T09:00+01:60',
      '2026-11-23T09:00+1',
      '2026-11-23T09:00 01:00',
      '2026-11-23T09:00[Europe/Dublin]',
      '+002026-11-23T09:00Z',
      '-2026-11-23T09:00Z',
      '10000-01-01T00:00Z',
      '2026-11-23T09:00Z\0',
      '２０２６-11-23T09:00',
      '1763888400000',
      '2026-11-23T09:00Z; DROP TABLE bookings',
    ]) {
      it(`is malformed as ${JSON.stringify(text)}`, () => {
        const refusal = refusalOf(() => dublin.parse(text));
        expect([refusal.kind, refusal.code]).to.deep.equal(['malformed', 'lab-time.malformed']);
      });
    }

    it('is read or refused, never anything else, whatever is written', () => {
      const almost = fc
        .tuple(fc.constant('2026-11-23T09:30:15.250+01:00'), fc.nat(30), fc.nat(4), fc.string({ maxLength: 3 }))
        .map(([text, from, drop, put]) => text.slice(0, from) + put + text.slice(from + drop));
      fc.assert(
        fc.property(fc.oneof(almost, fc.string({ unit: 'binary' })), (text) => {
          try {
            expect(Number.isSafeInteger(dublin.parse(text))).to.be.true;
          } catch (error) {
            expect(error).to.be.instanceOf(DomainError);
          }
        }),
        { numRuns: 2000 },
      );
    });
  });

  describe('by the day', () => {
    it('has a day of 23 hours in spring and one of 25 in autumn', () => {
      const dublin = new LabZone('Europe/Dublin');
      const hoursIn = (date: string) => (dublin.startOfDate(addToDate(date, 1)) - dublin.startOfDate(date)) / HOUR;
      expect(['2026-03-28', '2026-03-29', '2026-10-25', '2026-10-26'].map(hoursIn)).to.deep.equal([24, 23, 25, 24]);
    });

    it('begins at one where the clocks skip midnight', () => {
      const havana = new LabZone('America/Havana');
      expect(isoOf(havana.startOfDate('2026-03-08'))).to.equal('2026-03-08T05:00:00.000Z');
      expect(havana.timeOf(havana.startOfDate('2026-03-08'))).to.equal('01:00');
    });

    it('passes over a date that a lab never had', () => {
      const apia = new LabZone('Pacific/Apia');
      expect(apia.startOfDate('2011-12-30')).to.equal(apia.startOfDate('2011-12-31'));
      expect(apia.dateOf(apia.startOfDate('2011-12-31') - 1)).to.equal('2011-12-29');
    });

    it('counts a day with a clock change as one', () => {
      const dublin = new LabZone('Europe/Dublin');
      const [monday, tuesday] = [dublin.parse('2026-10-25T00:00'), dublin.parse('2026-10-26T00:00')];
      expect(tuesday - monday).to.equal(25 * HOUR);
      expect(dublin.daysBetween(monday, tuesday)).to.equal(1);
      expect(dublin.addDays(monday, 1)).to.equal(tuesday);
    });

    it('moves dates over the ends of months and years, and beyond the year 9999', () => {
      expect(addToDate('2026-12-31', 1)).to.equal('2027-01-01');
      expect(addToDate('2028-03-01', -1)).to.equal('2028-02-29');
      expect(addToDate('0001-01-01', 0)).to.equal('0001-01-01');
      expect(addToDate('9999-12-31', 1)).to.equal('+010000-01-01');
      const utc = new LabZone('UTC');
      expect(utc.dateOf(utc.addDays(at('9999-12-31T12:00Z'), 31))).to.equal('+010000-01-31');
    });

    for (const date of ['', '2026-02-29', '2026-1-1', '2026-11-23T00:00', '26-11-23', '2026-11-23 ', 'yesterday']) {
      it(`has no date ${JSON.stringify(date)}`, () => {
        const refusal = refusalOf(() => new LabZone('UTC').startOfDate(date));
        expect([refusal.kind, refusal.code]).to.deep.equal(['malformed', 'lab-time.malformed']);
      });
    }
  });

  it('is refused in a zone that nobody knows', () => {
    for (const name of ['', 'Europe/Atlantis', 'Dublin', '../etc/passwd']) {
      expect(refusalOf(() => new LabZone(name)).code, name).to.equal('lab-time.unknown-zone');
    }
  });

  it('stays right for more days than it remembers', () => {
    const zone = new LabZone('Europe/Dublin');
    const clock = new WallClock('Europe/Dublin');
    const first = at('1980-01-01T12:00Z');
    for (let day = 0; day < 21_000; day += 1) zone.dateOf(first + day * DAY);
    for (const day of [0, 1, 180, 20_998]) {
      expect(zone.dateOf(first + day * DAY)).to.equal(clock.dateAt(first + day * DAY));
    }
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import {
  defaultBookingPolicy,
  horizonOf,
  isoOf,
  judge,
  LabZone,
  MINUTE,
  timeSlot,
  type BookingPolicy,
  type Instant,
  type TimeSlot,
} from '../../../domain/index.js';
import { aThing, calendarOf, termsAt } from '../../support/calendars.js';

const dublin = new LabZone('Europe/Dublin');

/** Every rule held against a slot of a device that nobody else wants. */
const checksOf = (slot: TimeSlot, now: Instant, policy: Partial<BookingPolicy> = {}, zone = dublin) => {
  const calendar = calendarOf(aThing(1));
  const terms = termsAt(now, { policy: { ...defaultBookingPolicy, ...policy }, zone });
  return judge([{ thing: calendar.thing, slot, consent: false }], new Map([[1, calendar]]), terms).policy;
};

/** Codes of the rules that a slot, written in lab time, breaks. */
const broken = (now: string, start: string, end: string, policy: Partial<BookingPolicy> = {}, zone = dublin) =>
  checksOf(timeSlot(zone.parse(start), zone.parse(end)), zone.parse(now), policy, zone)
    .filter((check) => !check.ok)
    .map((check) => check.code.replace('booking.', ''));

describe('The booking policy', () => {
  it('is 2 contenders, 31 days and 366 days ahead unless the lab says otherwise', () => {
    expect(defaultBookingPolicy).to.deep.equal({ maxContenders: 2, maxDays: 31, horizonDays: 366 });
  });

  const monday = '2026-11-23T09:30';
  for (const [what, start, end, ...codes] of [
    ['lies ahead', '2026-11-24T09:00', '2026-11-24T17:00'],
    ['began earlier today', '2026-11-23T00:00', '2026-11-23T17:00'],
    ['ends in a millisecond', '2026-11-23T09:00', '2026-11-23T09:30:00.001'],
    ['ends now', '2026-11-23T09:00', '2026-11-23T09:30', 'in-past'],
    ['began just before midnight', '2026-11-22T23:59:59.999', '2026-11-23T17:00', 'starts-in-past'],
    ['is over since yesterday', '2026-11-22T09:00', '2026-11-22T17:00', 'in-past', 'starts-in-past'],
    ['lasts 31 days', '2026-11-24T09:00', '2026-12-25T09:00'],
    ['lasts 31 days and a millisecond', '2026-11-24T09:00', '2026-12-25T09:00:00.001', 'too-long'],
    ['ends in 366 days', '2027-11-24T09:00', '2027-11-24T09:30'],
    ['ends in 366 days and a millisecond', '2027-11-24T09:00', '2027-11-24T09:30:00.001', 'beyond-horizon'],
    ['is in the year 1', '0001-01-01T00:00', '0001-01-02T00:00', 'in-past', 'starts-in-past'],
    ['lasts 300 years', '2026-11-24T00:00', '2326-11-24T00:00', 'too-long', 'beyond-horizon'],
    [
      'lasts from the year 1 to the year 9999',
      '0001-01-01T00:00',
      '9999-12-31T23:59:59.999',
      'starts-in-past',
      'too-long',
      'beyond-horizon',
    ],
  ] as const) {
    it(`${codes.length === 0 ? 'allows' : 'refuses'} a slot that ${what}`, () => {
      expect(broken(monday, start, end)).to.deep.equal(codes);
    });
  }

  it('counts a day of a clock change as one day', () => {
    const oneDay = { maxDays: 1 };
    expect(broken('2026-10-01T09:00', '2026-10-25T00:00', '2026-10-26T00:00', oneDay)).to.deep.equal([]);
    expect(broken('2026-10-01T09:00', '2026-10-24T12:00', '2026-10-25T12:00', oneDay)).to.deep.equal([]);
    expect(broken('2026-10-01T09:00', '2026-10-25T00:00', '2026-10-26T00:01', oneDay)).to.deep.equal(['too-long']);
    expect(broken('2026-03-01T09:00', '2026-03-29T00:00', '2026-03-30T00:00', oneDay)).to.deep.equal([]);
    expect(broken('2026-03-01T09:00', '2026-03-29T00:00', '2026-03-30T00:01', oneDay)).to.deep.equal(['too-long']);
    // The whole of October, one hour longer than 31 times 24.
    expect(broken('2026-09-30T09:00', '2026-10-01T00:00', '2026-11-01T00:00')).to.deep.equal([]);
  });

  it('reaches as far ahead as the clock on the wall says, over a clock change too', () => {
    const oneDay = { horizonDays: 1 };
    expect(broken('2026-10-24T12:00', '2026-10-25T10:00', '2026-10-25T12:00', oneDay)).to.deep.equal([]);
    expect(broken('2026-10-24T12:00', '2026-10-25T10:00', '2026-10-25T12:01', oneDay)).to.deep.equal([
      'beyond-horizon',
    ]);
    const horizon = horizonOf({ ...defaultBookingPolicy, ...oneDay }, dublin.parse('2026-03-28T01:30'), dublin);
    expect(isoOf(horizon)).to.equal('2026-03-29T01:00:00.000Z');
  });

  it('begins today at lab midnight, wherever the lab is', () => {
    const kathmandu = new LabZone('Asia/Kathmandu');
    expect(broken('2026-11-23T00:10', '2026-11-23T00:00', '2026-11-23T01:00', {}, kathmandu)).to.deep.equal([]);
    expect(broken('2026-11-23T00:10', '2026-11-22T23:59', '2026-11-23T01:00', {}, kathmandu)).to.deep.equal([
      'starts-in-past',
    ]);
    const havana = new LabZone('America/Havana');
    expect(broken('2026-03-08T09:00', '2026-03-08T01:00', '2026-03-08T10:00', {}, havana)).to.deep.equal([]);
  });

  it('tells limit and actual of every rule, which agree with whether it is kept', () => {
    const slots = fc
      .tuple(fc.integer({ min: -3 * 24 * 60, max: 60 * 24 * 60 }), fc.integer({ min: 1, max: 40 * 24 * 60 }))
      .map(([start, length]) => timeSlot(start * MINUTE, (start + length) * MINUTE));
    const now = dublin.parse('2026-10-10T09:30');
    fc.assert(
      fc.property(slots, (slot) => {
        const [inFuture, today, maxDays, horizon] = checksOf(timeSlot(now + slot.start, now + slot.end), now, {
          maxDays: 5,
          horizonDays: 20,
        });
        expect(inFuture!.ok).to.equal(inFuture!.actual > inFuture!.limit);
        expect(today!.ok).to.equal(today!.actual >= today!.limit);
        expect(maxDays!.ok).to.equal(maxDays!.actual <= maxDays!.limit);
        expect(horizon!.ok).to.equal(horizon!.actual <= horizon!.limit);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells people what is wrong', () => {
    const now = dublin.parse(monday);
    const said = (start: string, end: string) =>
      checksOf(timeSlot(dublin.parse(start), dublin.parse(end)), now)
        .filter((check) => !check.ok)
        .map((check) => check.detail);
    expect(said('2025-01-01T00:00', '2028-01-01T00:00')).to.deep.equal([
      'The slot starts at 2025-01-01T00:00:00.000Z, before today (2026-11-23).',
      'A booking may last at most 31 days; this would be 1095.',
      'Bookings may end at most 366 days from now (2027-11-24T09:30:00.000Z).',
    ]);
    expect(said('2026-11-23T08:00', '2026-11-23T09:00')).to.deep.equal([
      'The slot ended at 2026-11-23T09:00:00.000Z: bookings must end in the future.',
    ]);
  });
});

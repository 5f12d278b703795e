import { expect } from 'chai';
import fc from 'fast-check';
import {
  DAY,
  earliestCommon,
  HOUR,
  MINUTE,
  overlaps,
  timeSlot,
  type AnyOf,
  type BusyDevice,
  type TimeSlot,
} from '../../../domain/index.js';

/** Two hours, looked at minute by minute; blocks begin and end at any second. */
const WINDOW_MINUTES = 120;
const SECOND = 1000;

const blocks: fc.Arbitrary<TimeSlot[]> = fc.array(
  fc
    .tuple(fc.integer({ min: -600, max: WINDOW_MINUTES * 60 }), fc.integer({ min: 1, max: 2000 }))
    .map(([start, length]) => timeSlot(start * SECOND, (start + length) * SECOND)),
  { maxLength: 6 },
);

/** Half of them may be begun at any time that they are free. */
const devices: fc.Arbitrary<Omit<BusyDevice, 'id'>> = fc.oneof(
  fc.record({ blocks }),
  fc.record({ blocks, noStarts: blocks }),
);

const cases = fc
  .record({
    from: fc.integer({ min: 0, max: 40 * 60 }).map((seconds) => seconds * SECOND),
    to: fc.integer({ min: 41, max: WINDOW_MINUTES }).map((minutes) => minutes * MINUTE),
    length: fc.integer({ min: 1, max: 40 * 60 }).map((seconds) => seconds * SECOND),
    fixed: fc.array(devices, { maxLength: 3 }),
    choices: fc.array(fc.record({ count: fc.nat(3), devices: fc.array(devices, { maxLength: 4 }) }), { maxLength: 2 }),
  })
  .map(({ from, to, length, fixed, choices }) => {
    let id = 0;
    const device = (busy: Omit<BusyDevice, 'id'>): BusyDevice => ({ id: (id += 1), ...busy });
    return {
      window: timeSlot(from, to),
      length,
      fixed: fixed.map(device),
      choices: choices.map(({ count, devices }): AnyOf => ({ count, devices: devices.map(device) })),
    };
  });

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const isFree = ({ blocks: busy, noStarts = [] }: BusyDevice, slot: TimeSlot) =>
  !busy.some((block) => overlaps(block, slot)) &&
  !noStarts.some(({ start, end }) => start <= slot.start && slot.start < end);

/** One minute after the other: the first from which everybody can. */
const byBruteForce = ({ window, length, fixed, choices }: Case) => {
  for (let start = 0; start + length <= window.end; start += MINUTE) {
    if (start < window.start) continue;
    const slot = timeSlot(start, start + length);
    const able = choices.map(({ devices }) => devices.filter((device) => isFree(device, slot)));
    if (!fixed.every((device) => isFree(device, slot))) continue;
    if (choices.some(({ count }, index) => able[index]!.length < count)) continue;
    const chosen = choices.flatMap(({ count }, index) => able[index]!.slice(0, count));
    return { slot, deviceIds: [...fixed, ...chosen].map((device) => device.id) };
  }
  return null;
};

describe('The earliest common slot', () => {
  it('is the first minute from which everybody can, with the first devices that can', () => {
    fc.assert(
      fc.property(cases, (wanted) => {
        const { window, length, fixed, choices } = wanted;
        expect(earliestCommon(window, length, fixed, choices)).to.deep.equal(byBruteForce(wanted));
      }),
      { numRuns: 5000 },
    );
  });

  it('is never a slot that is not free', () => {
    fc.assert(
      fc.property(cases, ({ window, length, fixed, choices }) => {
        const found = earliestCommon(window, length, fixed, choices);
        if (!found) return;
        const { slot, deviceIds } = found;
        expect(slot.end - slot.start).to.equal(length);
        expect(slot.start).to.be.at.least(window.start);
        expect(slot.end).to.be.at.most(window.end);
        expect(new Set(deviceIds).size).to.equal(deviceIds.length);
        const everybody = [...fixed, ...choices.flatMap(({ devices }) => devices)];
        for (const id of deviceIds) {
          const device = everybody.find((candidate) => candidate.id === id)!;
          expect(isFree(device, slot), `device ${id}`).to.equal(true);
        }
        for (const { id } of fixed) expect(deviceIds).to.include(id);
        for (const { count, devices } of choices) {
          expect(devices.filter(({ id }) => deviceIds.includes(id)).length).to.equal(count);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('begins on a whole minute, also where a device becomes free between two', () => {
    const busy = { id: 1, blocks: [timeSlot(0, 10 * MINUTE + 1)] };
    expect(earliestCommon(timeSlot(0, HOUR), 5 * MINUTE, [busy])?.slot).to.deep.equal(
      timeSlot(11 * MINUTE, 16 * MINUTE),
    );
    const narrow = { id: 1, blocks: [timeSlot(0, 10 * MINUTE + 1), timeSlot(16 * MINUTE - 1, HOUR)] };
    expect(earliestCommon(timeSlot(0, HOUR), 5 * MINUTE, [narrow])).to.equal(null);
  });

  it('is met where one leaves in the very minute in which another arrives', () => {
    const first = { id: 1, blocks: [timeSlot(30 * MINUTE, HOUR)] };
    const second = { id: 2, blocks: [timeSlot(0, 20 * MINUTE)] };
    expect(earliestCommon(timeSlot(0, HOUR), 10 * MINUTE, [first, second])).to.deep.equal({
      slot: timeSlot(20 * MINUTE, 30 * MINUTE),
      deviceIds: [1, 2],
    });
    expect(earliestCommon(timeSlot(0, HOUR), 11 * MINUTE, [first, second])).to.equal(null);
  });

  it('is found among 30 devices with 1,000 bookings each', () => {
    const devices = Array.from({ length: 30 }, (_, index): BusyDevice => ({
      id: index + 1,
      blocks: Array.from({ length: 1000 }, (_, hour) =>
        timeSlot(hour * 8 * HOUR + index * 10 * MINUTE, hour * 8 * HOUR + index * 10 * MINUTE + 3 * HOUR),
      ),
    }));
    const found = earliestCommon(timeSlot(0, 366 * DAY), 4 * HOUR, devices);
    expect(found?.slot.start).to.equal(999 * 8 * HOUR + 29 * 10 * MINUTE + 3 * HOUR);
  });
});

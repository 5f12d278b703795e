import { expect } from 'chai';
import fc from 'fast-check';
import {
  CELLS,
  cellOf,
  countWindows,
  DAY,
  FillUp,
  heldSlot,
  HOUR,
  LabZone,
  LENGTH_CLASSES,
  lengthClassOf,
  MINUTE,
  Occupancy,
  overlaps,
  windowGrid,
  type BookingHistory,
  type PastBooking,
} from '../../../domain/index.js';

const dublin = new LabZone('Europe/Dublin');
/** The clocks go forward within the history. */
const FROM = Date.UTC(2026, 2, 20);
const NOW = FROM + 20 * DAY;

const minutes = (from: number, to: number) => fc.integer({ min: from, max: to }).map((count) => FROM + count * MINUTE);

const histories: fc.Arbitrary<BookingHistory> = fc.record({
  from: fc.constant(FROM),
  devices: fc.constant([
    { id: 7, type: 'A', since: FROM },
    { id: 3, type: 'B', since: FROM + 5 * DAY + HOUR },
  ]),
  bookings: fc.array(
    fc
      .tuple(
        fc.constantFrom(3, 7, 99),
        minutes(-1000, 22 * 24 * 60),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 0, max: 30_000 }),
        fc.option(fc.integer({ min: 0, max: 40_000 })),
      )
      .map(([deviceId, start, length, lead, life]): PastBooking => {
        const createdAt = start - lead * MINUTE;
        const releasedAt = life === null ? null : createdAt + life * MINUTE;
        return {
          deviceId,
          groupId: 'any',
          slot: { start, end: start + length * MINUTE },
          createdAt,
          releasedAt,
        };
      }),
    { maxLength: 25 },
  ),
  maintenance: fc.array(
    fc
      .tuple(fc.constantFrom(3, 7), minutes(0, 20 * 24 * 60), fc.integer({ min: 1, max: 3000 }))
      .map(([deviceId, start, length]) => ({ deviceId, slot: { start, end: start + length * MINUTE } })),
    { maxLength: 4 },
  ),
});

const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

describe('counting windows', () => {
  it('counts what looking at every window by itself counts', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom(...LENGTH_CLASSES.slice(0, 7)), (history, length) => {
        const counts = countWindows(history, NOW, length, dublin);
        const grid = windowGrid(FROM, NOW, length, dublin);
        const naive = new Map<string, { all: number; free: number }>();
        history.devices.forEach(({ id, since }, device) => {
          grid.starts.forEach((start, index) => {
            const slot = { start, end: start + length };
            if (start < since) return;
            if (history.maintenance.some((window) => window.deviceId === id && overlaps(window.slot, slot))) return;
            const free = !history.bookings.some((booking) => {
              const held = heldSlot(booking);
              return booking.deviceId === id && held !== null && overlaps(held, slot);
            });
            const key = `${Math.floor((NOW - slot.end) / (7 * DAY))}/${device}/${grid.cells[index] ?? 0}`;
            const sums = naive.get(key) ?? { all: 0, free: 0 };
            naive.set(key, { all: sums.all + grid.weight, free: sums.free + (free ? grid.weight : 0) });
          });
        });
        counts.all.forEach((all, place) => {
          const cell = place % CELLS;
          const device = Math.floor(place / CELLS) % 2;
          const sums = naive.get(`${Math.floor(place / CELLS / 2)}/${device}/${cell}`);
          expect([all, counts.free[place]].map((sum) => Math.round(sum! * 1000))).to.deep.equal(
            [sums?.all ?? 0, sums?.free ?? 0].map((sum) => Math.round(sum * 1000)),
          );
        });
        expect(sumOf(counts.heldByLead)).to.be.closeTo(sumOf(counts.all) - sumOf(counts.free), 0.01);
      }),
      { numRuns: 60 },
    );
  });

  it('counts only what is over', () => {
    for (const length of LENGTH_CLASSES) {
      for (const start of windowGrid(FROM, NOW, length, dublin).starts) expect(start + length).to.be.at.most(NOW);
    }
  });

  it('takes the nearest length, as a ratio', () => {
    for (const [length, nearest] of [
      [MINUTE, HOUR],
      [90 * MINUTE, 2 * HOUR],
      [3 * HOUR, 4 * HOUR],
      [24 * HOUR - 2 * MINUTE, DAY],
      [5 * DAY, 7 * DAY],
      [400 * DAY, 31 * DAY],
    ] as const) {
      expect(lengthClassOf(length)).to.equal(nearest);
    }
  });

  it('knows weekday, weekend and the part of the day by the clock of the lab, in summer too', () => {
    const friday = Date.parse('2026-07-03T00:00:00+01:00');
    expect(cellOf(friday, HOUR, dublin)).to.equal(0);
    expect(cellOf(friday - 1, HOUR, dublin)).to.equal(5);
    expect(cellOf(friday + 9 * HOUR, HOUR, dublin)).to.equal(2);
    expect(cellOf(friday + DAY, HOUR, dublin)).to.equal(6);
    // A long window is counted with those that begin nearest: 23:00 on Friday is Saturday's midnight.
    expect(cellOf(friday + 23 * HOUR, DAY, dublin)).to.equal(6);
    expect(cellOf(friday + 9 * HOUR, DAY, dublin)).to.equal(2);
  });
});

describe('how often windows are free', () => {
  const settings = { halfLifeDays: 28, deviceStrength: 20, cellStrength: 20 };
  const sums = (devices: number, at: (device: number, cell: number) => readonly [number, number]) => {
    const [all, free] = [new Float64Array(devices * CELLS), new Float64Array(devices * CELLS)];
    for (let place = 0; place < devices * CELLS; place += 1) {
      [all[place], free[place]] = at(Math.floor(place / CELLS), place % CELLS) as [number, number];
    }
    return { all, free };
  };

  it('is anybody’s guess without history', () => {
    const occupancy = new Occupancy(
      sums(2, () => [0, 0]),
      ['A', 'B'],
      1,
      settings,
    );
    expect(occupancy.base).to.deep.equal({ mean: 0.5, worth: 1 });
    const belief = occupancy.ofDevice(0, 3);
    expect(belief.mean).to.be.closeTo(0.5, 1e-9);
    expect(belief.worth).to.be.at.most(1);
  });

  it('is that of the type for a device that was never seen, and its own for one that was seen a lot', () => {
    const rates = [0.9, 0.9, 0, 0.1];
    const seen = [400, 400, 0, 4000];
    const occupancy = new Occupancy(
      sums(4, (device) => [seen[device]!, seen[device]! * rates[device]!]),
      ['A', 'A', 'A', 'B'],
      1,
      settings,
    );
    expect(occupancy.ofDevice(2, 0).mean).to.be.closeTo(0.9, 0.01);
    expect(occupancy.ofDevice(2, 0).worth).to.be.below(20);
    expect(occupancy.ofDevice(3, 0).mean).to.be.closeTo(0.1, 0.01);
    expect(occupancy.base.mean).to.be.within(0.1, 0.3);
  });

  it('takes the week of the lab for a device that is only known as a whole', () => {
    // Everybody is busy in part 2; the last device was seen in part 0 only, and there it is busier than others.
    const occupancy = new Occupancy(
      sums(10, (device, cell) => {
        if (device === 9) return cell === 0 ? [300, 150] : [0, 0];
        return [300, cell === 2 ? 90 : 240];
      }),
      Array.from({ length: 10 }, () => 'A'),
      1,
      settings,
    );
    expect(occupancy.ofDevice(9, 2).mean).to.be.below(occupancy.ofType('A', 2).mean);
    expect(occupancy.ofDevice(9, 2).mean).to.be.below(occupancy.ofDevice(9, 4).mean - 0.2);
  });

  it('always lies between what was seen and what is usual', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 3 * CELLS,
          maxLength: 3 * CELLS,
        }),
        (cells) => {
          const occupancy = new Occupancy(
            sums(3, (device, cell) => {
              const [all, rate] = cells[device * CELLS + cell]!;
              return [all, all * rate];
            }),
            ['A', 'A', 'B'],
            0.5,
            settings,
          );
          for (let place = 0; place < 3 * CELLS; place += 1) {
            const { mean, worth } = occupancy.ofDevice(Math.floor(place / CELLS), place % CELLS);
            expect(mean).to.be.within(0, 1);
            expect(worth).to.be.at.least(cells[place]![0]);
          }
        },
      ),
    );
  });
});

describe('how windows fill up', () => {
  it('is known by how long before the start they were booked', () => {
    const history: BookingHistory = {
      from: FROM,
      devices: [{ id: 1, type: 'A', since: FROM }],
      // Every second day is booked, half of these ten days before and half an hour before.
      bookings: Array.from({ length: 10 }, (_, nth): PastBooking => {
        const start = FROM + 2 * nth * DAY;
        const createdAt = start - (nth % 2 === 0 ? 10 * DAY : HOUR);
        return { deviceId: 1, groupId: `${nth}`, slot: { start, end: start + DAY }, createdAt, releasedAt: null };
      }),
      maintenance: [],
    };
    const utc = new LabZone('UTC');
    const counts = countWindows(history, NOW, 4 * HOUR, utc);
    const occupancy = new Occupancy(
      {
        all: Float64Array.from({ length: CELLS }, () => 10_000),
        free: Float64Array.from({ length: CELLS }, () => 5000),
      },
      ['A'],
      1,
      { halfLifeDays: 28, deviceStrength: 20, cellStrength: 20 },
    );
    const fillUp = new FillUp(counts, occupancy);
    expect(fillUp.shareBooked(0)).to.be.closeTo(1, 0.05);
    // A quarter is booked by then: 0.5^share = 0.75.
    expect(fillUp.shareBooked(5)).to.be.closeTo(Math.log(0.75) / Math.log(0.5), 0.03);
    expect(fillUp.shareBooked(60)).to.equal(0);
    for (let days = 0; days < 100; days += 0.5) {
      expect(fillUp.shareBooked(days + 0.5)).to.be.at.most(fillUp.shareBooked(days) + 1e-9);
    }
  });
});

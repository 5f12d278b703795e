import { expect } from 'chai';
import type { NewBooking } from '../../application/index.js';
import { DAY, HOUR, type BookingStatus, type TimeSlot } from '../../domain/index.js';
import { aBooking, anAccount, furnish, hours, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const today: TimeSlot = { start: NOON - 12 * HOUR, end: NOON + 12 * HOUR };
const moments = {
  now: NOON,
  today,
  week: { start: today.start, end: today.start + 7 * DAY },
  weekAgo: NOON - 7 * DAY,
  twoWeeksAgo: NOON - 14 * DAY,
};
const LONG_AGO = moments.weekAgo;

/** For the LabFigures. */
export const labFiguresContract = (name: string, open: OpenSubject<'work' | 'figures'>): void => {
  describe(`${name} as a counter of what goes on`, () => {
    const subject = forEachTest(open);
    const figures = () => subject().figures.count(moments);

    it('counts nothing where there is nothing', async () => {
      const { bookings, accounts, devices } = await figures();
      expect(new Set(Object.values(bookings))).to.deep.equal(new Set([0]));
      expect(accounts).to.deep.equal({ active: 0, madeThisWeek: 0, madeTheWeekBefore: 0 });
      expect(devices.size).to.equal(0);
    });

    it('counts bookings that await a decision, and those of today and of the week', async () => {
      await subject().work.run(async (stores) => {
        const { rows, people } = await furnish(stores, { rows: [{ name: 'a' }], people: ['ada'] });
        const [device, ada] = [rows[0]!.id, people[0]!.id];
        const add = async (other: Partial<NewBooking>, status?: BookingStatus, decidedAt?: number) => {
          const [booking] = await stores.bookings.add([aBooking(device, ada, other)], []);
          const ids = [booking!.id];
          if (status === undefined) return;
          if (decidedAt === undefined) await stores.bookings.setStatus(ids, status, NOON);
          else await stores.bookings.decide(ids, status, { by: ada, at: decidedAt, comment: null });
        };
        await add({ slot: hours(-1, 1), createdAt: LONG_AGO });
        await add({ slot: hours(1, 2), status: 'CONFLICTING', createdAt: LONG_AGO + 1 });
        await add({ slot: hours(13, 14), createdAt: LONG_AGO });
        await add({ slot: { start: moments.week.end - 1, end: moments.week.end + 1 }, status: 'CONFIRMED' });
        // Over, written down as such or not; and what nobody has any more.
        await add({ slot: hours(-9, -8), createdAt: LONG_AGO });
        await add({ slot: hours(-9, -8) }, 'EXPIRED');
        await add({ slot: hours(-14, -13) });
        await add({ slot: { start: moments.week.end, end: moments.week.end + 1 }, status: 'CONFIRMED' });
        await add({ slot: hours(1, 2), createdAt: LONG_AGO }, 'CANCELLED', NOON - 1);
        // Decided since, long ago, and not known to have waited.
        await add({ slot: hours(1, 2), createdAt: LONG_AGO }, 'REJECTED', LONG_AGO + 1);
        await add({ slot: hours(2, 3), createdAt: LONG_AGO }, 'CONFIRMED', NOON);
        await add({ slot: hours(3, 4), createdAt: LONG_AGO }, 'CONFIRMED', LONG_AGO);
        await add({ slot: hours(4, 5), createdAt: LONG_AGO + 1 }, 'CONFIRMED', NOON);
      });
      expect((await figures()).bookings).to.deep.equal({
        ...{ undecided: 3, contending: 1, overdue: 1, undecidedWeekAgo: 4, today: 7, week: 9 },
      });
    });

    it('counts accounts and devices', async () => {
      await subject().work.run(async (stores) => {
        await furnish(stores, {
          rows: [{ name: 'a' }, { name: 'b' }, { name: 'c', status: 'planned' }],
        });
        for (const [username, createdAt] of Object.entries({
          ...{ one: NOON, two: LONG_AGO + 1, three: LONG_AGO, four: NOON - 14 * DAY + 1, five: NOON - 14 * DAY },
        })) {
          await stores.users.add(anAccount(username, { createdAt }));
        }
        await stores.users.add(anAccount('gone', { status: 'disabled' }));
      });
      const { accounts, devices } = await figures();
      expect(accounts).to.deep.equal({ active: 5, madeThisWeek: 3, madeTheWeekBefore: 2 });
      expect(Object.fromEntries(devices)).to.deep.equal({ active: 2, planned: 1 });
    });
  });
};

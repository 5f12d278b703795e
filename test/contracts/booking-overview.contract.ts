import { expect } from 'chai';
import { BOOKING_ORDERS, type BookingFilter, type BookingOrder, type NewBooking } from '../../application/index.js';
import { TERMINAL_STATUSES, type BookingStatus, type HoldingStatus, type Instant } from '../../domain/index.js';
import { aBooking, aType, factsOf, furnish, hours, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const anything: BookingFilter = {
  ...{ statuses: [], from: null, until: null, search: null, deviceType: null, deviceName: null, ownerName: null },
  notOwnedBy: null,
};

const byNumber: BookingOrder = { by: 'booking_id', descending: false };
const WHOLE = { limit: 100, offset: 0 };

/** For the BookingOverview. */
export const bookingOverviewContract = (name: string, open: OpenSubject<'work' | 'bookingOverview'>): void => {
  describe(`${name} as an overview of bookings`, () => {
    const subject = forEachTest(open);

    /** Two types, three devices, three people. */
    const lab = () =>
      subject().work.run(async (stores) => {
        const { rows, people } = await furnish(stores, {
          rows: [{ name: 'Alpha 100%', status: 'in_maintenance' }, { name: 'alpha_2' }],
          people: ['ada', 'Bob Č', 'carol'],
        });
        const otdr = await stores.deviceTypes.add(aType('Ötdr'), NOON);
        const third = await stores.devices.add(factsOf(otdr.id, 'Beta'), NOON);
        const [first, second] = rows as [(typeof rows)[number], (typeof rows)[number]];
        const [ada, bob, carol] = people.map((user) => user.id) as [number, number, number];
        return { first: first.id, second: second.id, third: third.id, ada, bob, carol };
      });
    const add = async (bookings: readonly NewBooking[], collaborators: readonly number[] = []): Promise<number[]> => {
      const added = await subject().work.run((stores) => stores.bookings.add(bookings, collaborators));
      return added.map(({ id }) => id);
    };
    const end = (id: number, status: BookingStatus) =>
      subject().work.run(({ bookings }) => bookings.setStatus([id], status, NOON + 5));
    const page = (filter: Partial<BookingFilter>, order = byNumber, of = WHOLE, now: Instant = NOON) =>
      subject().bookingOverview.page({ ...anything, ...filter }, order, of, now);
    /** The places, in `ids`, of what is found. */
    const found = async (
      ids: readonly number[],
      filter: Partial<BookingFilter>,
      order = byNumber,
      now: Instant = NOON,
    ): Promise<number[]> => {
      const { bookings, total } = await page(filter, order, WHOLE, now);
      expect(total).to.equal(bookings.length);
      return bookings.map(({ id }) => ids.indexOf(id));
    };

    it('shows a booking with everything around it', async () => {
      const { first, ada, bob, carol } = await lab();
      const booking = aBooking(first, ada, { comment: 'Ω 🔌', status: 'CONFLICTING', createdAt: NOON - 7 });
      const [id] = (await add([booking], [carol, bob])) as [number];
      await subject().work.run(({ bookings }) =>
        bookings.decide([id], 'REJECTED', { by: bob, at: NOON + 9, comment: 'no' }),
      );
      const shown = await subject().bookingOverview.find(id);
      expect(shown).to.deep.equal({
        ...{ id, groupId: 'group', deviceId: first, deviceType: 'ROADM', deviceName: 'Alpha 100%' },
        ...{ deviceStatus: 'in_maintenance', managementIp: null, ownerId: ada, ownerUsername: 'ada' },
        ...{ ownerRole: 'User', slot: hours(1, 2), status: 'REJECTED', comment: 'Ω 🔌', decidedAt: NOON + 9 },
        ...{ decisionComment: 'no', collaborators: ['Bob Č', 'carol'], createdAt: NOON - 7, updatedAt: NOON + 9 },
      });
      expect((await page({})).bookings).to.deep.equal([shown]);
      expect(await subject().bookingOverview.after(0, anything, 10, NOON)).to.deep.equal([shown]);
    });

    it('has nothing where there is nothing', async () => {
      expect(await page({})).to.deep.equal({ bookings: [], total: 0 });
      expect(await subject().bookingOverview.find(1)).to.equal(null);
      expect(await subject().bookingOverview.after(0, anything, 10, NOON)).to.deep.equal([]);
      expect(await subject().bookingOverview.during(1, hours(-100, 100), 10)).to.deep.equal([]);
      expect(await subject().bookingOverview.before(1, NOON, 10)).to.deep.equal([]);
    });

    it('knows a booking of a device that is gone by the name that it had', async () => {
      const { third, ada } = await lab();
      const ids = await add([aBooking(third, ada, { slot: hours(-3, -2) })]);
      await subject().work.run(async (stores) => {
        await stores.thingBookings.rememberName(third, 'Ötdr', 'Beta');
        await stores.devices.remove(third);
      });
      const { bookings } = await page({});
      expect(bookings[0]).to.include({ deviceType: 'Ötdr', deviceName: 'Beta', deviceStatus: null });
      for (const filter of [{ search: 'beta' }, { deviceName: 'ET' }, { deviceType: 'öt' }]) {
        expect(await found(ids, filter)).to.deep.equal([0]);
      }
      expect(await found(ids, { search: 'gamma' })).to.deep.equal([]);
      for (const by of ['device_name', 'device_type'] as const) {
        expect(await found(ids, {}, { by, descending: true })).to.deep.equal([0]);
      }
    });

    it('takes a holding booking for expired once its time is over, to the millisecond', async () => {
      const { first, second, third, ada } = await lab();
      const statuses: readonly HoldingStatus[] = ['PENDING', 'CONFLICTING', 'CONFIRMED'];
      const ids = await add([
        ...statuses.map((status, nth) => aBooking(first, ada, { slot: hours(nth, nth + 1), status })),
        ...statuses.map((status, nth) => aBooking(second, ada, { slot: hours(nth + 5, nth + 6), status })),
        ...TERMINAL_STATUSES.map((_status, nth) => aBooking(third, ada, { slot: hours(nth + 5, nth + 6) })),
      ]);
      for (const [nth, status] of TERMINAL_STATUSES.entries()) await end(ids[6 + nth]!, status);
      const as = (now: Instant, ...wanted: BookingStatus[]) => found(ids, { statuses: wanted }, byNumber, now);
      const third1 = hours(2, 3).end;
      expect(await as(third1, 'EXPIRED')).to.deep.equal([0, 1, 2, 8]);
      expect(await as(third1 - 1, 'EXPIRED')).to.deep.equal([0, 1, 8]);
      expect(await as(third1 - 1, 'CONFIRMED')).to.deep.equal([2, 5]);
      expect(await as(third1, 'CONFIRMED', 'PENDING')).to.deep.equal([3, 5]);
      expect(await as(third1, 'REJECTED', 'EXPIRED', 'CONFLICTING')).to.deep.equal([0, 1, 2, 4, 6, 8]);
      expect(await as(third1, 'CANCELLED')).to.deep.equal([7]);
      expect(await as(third1)).to.have.length(9);
      expect(await found(ids, {}, { by: 'status', descending: false }, third1)).to.deep.equal([
        ...[7, 5, 4, 0, 1, 2, 8, 3, 6],
      ]);
    });

    it('finds what touches a time, half-open', async () => {
      const { first, ada } = await lab();
      const ids = await add([1, 2, 3].map((hour) => aBooking(first, ada, { slot: hours(hour, hour + 1) })));
      const [, second] = [hours(1, 2), hours(2, 3)];
      expect(await found(ids, { from: second.start, until: second.end })).to.deep.equal([1]);
      expect(await found(ids, { from: second.start - 1, until: second.end + 1 })).to.deep.equal([0, 1, 2]);
      expect(await found(ids, { from: second.start })).to.deep.equal([1, 2]);
      expect(await found(ids, { until: second.start })).to.deep.equal([0]);
    });

    it('finds parts of names in any letter case, numbers, and beginnings of groups, and knows no wildcards', async () => {
      const { first, second, third, ada, bob } = await lab();
      const ids = [
        ...(await add([aBooking(first, ada, { groupId: '1234abcd-one' })])),
        ...(await add([aBooking(second, bob, { groupId: '1234_bcd-two' })])),
        ...(await add([aBooking(third, bob, { groupId: 'fedcba98-three' })])),
      ];
      const search = (text: string) => found(ids, { search: text });
      expect(await search('ALPHA')).to.deep.equal([0, 1]);
      expect(await search('%')).to.deep.equal([0]);
      expect(await search('_')).to.deep.equal([1]);
      expect(await search('ÖTD')).to.deep.equal([2]);
      expect(await search('bob č')).to.deep.equal([1, 2]);
      expect(await search('1234ABCD')).to.deep.equal([0]);
      expect(await search('1234_bcd')).to.deep.equal([1]);
      expect(await search('fedcba9')).to.deep.equal([]);
      expect(await search(`${ids[2]}`)).to.deep.equal([2]);
      expect(await search("' OR 1=1 --")).to.deep.equal([]);
      expect(await search('9999999999')).to.deep.equal([]);
      expect(await found(ids, { deviceName: 'a_2' })).to.deep.equal([1]);
      expect(await found(ids, { deviceType: 'roadm', ownerName: 'ADA' })).to.deep.equal([0]);
      expect(await found(ids, { ownerName: 'b', deviceType: 'ötdr', search: 'beta' })).to.deep.equal([2]);
      expect(await found(ids, { notOwnedBy: bob })).to.deep.equal([0]);
    });

    it('puts bookings in order, those that are equal in it by number', async () => {
      const { first, second, third, ada, bob } = await lab();
      const ids = await add([
        aBooking(second, bob, { slot: hours(3, 4), createdAt: NOON - 1 }),
        aBooking(third, ada, { slot: hours(1, 9), createdAt: NOON - 3 }),
        aBooking(first, bob, { slot: hours(1, 2), createdAt: NOON - 2 }),
      ]);
      const sorted = (by: BookingOrder['by'], descending = false) => found(ids, {}, { by, descending });
      expect(await sorted('start_time')).to.deep.equal([1, 2, 0]);
      expect(await sorted('start_time', true)).to.deep.equal([0, 1, 2]);
      expect(await sorted('end_time')).to.deep.equal([2, 0, 1]);
      expect(await sorted('booking_id', true)).to.deep.equal([2, 1, 0]);
      expect(await sorted('created_at')).to.deep.equal([1, 2, 0]);
      expect(await sorted('device_name')).to.deep.equal([2, 0, 1]);
      expect(await sorted('device_type')).to.deep.equal([0, 2, 1]);
      expect(await sorted('user_name')).to.deep.equal([1, 0, 2]);
      for (const by of BOOKING_ORDERS) expect(await sorted(by)).to.have.length(3);
    });

    it('gives pages and parts that meet, and counts everything that matches', async () => {
      const { first, second, ada } = await lab();
      const ids = await add([
        ...Array.from({ length: 5 }, (_, nth) => aBooking(first, ada, { slot: hours(9 - nth, 10 - nth) })),
        aBooking(second, ada),
      ]);
      const filter = { deviceName: '100' };
      const byStart: BookingOrder = { by: 'start_time', descending: false };
      const whole = await page(filter, byStart);
      expect(whole.bookings.map(({ id }) => id)).to.deep.equal(ids.slice(0, 5).reverse());
      const pages = [];
      for (const offset of [0, 2, 4, 6]) pages.push(await page(filter, byStart, { limit: 2, offset }));
      expect(pages.flatMap(({ bookings }) => bookings)).to.deep.equal(whole.bookings);
      expect(pages.map(({ total }) => total)).to.deep.equal([5, 5, 5, 5]);
      const read: number[] = [];
      for (let last = 0; ; last = read[read.length - 1]!) {
        const part = await subject().bookingOverview.after(last, { ...anything, ...filter }, 2, NOON);
        if (part.length === 0) break;
        read.push(...part.map(({ id }) => id));
      }
      expect(read).to.deep.equal(ids.slice(0, 5));
    });

    it('tells who has a device at a time, and who had it before', async () => {
      const { first, second, ada, bob } = await lab();
      const ids = await add([
        aBooking(first, ada, { slot: hours(1, 3) }),
        aBooking(first, bob, { slot: hours(2, 4), status: 'CONFLICTING' }),
        aBooking(first, ada, { slot: hours(4, 5) }),
        aBooking(second, ada, { slot: hours(2, 4) }),
      ]);
      await end(ids[2]!, 'CANCELLED');
      const places = (uses: readonly { readonly id: number }[]) => uses.map(({ id }) => ids.indexOf(id));
      const { bookingOverview } = subject();
      expect(await bookingOverview.during(first, hours(3, 4), 10)).to.deep.equal([
        { id: ids[1], ownerId: bob, ownerUsername: 'Bob Č', slot: hours(2, 4), status: 'CONFLICTING' },
      ]);
      expect(places(await bookingOverview.during(first, hours(0, 9), 10))).to.deep.equal([0, 1, 2]);
      expect(places(await bookingOverview.during(first, hours(0, 9), 2))).to.deep.equal([0, 1]);
      expect(places(await bookingOverview.before(first, hours(0, 5).end, 10))).to.deep.equal([2, 1, 0]);
      expect(places(await bookingOverview.before(first, hours(0, 5).end - 1, 1))).to.deep.equal([1]);
    });
  });
};

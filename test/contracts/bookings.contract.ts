import { expect } from 'chai';
import type { BookingListing, NewBooking } from '../../application/index.js';
import {
  HOLDING_STATUSES,
  HOUR,
  TERMINAL_STATUSES,
  type Booking,
  type BookingStatus,
  type HoldingStatus,
} from '../../domain/index.js';
import { givingUp, race, readDuring } from './racing.js';
import { aBooking, furnish, hours, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const EVER = hours(-100_000, 100_000);
const STATUSES: readonly BookingStatus[] = [...HOLDING_STATUSES, ...TERMINAL_STATUSES];

/** For the BookingRepository of a UnitOfWork and the BookingListings outside of it. */
export const bookingsContract = (name: string, open: OpenSubject<'work' | 'bookings'>): void => {
  describe(`${name} as a keeper of bookings`, () => {
    const subject = forEachTest(open);

    const lab = async () => {
      const { rows, people } = await subject().work.run((stores) =>
        furnish(stores, {
          rows: [{ name: 'ROADM 1', managementIp: '192.0.2.1' }, { name: 'ROADM 2' }],
          people: ['ada', 'bob', 'Carol', 'Émilie'],
        }),
      );
      const [first, second] = rows.map((row) => row.id) as [number, number];
      const [ada, bob, carol, emilie] = people.map((user) => user.id) as [number, number, number, number];
      return { first, second, ada, bob, carol, emilie };
    };
    const add = (bookings: readonly NewBooking[], collaborators: readonly number[] = []) =>
      subject().work.run((stores) => stores.bookings.add(bookings, collaborators));
    const find = (id: number) => subject().work.run(({ bookings }) => bookings.find(id));
    const ofGroup = (group: string) => subject().work.run(({ bookings }) => bookings.ofGroup(group));
    const setStatus = (ids: readonly number[], status: BookingStatus, at = NOON + 1) =>
      subject().work.run(({ bookings }) => bookings.setStatus(ids, status, at));

    it('keeps bookings as they were made, to the millisecond, in their order', async () => {
      const { first, second, ada, bob, carol } = await lab();
      const given = [
        aBooking(second, ada, {
          slot: { start: NOON + HOUR + 1, end: LATEST },
          comment: 'Ω 測 🔌\n'.repeat(285),
          status: 'CONFIRMED',
        }),
        aBooking(first, ada, { slot: hours(3, 4), status: 'CONFLICTING', createdAt: NOON - 999 }),
        aBooking(first, ada, { slot: hours(1, 2) }),
      ];
      const added = await add(given, [carol, bob]);
      expect(added).to.deep.equal(
        given.map((booking, index): Booking => {
          const { id } = added[index]!;
          return { id, ...booking, collaboratorIds: [bob, carol], updatedAt: booking.createdAt };
        }),
      );
      for (const booking of added) expect(await find(booking.id)).to.deep.equal(booking);
      expect(await ofGroup('group')).to.deep.equal([...added].sort((a, b) => a.id - b.id));
    });

    it('has none where there is none', async () => {
      for (const id of [1, 0, 2 ** 31]) expect(await find(id)).to.equal(null);
      expect(await ofGroup('unknown')).to.deep.equal([]);
      expect(await subject().bookings.during(EVER)).to.deep.equal([]);
      expect(await subject().bookings.ofUser(1)).to.deep.equal([]);
      await setStatus([1], 'CANCELLED');
      await setStatus([], 'CANCELLED');
      await subject().work.run(({ bookings }) => bookings.remove(1));
      expect(await add([])).to.deep.equal([]);
    });

    it('gives later bookings higher ids', async () => {
      const { first, ada } = await lab();
      let last = 0;
      for (let round = 0; round < 5; round += 1) {
        const [booking] = await add([aBooking(first, ada, { groupId: `group ${round}` })]);
        expect(booking!.id).to.be.above(last);
        last = booking!.id;
      }
    });

    it('adds to a group that is there already, also what was cancelled before', async () => {
      const { first, second, ada } = await lab();
      const [cancelled] = await add([aBooking(first, ada)]);
      await setStatus([cancelled!.id], 'CANCELLED');
      const again = await add([aBooking(first, ada), aBooking(second, ada)]);
      expect(again.map((booking) => booking.status)).to.deep.equal(['PENDING', 'PENDING']);
      expect(again.map((booking) => booking.id)).not.to.include(cancelled!.id);
      expect((await ofGroup('group')).map((booking) => booking.id)).to.deep.equal(
        [cancelled!.id, ...again.map((booking) => booking.id)].sort((a, b) => a - b),
      );
      expect((await find(cancelled!.id))?.status).to.equal('CANCELLED');
    });

    it('makes, changes and lists thousands at once', async () => {
      const { first, ada, bob, carol } = await lab();
      const given = Array.from({ length: 3_700 }, (_, hour) => aBooking(first, ada, { slot: hours(hour, hour + 1) }));
      const added = await add(given, [bob, carol]);
      expect(added.map((booking) => booking.slot)).to.deep.equal(given.map((booking) => booking.slot));
      await setStatus(
        added.map((booking) => booking.id),
        'CONFIRMED',
      );
      const group = await ofGroup('group');
      expect(group).to.have.deep.members(
        added.map((booking) => ({ ...booking, status: 'CONFIRMED' as const, updatedAt: NOON + 1 })),
      );
      const listed = await subject().bookings.during(EVER);
      expect(listed.map((booking) => booking.slot)).to.deep.equal(given.map((booking) => booking.slot));
      expect(listed.every((booking) => booking.collaborators.join() === 'bob,Carol')).to.equal(true);
    });

    it('keeps every status, and when it came about', async () => {
      const { first, ada } = await lab();
      const [booking, other] = await add([aBooking(first, ada), aBooking(first, ada, { slot: hours(5, 6) })]);
      for (const [index, status] of STATUSES.entries()) {
        await setStatus([booking!.id], status, LATEST - index);
        expect(await find(booking!.id)).to.deep.equal({ ...booking, status, updatedAt: LATEST - index });
      }
      expect(await find(other!.id)).to.deep.equal(other);
    });

    it('removes one booking with its collaborators and never uses its id again', async () => {
      const { first, ada, bob } = await lab();
      const [kept, removed] = await add([aBooking(first, ada), aBooking(first, ada, { slot: hours(5, 6) })], [bob]);
      await subject().work.run(({ bookings }) => bookings.remove(removed!.id));
      expect(await find(removed!.id)).to.equal(null);
      expect(await ofGroup('group')).to.deep.equal([kept]);
      expect((await subject().bookings.ofUser(bob)).map((booking) => booking.id)).to.deep.equal([kept!.id]);
      const [next] = await add([aBooking(first, ada, { groupId: 'next' })]);
      expect(next!.id).to.be.above(removed!.id);
      expect(next!.collaboratorIds).to.deep.equal([]);
    });

    it('keeps nothing of a request that fails halfway', async () => {
      const { first, second, ada, bob } = await lab();
      await givingUp(subject().work, async ({ bookings }) => {
        await bookings.add([aBooking(first, ada), aBooking(second, ada)], [bob]);
      });
      expect(await ofGroup('group')).to.deep.equal([]);
      expect(await subject().bookings.ofUser(bob)).to.deep.equal([]);
    });

    it('mixes nothing up of many requests at once', async () => {
      const { first, second, ada, bob } = await lab();
      const { won } = await race((racer) =>
        add([aBooking(first, ada, { groupId: `${racer}` }), aBooking(second, ada, { groupId: `${racer}` })], [bob]),
      );
      expect(new Set(won.flat().map((booking) => booking.id)).size).to.equal(won.length * 2);
      for (const group of won) {
        expect(await ofGroup(group[0]!.groupId)).to.have.deep.members(group);
        expect(group.map((booking) => booking.deviceId)).to.deep.equal([first, second]);
      }
    });

    describe('in lists', () => {
      const listedIds = (listings: readonly BookingListing[]) => listings.map((listing) => listing.id);

      it('names the device, the owner and the collaborators in alphabetical order', async () => {
        const { first, second, ada, bob, carol, emilie } = await lab();
        const [full] = await add([aBooking(first, ada, { comment: 'Ω 🔌', slot: hours(1, 2) })], [emilie, carol, bob]);
        const [plain] = await add([aBooking(second, bob, { groupId: 'other', slot: hours(3, 4) })]);
        const decision = { by: ada, at: NOON + 1, comment: 'Ω no' };
        await subject().work.run(({ bookings }) => bookings.decide([plain!.id], 'REJECTED', decision));
        const expected: BookingListing[] = [
          {
            id: full!.id,
            groupId: 'group',
            deviceId: first,
            deviceType: 'ROADM',
            deviceName: 'ROADM 1',
            managementIp: '192.0.2.1',
            ownerId: ada,
            ownerUsername: 'ada',
            slot: hours(1, 2),
            status: 'PENDING',
            comment: 'Ω 🔌',
            decidedAt: null,
            decisionComment: null,
            collaborators: ['bob', 'Carol', 'Émilie'],
            createdAt: NOON,
          },
          {
            id: plain!.id,
            groupId: 'other',
            deviceId: second,
            deviceType: 'ROADM',
            deviceName: 'ROADM 2',
            managementIp: null,
            ownerId: bob,
            ownerUsername: 'bob',
            slot: hours(3, 4),
            status: 'REJECTED',
            comment: '',
            decidedAt: NOON + 1,
            decisionComment: 'Ω no',
            collaborators: [],
            createdAt: NOON,
          },
        ];
        expect(await subject().bookings.during(EVER)).to.deep.equal(expected);
        expect(await subject().bookings.ofUser(bob)).to.deep.equal(expected);
      });

      it('shows what overlaps a slot, not what touches it, by start and id', async () => {
        const { first, second, ada } = await lab();
        const given: [number, number, number][] = [
          [first, 12, 13],
          [second, 9, 10],
          [first, 20, 21],
          [second, 12, 20],
          [first, 0, 30],
          [second, 9, 10 + 1 / HOUR],
          [first, 20 - 1 / HOUR, 40],
        ];
        const added = await add(given.map(([device, from, to]) => aBooking(device, ada, { slot: hours(from, to) })));
        const expected = [4, 5, 0, 3, 6].map((index) => added[index]!.id);
        expect(listedIds(await subject().bookings.during(hours(10, 20)))).to.deep.equal(expected);
      });

      it('shows every status', async () => {
        const { first, ada } = await lab();
        for (const [index, status] of STATUSES.entries()) {
          const slot = hours(index, index + 1);
          const [booking] = await add([aBooking(first, ada, { slot, groupId: status })]);
          await setStatus([booking!.id], status);
        }
        const statuses = (listings: readonly BookingListing[]) => listings.map((listing) => listing.status);
        expect(statuses(await subject().bookings.during(EVER))).to.deep.equal(STATUSES);
        expect(statuses(await subject().bookings.ofUser(ada))).to.deep.equal(STATUSES);
      });

      it('shows a user what is theirs and what they share, each once, by start and id', async () => {
        const { first, second, ada, bob, carol } = await lab();
        const make = async (ownerId: number, from: number, groupId: string, collaborators: readonly number[]) =>
          (await add([aBooking(first, ownerId, { slot: hours(from, from + 1), groupId })], collaborators))[0]!.id;
        const shared = await make(bob, 5, 'shared', [ada, carol]);
        const own = await make(ada, 7, 'own', [bob]);
        const early = await make(ada, 1, 'early', []);
        await make(bob, 3, 'his', [carol]);
        const [twin] = await add([aBooking(second, ada, { slot: hours(7, 8), groupId: 'twin' })]);
        expect(listedIds(await subject().bookings.ofUser(ada))).to.deep.equal([early, shared, own, twin!.id]);
        expect(await subject().bookings.ofUser(999_999)).to.deep.equal([]);
      });

      it('does not show what is not decided yet', async () => {
        const { first, ada, bob } = await lab();
        const [booking] = await add([aBooking(first, ada)]);
        const { work, bookings } = subject();
        const seen = await readDuring(
          work,
          async (stores) => {
            await stores.bookings.add([aBooking(first, ada, { slot: hours(5, 6) })], [bob]);
            await stores.bookings.setStatus([booking!.id], 'CANCELLED', NOON);
          },
          async () => ({ week: await bookings.during(EVER), his: await bookings.ofUser(bob) }),
        );
        expect(seen.week.map(({ id, status }) => [id, status])).to.deep.equal([
          [booking!.id, 'PENDING' satisfies HoldingStatus],
        ]);
        expect(seen.his).to.deep.equal([]);
      });
    });
  });
};

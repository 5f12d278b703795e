import { expect } from 'chai';
import type { NewBooking } from '../../application/index.js';
import {
  conflict,
  HOLDING_STATUSES,
  HOUR,
  TERMINAL_STATUSES,
  type BookingStatus,
  type HeldTime,
} from '../../domain/index.js';
import { expectOneWinner, givingUp, race } from './racing.js';
import { aBooking, aType, furnish, hours, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For what the BookingRepository changes about bookings, and for what the BookingListings tell of it. */
export const bookingChangesContract = (name: string, open: OpenSubject<'work' | 'bookings'>): void => {
  describe(`${name} as a keeper of what becomes of bookings`, () => {
    const subject = forEachTest(open);

    const lab = async () => {
      const { rows, people } = await subject().work.run((stores) =>
        furnish(stores, { rows: [{ name: 'ROADM 1' }, { name: 'ROADM 2' }], people: ['ada', 'bob', 'carol'] }),
      );
      const [first, second] = rows.map((row) => row.id) as [number, number];
      const [ada, bob, carol] = people.map((user) => user.id) as [number, number, number];
      return { first, second, ada, bob, carol };
    };
    const add = (bookings: readonly NewBooking[], collaborators: readonly number[] = []) =>
      subject().work.run((stores) => stores.bookings.add(bookings, collaborators));
    const find = (id: number) => subject().work.run(({ bookings }) => bookings.find(id));

    describe('when it is decided', () => {
      it('keeps the status and when that was, of all that are named and of no other', async () => {
        const { first, second, ada, bob } = await lab();
        const [a, b, c] = await add([
          aBooking(first, ada),
          aBooking(second, ada),
          aBooking(first, ada, { slot: hours(5, 6) }),
        ]);
        const decide = (status: BookingStatus, at: number, comment: string | null) =>
          subject().work.run(({ bookings }) => bookings.decide([a!.id, b!.id], status, { by: bob, at, comment }));
        await decide('CONFIRMED', LATEST, null);
        for (const booking of [a!, b!]) {
          expect(await find(booking.id)).to.deep.equal({ ...booking, status: 'CONFIRMED', updatedAt: LATEST });
        }
        await decide('REJECTED', NOON + 1, 'Ω 測 🔌 '.repeat(125));
        expect((await find(a!.id))?.status).to.equal('REJECTED');
        expect(await find(c!.id)).to.deep.equal(c);
      });

      it('knows nothing of bookings that there are not, and of none at all', async () => {
        await lab();
        await subject().work.run(async ({ bookings }) => {
          await bookings.decide([999_999], 'CONFIRMED', { by: 1, at: NOON, comment: null });
          await bookings.decide([], 'CONFIRMED', { by: 1, at: NOON, comment: null });
        });
        expect(await find(999_999)).to.equal(null);
      });

      it('decides about thousands at once', async () => {
        const { first, ada, bob } = await lab();
        const added = await add(
          Array.from({ length: 2_500 }, (_, hour) => aBooking(first, ada, { slot: hours(hour, hour + 1) })),
        );
        await subject().work.run(({ bookings }) =>
          bookings.decide(
            added.map((booking) => booking.id),
            'CONFIRMED',
            { by: bob, at: NOON, comment: 'all' },
          ),
        );
        const group = await subject().work.run(({ bookings }) => bookings.ofGroup('group'));
        expect(group.filter((booking) => booking.status === 'CONFIRMED')).to.have.length(added.length);
      });
    });

    describe('when it ends later', () => {
      it('moves the end of one, to the millisecond, and leaves the rest of it', async () => {
        const { first, second, ada, bob } = await lab();
        const [a, b] = await add([aBooking(first, ada), aBooking(second, ada)], [bob]);
        await subject().work.run(({ bookings }) => bookings.setEnd(a!.id, LATEST, NOON + 1));
        await subject().work.run(({ bookings }) => bookings.setEnd(999_999, LATEST, NOON + 1));
        expect(await find(a!.id)).to.deep.equal({
          ...a,
          slot: { start: a!.slot.start, end: LATEST },
          updatedAt: NOON + 1,
        });
        expect(await find(b!.id)).to.deep.equal(b);
      });

      it('shows the new end on the calendar', async () => {
        const { first, ada } = await lab();
        const [booking] = await add([aBooking(first, ada, { slot: hours(1, 2) })]);
        await subject().work.run(({ bookings }) => bookings.setEnd(booking!.id, hours(1, 9).end, NOON));
        const calendar = await subject().work.run(({ calendars }) => calendars.read([first], hours(8, 10)));
        expect(calendar.get(first)?.holds.map((hold) => hold.slot)).to.deep.equal([hours(1, 9)]);
      });
    });

    describe('when others share it', () => {
      const setCollaborators = (ids: readonly number[], userIds: readonly number[]) =>
        subject().work.run(({ bookings }) => bookings.setCollaborators(ids, userIds));

      it('replaces the collaborators of all that are named and of no other', async () => {
        const { first, second, ada, bob, carol } = await lab();
        const [a, b, c] = await add(
          [aBooking(first, ada), aBooking(second, ada), aBooking(first, ada, { slot: hours(5, 6) })],
          [bob],
        );
        await setCollaborators([a!.id, b!.id], [carol, bob]);
        for (const booking of [a!, b!]) {
          expect(await find(booking.id)).to.deep.equal({ ...booking, collaboratorIds: [bob, carol] });
        }
        await setCollaborators([a!.id], [carol]);
        expect((await find(a!.id))?.collaboratorIds).to.deep.equal([carol]);
        expect(await find(c!.id)).to.deep.equal(c);
        const listed = await subject().bookings.ofUser(bob);
        expect(listed.map((listing) => listing.id)).to.have.members([b!.id, c!.id]);
        await setCollaborators([a!.id, b!.id, c!.id], []);
        expect(await subject().bookings.ofUser(bob)).to.deep.equal([]);
        expect(await subject().bookings.ofUser(carol)).to.deep.equal([]);
      });

      it('knows nothing of bookings that are gone', async () => {
        const { first, ada, bob } = await lab();
        const [booking] = await add([aBooking(first, ada)]);
        await subject().work.run(({ bookings }) => bookings.remove(booking!.id));
        await setCollaborators([booking!.id], [bob]);
        await setCollaborators([], [bob]);
        expect(await find(booking!.id)).to.equal(null);
        expect(await subject().bookings.ofUser(bob)).to.deep.equal([]);
      });

      it('keeps what one of many said who replaced them at once', async () => {
        const { first, second, ada, bob, carol } = await lab();
        const ids = (await add([aBooking(first, ada), aBooking(second, ada)])).map((booking) => booking.id);
        const sets = [[bob], [carol], [bob, carol], []];
        await race((racer) => setCollaborators(ids, sets[racer % sets.length]!));
        const [one, other] = [await find(ids[0]!), await find(ids[1]!)];
        expect(sets).to.deep.include([...one!.collaboratorIds]);
        expect(other!.collaboratorIds).to.deep.equal(one!.collaboratorIds);
      });
    });

    it('keeps nothing of a work that fails', async () => {
      const { first, ada, bob } = await lab();
      const [booking] = await add([aBooking(first, ada)]);
      await givingUp(subject().work, async ({ bookings }) => {
        await bookings.decide([booking!.id], 'CONFIRMED', { by: bob, at: NOON + 1, comment: null });
        await bookings.setEnd(booking!.id, LATEST, NOON + 1);
        await bookings.setCollaborators([booking!.id], [bob]);
      });
      expect(await find(booking!.id)).to.deep.equal(booking);
    });

    describe('in lists by status', () => {
      const ids = async (
        statuses: readonly BookingStatus[] | null,
        page: { limit?: number | null; offset?: number } = {},
      ) => {
        const listed = await subject().bookings.withStatus(statuses, { limit: null, offset: 0, ...page });
        return listed.map((listing) => listing.id);
      };

      it('shows those of the statuses, the latest start first, page by page', async () => {
        const { first, second, ada, bob } = await lab();
        const statuses = [...HOLDING_STATUSES, ...TERMINAL_STATUSES];
        const made: { id: number; status: BookingStatus }[] = [];
        for (const [index, status] of statuses.entries()) {
          const twins = await add(
            [first, second].map((device) => aBooking(device, ada, { slot: hours(index, index + 9), groupId: status })),
            [bob],
          );
          const inOrder = twins.map((booking) => booking.id).sort((a, b) => a - b);
          await subject().work.run(({ bookings }) => bookings.setStatus(inOrder, status, NOON));
          made.push(...inOrder.map((id) => ({ id, status })));
        }
        const latestFirst = made.toReversed();
        const all = latestFirst.map(({ id }) => id);
        expect(await ids(null)).to.deep.equal(all);
        for (const wanted of [['PENDING'], ['PENDING', 'EXPIRED'], statuses, []] as BookingStatus[][]) {
          const due = latestFirst.filter(({ status }) => wanted.includes(status)).map(({ id }) => id);
          expect(await ids(wanted), wanted.join()).to.deep.equal(due);
          expect(await ids(wanted, { limit: 1, offset: 1 }), wanted.join()).to.deep.equal(due.slice(1, 2));
        }
        expect(await ids(null, { limit: 5 })).to.deep.equal(all.slice(0, 5));
        expect(await ids(null, { limit: 5, offset: 9 })).to.deep.equal(all.slice(9));
        expect(await ids(null, { offset: 4 })).to.deep.equal(all.slice(4));
        expect(await ids(null, { limit: 5, offset: 99 })).to.deep.equal([]);
      });

      it('shows them as every other list does', async () => {
        const { first, ada, bob, carol } = await lab();
        await add([aBooking(first, ada, { comment: 'Ω 🔌' })], [carol, bob]);
        const listed = await subject().bookings.during(hours(0, 24));
        for (const page of [
          { limit: null, offset: 0 },
          { limit: 1, offset: 0 },
        ]) {
          expect(await subject().bookings.withStatus(['PENDING'], page)).to.deep.equal(listed);
        }
      });
    });

    describe('as what somebody holds', () => {
      const inOrder = (held: readonly HeldTime[]) => [...held].sort((a, b) => a.slot.start - b.slot.start);
      const heldBy = async (userId: number, after: number): Promise<HeldTime[]> => {
        const outside = inOrder(await subject().bookings.heldBy(userId, after));
        const inside = await subject().work.run(({ bookings }) => bookings.heldBy(userId, after));
        expect(inOrder(inside)).to.deep.equal(outside);
        return outside;
      };

      it('counts what holds and ends after the instant, with group and type', async () => {
        const { first, ada, bob } = await lab();
        const [scope] = await subject().work.run(
          async (stores) => (await furnish(stores, { type: aType('Scope'), rows: [{ name: 'Scope 1' }] })).rows,
        );
        await add([aBooking(first, ada, { slot: hours(1, 2), groupId: 'a' })], [bob]);
        await add([aBooking(scope!.id, ada, { slot: hours(3, 4), groupId: 'b', status: 'CONFIRMED' })]);
        await add([aBooking(first, ada, { slot: hours(5, 6), groupId: 'a', status: 'CONFLICTING' })]);
        await add([aBooking(first, bob, { slot: hours(5, 6), groupId: 'c' })], [ada]);
        for (const status of TERMINAL_STATUSES) {
          const [over] = await add([aBooking(first, ada, { slot: hours(7, 8), groupId: status })]);
          await subject().work.run(({ bookings }) => bookings.setStatus([over!.id], status, NOON));
        }
        expect(await heldBy(ada, NOON)).to.deep.equal([
          { groupId: 'a', type: 'ROADM', slot: hours(1, 2) },
          { groupId: 'b', type: 'Scope', slot: hours(3, 4) },
          { groupId: 'a', type: 'ROADM', slot: hours(5, 6) },
        ]);
        expect(await heldBy(ada, NOON + 2 * HOUR)).to.have.length(2);
        expect(await heldBy(ada, NOON + 2 * HOUR - 1)).to.have.length(3);
        expect(await heldBy(999_999, NOON)).to.deep.equal([]);
      });

      it('lets one of many who fit into what is left of a quota have it, on different devices too', async () => {
        const { first, second, ada } = await lab();
        await expectOneWinner(
          (racer) =>
            subject().work.run(async ({ bookings }) => {
              if ((await bookings.heldBy(ada, NOON)).length > 0) throw conflict('quota', 'That is enough.');
              await bookings.add([aBooking(racer % 2 ? first : second, ada, { groupId: `racer ${racer}` })], []);
            }),
          'quota',
        );
        expect(await subject().bookings.ofUser(ada)).to.have.length(1);
      });
    });
  });
};

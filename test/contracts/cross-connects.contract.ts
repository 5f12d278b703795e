import { expect } from 'chai';
import type { GroupConnect } from '../../application/index.js';
import { HOLDING_STATUSES, TERMINAL_STATUSES } from '../../domain/index.js';
import { givingUp } from './racing.js';
import { aBooking, furnish, hours, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the CrossConnectRepository of a UnitOfWork and the CrossConnectReader outside of it. */
export const crossConnectsContract = (name: string, open: OpenSubject<'work' | 'crossConnects'>): void => {
  describe(`${name} as a keeper of cross-connects`, () => {
    const subject = forEachTest(open);

    const lab = async () => {
      const rows = ['ROADM 1', 'ROADM 2', 'Switch'].map((device) => ({ name: device }));
      const furnished = await subject().work.run((stores) => furnish(stores, { rows, people: ['ada'] }));
      const [one, two, patch] = furnished.rows.map(({ id }) => id) as [number, number, number];
      return { one, two, patch, ada: furnished.people[0]!.id };
    };
    const aConnect = (
      { one, two, patch }: { one: number; two: number; patch: number },
      other: Partial<GroupConnect> = {},
    ): GroupConnect => ({
      ...{ groupId: 'group', edgeId: 'edge-0', strand: 0, switchId: patch, inPort: 37, outPort: 346 },
      ...{ fromThingId: one, toThingId: two },
      ...other,
    });
    const heldSlots = async (from: number, to: number, switchIds: number[] | null = null) =>
      (await subject().crossConnects.held(switchIds, hours(from, to))).map(({ slot }) => slot);

    it('gives those of a group as they were added', async () => {
      const known = await lab();
      const connects = [aConnect(known), aConnect(known, { inPort: 154, outPort: 229, edgeId: 'Ω', strand: 3 })];
      await subject().work.run(({ crossConnects }) => crossConnects.add(connects, NOON));
      await subject().work.run(({ crossConnects }) => crossConnects.add([aConnect(known, { groupId: 'other' })], NOON));
      const ofGroup = (id: string) => subject().work.run(({ crossConnects }) => crossConnects.ofGroup(id));
      expect(await ofGroup('group')).to.deep.equal(connects);
      expect(await ofGroup('GROUP')).to.deep.equal([]);
    });

    it('holds them while the group holds both of their things, as long as both do', async () => {
      const known = await lab();
      const { one, two, patch, ada } = known;
      await subject().work.run(async ({ bookings, crossConnects }) => {
        await crossConnects.add([aConnect(known)], NOON);
        await bookings.add([aBooking(one, ada, { slot: hours(1, 5) }), aBooking(two, ada, { slot: hours(2, 6) })], []);
        // Not of the group.
        await bookings.add([aBooking(two, ada, { slot: hours(0, 9), groupId: 'other' })], []);
      });
      expect(await subject().crossConnects.held([patch], hours(0, 9))).to.deep.equal([
        { ...aConnect(known), slot: hours(2, 5) },
      ]);
      expect(await heldSlots(4, 9)).to.deep.equal([hours(2, 5)]);
      expect(await heldSlots(5, 9)).to.deep.equal([]);
      expect(await heldSlots(0, 2)).to.deep.equal([]);
      expect(await heldSlots(0, 9, [one])).to.deep.equal([]);
      expect(await heldSlots(0, 9, [])).to.deep.equal([]);
    });

    it('frees them with either booking, however that ends', async () => {
      const known = await lab();
      const { one, two, ada } = known;
      await subject().work.run(({ crossConnects }) => crossConnects.add([aConnect(known)], NOON));
      for (const status of TERMINAL_STATUSES) {
        for (const side of [0, 1]) {
          const added = await subject().work.run(({ bookings }) =>
            bookings.add([aBooking(one, ada), aBooking(two, ada)], []),
          );
          expect(await heldSlots(0, 9), status).to.deep.equal([hours(1, 2)]);
          await subject().work.run(({ bookings }) => bookings.setStatus([added[side]!.id], status, NOON));
          expect(await heldSlots(0, 9), status).to.deep.equal([]);
          await subject().work.run(async ({ bookings }) => {
            for (const { id } of added) await bookings.remove(id);
          });
        }
      }
    });

    it('holds them in every holding status, and for every day of the group', async () => {
      const known = await lab();
      const { one, two, ada } = known;
      await subject().work.run(({ crossConnects }) => crossConnects.add([aConnect(known)], NOON));
      for (const [index, status] of HOLDING_STATUSES.entries()) {
        const slot = hours(10 * index, 10 * index + 1);
        await subject().work.run(({ bookings }) =>
          bookings.add([aBooking(one, ada, { slot, status }), aBooking(two, ada, { slot, status })], []),
        );
      }
      expect(await heldSlots(-1, 99)).to.deep.equal([hours(0, 1), hours(10, 11), hours(20, 21)]);
    });

    it('goes with things that get another id', async () => {
      const known = await lab();
      const { one, two, patch, ada } = known;
      await subject().work.run(async ({ bookings, crossConnects, thingBookings }) => {
        await crossConnects.add([aConnect(known)], NOON);
        await bookings.add([aBooking(one, ada), aBooking(two, ada)], []);
        await thingBookings.move(one, 9001);
        await thingBookings.move(two, 9002);
        await thingBookings.move(patch, 9003);
      });
      const [held] = await subject().crossConnects.held([9003], hours(0, 9));
      expect(held).to.deep.include({ switchId: 9003, fromThingId: 9001, toThingId: 9002, slot: hours(1, 2) });
    });

    it('keeps nothing of a work that fails', async () => {
      const known = await lab();
      await givingUp(subject().work, ({ crossConnects }) => crossConnects.add([aConnect(known)], NOON));
      expect(await subject().work.run(({ crossConnects }) => crossConnects.ofGroup('group'))).to.deep.equal([]);
    });
  });
};

import { expect } from 'chai';
import { HOLDING_STATUSES, TERMINAL_STATUSES, type Device, type User } from '../../domain/index.js';
import { aBooking, furnish, hours, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const EVER = hours(-10_000, 10_000);

/** For the ThingBookings of a UnitOfWork. */
export const thingBookingsContract = (name: string, open: OpenSubject<'work' | 'bookings'>): void => {
  describe(`${name} as to the bookings of a thing that changes`, () => {
    const subject = forEachTest(open);

    const lab = async (): Promise<{ rows: [Device, Device]; ada: User }> => {
      const { rows, people } = await subject().work.run((stores) =>
        furnish(stores, { rows: [{ name: 'ROADM 1' }, { name: 'ROADM 2' }], people: ['ada'] }),
      );
      return { rows: rows as [Device, Device], ada: people[0]! };
    };

    it('counts what holds the thing after an instant', async () => {
      const { rows, ada } = await lab();
      const [device, other] = [rows[0].id, rows[1].id];
      const { work } = subject();
      await work.run(async ({ bookings }) => {
        for (const status of HOLDING_STATUSES) {
          await bookings.add([aBooking(device, ada.id, { slot: hours(1, 2), status, groupId: status })], []);
        }
        for (const status of TERMINAL_STATUSES) {
          const [over] = await bookings.add([aBooking(device, ada.id, { slot: hours(1, 2), groupId: status })], []);
          await bookings.setStatus([over!.id], status, NOON);
        }
        await bookings.add([aBooking(other, ada.id, { groupId: 'other' })], []);
      });
      const count = (thing: number, after: number) =>
        work.run(({ thingBookings }) => thingBookings.countHolding(thing, after));
      expect(await count(device, hours(0, 2).end - 1)).to.equal(3);
      expect(await count(device, hours(0, 2).end)).to.equal(0);
      expect(await count(other, NOON)).to.equal(1);
      expect(await count(999_999, NOON)).to.equal(0);
    });

    it('moves every booking of the thing, whatever its status, and no other', async () => {
      const { rows, ada } = await lab();
      const [from, to] = [rows[0].id, rows[1].id];
      const { work, bookings } = subject();
      await work.run(async (stores) => {
        const [, over] = await stores.bookings.add(
          [aBooking(from, ada.id), aBooking(from, ada.id, { slot: hours(3, 4) })],
          [],
        );
        await stores.bookings.setStatus([over!.id], 'CANCELLED', NOON);
        await stores.bookings.add([aBooking(to, ada.id, { slot: hours(5, 6), groupId: 'there already' })], []);
      });
      await work.run(({ thingBookings }) => thingBookings.move(from, to));
      const listed = await bookings.during(EVER);
      expect(listed.map(({ deviceId, deviceName, status }) => [deviceId, deviceName, status])).to.deep.equal([
        [to, 'ROADM 2', 'PENDING'],
        [to, 'ROADM 2', 'CANCELLED'],
        [to, 'ROADM 2', 'PENDING'],
      ]);
    });

    it('still knows what a removed thing was called', async () => {
      const { rows, ada } = await lab();
      const [gone, there] = [rows[0].id, rows[1].id];
      const { work, bookings } = subject();
      await work.run(async (stores) => {
        await stores.bookings.add([aBooking(gone, ada.id), aBooking(there, ada.id, { slot: hours(3, 4) })], []);
        await stores.thingBookings.rememberName(gone, 'ROADM Ω', 'ROADM 測 🔌');
        await stores.devices.remove(gone);
      });
      const listed = await bookings.during(EVER);
      expect(listed.map(({ deviceId, deviceType, deviceName }) => [deviceId, deviceType, deviceName])).to.deep.equal([
        [gone, 'ROADM Ω', 'ROADM 測 🔌'],
        [there, 'ROADM', 'ROADM 2'],
      ]);
      expect((await bookings.ofUser(ada.id)).map((booking) => booking.managementIp)).to.deep.equal([null, null]);
    });
  });
};

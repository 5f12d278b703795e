import { expect } from 'chai';
import { aBooking, furnish, hours, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the FeedSource. */
export const feedSourceContract = (name: string, open: OpenSubject<'work' | 'feedSource'>): void => {
  describe(`${name} as a source of calendar feeds`, () => {
    const subject = forEachTest(open);

    it('tells of bookings that end after an instant, by device, by person and all', async () => {
      const { work, feedSource } = subject();
      const { deviceId, adaId, bobId, mine, shared, over } = await work.run(async (stores) => {
        const { rows, people } = await furnish(stores, { rows: [{ name: 'ROADM 1' }], people: ['ada', 'bob'] });
        const [device, ada, bob] = [rows[0]!, people[0]!, people[1]!];
        const add = async (ownerId: number, slot: ReturnType<typeof hours>, company: number[]) =>
          (
            await stores.bookings.add(
              [aBooking(device.id, ownerId, { slot, comment: 'Ω', groupId: `${ownerId} ${slot.start}` })],
              company,
            )
          )[0]!;
        const [own, both, past] = [
          await add(ada.id, hours(2, 3), []),
          await add(bob.id, hours(4, 5), [ada.id]),
          await add(bob.id, hours(-2, 0), []),
        ];
        await stores.bookings.setStatus([own.id], 'CANCELLED', NOON + 5);
        return { deviceId: device.id, adaId: ada.id, bobId: bob.id, mine: own, shared: both, over: past };
      });
      const idsOf = (bookings: readonly { id: number }[]) => bookings.map(({ id }) => id);
      const [first] = await feedSource.ofUser(adaId, NOON);
      expect(first).to.deep.equal({
        ...{ id: mine.id, deviceType: 'ROADM', deviceName: 'ROADM 1', ownerUsername: 'ada', slot: hours(2, 3) },
        ...{ status: 'CANCELLED', comment: 'Ω', createdAt: mine.createdAt, updatedAt: NOON + 5 },
      });
      expect(idsOf(await feedSource.ofUser(adaId, NOON))).to.deep.equal([mine.id, shared.id]);
      expect(idsOf(await feedSource.ofUser(bobId, NOON))).to.deep.equal([shared.id]);
      expect(idsOf(await feedSource.ofUser(bobId, NOON - 1))).to.deep.equal([over.id, shared.id]);
      expect(idsOf(await feedSource.ofDevice(deviceId, NOON))).to.deep.equal([mine.id, shared.id]);
      expect(idsOf(await feedSource.after(NOON))).to.deep.equal([mine.id, shared.id]);
      expect(await feedSource.ofDevice(deviceId + 1, 0)).to.deep.equal([]);
    });

    it('names a device by any of its rows, as bookings know it', async () => {
      const { work, feedSource } = subject();
      const { rows } = await work.run((stores) =>
        furnish(stores, { rows: [{ name: 'ROADM 1' }, { name: 'ROADM 1' }] }),
      );
      const [first, second] = rows;
      expect(await feedSource.device(second!.id)).to.deep.equal({ id: first!.id, name: 'ROADM 1' });
      expect(await feedSource.device(second!.id + 1000)).to.equal(null);
    });
  });
};

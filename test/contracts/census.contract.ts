import { expect } from 'chai';
import { race, readDuring } from './racing.js';
import { aBooking, aMaintenance, anEntry, aType, furnish, hours, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For a CensusTaker. */
export const censusContract = (name: string, open: OpenSubject<'work' | 'census'>): void => {
  describe(`${name} as a taker of the census`, () => {
    const subject = forEachTest(open);

    it('counts nothing in an empty lab', async () => {
      expect(await subject().census.take()).to.deep.equal({
        bookings: [],
        things: [],
        windows: [],
        requests: [],
        extensions: [],
        deletedIds: new Set(),
      });
    });

    it('knows every booking, whatever its status, and every maintenance', async () => {
      const { work, census } = subject();
      const { bookings, windows } = await work.run(async (stores) => {
        const { rows, people } = await furnish(stores, { rows: [{ name: 'ROADM 1' }], people: ['ada'] });
        const [device, ada] = [rows[0]!.id, people[0]!.id];
        const added = await stores.bookings.add(
          [aBooking(device, ada, { slot: { start: NOON, end: LATEST } }), aBooking(device, ada, { groupId: 'other' })],
          [],
        );
        await stores.bookings.setStatus([added[1]!.id], 'REJECTED', NOON);
        const window = await stores.maintenance.add(aMaintenance(device, { slot: { start: NOON + 1, end: LATEST } }));
        return { bookings: [added[0]!, { ...added[1]!, status: 'REJECTED' as const }], windows: [window] };
      });
      const taken = await census.take();
      expect(
        taken.bookings.map(({ id, groupId, deviceId, ownerId, slot, status, createdAt }) => ({
          ...{ id, groupId, deviceId, ownerId, slot, status, createdAt },
        })),
      ).to.deep.equal(
        bookings.map(({ id, groupId, deviceId, ownerId, slot, status, createdAt }) => ({
          ...{ id, groupId, deviceId, ownerId, slot, status, createdAt },
        })),
      );
      expect(
        taken.windows.map(({ id, deviceId, slot, createdAt }) => ({ id, deviceId, slot, createdAt })),
      ).to.deep.equal(windows.map(({ id, deviceId, slot, createdAt }) => ({ id, deviceId, slot, createdAt })));
    });

    it('knows every thing, with all its rows, whether it can be booked and since when it is as it is', async () => {
      const { work, census } = subject();
      const { optical, pdu } = await work.run(async (stores) => {
        const furnished = await furnish(stores, {
          rows: [
            { name: 'Chassis', inPort: 1 },
            { name: 'Single', status: 'retired' },
            { name: 'CHASSIS', inPort: 2 },
          ],
        });
        const power = await furnish(stores, { type: aType('PDU', { schedulable: false }), rows: [{ name: 'PDU 1' }] });
        const card = furnished.rows[2]!;
        await stores.devices.update(card.id, { ...card, notes: 'cleaned' }, NOON + 5);
        return { optical: furnished.rows.map((row) => row.id), pdu: power.rows[0]!.id };
      });
      expect((await census.take()).things).to.have.deep.members([
        { id: optical[0], rowIds: [optical[0], optical[2]], type: 'ROADM', bookable: true, changedAt: NOON + 5 },
        { id: optical[1], rowIds: [optical[1]], type: 'ROADM', bookable: false, changedAt: NOON },
        { id: pdu, rowIds: [pdu], type: 'PDU', bookable: false, changedAt: NOON },
      ]);
    });

    it('remembers what was requested, extended, and deleted on purpose', async () => {
      const { work, census } = subject();
      await work.run(async ({ audit }) => {
        await audit.append(
          anEntry({ action: 'booking.requested', entityId: 'group Ω', metadata: { bookingIds: [3, 4] } }),
        );
        await audit.append(anEntry({ action: 'booking.deleted', entityId: '4' }));
        const before = [{ id: 3, end: NOON + 1 }];
        await audit.append(anEntry({ action: 'booking.extended', at: NOON + 2, metadata: { before } }));
        await audit.append(anEntry({ action: 'booking.cancelled', entityId: '3' }));
      });
      const { requests, extensions, deletedIds } = await census.take();
      expect(extensions).to.deep.equal([{ bookingId: 3, from: NOON + 1, at: NOON + 2 }]);
      expect(requests).to.deep.equal([{ groupId: 'group Ω', bookingIds: [3, 4] }]);
      expect(deletedIds).to.deep.equal(new Set([4]));
    });

    it('does not count what is not decided yet', async () => {
      const { work, census } = subject();
      const seen = await readDuring(
        work,
        async (stores) => {
          const { rows, people } = await furnish(stores, { rows: [{ name: 'ROADM 1' }], people: ['ada'] });
          await stores.bookings.add([aBooking(rows[0]!.id, people[0]!.id)], []);
        },
        () => census.take(),
      );
      expect([seen.bookings, seen.things]).to.deep.equal([[], []]);
    });

    it('sees one moment, while much is going on', async () => {
      const { work, census } = subject();
      const { rows, people } = await work.run((stores) =>
        furnish(stores, { rows: [{ name: 'ROADM 1' }], people: ['ada'] }),
      );
      const { won } = await race(async (racer) => {
        await work.run(async ({ audit, bookings }) => {
          const slot = hours(racer, racer + 1);
          const groupId = `racer ${racer}`;
          const added = await bookings.add([aBooking(rows[0]!.id, people[0]!.id, { slot, groupId })], []);
          const bookingIds = added.map((booking) => booking.id);
          await audit.append(anEntry({ action: 'booking.requested', entityId: groupId, metadata: { bookingIds } }));
        });
        return census.take();
      });
      for (const { bookings, requests } of won) {
        expect(requests.flatMap((request) => request.bookingIds)).to.have.members(bookings.map(({ id }) => id));
      }
    });
  });
};

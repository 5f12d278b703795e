import { expect } from 'chai';
import { HOUR, type SlotTriples } from '../../domain/index.js';
import { aLink } from './links.contract.js';
import { aBooking, aMaintenance, furnish, hours, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the PlantReader outside of a UnitOfWork. */
export const plantContract = (name: string, open: OpenSubject<'work' | 'plant'>): void => {
  describe(`${name} as a reader of the plant`, () => {
    const subject = forEachTest(open);

    const lab = async () => {
      const rows = ['ROADM 1', 'ROADM 2', 'ROADM 1'].map((device) => ({ name: device }));
      const furnished = await subject().work.run((stores) => furnish(stores, { rows, people: ['ada'] }));
      const [one, two, twin] = furnished.rows.map(({ id }) => id) as [number, number, number];
      return { one, two, twin, ada: furnished.people[0]!.id };
    };
    const triplesIn = (triples: SlotTriples) => [...triples];

    it('gives rows and links in pages, by id', async () => {
      const { one, two, twin } = await lab();
      const links = await subject().work.run(async (stores) => [
        await stores.links.add(aLink(one, two), NOON),
        await stores.links.add(aLink(two, twin), NOON),
      ]);
      const { plant } = subject();
      const rows = await plant.rowsAfter(0, 10);
      expect(rows.map(({ id }) => id)).to.deep.equal([one, two, twin]);
      expect(rows[0]!.thingKey).to.equal(rows[2]!.thingKey).and.not.equal(rows[1]!.thingKey);
      expect(await plant.rowsAfter(one, 1)).to.deep.equal([rows[1]]);
      expect(await plant.rowsAfter(twin, 10)).to.deep.equal([]);
      expect(await plant.linksAfter(0, 10)).to.deep.equal(links);
      expect(await plant.linksAfter(links[0]!.id, 1)).to.deep.equal([links[1]]);
    });

    it('says when things are held, half-open, as long as bookings hold', async () => {
      const { one, two, ada } = await lab();
      const [, , over] = await subject().work.run(({ bookings }) =>
        bookings.add(
          [
            aBooking(one, ada, { slot: hours(1, 2) }),
            aBooking(one, ada, { slot: hours(4, 5), status: 'CONFIRMED' }),
            aBooking(two, ada, { slot: hours(1, 2) }),
          ],
          [],
        ),
      );
      await subject().work.run(({ bookings }) => bookings.setStatus([over!.id], 'CANCELLED', NOON));
      const busy = async (from: number, to: number, ...ids: number[]) =>
        triplesIn(await subject().plant.busy(ids, hours(from, to)));
      const slot = (from: number, to: number) => [one, NOON + from * HOUR, NOON + to * HOUR];
      expect(await busy(0, 9, one, two)).to.deep.equal([...slot(1, 2), ...slot(4, 5)]);
      expect(await busy(2, 4, one)).to.deep.equal([]);
      expect(await busy(0, 9, two)).to.deep.equal([]);
      expect(await busy(0, 9)).to.deep.equal([]);
    });

    it('says when rows are under maintenance', async () => {
      const { twin } = await lab();
      await subject().work.run(({ maintenance }) => maintenance.add(aMaintenance(twin, { slot: hours(1, 2) })));
      const { plant } = subject();
      expect(triplesIn(await plant.maintenance(hours(0, 9)))).to.deep.equal([twin, NOON + HOUR, NOON + 2 * HOUR]);
      expect(triplesIn(await plant.maintenance(hours(2, 9)))).to.deep.equal([]);
    });

    it('counts past uses, and those that unforeseen maintenance cut short', async () => {
      const { one, two, twin, ada } = await lab();
      await subject().work.run(async ({ bookings, maintenance }) => {
        const past = [hours(1, 2), hours(3, 4), hours(5, 6)].map((slot) =>
          aBooking(one, ada, { slot, status: 'CONFIRMED' as const }),
        );
        await bookings.add([...past, aBooking(two, ada, { slot: hours(1, 2) })], []);
        // On another row of the same device, after and before it was booked.
        await maintenance.add(aMaintenance(twin, { slot: hours(3, 4), createdAt: NOON + 1 }));
        await maintenance.add(aMaintenance(twin, { slot: hours(5, 6), createdAt: NOON - 1 }));
      });
      const { plant } = subject();
      expect(await plant.pastUses([one, two], hours(0, 9))).to.deep.equal([{ thingId: one, ok: 2, faults: 1 }]);
      expect(await plant.pastUses([one], hours(0, 2))).to.deep.equal([{ thingId: one, ok: 1, faults: 0 }]);
      expect(await plant.pastUses([one], hours(6, 9))).to.deep.equal([]);
      expect(await plant.pastUses([], hours(0, 9))).to.deep.equal([]);
    });
  });
};

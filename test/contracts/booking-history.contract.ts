import { expect } from 'chai';
import { TERMINAL_STATUSES } from '../../domain/index.js';
import { readDuring } from './racing.js';
import { aBooking, aMaintenance, aType, factsOf, furnish, hours, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For a BookingHistoryReader. */
export const bookingHistoryContract = (
  name: string,
  open: OpenSubject<'work' | 'bookingHistory' | 'calendars'>,
): void => {
  describe(`${name} as a reader of the history of bookings`, () => {
    const subject = forEachTest(open);

    /** One chassis with two line cards, a device of one row, and Ada. */
    const lab = async () => {
      const { rows, people, typeId } = await subject().work.run((stores) =>
        furnish(stores, {
          rows: [{ name: 'Chassis', inPort: 1 }, { name: 'Single' }, { name: 'CHASSIS', inPort: 2 }],
          people: ['ada'],
        }),
      );
      const [lead, single, card] = rows.map((row) => row.id) as [number, number, number];
      return { typeId, lead, single, card, ada: people[0]!.id };
    };

    const thing = async (id: number) => (await subject().calendars.things([{ id }]))[0]!;

    it('reads nothing from an empty lab', async () => {
      expect(await subject().bookingHistory.read(NOON)).to.deep.equal({
        from: NOON,
        devices: [],
        bookings: [],
        maintenance: [],
      });
      expect([...(await subject().bookingHistory.ahead([], hours(0, 1)))]).to.deep.equal([]);
    });

    it('knows every thing that is installed and can be booked, and since when', async () => {
      const { lead, single, typeId } = await lab();
      await subject().work.run(async (stores) => {
        for (const status of ['retired', 'spare', 'planned'] as const) {
          await stores.devices.add(factsOf(typeId, `A ${status} one`, { status }), NOON);
        }
        await furnish(stores, { type: aType('PDU', { schedulable: false }), rows: [{ name: 'PDU 1' }] });
        await stores.devices.add(factsOf(typeId, 'single', { inPort: 9, status: 'in_maintenance' }), NOON - 5);
      });
      const { devices } = await subject().bookingHistory.read(NOON - 10);
      expect(devices).to.have.deep.members([
        { id: lead, type: 'ROADM', since: NOON },
        { id: single, type: 'ROADM', since: NOON - 5 },
      ]);
    });

    it('knows when each booking was made and when it was given up, to the millisecond', async () => {
      const { single, ada } = await lab();
      const statuses = ['PENDING', 'CONFIRMED', ...TERMINAL_STATUSES] as const;
      await subject().work.run(async ({ bookings }) => {
        for (const [index, status] of statuses.entries()) {
          const made = { groupId: status, createdAt: NOON - index, slot: hours(index, index + 1) };
          const [booking] = await bookings.add([aBooking(single, ada, made)], []);
          if (status === 'REJECTED') {
            await bookings.decide([booking!.id], status, { by: ada, at: NOON + 13, comment: null });
          } else await bookings.setStatus([booking!.id], status, NOON + 11);
        }
      });
      const releases: Partial<Record<(typeof statuses)[number], number>> = {
        CANCELLED: NOON + 11,
        REJECTED: NOON + 13,
      };
      const { bookings } = await subject().bookingHistory.read(NOON);
      expect(bookings).to.have.deep.members(
        statuses.map((status, index) => ({
          deviceId: single,
          groupId: status,
          slot: hours(index, index + 1),
          createdAt: NOON - index,
          releasedAt: releases[status] ?? null,
        })),
      );
    });

    it('reads what ends later than it is told to, however far ahead', async () => {
      const { single, card, lead, ada } = await lab();
      await subject().work.run(async ({ bookings, maintenance }) => {
        for (const [from, to] of [
          [0, 10],
          [0, 11],
          [9000, 9001],
        ] as const) {
          await bookings.add([aBooking(single, ada, { groupId: `${to}`, slot: hours(from, to) })], []);
          await maintenance.add(aMaintenance(card, { slot: hours(from, to) }));
        }
      });
      const history = await subject().bookingHistory.read(hours(0, 10).end);
      expect(history.bookings.map(({ groupId }) => groupId)).to.have.members(['11', '9001']);
      expect(history.maintenance).to.have.deep.members([
        { deviceId: lead, slot: hours(0, 11) },
        { deviceId: lead, slot: hours(9000, 9001) },
      ]);
    });

    it('sees what is ahead of each thing: what holds it in the window, and maintenance of any row', async () => {
      const { single, lead, card, ada } = await lab();
      await subject().work.run(async ({ bookings, maintenance }) => {
        await bookings.add([aBooking(lead, ada, { groupId: 'touches', slot: hours(0, 10) })], []);
        await bookings.add([aBooking(lead, ada, { groupId: 'holds', slot: hours(0, 11), createdAt: NOON - 3 })], []);
        const [gone] = await bookings.add([aBooking(lead, ada, { groupId: 'gone', slot: hours(12, 13) })], []);
        await bookings.setStatus([gone!.id], 'CANCELLED', NOON);
        await maintenance.add(aMaintenance(card, { slot: hours(19, 21) }));
        await maintenance.add(aMaintenance(card, { slot: hours(20, 21) }));
      });
      const ahead = await subject().bookingHistory.ahead([await thing(lead), await thing(single)], hours(10, 20));
      expect([...ahead].sort(([a], [b]) => a - b)).to.deep.equal([
        [
          lead,
          {
            holds: [{ groupId: 'holds', slot: hours(0, 11), createdAt: NOON - 3 }],
            maintenance: [hours(19, 21)],
          },
        ],
        [single, { holds: [], maintenance: [] }],
      ]);
    });

    it('looks at a thousand things at once', async () => {
      const { single, ada } = await lab();
      await subject().work.run(({ bookings }) => bookings.add([aBooking(single, ada)], []));
      const device = await thing(single);
      const others = Array.from({ length: 1000 }, (_, index) => ({ ...device, id: -index, rowIds: [-index] }));
      const ahead = await subject().bookingHistory.ahead([...others, device], hours(0, 24));
      expect(ahead).to.have.property('size', 1001);
      expect(ahead.get(single)?.holds).to.have.length(1);
    });

    it('does not show what is not decided yet', async () => {
      const { single, ada } = await lab();
      const [device] = [await thing(single)];
      const { work, bookingHistory } = subject();
      const seen = await readDuring(
        work,
        async ({ bookings }) => {
          await bookings.add([aBooking(single, ada)], []);
        },
        async () => [
          (await bookingHistory.read(NOON)).bookings,
          (await bookingHistory.ahead([device], hours(0, 24))).get(single),
        ],
      );
      expect(seen).to.deep.equal([[], { holds: [], maintenance: [] }]);
    });
  });
};

import { expect } from 'chai';
import type { CalendarReader, DeviceReference } from '../../application/index.js';
import {
  conflict,
  HOLDING_STATUSES,
  HOUR,
  TERMINAL_STATUSES,
  type Device,
  type DeviceStatus,
  type Instant,
  type TimeSlot,
} from '../../domain/index.js';
import { expectOneWinner, givingUp, race, RACERS, readDuring } from './racing.js';
import { aBooking, aMaintenance, aType, factsOf, furnish, hours, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const DAY_AHEAD = hours(0, 24);

const taken = () => conflict('booking.taken', 'Somebody else was first.');

/** For the CalendarBook of a UnitOfWork and the CalendarReader outside of it. */
export const calendarsContract = (name: string, open: OpenSubject<'work' | 'calendars' | 'bookings'>): void => {
  describe(`${name} as a book of calendars`, () => {
    const subject = forEachTest(open);

    /** One chassis with two line cards, a device of one row, and Ada. */
    const lab = async () => {
      const furnished = await subject().work.run((stores) =>
        furnish(stores, {
          rows: [
            { name: 'Chassis', inPort: 1 },
            { name: 'Single' },
            { name: 'CHASSIS', inPort: 2 },
            { name: ' chassis ', inPort: 3 },
          ],
          people: ['ada', 'bob'],
        }),
      );
      const [lead, single, second, third] = furnished.rows.map((row) => row.id) as [number, number, number, number];
      const [ada, bob] = furnished.people.map((user) => user.id) as [number, number];
      return { typeId: furnished.typeId, lead, second, third, single, ada, bob };
    };

    /** What the port says must be true inside of a work as it is outside. */
    const inAndOut = async (check: (calendars: CalendarReader) => Promise<void>) => {
      await check(subject().calendars);
      await subject().work.run(({ calendars }) => check(calendars));
      await subject().work.run(({ calendars }) =>
        check({
          things: (references) => calendars.things(references),
          ofType: (type) => calendars.ofType(type),
          blocked: (ids, window, turnaround) => calendars.blocked(ids, window, turnaround),
          ended: (ids, since, now) => calendars.ended(ids, since, now),
          read: (ids, window) => calendars.claim(ids, window),
        }),
      );
    };

    const book = (deviceId: number, ownerId: number, slot: TimeSlot, groupId = `${deviceId} ${slot.start}`) =>
      subject().work.run(({ bookings }) => bookings.add([aBooking(deviceId, ownerId, { slot, groupId })], []));

    describe('finding things', () => {
      it('finds one by the id of any of its rows, and by type and name in any letter case', async () => {
        const { lead, second, third, single } = await lab();
        const chassis = {
          id: lead,
          rowIds: [lead, second, third],
          type: 'ROADM',
          name: 'Chassis',
          status: 'active',
          schedulable: true,
        };
        const references: DeviceReference[] = [
          { id: third },
          { type: 'roadm', name: 'chassis' },
          { id: single },
          { id: lead },
          { type: 'ROADM ', name: ' CHASSIS' },
          { id: second },
        ];
        await inAndOut(async (calendars) => {
          const found = await calendars.things(references);
          expect(found[0]).to.deep.equal(chassis);
          expect(found.map((thing) => thing?.id)).to.deep.equal([lead, lead, single, lead, lead, lead]);
          for (const thing of found.filter((other) => other?.id === lead)) expect(thing).to.deep.equal(chassis);
        });
      });

      it('answers null in the place of each one that there is not', async () => {
        const { single } = await lab();
        await inAndOut(async (calendars) => {
          const found = await calendars.things([
            { id: 999_999 },
            { id: single },
            { type: 'ROADM', name: 'unknown' },
            { type: 'unknown', name: 'Single' },
            { id: 0 },
          ]);
          expect(found.map((thing) => thing?.id ?? null)).to.deep.equal([null, single, null, null, null]);
          expect(await calendars.things([])).to.deep.equal([]);
        });
      });

      it('does not take a type and a name for others that only look alike when joined', async () => {
        const [first, second] = await subject().work.run(async (stores) => {
          const slashed = await furnish(stores, { type: aType('A/B'), rows: [{ name: 'C' }] });
          const plain = await furnish(stores, { type: aType('A'), rows: [{ name: 'B/C' }] });
          return [slashed.rows[0]!.id, plain.rows[0]!.id];
        });
        await inAndOut(async (calendars) => {
          const found = await calendars.things([
            { type: 'A/B', name: 'C' },
            { type: 'A', name: 'B/C' },
          ]);
          expect(found.map((thing) => thing?.id)).to.deep.equal([first, second]);
        });
      });

      it('knows names of any script', async () => {
        const [device] = await subject().work.run(
          async (stores) => (await furnish(stores, { type: aType('Čítač Ω'), rows: [{ name: 'Žižkov 測' }] })).rows,
        );
        await inAndOut(async (calendars) => {
          const [found] = await calendars.things([{ type: 'čÍTAČ ω', name: 'žIŽKOV 測' }]);
          expect(found?.id).to.equal(device?.id);
          expect(await calendars.things([{ type: 'Citac Ω', name: 'Žižkov 測' }])).to.deep.equal([null]);
        });
      });

      for (const [statuses, whole] of [
        [['active', 'in_maintenance'], 'in_maintenance'],
        [['active', 'unavailable'], 'unavailable'],
        [['spare', 'active'], 'active'],
        [['retired', 'planned'], 'retired'],
      ] as readonly (readonly [readonly DeviceStatus[], DeviceStatus])[]) {
        it(`says of a thing with rows that are ${statuses.join(' and ')} that it is ${whole}`, async () => {
          const { rows } = await subject().work.run((stores) =>
            furnish(stores, { rows: statuses.map((status, inPort) => ({ name: 'Chassis', status, inPort })) }),
          );
          await inAndOut(async (calendars) => {
            const [thing] = await calendars.things([{ id: rows[1]!.id }]);
            expect(thing).to.include({ id: rows[0]!.id, status: whole });
          });
        });
      }

      it('says whether a thing can be booked at all', async () => {
        const { rows } = await subject().work.run((stores) =>
          furnish(stores, { type: aType('PDU', { schedulable: false }), rows: [{ name: 'PDU 1' }] }),
        );
        await inAndOut(async (calendars) => {
          expect((await calendars.things([{ id: rows[0]!.id }]))[0]?.schedulable).to.equal(false);
        });
      });

      it('finds what is of a type, in any letter case: each thing once, by id', async () => {
        const { lead, single } = await lab();
        await subject().work.run((stores) => furnish(stores, { type: aType('Switch'), rows: [{ name: 'Single' }] }));
        await inAndOut(async (calendars) => {
          const things = await calendars.things([{ id: lead }, { id: single }]);
          for (const type of ['ROADM', 'roadm ']) expect(await calendars.ofType(type)).to.deep.equal(things);
          expect(await calendars.ofType('unknown')).to.deep.equal([]);
        });
      });
    });

    describe('reading', () => {
      it('shows who holds a thing, as it was booked', async () => {
        const { lead, ada, bob } = await lab();
        const [first, second] = [
          await book(lead, ada, hours(1, 2), 'hers'),
          await book(lead, bob, hours(2, 3), 'his'),
        ].map(([booking]) => booking!.id);
        await inAndOut(async (calendars) => {
          const read = await calendars.read([lead], DAY_AHEAD);
          expect(read.get(lead)?.holds).to.have.deep.members([
            {
              bookingId: first,
              groupId: 'hers',
              ownerId: ada,
              ownerUsername: 'ada',
              slot: hours(1, 2),
              status: 'PENDING',
            },
            {
              bookingId: second,
              groupId: 'his',
              ownerId: bob,
              ownerUsername: 'bob',
              slot: hours(2, 3),
              status: 'PENDING',
            },
          ]);
        });
      });

      it('shows all that holds and nothing that is over', async () => {
        const { single, ada } = await lab();
        await subject().work.run(async ({ bookings }) => {
          for (const status of [...HOLDING_STATUSES, ...TERMINAL_STATUSES]) {
            const [booking] = await bookings.add([aBooking(single, ada, { groupId: status })], []);
            await bookings.setStatus([booking!.id], status, NOON);
          }
        });
        await inAndOut(async (calendars) => {
          const holds = (await calendars.read([single], DAY_AHEAD)).get(single)?.holds ?? [];
          expect(holds.map((hold) => hold.status)).to.have.members([...HOLDING_STATUSES]);
          for (const hold of holds) expect(hold.groupId).to.equal(hold.status);
        });
      });

      it('shows what overlaps the window, not what touches it', async () => {
        const { single, ada } = await lab();
        const millisecond = 1 / 3_600_000;
        const slots = [
          hours(0, 10),
          hours(0, 10 + millisecond),
          hours(12, 13),
          hours(20 - millisecond, 30),
          hours(20, 30),
          hours(0, 30),
        ];
        for (const [index, slot] of slots.entries()) {
          await book(single, ada, slot, `group ${index}`);
          await subject().work.run(({ maintenance }) => maintenance.add(aMaintenance(single, { slot })));
        }
        const overlapping = [1, 2, 3, 5].map((index) => slots[index]);
        await inAndOut(async (calendars) => {
          const calendar = (await calendars.read([single], hours(10, 20))).get(single);
          expect(calendar?.holds.map((hold) => hold.slot)).to.have.deep.members(overlapping);
          expect(calendar?.maintenance.map((window) => window.slot)).to.have.deep.members(overlapping);
        });
      });

      it('shows the maintenance of any row on the calendar of the whole', async () => {
        const { lead, second, third, single } = await lab();
        const windows = await subject().work.run(async ({ maintenance }) => {
          const added = [];
          for (const row of [lead, second, third]) added.push(await maintenance.add(aMaintenance(row)));
          await maintenance.add(aMaintenance(single));
          return added;
        });
        await inAndOut(async (calendars) => {
          const read = await calendars.read([lead], DAY_AHEAD);
          expect(read.get(lead)?.maintenance).to.have.deep.members(windows);
        });
      });

      it('goes by thing id, with the thing itself, and leaves out what is no thing', async () => {
        const { lead, second, single } = await lab();
        await inAndOut(async (calendars) => {
          expect([...(await calendars.read([second, single, 999_999], DAY_AHEAD)).keys()]).to.deep.equal([single]);
          const read = await calendars.read([single, lead, second, single], DAY_AHEAD);
          expect([...read.keys()].sort((a, b) => a - b)).to.deep.equal([lead, single]);
          const [thing] = await calendars.things([{ id: second }]);
          expect(read.get(lead)).to.deep.equal({ thing, holds: [], maintenance: [] });
          expect([...(await calendars.read([], DAY_AHEAD))]).to.deep.equal([]);
        });
      });

      it('reads more than a thousand calendars at once, and finds as many things', async () => {
        const rows = await subject().work.run(async (stores) => {
          const { typeId, people } = await furnish(stores, { people: ['ada'] });
          const added: Device[] = [];
          for (let index = 0; index < 1_100; index += 1) {
            added.push(await stores.devices.add(factsOf(typeId, `ROADM ${index}`), NOON));
          }
          await stores.bookings.add(
            added.map((device) => aBooking(device.id, people[0]!.id, { groupId: 'all' })),
            [],
          );
          for (const device of [added[0]!, added[1_099]!]) await stores.maintenance.add(aMaintenance(device.id));
          return added;
        });
        const ids = rows.map((row) => row.id);
        await inAndOut(async (calendars) => {
          const read = await calendars.read(ids, DAY_AHEAD);
          expect([...read.values()].filter((calendar) => calendar.holds.length === 1)).to.have.length(ids.length);
          expect([...read.values()].filter((calendar) => calendar.maintenance.length === 1)).to.have.length(2);
          const found = await calendars.things([
            ...ids.map((id) => ({ id })),
            ...rows.map((row) => ({ type: 'roadm', name: row.name })),
          ]);
          expect(found.map((thing) => thing?.id)).to.deep.equal([...ids, ...ids]);
        });
      });

      it('does not show what is not decided yet', async () => {
        const { single, ada } = await lab();
        const { work, calendars, bookings } = subject();
        const seen = await readDuring(
          work,
          async (stores) => {
            await stores.bookings.add([aBooking(single, ada)], []);
            await stores.maintenance.add(aMaintenance(single));
          },
          async () => ({
            calendar: (await calendars.read([single], DAY_AHEAD)).get(single),
            listed: await bookings.during(DAY_AHEAD),
          }),
        );
        expect(seen.calendar?.holds).to.deep.equal([]);
        expect(seen.calendar?.maintenance).to.deep.equal([]);
        expect(seen.listed).to.deep.equal([]);
      });
    });

    describe('looking far ahead', () => {
      it('shows every slot in which a thing is held or under maintenance, and no other', async () => {
        const { lead, second, single, ada } = await lab();
        await book(lead, ada, hours(1, 2));
        await book(lead, ada, hours(1, 3));
        await book(single, ada, hours(5, 6));
        for (const [slot, status] of [
          [hours(8, 9), 'CANCELLED'],
          [hours(10, 20), 'CONFIRMED'],
        ] as const) {
          const [booking] = await book(lead, ada, slot);
          await subject().work.run(({ bookings }) => bookings.setStatus([booking!.id], status, NOON));
        }
        await subject().work.run(({ maintenance }) => maintenance.add(aMaintenance(second, { slot: hours(7, 30) })));
        await inAndOut(async (calendars) => {
          const blocked = await calendars.blocked([lead, single], hours(2, 11));
          expect(blocked.get(lead)).to.have.deep.members([hours(1, 3), hours(7, 30), hours(10, 20)]);
          expect(blocked.get(single)).to.deep.equal([hours(5, 6)]);
        });
      });

      it('counts a gap around bookings as held, and none around maintenance', async () => {
        const { single, ada, bob } = await lab();
        const [wide, narrow] = [2, 1].map((gap) => ({ gap: gap * HOUR, userId: bob }));
        for (const slot of [hours(1, 2), hours(21, 22), hours(30, 31)]) await book(single, ada, slot);
        for (const slot of [hours(0, 2), hours(12, 13), hours(21, 40)]) {
          await subject().work.run(({ maintenance }) => maintenance.add(aMaintenance(single, { slot })));
        }
        await inAndOut(async (calendars) => {
          const blocked = await calendars.blocked([single], hours(3, 20), wide);
          expect(blocked.get(single)).to.have.deep.members([hours(-1, 4), hours(12, 13), hours(19, 24)]);
          const touching = await calendars.blocked([single], hours(3, 20), narrow);
          expect(touching.get(single)).to.deep.equal([hours(12, 13)]);
        });
      });

      it('counts no gap around what somebody holds who looks for themselves', async () => {
        const { single, ada, bob } = await lab();
        await book(single, ada, hours(4, 5));
        await book(single, bob, hours(8, 9));
        await inAndOut(async (calendars) => {
          const blocked = await calendars.blocked([single], hours(0, 20), { gap: 2 * HOUR, userId: ada });
          expect(blocked.get(single)).to.have.deep.members([hours(4, 5), hours(6, 11)]);
        });
      });

      it('counts the gap behind what others held until a moment ago, written down as over or not', async () => {
        const { single, ada, bob } = await lab();
        const settled: [number, TimeSlot, 'EXPIRED' | 'CANCELLED' | null][] = [
          [bob, hours(1, 2), 'EXPIRED'],
          [bob, hours(2, 3), null],
          [ada, hours(2.5, 3), 'EXPIRED'],
          [bob, hours(1, 1.5), 'CANCELLED'],
          [bob, hours(-4, 1), 'EXPIRED'],
        ];
        for (const [owner, slot, status] of settled) {
          const [booking] = await book(single, owner, slot);
          if (status) await subject().work.run(({ bookings }) => bookings.setStatus([booking!.id], status, NOON));
        }
        await inAndOut(async (calendars) => {
          const blocked = await calendars.blocked([single], hours(3, 20), { gap: 2 * HOUR, userId: ada });
          expect(blocked.get(single)).to.have.deep.members([hours(-1, 4), hours(0, 5)]);
          const ended = await calendars.ended([single, 999_999], NOON + HOUR, NOON + 3 * HOUR);
          expect([...ended.keys()]).to.deep.equal([single]);
          expect(ended.get(single)?.map(({ ownerId, slot, status }) => ({ ownerId, slot, status }))).to.deep.equal([
            { ownerId: bob, slot: hours(1, 2), status: 'EXPIRED' },
            { ownerId: bob, slot: hours(2, 3), status: 'EXPIRED' },
            { ownerId: ada, slot: hours(2.5, 3), status: 'EXPIRED' },
          ]);
          expect(ended.get(single)?.[0]?.ownerUsername).to.equal('bob');
        });
      });

      it('knows which things have bookings that are over and not written down as such', async () => {
        const { lead, single, ada } = await lab();
        const withOver = (before: Instant) => subject().work.run(({ calendars }) => calendars.withOver(before));
        await book(single, ada, hours(1, 3));
        await book(single, ada, hours(3, 4));
        await book(lead, ada, hours(1, 2));
        const [cancelled] = await book(lead, ada, hours(0, 1));
        await subject().work.run(({ bookings }) => bookings.setStatus([cancelled!.id], 'CANCELLED', NOON));
        expect(await withOver(hours(0, 2).end - 1)).to.deep.equal([]);
        expect(await withOver(hours(0, 2).end)).to.deep.equal([lead]);
        expect(await withOver(hours(0, 9).end)).to.deep.equal([lead, single]);
      });
    });

    describe('claiming', () => {
      const addIfFree = (ids: readonly number[], ownerId: number, groupId: string) =>
        subject().work.run(async ({ calendars, bookings }) => {
          const claimed = await calendars.claim(ids, DAY_AHEAD);
          if ([...claimed.values()].some((calendar) => calendar.holds.length > 0)) throw taken();
          return bookings.add(
            [...claimed.keys()].map((id) => aBooking(id, ownerId, { groupId })),
            [],
          );
        });

      it('shows a work what it has added itself', async () => {
        const { single, ada } = await lab();
        await subject().work.run(async ({ calendars, bookings }) => {
          const [booking] = await bookings.add([aBooking(single, ada)], []);
          const claimed = await calendars.claim([single], DAY_AHEAD);
          expect(claimed.get(single)?.holds.map((hold) => hold.bookingId)).to.deep.equal([booking!.id]);
        });
      });

      it('gives one slot to one of many who claim the calendar and add if it is free', async () => {
        const { single, ada } = await lab();
        await expectOneWinner((racer) => addIfFree([single], ada, `racer ${racer}`), 'booking.taken');
        expect(await subject().bookings.during(DAY_AHEAD)).to.have.length(1);
      });

      it('gives a thing of several rows to one of many, whichever row they ask for', async () => {
        const { lead, second, third, ada } = await lab();
        const rows = [lead, second, third];
        await expectOneWinner(async (racer) => {
          const [thing] = await subject().calendars.things([{ id: rows[racer % 3]! }]);
          return addIfFree([thing!.id], ada, `racer ${racer}`);
        }, 'booking.taken');
        const listed = await subject().bookings.during(DAY_AHEAD);
        expect(listed.map((booking) => booking.deviceId)).to.deep.equal([lead]);
      });

      it('gives several things together or not at all, in whatever order they are claimed', async () => {
        const { lead, single, ada } = await lab();
        await expectOneWinner(
          (racer) => addIfFree(racer % 2 ? [lead, single] : [single, lead], ada, `racer ${racer}`),
          'booking.taken',
        );
        const listed = await subject().bookings.during(DAY_AHEAD);
        expect(listed.map((booking) => booking.deviceId)).to.have.members([lead, single]);
        expect(new Set(listed.map((booking) => booking.groupId)).size).to.equal(1);
      });

      it('shows each of many the bookings of all before it', async () => {
        const { single, ada } = await lab();
        const { won } = await race((racer) =>
          subject().work.run(async ({ calendars, bookings }) => {
            const holds = (await calendars.claim([single], DAY_AHEAD)).get(single)?.holds ?? [];
            await bookings.add([aBooking(single, ada, { groupId: `racer ${racer}` })], []);
            return holds.length;
          }),
        );
        expect(won.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: RACERS }, (_, before) => before));
      });

      it('keeps the rows of a thing from being changed meanwhile', async () => {
        const { typeId, single, ada } = await lab();
        const outcome = await Promise.allSettled([
          addIfFree([single], ada, 'booked'),
          subject().work.run(async ({ devices, thingBookings }) => {
            const [row] = await devices.claimThings([{ typeId, name: 'Single' }]);
            if ((await thingBookings.countHolding(row!.id, NOON)) > 0) throw taken();
            await devices.remove(row!.id);
          }),
        ]);
        const there = (await subject().calendars.things([{ id: single }]))[0] !== null;
        const booked = (await subject().bookings.during(DAY_AHEAD)).length === 1;
        expect(there, outcome.map(({ status }) => status).join()).to.equal(booked);
      });

      it('gives a calendar back after a work that failed', async () => {
        const { single, ada } = await lab();
        await givingUp(subject().work, async ({ calendars, bookings }) => {
          await calendars.claim([single], DAY_AHEAD);
          await bookings.add([aBooking(single, ada)], []);
        });
        expect(await addIfFree([single], ada, 'second')).to.have.length(1);
      });
    });
  });
};

import { expect } from 'chai';
import { ExpireBookings, type BookingWork } from '../../../application/index.js';
import { HOUR } from '../../../domain/index.js';
import { aDevice, importDevices } from '../../support/devices.js';
import {
  booked,
  bookingOf,
  expectNoViolation,
  groupInWords,
  slotsOf,
  statusOf,
  userIdOf,
  writingNothing,
} from '../../support/groups.js';
import { forEveryStore, labOver, type OpenLab } from '../../support/labs.js';
import { ManualClock, MONDAY_MORNING } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { onMariaDbStore } from '../../support/stores.js';

/** `2026-11-23T11:59:59.999`, in winter. */
const at = (reading: string): number => Date.parse(`${reading}Z`);

const consenting = (device: number, slot: string) => {
  const { bookings } = slotsOf(device, [slot]);
  return { bookings: bookings.map((item) => ({ ...item, status: 'CONFLICTING' })) };
};

forEveryStore('as time passes', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let ada: Agent;
  let bob: Agent;
  let root: Agent;

  beforeEach(async () => {
    clock = new ManualClock();
    open = await openLab({ clock });
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
  });
  afterEach(async () => {
    await expectNoViolation(open.lab);
    await open.close();
  });

  const statuses = async (...ids: number[]) => {
    const found = [];
    for (const id of ids) found.push(await statusOf(open.lab, id));
    return found;
  };
  const pass = () => open.lab.expireBookings.execute();

  it('what cannot be settled on one device keeps no other from it', async () => {
    const [bad, good] = (await importDevices(open.lab, [{}, {}])) as [number, number];
    const ids = [];
    for (const device of [bad, good]) ids.push(...(await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']))).ids);
    clock.advance(4 * HOUR);
    const work: BookingWork = {
      run: (deed) =>
        open.lab.work.run((stores) => {
          const { calendars } = stores;
          const claim: typeof calendars.claim = (things, window) =>
            things.includes(bad) ? Promise.reject(new Error('broken')) : calendars.claim(things, window);
          const withOver: typeof calendars.withOver = (before) => calendars.withOver(before);
          const read: typeof calendars.read = (things, window) => calendars.read(things, window);
          return deed({
            ...stores,
            calendars: Object.assign(Object.create(calendars), { claim, withOver, read }) as typeof calendars,
          });
        }),
    };
    let failure: unknown = null;
    await new ExpireBookings(work, clock).execute().catch((error: unknown) => (failure = error));
    expect(failure).to.be.instanceOf(AggregateError);
    expect(await statuses(...ids)).to.deep.equal(['PENDING', 'EXPIRED']);
    await pass();
    expect(await statuses(...ids)).to.deep.equal(['EXPIRED', 'EXPIRED']);
  });

  it('bookings are EXPIRED from the very millisecond in which they end', async () => {
    const device = await aDevice(open.lab);
    const { ids } = await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00', '2026-11-23 12:00-13:00']));
    clock.set(at('2026-11-23T11:59:59.999'));
    expect(await writingNothing(open.store, pass)).to.equal(0);
    clock.set(at('2026-11-23T12:00:00.000'));
    expect(await pass()).to.equal(1);
    expect(await statuses(...ids)).to.deep.equal(['EXPIRED', 'PENDING']);
    expect((await bookingOf(open.lab, ids[0]!))?.updatedAt).to.equal(clock.now());
  });

  it('they expire once, whatever they were, and what was over before stays what it was', async () => {
    const devices = await importDevices(open.lab, [{}, {}, {}, {}]);
    const made: number[] = [];
    for (const device of devices) made.push((await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']))).ids[0]!);
    const [pending, confirmed, rejected, cancelled] = made as [number, number, number, number];
    const contending = (await booked(bob, consenting(devices[0]!, '2026-11-23 10:00-12:00'))).ids[0]!;
    for (const [id, status] of [
      [confirmed, 'CONFIRMED'],
      [rejected, 'REJECTED'],
    ] as const) {
      await root.put(`/admin/bookings/${id}`).send({ status }).expect(200);
    }
    await ada.put(`/bookings/${cancelled}/cancel`).expect(200);
    clock.advance(48 * HOUR);
    expect(await pass()).to.equal(2);
    expect(await statuses(pending, contending, confirmed, rejected, cancelled)).to.deep.equal([
      ...['EXPIRED', 'EXPIRED', 'EXPIRED', 'REJECTED', 'CANCELLED'],
    ]);
    expect(await writingNothing(open.store, pass)).to.equal(0);
  });

  it('who contended with what is over becomes PENDING, and is not confirmed by that', async () => {
    const device = await aDevice(open.lab);
    const first = (await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']))).ids[0]!;
    const second = (await booked(bob, consenting(device, '2026-11-23 11:00-14:00'))).ids[0]!;
    await root.put(`/admin/bookings/${first}`).send({ status: 'CONFIRMED' }).expect(200);
    expect(await statuses(first, second)).to.deep.equal(['CONFIRMED', 'CONFLICTING']);
    clock.set(at('2026-11-23T12:00'));
    await pass();
    expect(await statuses(first, second)).to.deep.equal(['EXPIRED', 'PENDING']);
  });

  it('a late run catches up with all that was missed', async () => {
    const device = await aDevice(open.lab);
    const days = ['23', '24', '25', '26', '27'];
    const { group } = await booked(
      ada,
      slotsOf(
        device,
        days.map((day) => `2026-11-${day} 10:00-12:00`),
      ),
    );
    const others = [];
    for (const day of days) others.push((await booked(bob, consenting(device, `2026-11-${day} 11:00-13:00`))).ids[0]!);
    clock.set(at('2026-11-26T12:30'));
    expect(await pass()).to.equal(1);
    expect((await groupInWords(open.lab, group)).map((line) => line.split(' ').at(-1))).to.deep.equal([
      ...['EXPIRED', 'EXPIRED', 'EXPIRED', 'EXPIRED', 'PENDING'],
    ]);
    expect(await statuses(...others)).to.deep.equal(['EXPIRED', 'EXPIRED', 'EXPIRED', 'PENDING', 'CONFLICTING']);
  });

  it('looking shows it before it is written down, and writes nothing', async () => {
    const device = await aDevice(open.lab);
    const { ids, group } = await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']));
    clock.set(at('2026-11-23T12:00'));
    const user = await userIdOf(ada);
    await writingNothing(open.store, async () => {
      for (const path of [
        `/bookings/user/${user}`,
        '/bookings/for-week?start=2026-11-23',
        `/bookings/user/${user}?grouped=1`,
      ]) {
        const [shown] = (await ada.get(path).expect(200)).body as { status: string }[];
        expect(shown!.status, path).to.equal('EXPIRED');
      }
    });
    expect(await statuses(...ids)).to.deep.equal(['PENDING']);
    await pass();
    expect(await statuses(...ids)).to.deep.equal(['EXPIRED']);
    expect(await groupInWords(open.lab, group)).to.have.length(1);
  });

  it('what is over is in nobody’s way, written down or not', async () => {
    const device = await aDevice(open.lab);
    await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']));
    clock.set(at('2026-11-23T12:00'));
    // A slot may begin earlier today.
    const { statuses: granted } = await booked(bob, slotsOf(device, ['2026-11-23 11:00-14:00']));
    expect(granted).to.deep.equal(['PENDING']);
  });
});

onMariaDbStore('as time passes, two server processes', (open) => {
  it('do it at once, and it is done once', async () => {
    const clock = new ManualClock();
    const here = await labOver(await open(), { clock });
    const there = await labOver(await here.store.again(), { clock });
    const [ada, bob] = [await signedIn(here.server, 'ada'), await signedIn(there.server, 'bob')];
    const devices = await importDevices(
      here.lab,
      Array.from({ length: 6 }, () => ({})),
    );
    const made: number[] = [];
    for (const device of devices) {
      made.push((await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']))).ids[0]!);
      made.push((await booked(bob, consenting(device, '2026-11-23 11:00-14:00'))).ids[0]!);
    }
    clock.set(MONDAY_MORNING + 3 * HOUR);
    const counts = await Promise.all([
      here.lab.expireBookings.execute(),
      there.lab.expireBookings.execute(),
      here.lab.expireBookings.execute(),
      // Meanwhile somebody gives one back and somebody asks for the rest.
      bob.put(`/bookings/${made[1]!}/cancel`).expect(200),
      ada
        .post('/bookings')
        .send(slotsOf(devices[5]!, ['2026-11-23 14:00-15:00']))
        .expect(200),
    ]);
    expect(counts.slice(0, 3)).to.include(devices.length);
    for (const [index, id] of made.entries()) {
      const due = index % 2 === 0 ? 'EXPIRED' : index === 1 ? 'CANCELLED' : 'PENDING';
      expect(await statusOf(there.lab, id), `booking ${index}`).to.equal(due);
    }
    expect(await here.lab.expireBookings.execute()).to.equal(0);
    await expectNoViolation(there.lab);
    await there.close();
    await here.close();
  });
});

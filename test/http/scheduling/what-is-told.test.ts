import { expect } from 'chai';
import { HOUR, type LabEvent } from '../../../domain/index.js';
import { changedForm, listedDevice } from '../../support/device-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { booked, slotsOf, userIdOf } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

forEveryStore('what is told about bookings', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let [ada, bob, root] = [] as unknown as [Agent, Agent, Agent];
  let [adaId, bobId] = [0, 0];
  let device = 0;
  let seen = 0;

  before(async () => {
    clock = new ManualClock();
    open = await openLab({ clock });
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
    [adaId, bobId] = [await userIdOf(ada), await userIdOf(bob)];
  });
  beforeEach(async () => {
    device = await aDevice(open.lab);
    await told();
  });

  /** The events since the last look. */
  const told = async (): Promise<LabEvent[]> => {
    const events = await open.lab.events.after(seen, 1000);
    seen = events.at(-1)?.id ?? seen;
    return events.map(({ event }) => event);
  };
  /** `booking.requested 12: 17 PENDING`: type, whom it concerns, bookings and their status. */
  const words = async (): Promise<string[]> =>
    (await told()).map((event) => {
      const bookings = 'bookings' in event ? event.bookings : 'affected' in event ? event.affected : [];
      const told_ = bookings.map(({ id, status }) => `${id} ${status}`).join(', ');
      return `${event.type} ${event.concerns.join('+')}: ${told_}`;
    });

  it('is who asked for what, with the devices and the message', async () => {
    const form = slotsOf(device, ['2026-11-24 09:00-12:00'], { message: 'please', collaborators: ['bob'] });
    const { group, ids } = await booked(ada, form);
    const { body } = await root.get('/admin/devices');
    const { deviceName, deviceType } = (body as { id: number; deviceName: string; deviceType: string }[]).find(
      ({ id }) => id === device,
    )!;
    const [event] = await told();
    expect(event).to.deep.equal({
      ...{ type: 'booking.requested', at: clock.now(), actorId: adaId, concerns: [adaId, bobId] },
      ...{ groupId: group, ownerId: adaId, collaboratorIds: [bobId], message: 'please' },
      bookings: [
        {
          ...{ id: ids[0], deviceId: device, deviceType, deviceName, status: 'PENDING' },
          createdAt: clock.now(),
          ...{ start: Date.UTC(2026, 10, 24, 9), end: Date.UTC(2026, 10, 24, 12) },
        },
      ],
    });
  });

  it('is nothing of a request that was refused', async () => {
    await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
    await told();
    await bob
      .post('/bookings')
      .send(slotsOf(device, ['2026-11-24 09:00-12:00']))
      .expect(problem(409));
    expect(await told()).to.deep.equal([]);
  });

  it('is each change, and what becomes of those who contend', async () => {
    const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
    const wish = slotsOf(device, ['2026-11-24 10:00-12:00']);
    const his = await booked(bob, { bookings: wish.bookings.map((item) => ({ ...item, status: 'CONFLICTING' })) });
    expect(await words()).to.deep.equal([
      `booking.requested ${adaId}: ${ids[0]!} PENDING`,
      `booking.requested ${bobId}: ${his.ids[0]!} CONFLICTING`,
    ]);

    await root.put(`/admin/bookings/${his.ids[0]!}`).send({ status: 'CONFIRMED', comment: 'bob is in a hurry' });
    expect(await words()).to.deep.equal([
      `booking.contended ${adaId}: ${ids[0]!} CONFLICTING`,
      `booking.confirmed ${bobId}: ${his.ids[0]!} CONFIRMED`,
    ]);

    await bob.put(`/bookings/${his.ids[0]!}/cancel`).expect(200);
    expect(await words()).to.deep.equal([
      `booking.contention-resolved ${adaId}: ${ids[0]!} PENDING`,
      `booking.cancelled ${bobId}: ${his.ids[0]!} CANCELLED`,
    ]);

    await ada.patch(`/bookings/${ids[0]!}/collaborators`).send({ collaborators: ['bob'] });
    await ada.patch(`/api/bookings/group/${group}/extend`).send({ new_end_date: '2026-11-25' });
    const [shared, extended] = await words();
    expect(shared).to.equal(`booking.collaborators-changed ${adaId}+${bobId}: ${ids[0]!} PENDING`);
    expect(extended).to.match(new RegExp(`^booking.extended ${adaId}\\+${bobId}: \\d+ PENDING$`));

    const rebook = { start_date: '2026-12-01', end_date: '2026-12-02' };
    await bob.post(`/api/bookings/group/${group}/rebook`).send(rebook).expect(200);
    expect((await words())[0]).to.match(new RegExp(`^booking.rebooked ${bobId}: \\d+ PENDING, \\d+ PENDING$`));

    await root.put(`/admin/bookings/${ids[0]!}`).send({ status: 'REJECTED', comment: 'no' });
    const [rejected] = await told();
    expect(rejected).to.deep.include({ type: 'booking.rejected', message: 'no', concerns: [adaId, bobId] });
    await ada.delete(`/bookings/${ids[0]!}`).expect(200);
    expect(await words()).to.deep.equal([`booking.deleted ${adaId}+${bobId}: ${ids[0]!} REJECTED`]);
  });

  it('is what a maintenance hits, and when that is over, in either way of writing it', async () => {
    const { ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
    await told();
    const path = `/api/devices/${device}/maintenance`;
    const window = { start_time: '2026-11-24T10:00Z', end_time: '2026-11-24T18:00Z', reason: 'fans' };
    const { id } = (await root.post(path).send(window).expect(201)).body as { id: number };
    await root.delete(`${path}/${id}`).expect(200);
    const hit = `${adaId}: ${ids[0]!} PENDING`;
    expect(await words()).to.deep.equal([`maintenance.announced ${hit}`, `maintenance.removed ${hit}`]);

    const { body } = await root.get('/admin/devices');
    const row = (body as { id: number }[]).find((listed) => listed.id === device)!;
    const texts = { maintenance_start: 'All Day/2026-11-24', maintenance_end: 'All Day/2026-11-24' };
    await root
      .put(`/admin/devices/${device}`)
      .send({ ...row, ...texts })
      .expect(200);
    const announced = (await told()).filter(({ type }) => type === 'maintenance.announced');
    expect(announced.map(({ concerns }) => concerns)).to.deep.equal([[adaId]]);
  });

  describe('when a row under maintenance is renamed', () => {
    const window = { start_time: '2026-11-24T10:00Z', end_time: '2026-11-24T18:00Z', reason: 'fans' };
    const renamed = async (row: number, deviceName: string) => {
      await told();
      const listed = await listedDevice(root, row);
      await root.put(`/admin/devices/${row}`).send(changedForm(listed, { deviceName })).expect(200);
      return (await words()).filter((word) => word.startsWith('maintenance.'));
    };

    it('is whom it hits, and whom no more', async () => {
      const [, row = 0] = await importDevices(open.lab, [
        { name: 'Left', polatis_name: 'L-1', in_port: '1' },
        { name: 'Left', polatis_name: 'L-2', in_port: '2' },
      ]);
      const joined = await aDevice(open.lab, { name: 'Joined', polatis_name: 'J-1', in_port: '3' });
      const hers = await booked(ada, slotsOf(row, ['2026-11-24 12:00-13:00']));
      const his = await booked(bob, slotsOf(joined, ['2026-11-24 09:00-12:00']));
      await root.post(`/api/devices/${row}/maintenance`).send(window).expect(201);
      expect(await renamed(row, 'Joined')).to.deep.equal([
        `maintenance.removed ${adaId}: ${hers.ids[0]!} PENDING`,
        `maintenance.announced ${bobId}: ${his.ids[0]!} PENDING`,
      ]);
    });

    it('is nothing where the bookings go with it', async () => {
      await booked(ada, slotsOf(device, ['2026-11-24 12:00-13:00']));
      await root.post(`/api/devices/${device}/maintenance`).send(window).expect(201);
      expect(await renamed(device, `Renamed ${device}`)).to.deep.equal([]);
    });
  });

  it('is that time is over', async () => {
    const { ids } = await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']));
    await told();
    clock.advance(4 * HOUR);
    await open.lab.expireBookings.execute();
    expect(await words()).to.deep.equal([`booking.expired ${adaId}: ${ids[0]!} EXPIRED`]);
  });
});

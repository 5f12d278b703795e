import { expect } from 'chai';
import { daysOf, dayOf, type RefusalReply } from '../support/booking-forms.js';
import { importDevices } from '../support/devices.js';
import { booked, bookedBy, expectNoViolation, userIdOf } from '../support/groups.js';
import { forEveryStore, type OpenLab } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../support/people.js';
import { problem } from '../support/problem.js';

interface WeekBooking {
  readonly booking_id: number;
  readonly device_id: number;
  readonly status: string;
}

interface Group {
  readonly grouped_booking_id: string;
  readonly status: string;
  readonly start_date: string;
  readonly end_date: string;
  readonly is_owner: boolean;
  readonly devices: readonly { device_id: number; device_name: string; device_type: string; dates: string[] }[];
  readonly booking_ids: readonly number[];
}

interface Favourite {
  readonly id: number;
  readonly name: string;
  readonly grouped_booking_id: string;
  readonly device_snapshot: readonly { device_id: number }[];
}

forEveryStore('a week of two researchers, their approver and their administrator', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let ada: Agent;
  let bob: Agent;
  let kim: Agent;
  let root: Agent;
  let roadm: number;
  let scope: number;

  before(async () => {
    clock = new ManualClock();
    open = await openLab({ clock });
    root = await administrator(open.lab, open.server);
    kim = await somebodyWith(open.lab, open.server, 'Approver', 'kim');
    [ada, bob] = [await signedIn(open.server, 'ada'), await signedIn(open.server, 'bob')];
    [roadm, scope] = (await importDevices(open.lab, [
      { name: 'ROADM 1' },
      { name: 'Scope 1', device_type: 'Scope' },
    ])) as [number, number];
  });

  const statusOf = async (id: number | undefined) => {
    const week = (await ada.get('/bookings/for-week?start=2026-11-23').expect(200)).body as WeekBooking[];
    return week.find((booking) => booking.booking_id === id)?.status;
  };
  const groupOf = async (agent: Agent, group: string) => {
    const groups = (await agent.get(`/bookings/user/${await userIdOf(agent)}?grouped=true`).expect(200))
      .body as Group[];
    return groups.find((entry) => entry.grouped_booking_id === group)!;
  };

  it('is told from beginning to end', async function () {
    this.timeout(60_000);
    // Both want the same device on the same day.
    const adas = await booked(ada, daysOf(roadm, ['2026-11-25'], { message: 'first light' }));
    const refused = await bob.post('/bookings').send(daysOf(roadm, ['2026-11-25']));
    problem(409, 'booking.taken', /already booked by ada/)(refused);
    const [refusal] = refused.body.refusals as RefusalReply[];
    expect(refusal!.alternatives).not.to.deep.equal([]);

    const consent = daysOf(roadm, ['2026-11-25'], { collaborators: ['Ada'] }, 'CONFLICTING');
    const bobs = await booked(bob, consent);
    expect([await statusOf(adas.ids[0]), await statusOf(bobs.ids[0])]).to.deep.equal(['PENDING', 'CONFLICTING']);
    await expectNoViolation(open.lab);

    // The approver gives it to one, and cannot give it to the other too.
    const pending = (await kim.get('/admin/bookings/pending').expect(200)).body as WeekBooking[];
    expect(pending.map((booking) => booking.booking_id)).to.have.members([...adas.ids, ...bobs.ids]);
    await kim.put(`/admin/bookings/${adas.ids[0]!}`).send({ status: 'CONFIRMED' }).expect(200);
    expect([await statusOf(adas.ids[0]), await statusOf(bobs.ids[0])]).to.deep.equal(['CONFIRMED', 'CONFLICTING']);
    await kim
      .put(`/admin/bookings/${bobs.ids[0]!}`)
      .send({ status: 'CONFIRMED' })
      .expect(problem(409, 'booking.taken', /already booked by ada/));
    expect((await groupOf(ada, adas.group)).status).to.equal('APPROVED');
    await expectNoViolation(open.lab);

    // The winner cancels: the loser becomes PENDING, and is confirmed.
    await ada
      .delete(`/api/bookings/group/${adas.group}`)
      .send({ user_id: await userIdOf(ada) })
      .expect(200);
    expect([await statusOf(adas.ids[0]), await statusOf(bobs.ids[0])]).to.deep.equal(['CANCELLED', 'PENDING']);
    await kim.put(`/admin/bookings/${bobs.ids[0]!}`).send({ status: 'CONFIRMED' }).expect(200);
    expect(await statusOf(bobs.ids[0])).to.equal('CONFIRMED');
    expect((await groupOf(bob, bobs.group)).status).to.equal('APPROVED');
    await expectNoViolation(open.lab);

    // The group is extended by its collaborator, and the added day confirmed.
    expect((await groupOf(ada, bobs.group)).is_owner).to.equal(false);
    const added = await ada
      .patch(`/api/bookings/group/${bobs.group}/extend`)
      .send({ user_id: await userIdOf(ada), new_end_date: '2026-11-26' })
      .expect(200);
    expect(added.body.count).to.equal(1);
    const extended = await groupOf(bob, bobs.group);
    expect(extended).to.deep.include({ status: 'PENDING', start_date: '2026-11-25', end_date: '2026-11-26' });
    const { body: outcome } = await kim
      .post('/admin/v2/bookings/approve')
      .send({ booking_ids: extended.booking_ids, comment: 'enjoy' })
      .expect(200);
    expect(outcome.succeeded).to.have.length(1);
    expect((await groupOf(bob, bobs.group)).status).to.equal('APPROVED');
    await expectNoViolation(open.lab);

    // The group is booked again for the week after, with one more day.
    const rebooked = await bob
      .post(`/api/bookings/group/${bobs.group}/rebook`)
      .send({ user_id: await userIdOf(bob), start_date: '2026-12-02', end_date: '2026-12-04', message: '' })
      .expect(200);
    const again = bookedBy(rebooked.body);
    expect(await groupOf(bob, again.group)).to.deep.include({
      status: 'PENDING',
      start_date: '2026-12-02',
      end_date: '2026-12-04',
    });
    // The collaborator came along.
    expect((await groupOf(ada, again.group)).is_owner).to.equal(false);
    await expectNoViolation(open.lab);

    // It becomes a favourite, from which its devices are booked again.
    const group = await groupOf(bob, again.group);
    const device_snapshot = group.devices.map(({ device_id, device_name, device_type }) => ({
      ...{ device_id, device_name, device_type },
    }));
    const user_id = await userIdOf(bob);
    await bob
      .post('/bookings/favorites')
      .send({ user_id, grouped_booking_id: again.group, device_snapshot, name: 'light path' })
      .expect(200);
    const [favourite] = (await bob.get(`/bookings/favorites/${user_id}`).expect(200)).body as Favourite[];
    expect(favourite).to.deep.include({ name: 'light path', grouped_booking_id: again.group });

    // The frontend looks the devices up, and asks by type and name.
    const devices = (await bob.get('/api/devices').expect(200)).body as {
      id: number;
      deviceType: string;
      deviceName: string;
    }[];
    const bookings = favourite!.device_snapshot.map(({ device_id }) => {
      const { deviceType, deviceName } = devices.find(({ id }) => id === device_id)!;
      return { device_type: deviceType, device_name: deviceName, ...dayOf('2026-12-09'), status: 'PENDING' };
    });
    const fromIt = await booked(bob, { user_id, message: '', bookings, collaborators: [] });
    expect(fromIt.statuses).to.deep.equal(['PENDING']);
    await expectNoViolation(open.lab);

    // The first hour is found in which both devices are free.
    await booked(ada, daysOf(scope, ['2026-11-23']));
    const free = await ada
      .post('/api/bookings/earliest')
      .send({ device_ids: [scope], device_types: [{ type: 'ROADM', count: 1 }], minutes: 60 })
      .expect(200);
    expect(free.body).to.deep.include({ start_time: '2026-11-23T23:59:00.000Z', device_ids: [scope, roadm] });
    await expectNoViolation(open.lab);

    // Maintenance is announced: it lists whom it hits, and lets nobody else in.
    const window = { start_time: '2026-12-03T06:00:00Z', end_time: '2026-12-10T06:00:00Z', reason: 'new laser' };
    const announced = await root.post(`/api/devices/${roadm}/maintenance`).send(window).expect(201);
    const hit = announced.body.affected_bookings as {
      booking_id: number;
      owner_username: string;
      start_time: string;
    }[];
    expect(hit.map(({ owner_username, start_time }) => [owner_username, start_time.slice(0, 10)])).to.deep.equal([
      ['bob', '2026-12-03'],
      ['bob', '2026-12-04'],
      ['bob', '2026-12-09'],
    ]);
    await ada
      .post('/bookings')
      .send(daysOf(roadm, ['2026-12-05']))
      .expect(problem(503, 'booking.maintenance', /new laser/));
    await kim
      .put(`/admin/bookings/${hit[0]!.booking_id}`)
      .send({ status: 'CONFIRMED' })
      .expect(problem(409, 'booking.maintenance', /new laser/));
    const [inTheWay] = (
      await ada
        .post('/check-conflicts')
        .send({ device_ids: [roadm], start: '2026-12-10T00:00:00', end: '2026-12-10T23:59:59' })
        .expect(200)
    ).body as { conflicts: unknown[] }[];
    expect(inTheWay!.conflicts).to.deep.equal([
      { date: '2026-12-10', start_time: '00:00', end_time: '06:00', conflict_type: 'maintenance' },
    ]);
    await expectNoViolation(open.lab);

    // Time passes, and that is written down once.
    clock.set(Date.parse('2026-11-28T00:00:00Z'));
    expect((await groupOf(bob, bobs.group)).status).to.equal('EXPIRED');
    expect(await open.lab.expireBookings.execute()).to.equal(2);
    expect(await open.lab.expireBookings.execute()).to.equal(0);
    expect((await groupOf(bob, bobs.group)).status).to.equal('EXPIRED');
    expect((await groupOf(bob, again.group)).status).to.equal('PENDING');
    await expectNoViolation(open.lab);
  });
});

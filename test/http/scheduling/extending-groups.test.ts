import { expect } from 'chai';
import { dayOf, daysOf, type RefusalReply } from '../../support/booking-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { booked, expectNoViolation, groupInWords, slotsOf, userIdOf, writingNothing } from '../../support/groups.js';
import { forEveryStore, usualConfig, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const path = (group: string) => `/api/bookings/group/${group}/extend`;
const until = (date: string, more: object = {}) => ({ new_end_date: date, ...more });

forEveryStore('extending a group', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let eve: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob, eve] = [
      await signedIn(open.app, 'ada'),
      await signedIn(open.app, 'bob'),
      await signedIn(open.app, 'eve'),
    ];
    root = await administrator(open.lab, open.app);
  });
  afterEach(() => expectNoViolation(open.lab));

  const words = (group: string) => groupInWords(open.lab, group);

  it('repeats all slots of its last day for each device, as new PENDING bookings', async () => {
    const [first, second] = (await importDevices(open.lab, [{}, {}])) as [number, number];
    const form = slotsOf(first, [
      '2026-11-24 09:00-12:00',
      '2026-11-25 08:00-09:00',
      '2026-11-25 13:00-14:30',
      '2026-11-25 18:00-20:00',
    ]);
    const { group } = await booked(ada, {
      bookings: [...form.bookings, ...slotsOf(second, ['2026-11-24 10:00-11:00']).bookings],
      message: 'Ω',
    });
    const before = await words(group);
    const { body } = await ada.patch(path(group)).send(until('2026-11-27')).expect(200);
    expect(body).to.deep.include({ message: `Extended booking group ${group} by 8 slot(s).`, count: 8 });
    expect((body.bookings as { status: string }[]).map((one) => one.status)).to.deep.equal(Array(8).fill('PENDING'));
    const added = ['2026-11-26', '2026-11-27'].flatMap((date) => [
      `${first} ${date}T08:00Z ${date}T09:00Z PENDING`,
      `${first} ${date}T13:00Z ${date}T14:30Z PENDING`,
      `${first} ${date}T18:00Z ${date}T20:00Z PENDING`,
      `${second} ${date}T10:00Z ${date}T11:00Z PENDING`,
    ]);
    expect(await words(group)).to.have.members([...before, ...added]);
    const members = await open.lab.work.run(({ bookings }) => bookings.ofGroup(group));
    expect(members.map((member) => member.comment)).to.deep.equal(members.map(() => 'Ω'));
  });

  it('repeats the days of the frontend’s grid', async () => {
    const [first, second] = (await importDevices(open.lab, [{}, {}])) as [number, number];
    const bookings = [first, second].flatMap((id) => daysOf(id, ['2026-11-24', '2026-11-25']).bookings);
    const { group } = await booked(ada, { bookings });
    expect((await ada.patch(path(group)).send(until('2026-11-26')).expect(200)).body.count).to.equal(2);
    const groups = (await ada.get(`/bookings/user/${await userIdOf(ada)}?grouped=true`).expect(200)).body as {
      grouped_booking_id: string;
      end_date: string;
      status: string;
      devices: { dates: string[] }[];
    }[];
    const listed = groups.find((entry) => entry.grouped_booking_id === group);
    expect(listed).to.deep.include({ end_date: '2026-11-26', status: 'PENDING' });
    for (const { dates } of listed!.devices) {
      expect(dates).to.deep.equal(['2026-11-24', '2026-11-25', '2026-11-26']);
    }
  });

  it('repeats nights', async () => {
    const device = await aDevice(open.lab);
    const night = { device_id: device, start_time: '2026-11-24T22:00', end_time: '2026-11-25T02:00' };
    const { group } = await booked(ada, { bookings: [night] });
    await ada.patch(path(group)).send(until('2026-11-25')).expect(problem(400, 'booking.not-later'));
    expect((await ada.patch(path(group)).send(until('2026-11-27')).expect(200)).body.count).to.equal(2);
    expect(await words(group)).to.deep.equal([
      `${device} 2026-11-24T22:00Z 2026-11-25T02:00Z PENDING`,
      `${device} 2026-11-25T22:00Z 2026-11-26T02:00Z PENDING`,
      `${device} 2026-11-26T22:00Z 2026-11-27T02:00Z PENDING`,
    ]);
  });

  it('keeps the time on the wall across a clock change', async () => {
    const device = await aDevice(open.lab);
    const { group } = await booked(ada, slotsOf(device, ['2027-03-26 09:00-17:00']));
    await ada.patch(path(group)).send(until('2027-03-29')).expect(200);
    expect(await words(group)).to.deep.equal([
      `${device} 2027-03-26T09:00Z 2027-03-26T17:00Z PENDING`,
      `${device} 2027-03-27T09:00Z 2027-03-27T17:00Z PENDING`,
      `${device} 2027-03-28T08:00Z 2027-03-28T16:00Z PENDING`,
      `${device} 2027-03-29T08:00Z 2027-03-29T16:00Z PENDING`,
    ]);
  });

  it('refuses days on which the clock never shows the slot', async () => {
    const { group } = await booked(ada, slotsOf(await aDevice(open.lab), ['2027-03-26 01:10-01:50']));
    await writingNothing(open.store, () =>
      ada
        .patch(path(group))
        .send(until('2027-03-29'))
        .expect(problem(400, 'lab-time.nonexistent', /01:10 to 01:50 on 2027-03-28/)),
    );
  });

  it('is for its owner, its collaborators and administrators', async () => {
    const device = await aDevice(open.lab);
    const { group } = await booked(ada, daysOf(device, ['2026-11-24'], { collaborators: ['bob'] }));
    await writingNothing(open.store, () =>
      eve.patch(path(group)).send(until('2026-11-25')).expect(problem(403, 'booking.not-yours')),
    );
    await bob.patch(path(group)).send(until('2026-11-25')).expect(200);
    await ada
      .patch(path(group))
      .send(until('2026-11-26', { user_id: await userIdOf(ada) }))
      .expect(200);
    await root.patch(path(group)).send(until('2026-11-27')).expect(200);
    const members = await open.lab.work.run(({ bookings }) => bookings.ofGroup(group));
    const [adaId, bobId] = [await userIdOf(ada), await userIdOf(bob)];
    expect(members).to.have.length(4);
    for (const member of members) expect(member).to.deep.include({ ownerId: adaId, collaboratorIds: [bobId] });
    const asAda = until('2026-11-28', { user_id: adaId });
    await bob.patch(path(group)).send(asAda).expect(problem(403, 'identity.not-yourself'));
    await root.patch(path(group)).send(asAda).expect(200);
  });

  it('adds nothing to a group that is over', async () => {
    const device = await aDevice(open.lab);
    const { group } = await booked(ada, daysOf(device, ['2026-11-24', '2026-11-25']));
    await ada.delete(`/api/bookings/group/${group}`).send({}).expect(200);
    await writingNothing(open.store, () =>
      ada.patch(path(group)).send(until('2026-11-27')).expect(problem(400, 'booking.already-over')),
    );
  });

  it('goes on with what still holds of a group that was cancelled in part', async () => {
    const device = await aDevice(open.lab);
    const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-10:00', '2026-11-25 14:00-15:00']));
    await ada.put(`/bookings/${ids[1]!}/cancel`).expect(200);
    await ada.patch(path(group)).send(until('2026-11-25')).expect(200);
    expect(await words(group)).to.have.members([
      `${device} 2026-11-24T09:00Z 2026-11-24T10:00Z PENDING`,
      `${device} 2026-11-25T09:00Z 2026-11-25T10:00Z PENDING`,
      `${device} 2026-11-25T14:00Z 2026-11-25T15:00Z CANCELLED`,
    ]);
  });

  it('refuses the whole with every reason when any day cannot be had', async () => {
    const [first, second, third] = (await importDevices(open.lab, [{}, {}, {}])) as [number, number, number];
    const dates = ['2026-11-24'];
    const { group } = await booked(ada, {
      bookings: [first, second, third].flatMap((id) => daysOf(id, dates).bookings),
    });
    await booked(bob, daysOf(first, ['2026-11-26']));
    await booked(eve, daysOf(second, ['2026-11-27']));
    await root
      .post(`/api/devices/${third}/maintenance`)
      .send({ ...dayOf('2026-11-25'), reason: 'fans' })
      .expect(201);
    const reply = await writingNothing(open.store, () => ada.patch(path(group)).send(until('2026-11-27')));
    expect(reply.status).to.equal(409);
    expect(reply.body.detail).to.include('already booked').and.include('bob').and.include('eve').and.include('fans');
    const refusals = reply.body.refusals as (RefusalReply & { start_time: string })[];
    expect(refusals.map(({ code, device_id, start_time }) => [code, device_id, start_time])).to.have.deep.members([
      ['booking.taken', first, dayOf('2026-11-26').start_time],
      ['booking.taken', second, dayOf('2026-11-27').start_time],
      ['booking.maintenance', third, dayOf('2026-11-25').start_time],
    ]);
    expect(refusals.find((refusal) => refusal.device_id === first)!.alternatives).not.to.deep.equal([]);
    // Where nobody but maintenance is in the way, it is nobody's conflict.
    await root.patch(path(group)).send(until('2026-11-25')).expect(503);
  });

  it('refuses devices that cannot be booked now', async () => {
    const device = await aDevice(open.lab, { name: 'Breaking' });
    const { group } = await booked(ada, daysOf(device, ['2026-11-24']));
    const form = { deviceType: 'ROADM', deviceName: 'Breaking', status: 'Maintenance', In_Port: 0, Out_Port: 0 };
    await root.put(`/admin/devices/${device}`).send(form).expect(200);
    await writingNothing(open.store, () =>
      ada.patch(path(group)).send(until('2026-11-25')).expect(problem(503, 'booking.device-unavailable')),
    );
  });

  it('refuses what makes no sense, and writes nothing', async () => {
    const { group } = await booked(ada, daysOf(await aDevice(open.lab), ['2026-11-24', '2026-11-25']));
    await writingNothing(open.store, async () => {
      for (const [form, status, code] of [
        [until('2026-11-25'), 400, 'booking.not-later'],
        [until('2026-11-20'), 400, 'booking.not-later'],
        [until('2027-12-31'), 400, 'booking.beyond-horizon'],
        [until('9999-12-31'), 400, 'booking.too-many'],
        [until('2026-11-31'), 422, 'lab-time.malformed'],
        [until('2026-13-01'), 422, 'lab-time.malformed'],
        [until('tomorrow'), 422, 'request.malformed'],
        [until('2026-11-27', { user_id: 999_999 }), 400, 'identity.unknown-user'],
        [{}, 422, 'request.malformed'],
        [{ new_end_date: null }, 422, 'request.malformed'],
        [[], 422, 'request.malformed'],
      ] as const) {
        await ada.patch(path(group)).send(form).expect(problem(status, code));
      }
      await ada.patch(path('no-such-group')).send(until('2026-11-27')).expect(problem(404, 'booking.unknown-group'));
    });
  });

  it('leaves CONFIRMED and CONFLICTING bookings as they are', async () => {
    const device = await aDevice(open.lab);
    const first = await booked(bob, daysOf(device, ['2026-11-24']));
    const { group } = await booked(ada, daysOf(device, ['2026-11-24'], {}, 'CONFLICTING'));
    await root.put(`/admin/bookings/${first.ids[0]!}`).send({ status: 'CONFIRMED' }).expect(200);
    await ada.patch(path(group)).send(until('2026-11-25')).expect(200);
    const contender = (await words(group)).map((line) => line.split(' ').at(-1));
    expect(contender).to.deep.equal(['CONFLICTING', 'PENDING']);
    await bob.patch(path(first.group)).send(until('2026-11-26')).expect(problem(409, 'booking.taken'));
    expect((await words(first.group)).map((line) => line.split(' ').at(-1))).to.deep.equal(['CONFIRMED']);
  });
});

forEveryStore('extending a group where nobody needs to say yes', (openLab) => {
  it('confirms the days at once', async () => {
    const approval = { ...usualConfig.approval, mode: 'automatic' as const };
    const { lab, app } = await openLab({ config: { approval } });
    const ada = await signedIn(app, 'ada');
    const device = await aDevice(lab);
    const { group, statuses } = await booked(ada, daysOf(device, ['2026-11-24']));
    expect(statuses).to.deep.equal(['CONFIRMED']);
    await ada.patch(path(group)).send(until('2026-11-25')).expect(200);
    expect((await groupInWords(lab, group)).map((line) => line.split(' ').at(-1))).to.deep.equal([
      'CONFIRMED',
      'CONFIRMED',
    ]);
  });
});

forEveryStore('extending a group as time passes', (openLab) => {
  it('goes on while its last booking lasts, and no longer', async () => {
    const clock = new ManualClock();
    const { lab, app, store } = await openLab({ clock });
    const ada = await signedIn(app, 'ada');
    const device = await aDevice(lab);
    const { group } = await booked(ada, slotsOf(device, ['2026-11-23 10:00-11:00', '2026-11-24 10:00-11:00']));
    clock.set(Date.parse('2026-11-24T10:30:00Z'));
    expect((await ada.patch(path(group)).send(until('2026-11-25')).expect(200)).body.count).to.equal(1);
    expect((await groupInWords(lab, group)).map((line) => line.split(' ').at(-1))).to.deep.equal([
      'EXPIRED',
      'PENDING',
      'PENDING',
    ]);
    clock.set(Date.parse('2026-11-25T11:00:00Z'));
    const again = await signedIn(app, 'eve');
    await again.patch(path(group)).send(until('2026-11-27')).expect(problem(403));
    await ada.patch(path(group)).send(until('2026-11-27')).expect(problem(400, 'booking.already-over'));
    expect((await store.rows()).bookings).to.have.length(3);
    await expectNoViolation(lab);
  });
});

import { expect } from 'chai';
import { daysOf, dayOf } from '../../support/booking-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import {
  booked,
  bookingOf,
  expectNoViolation,
  groupInWords,
  slotsOf,
  userIdOf,
  writingNothing,
} from '../../support/groups.js';
import { forEveryStore, usualConfig, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const path = (id: number | undefined) => `/bookings/${id!}/extend`;
const until = (date: string, more: object = {}) => ({ new_end_date: date, ...more });

forEveryStore('extending a booking', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let eve: Agent;
  let kim: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob, eve] = [
      await signedIn(open.app, 'ada'),
      await signedIn(open.app, 'bob'),
      await signedIn(open.app, 'eve'),
    ];
    root = await administrator(open.lab, open.app);
    kim = await somebodyWith(open.lab, open.app, 'Approver', 'kim');
  });
  afterEach(() => expectNoViolation(open.lab));

  const words = (group: string) => groupInWords(open.lab, group);
  const confirm = (id: number | undefined) =>
    root.put(`/admin/bookings/${id!}`).send({ status: 'CONFIRMED' }).expect(200);

  it('moves the end of a PENDING one to that day, at the same time', async () => {
    const device = await aDevice(open.lab);
    const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
    const { body } = await ada.patch(path(ids[0])).send(until('2026-11-26')).expect(200);
    const bookings = [
      {
        ...{ booking_id: ids[0], device_id: device, status: 'PENDING' },
        ...{ start_time: '2026-11-24T09:00:00.000Z', end_time: '2026-11-26T12:00:00.000Z' },
      },
    ];
    expect(body).to.deep.equal({ message: 'Extended 1 booking(s) successfully.', count: 1, bookings });
    expect(await words(group)).to.deep.equal([`${device} 2026-11-24T09:00Z 2026-11-26T12:00Z PENDING`]);
    await ada
      .patch(`/api${path(ids[0])}`)
      .send(until('2026-11-27'))
      .expect(200);
    expect(await words(group)).to.deep.equal([`${device} 2026-11-24T09:00Z 2026-11-27T12:00Z PENDING`]);
  });

  it('keeps that time on the wall when the clocks change', async () => {
    const device = await aDevice(open.lab);
    const { group, ids } = await booked(ada, slotsOf(device, ['2027-03-27 09:00-12:00']));
    await ada.patch(path(ids[0])).send(until('2027-03-28')).expect(200);
    expect(await words(group)).to.deep.equal([`${device} 2027-03-27T09:00Z 2027-03-28T11:00Z PENDING`]);
  });

  it('leaves a CONFIRMED one as it is and adds the time next to it, for somebody to say yes to', async () => {
    const device = await aDevice(open.lab);
    const form = slotsOf(device, ['2026-11-24 09:00-12:00'], { collaborators: ['bob'], message: 'Ω' });
    const { group, ids } = await booked(ada, form);
    await confirm(ids[0]);
    expect((await ada.patch(path(ids[0])).send(until('2026-11-25')).expect(200)).body.count).to.equal(1);
    expect(await words(group)).to.deep.equal([
      `${device} 2026-11-24T09:00Z 2026-11-24T12:00Z CONFIRMED`,
      `${device} 2026-11-24T12:00Z 2026-11-25T12:00Z PENDING`,
    ]);
    const [first, second] = await open.lab.work.run(({ bookings }) => bookings.ofGroup(group));
    const { ownerId, collaboratorIds, comment } = first!;
    expect(second).to.deep.include({ ownerId, collaboratorIds, comment });
    // It goes on from there, whichever of the two is named, and says so.
    for (const [id, date] of [
      [ids[0], '2026-11-26'],
      [second!.id, '2026-11-27'],
    ] as const) {
      const { body } = await ada.patch(path(id)).send(until(date)).expect(200);
      expect((body.bookings as { booking_id: number }[]).map((one) => one.booking_id)).to.deep.equal([second!.id]);
      expect((await words(group))[1]).to.equal(`${device} 2026-11-24T12:00Z ${date}T12:00Z PENDING`);
    }
    await ada.patch(path(ids[0])).send(until('2026-11-27')).expect(problem(400, 'booking.not-later'));
  });

  it('does so for collaborators too', async () => {
    const device = await aDevice(open.lab);
    const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00'], { collaborators: ['bob'] }));
    await confirm(ids[0]);
    await bob.patch(path(ids[0])).send(until('2026-11-25')).expect(200);
    const members = await open.lab.work.run(({ bookings }) => bookings.ofGroup(group));
    expect(members.map(({ ownerId, status }) => [ownerId, status])).to.deep.equal([
      [await userIdOf(ada), 'CONFIRMED'],
      [await userIdOf(ada), 'PENDING'],
    ]);
  });

  it('moves the end of a CONFIRMED one when who asks could say yes', async () => {
    const device = await aDevice(open.lab);
    const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00'], { collaborators: ['kim'] }));
    await confirm(ids[0]);
    await kim.patch(path(ids[0])).send(until('2026-11-25')).expect(200);
    expect(await words(group)).to.deep.equal([`${device} 2026-11-24T09:00Z 2026-11-25T12:00Z CONFIRMED`]);
    await root.patch(path(ids[0])).send(until('2026-11-26')).expect(200);
    expect(await words(group)).to.deep.equal([`${device} 2026-11-24T09:00Z 2026-11-26T12:00Z CONFIRMED`]);
  });

  it('leaves a CONFIRMED one as it is when that would be more than who asks may say yes to', async () => {
    const device = await aDevice(open.lab);
    const lou = await somebodyWith(open.lab, open.app, 'Approver', 'lou');
    const limits = { role: 'Approver', approval_limits: { max_days: 2 } };
    await root
      .post(`/admin/v2/users/${await userIdOf(lou)}/role`)
      .send(limits)
      .expect(200);
    const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00'], { collaborators: ['lou'] }));
    await confirm(ids[0]);
    await lou.patch(path(ids[0])).send(until('2026-11-25')).expect(200);
    expect(await words(group)).to.deep.equal([`${device} 2026-11-24T09:00Z 2026-11-25T12:00Z CONFIRMED`]);
    await lou.patch(path(ids[0])).send(until('2026-11-28')).expect(200);
    expect(await words(group)).to.deep.equal([
      `${device} 2026-11-24T09:00Z 2026-11-25T12:00Z CONFIRMED`,
      `${device} 2026-11-25T12:00Z 2026-11-28T12:00Z PENDING`,
    ]);
  });

  it('leaves a CONFIRMED one of their own as it is, unless they may say yes to what is theirs', async () => {
    const device = await aDevice(open.lab);
    const { group, ids } = await booked(kim, slotsOf(device, ['2026-11-24 09:00-12:00']));
    await confirm(ids[0]);
    await kim.patch(path(ids[0])).send(until('2026-11-25')).expect(200);
    expect(await words(group)).to.deep.equal([
      `${device} 2026-11-24T09:00Z 2026-11-24T12:00Z CONFIRMED`,
      `${device} 2026-11-24T12:00Z 2026-11-25T12:00Z PENDING`,
    ]);
    const other = await aDevice(open.lab);
    const roots = await booked(root, slotsOf(other, ['2026-11-24 09:00-12:00']));
    await confirm(roots.ids[0]);
    await root.patch(path(roots.ids[0])).send(until('2026-11-25')).expect(200);
    expect(await words(roots.group)).to.deep.equal([`${other} 2026-11-24T09:00Z 2026-11-25T12:00Z CONFIRMED`]);
  });

  it('is for its owner, its collaborators and administrators', async () => {
    const { ids } = await booked(ada, daysOf(await aDevice(open.lab), ['2026-11-24'], { collaborators: ['bob'] }));
    for (const stranger of [eve, kim]) {
      await writingNothing(open.store, () =>
        stranger.patch(path(ids[0])).send(until('2026-11-25')).expect(problem(403, 'booking.not-yours')),
      );
    }
    await bob.patch(path(ids[0])).send(until('2026-11-25')).expect(200);
    await root.patch(path(ids[0])).send(until('2026-11-26')).expect(200);
    const asAda = { user_id: await userIdOf(ada) };
    await eve.patch(path(ids[0])).send(until('2026-11-27', asAda)).expect(problem(403, 'identity.not-yourself'));
    await ada.patch(path(ids[0])).send(until('2026-11-27', asAda)).expect(200);
  });

  it('keeps a contender contending', async () => {
    const device = await aDevice(open.lab);
    await booked(bob, slotsOf(device, ['2026-11-24 09:00-12:00']));
    const { group, ids } = await booked(ada, {
      bookings: [{ ...slotsOf(device, ['2026-11-24 11:00-13:00']).bookings[0], status: 'CONFLICTING' }],
    });
    await ada.patch(path(ids[0])).send(until('2026-11-25')).expect(200);
    expect(await words(group)).to.deep.equal([`${device} 2026-11-24T11:00Z 2026-11-25T13:00Z CONFLICTING`]);
  });

  it('is refused with the holder and what else there is where somebody has the added time', async () => {
    const device = await aDevice(open.lab);
    const { ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
    await booked(bob, slotsOf(device, ['2026-11-24 12:00-13:00']));
    const reply = await writingNothing(open.store, () => ada.patch(path(ids[0])).send(until('2026-11-25')));
    problem(409, 'booking.taken', /already booked by bob/)(reply);
    const [refusal] = reply.body.refusals as { start_time: string; end_time: string; alternatives: unknown[] }[];
    expect(refusal).to.deep.include({ start_time: '2026-11-24T12:00:00.000Z', end_time: '2026-11-25T12:00:00.000Z' });
    expect(refusal!.alternatives).not.to.deep.equal([]);
  });

  it('is refused where the whole becomes too long, though what is added is not', async () => {
    const { ids } = await booked(ada, slotsOf(await aDevice(open.lab), ['2026-11-24 09:00-12:00']));
    await ada.patch(path(ids[0])).send(until('2026-12-24')).expect(200);
    await writingNothing(open.store, () =>
      ada.patch(path(ids[0])).send(until('2026-12-25')).expect(problem(400, 'booking.too-long')),
    );
  });

  it('extends all of a list or none of them', async () => {
    const [first, second] = (await importDevices(open.lab, [{}, {}])) as [number, number];
    const { group, ids } = await booked(ada, {
      bookings: [first, second].map((device_id) => ({ device_id, ...dayOf('2026-11-24') })),
    });
    const both = { booking_ids: ids };
    expect((await ada.patch(path(ids[0])).send(until('2026-11-25', both)).expect(200)).body.count).to.equal(2);
    await booked(bob, slotsOf(second, ['2026-11-27 09:00-10:00']));
    await writingNothing(open.store, () =>
      ada.patch(path(ids[0])).send(until('2026-11-27', both)).expect(problem(409, 'booking.taken')),
    );
    const ends = (await words(group)).map((line) => line.split(' ')[2]);
    expect(ends).to.deep.equal(['2026-11-25T23:59Z', '2026-11-25T23:59Z']);
    // Ids may come as text, and the one in the path need not be among them.
    const one = { booking_ids: [`${ids[0]!}`, ids[0]] };
    expect((await ada.patch(path(ids[1])).send(until('2026-11-26', one)).expect(200)).body.count).to.equal(1);
  });

  it('refuses lists of nothing, of other groups, and of what is over', async () => {
    const device = await aDevice(open.lab);
    const own = await booked(ada, daysOf(device, ['2026-11-24', '2026-11-26']));
    const other = await booked(ada, daysOf(device, ['2026-11-28']));
    const his = await booked(bob, daysOf(device, ['2026-11-30']));
    await ada.put(`/bookings/${own.ids[1]!}/cancel`).expect(200);
    const among = (...ids: unknown[]) => until('2026-12-05', { booking_ids: ids });
    await writingNothing(open.store, async () => {
      await ada.patch(path(own.ids[0])).send(among()).expect(problem(400, 'booking.no-items'));
      for (const id of [other.ids[0], his.ids[0], 999_999]) {
        const reply = await ada.patch(path(own.ids[0])).send(among(own.ids[0], id));
        problem(400, 'booking.other-group')(reply);
        expect(reply.body.booking_ids).to.deep.equal([id]);
      }
      await ada
        .patch(path(own.ids[0]))
        .send(among(...own.ids))
        .expect(problem(400, 'booking.already-over'));
      await ada.patch(path(his.ids[0])).send(among(his.ids[0])).expect(problem(403, 'booking.not-yours'));
      for (const nonsense of ['all', [null], [1.5], [{}], { 0: 1 }]) {
        const form = until('2026-12-05', { booking_ids: nonsense });
        await ada.patch(path(own.ids[0])).send(form).expect(problem(422, 'request.malformed'));
      }
    });
  });

  it('refuses what makes no sense, and writes nothing', async () => {
    const { ids } = await booked(ada, daysOf(await aDevice(open.lab), ['2026-11-24']));
    await writingNothing(open.store, async () => {
      for (const [form, status, code] of [
        [until('2026-11-24'), 400, 'booking.not-later'],
        [until('2020-01-01'), 400, 'booking.not-later'],
        [until('2028-11-24'), 400, 'booking.too-long'],
        [until('2026-02-30'), 422, 'lab-time.malformed'],
        [until('2026-00-00'), 422, 'lab-time.malformed'],
        [until('2026-11-26T00:00:00Z'), 422, 'request.malformed'],
        [{}, 422, 'request.malformed'],
      ] as const) {
        await ada.patch(path(ids[0])).send(form).expect(problem(status, code));
      }
      await ada.patch(path(999_999)).send(until('2026-11-26')).expect(problem(404, 'booking.not-found'));
      await ada.patch('/bookings/one/extend').send(until('2026-11-26')).expect(problem(422));
    });
  });

  it('refuses what is over', async () => {
    const device = await aDevice(open.lab);
    const { ids } = await booked(ada, daysOf(device, ['2026-11-24', '2026-11-26']));
    await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
    await root.put(`/admin/bookings/${ids[1]!}`).send({ status: 'REJECTED' }).expect(200);
    await ada
      .patch(path(ids[0]))
      .send(until('2026-11-25'))
      .expect(problem(400, 'booking.already-over', /cancelled/));
    await ada
      .patch(path(ids[1]))
      .send(until('2026-11-27'))
      .expect(problem(400, 'booking.already-over', /rejected/));
  });
});

forEveryStore('extending a booking where nobody needs to say yes', (openLab) => {
  it('moves the end of a CONFIRMED one', async () => {
    const approval = { ...usualConfig.approval, deviceTypes: { Scope: 'automatic' as const } };
    const { lab, app } = await openLab({ config: { approval } });
    const ada = await signedIn(app, 'ada');
    const [scope, roadm] = (await importDevices(lab, [{ device_type: 'Scope' }, {}])) as [number, number];
    const { group, ids } = await booked(ada, {
      bookings: [scope, roadm].flatMap((id) => slotsOf(id, ['2026-11-24 09:00-12:00']).bookings),
    });
    const form = until('2026-11-25', { booking_ids: ids });
    await ada.patch(path(ids[0])).send(form).expect(200);
    expect(await groupInWords(lab, group)).to.have.members([
      `${scope} 2026-11-24T09:00Z 2026-11-25T12:00Z CONFIRMED`,
      `${roadm} 2026-11-24T09:00Z 2026-11-25T12:00Z PENDING`,
    ]);
  });
});

forEveryStore('extending a booking as time passes', (openLab) => {
  it('goes on while it lasts, and no longer', async () => {
    const clock = new ManualClock();
    const { lab, app, store } = await openLab({ clock });
    const ada = await signedIn(app, 'ada');
    const device = await aDevice(lab);
    const { ids } = await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']));
    clock.set(Date.parse('2026-11-23T11:59:59.999Z'));
    await ada.patch(path(ids[0])).send(until('2026-11-24')).expect(200);
    clock.set(Date.parse('2026-11-24T12:00:00.000Z'));
    await ada
      .patch(path(ids[0]))
      .send(until('2026-11-25'))
      .expect(problem(400, 'booking.already-over', /expired/));
    expect((await bookingOf(lab, ids[0]!))?.slot.end).to.equal(Date.parse('2026-11-24T12:00:00Z'));
    expect((await store.rows()).bookings).to.have.length(1);
    await expectNoViolation(lab);
  });
});

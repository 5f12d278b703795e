import { expect } from 'chai';
import { daysOf, type RefusalReply } from '../../support/booking-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import {
  booked,
  bookedBy,
  expectNoViolation,
  groupInWords,
  slotsOf,
  userIdOf,
  writingNothing,
} from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const ofGroup = (group: string) => `/api/bookings/group/${group}/rebook`;
const ofBooking = (id: number | undefined) => `/bookings/rebook/${id!}`;
const range = (start_date: string, end_date: string, more: object = {}) => ({ start_date, end_date, ...more });

forEveryStore('booking again', (openLab) => {
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
  const members = (group: string) => open.lab.work.run(({ bookings }) => bookings.ofGroup(group));

  /** Two devices on two days, one of them twice on the second. */
  const aPattern = async (agent: Agent, more: object = {}) => {
    const [first, second] = (await importDevices(open.lab, [{}, {}])) as [number, number];
    const bookings = [
      ...slotsOf(first, ['2026-11-24 09:00-12:00']).bookings,
      ...slotsOf(second, ['2026-11-25 09:00-10:00', '2026-11-25 14:00-15:00']).bookings,
    ];
    return { first, second, ...(await booked(agent, { bookings, ...more })) };
  };

  describe('a group', () => {
    it('repeats its pattern at other dates as a new group of PENDING bookings, with its company', async () => {
      const { first, second, group } = await aPattern(ada, { collaborators: ['bob', 'eve'], message: 'before' });
      const before = await words(group);
      const form = range('2026-12-01', '2026-12-02', { user_id: await userIdOf(ada), message: 'again' });
      const { body } = await ada.post(ofGroup(group)).send(form).expect(200);
      expect(body).to.deep.include({ message: 'Created 3 booking(s) successfully.', count: 3 });
      const again = bookedBy(body);
      expect(again.group).not.to.equal(group);
      expect(await words(again.group)).to.deep.equal([
        `${first} 2026-12-01T09:00Z 2026-12-01T12:00Z PENDING`,
        `${second} 2026-12-02T09:00Z 2026-12-02T10:00Z PENDING`,
        `${second} 2026-12-02T14:00Z 2026-12-02T15:00Z PENDING`,
      ]);
      expect(await words(group)).to.deep.equal(before);
      const company = [await userIdOf(bob), await userIdOf(eve)].sort((a, b) => a - b);
      for (const booking of await members(again.group)) {
        expect(booking).to.deep.include({
          ownerId: await userIdOf(ada),
          collaboratorIds: company,
          comment: 'again',
        });
      }
    });

    it('goes on with the last day of each device in a longer range', async () => {
      const { first, second, group } = await aPattern(ada);
      const again = bookedBy((await ada.post(ofGroup(group)).send(range('2026-12-01', '2026-12-04')).expect(200)).body);
      expect(await words(again.group)).to.deep.equal([
        `${first} 2026-12-01T09:00Z 2026-12-01T12:00Z PENDING`,
        ...['03', '04'].map((day) => `${first} 2026-12-${day}T09:00Z 2026-12-${day}T12:00Z PENDING`),
        ...['02', '03', '04'].flatMap((day) => [
          `${second} 2026-12-${day}T09:00Z 2026-12-${day}T10:00Z PENDING`,
          `${second} 2026-12-${day}T14:00Z 2026-12-${day}T15:00Z PENDING`,
        ]),
      ]);
    });

    it('keeps the time on the wall in summer', async () => {
      const { first, group } = await aPattern(ada);
      const again = bookedBy((await ada.post(ofGroup(group)).send(range('2027-06-01', '2027-06-02')).expect(200)).body);
      expect((await words(again.group))[0]).to.equal(`${first} 2027-06-01T08:00Z 2027-06-01T11:00Z PENDING`);
    });

    it('is refused in a range that is shorter than the group', async () => {
      const { group } = await aPattern(ada);
      await writingNothing(open.store, async () => {
        await ada
          .post(ofGroup(group))
          .send(range('2026-12-01', '2026-12-01'))
          .expect(problem(400, 'booking.range-too-short', /span 2 day/));
        await ada
          .post(ofGroup(group))
          .send(range('2026-12-02', '2026-12-01'))
          .expect(problem(400, 'booking.range-too-short'));
      });
    });

    it('leaves out what was cancelled, unless all of it was', async () => {
      const { first, second, group, ids } = await aPattern(ada);
      await ada.put(`/bookings/${ids[1]!}/cancel`).expect(200);
      const rest = bookedBy((await ada.post(ofGroup(group)).send(range('2026-12-01', '2026-12-02')).expect(200)).body);
      expect(await words(rest.group)).to.deep.equal([
        `${first} 2026-12-01T09:00Z 2026-12-01T12:00Z PENDING`,
        `${second} 2026-12-02T14:00Z 2026-12-02T15:00Z PENDING`,
      ]);
      await ada.delete(`/api/bookings/group/${group}`).send({}).expect(200);
      const all = bookedBy((await ada.post(ofGroup(group)).send(range('2026-12-08', '2026-12-09')).expect(200)).body);
      expect(all.ids).to.have.length(3);
    });

    it('counts what was cancelled and booked once more once', async () => {
      const device = await aDevice(open.lab);
      const { group, ids } = await booked(ada, daysOf(device, ['2026-11-24', '2026-11-25']));
      await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
      await booked(ada, daysOf(device, ['2026-11-24'], { grouped_booking_id: group }));
      await ada.delete(`/api/bookings/group/${group}`).send({}).expect(200);
      const again = bookedBy((await ada.post(ofGroup(group)).send(range('2026-12-01', '2026-12-02')).expect(200)).body);
      expect(again.ids).to.have.length(2);
    });

    it('leaves out what was refused, and takes what was asked for instead', async () => {
      const device = await aDevice(open.lab);
      const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00', '2026-11-24 14:00-15:00']));
      await root.put(`/admin/bookings/${ids[0]!}`).send({ status: 'REJECTED' }).expect(200);
      await booked(ada, slotsOf(device, ['2026-11-24 10:00-13:00'], { grouped_booking_id: group }));
      const again = bookedBy((await ada.post(ofGroup(group)).send(range('2026-12-01', '2026-12-01')).expect(200)).body);
      expect(await words(again.group)).to.deep.equal([
        `${device} 2026-12-01T10:00Z 2026-12-01T13:00Z PENDING`,
        `${device} 2026-12-01T14:00Z 2026-12-01T15:00Z PENDING`,
      ]);
    });

    it('is open to whoever shares what is left of it', async () => {
      const device = await aDevice(open.lab);
      const { group, ids } = await booked(ada, daysOf(device, ['2026-11-26', '2026-11-27']));
      await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
      await ada
        .patch(`/bookings/${ids[1]!}/collaborators`)
        .send({ collaborators: ['bob'] })
        .expect(200);
      await bob.patch(`/api/bookings/group/${group}/extend`).send({ new_end_date: '2026-11-28' }).expect(200);
      await bob.post(ofGroup(group)).send(range('2026-12-10', '2026-12-11')).expect(200);
    });

    it('is refused whole with every reason when any of it cannot be had', async () => {
      const { first, second, group } = await aPattern(ada);
      await booked(bob, slotsOf(first, ['2026-12-01 11:00-13:00']));
      await booked(eve, slotsOf(second, ['2026-12-02 14:30-15:30']));
      const reply = await writingNothing(open.store, () =>
        ada.post(ofGroup(group)).send(range('2026-12-01', '2026-12-02')),
      );
      problem(409, 'booking.taken', /already booked by bob.*already booked by eve/)(reply);
      const refusals = reply.body.refusals as RefusalReply[];
      expect(refusals.map((refusal) => refusal.device_id)).to.deep.equal([first, second]);
      for (const { alternatives } of refusals) expect(alternatives).not.to.deep.equal([]);
    });

    it('is refused over what holds still', async () => {
      const { group } = await aPattern(ada);
      await writingNothing(open.store, () =>
        ada.post(ofGroup(group)).send(range('2026-11-24', '2026-11-25')).expect(problem(409, 'booking.own')),
      );
    });

    it('is for collaborators, for themselves: they own it, and start alone', async () => {
      const { group } = await aPattern(ada, { collaborators: ['bob', 'eve'] });
      const again = bookedBy((await bob.post(ofGroup(group)).send(range('2026-12-01', '2026-12-02')).expect(200)).body);
      for (const booking of await members(again.group)) {
        expect(booking).to.deep.include({ ownerId: await userIdOf(bob), collaboratorIds: [] });
      }
      // The owner is no part of it.
      await ada.delete(`/api/bookings/group/${again.group}`).send({}).expect(403);
    });

    it('is for nobody else, except for administrators in somebody’s name', async () => {
      const { group } = await aPattern(ada);
      const [adaId, bobId] = [await userIdOf(ada), await userIdOf(bob)];
      await writingNothing(open.store, async () => {
        const form = range('2026-12-01', '2026-12-02');
        await bob.post(ofGroup(group)).send(form).expect(problem(403, 'booking.not-yours'));
        await bob
          .post(ofGroup(group))
          .send({ ...form, user_id: adaId })
          .expect(problem(403, 'identity.not-yourself'));
        await root
          .post(ofGroup(group))
          .send({ ...form, user_id: 999_999 })
          .expect(problem(400, 'identity.unknown-user', 'User not found'));
      });
      const form = range('2026-12-01', '2026-12-02', { user_id: bobId });
      const again = bookedBy((await root.post(ofGroup(group)).send(form).expect(200)).body);
      for (const booking of await members(again.group)) expect(booking.ownerId).to.equal(bobId);
    });

    it('refuses what makes no sense, and writes nothing', async () => {
      const { group } = await aPattern(ada);
      await writingNothing(open.store, async () => {
        for (const [form, status, code] of [
          [{}, 422, 'request.malformed'],
          [{ start_date: '2026-12-01' }, 422, 'request.malformed'],
          [range('', ''), 422, 'request.malformed'],
          [range('2026-12-01', '2026-12-32'), 422, 'lab-time.malformed'],
          [range('2026-02-30', '2026-12-31'), 422, 'lab-time.malformed'],
          [range('2026-11-16', '2026-11-17'), 400, 'booking.in-past'],
          [range('2029-11-16', '2029-11-17'), 400, 'booking.beyond-horizon'],
          [range('0000-01-01', '9999-12-31'), 400, 'booking.too-many'],
          [range('2026-12-01', '2026-12-02', { message: 17 }), 422, 'request.malformed'],
        ] as const) {
          await ada.post(ofGroup(group)).send(form).expect(problem(status, code));
        }
        const form = range('2026-12-01', '2026-12-02');
        await ada.post(ofGroup('no-such-group')).send(form).expect(problem(404, 'booking.unknown-group'));
        await ada
          .post(ofGroup('x'.repeat(37)))
          .send(form)
          .expect(problem(422));
      });
    });
  });

  describe('a booking', () => {
    it('repeats it alone, or those of its group that are named', async () => {
      const { first, second, ids } = await aPattern(ada);
      const alone = bookedBy(
        (await ada.post(ofBooking(ids[0])).send(range('2026-12-01', '2026-12-01')).expect(200)).body,
      );
      expect(await words(alone.group)).to.deep.equal([`${first} 2026-12-01T09:00Z 2026-12-01T12:00Z PENDING`]);
      const named = range('2026-12-03', '2026-12-03', { booking_ids: ids.slice(1), message: '' });
      const several = bookedBy(
        (
          await ada
            .post(`/api${ofBooking(ids[0])}`)
            .send(named)
            .expect(200)
        ).body,
      );
      expect(await words(several.group)).to.deep.equal([
        `${second} 2026-12-03T09:00Z 2026-12-03T10:00Z PENDING`,
        `${second} 2026-12-03T14:00Z 2026-12-03T15:00Z PENDING`,
      ]);
    });

    it('is what the frontend sends for a collaborator: all of the group, for themselves', async () => {
      const { group, ids } = await aPattern(ada, { collaborators: ['bob'] });
      const groups = (await bob.get(`/bookings/user/${await userIdOf(bob)}?grouped=true`).expect(200)).body as {
        grouped_booking_id: string;
        owner_booking_ids: number[];
      }[];
      const shared = groups.find((entry) => entry.grouped_booking_id === group)!;
      const form = range('2026-12-01', '2026-12-02', {
        user_id: await userIdOf(bob),
        booking_ids: shared.owner_booking_ids,
        message: '',
      });
      const again = bookedBy((await bob.post(ofBooking(ids[0])).send(form).expect(200)).body);
      expect(again.ids).to.have.length(3);
      for (const booking of await members(again.group)) {
        expect(booking).to.deep.include({ ownerId: await userIdOf(bob), collaboratorIds: [] });
      }
    });

    it('leaves out what was cancelled of several, and repeats one that was', async () => {
      const { ids } = await aPattern(ada);
      await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
      const all = range('2026-12-01', '2026-12-01', { booking_ids: ids });
      expect(bookedBy((await ada.post(ofBooking(ids[0])).send(all).expect(200)).body).ids).to.have.length(2);
      await ada.post(ofBooking(ids[0])).send(range('2026-12-05', '2026-12-05')).expect(200);
    });

    it('refuses lists of nothing and of other groups, and what there is not', async () => {
      const [own, other] = [await aPattern(ada), await aPattern(ada)];
      const his = await aPattern(bob);
      const form = (booking_ids: unknown) => range('2026-12-01', '2026-12-02', { booking_ids });
      await writingNothing(open.store, async () => {
        await ada.post(ofBooking(own.ids[0])).send(form([])).expect(problem(400, 'booking.no-items'));
        for (const id of [other.ids[0]!, his.ids[0]!, 999_999]) {
          await ada
            .post(ofBooking(own.ids[0]))
            .send(form([own.ids[0], id]))
            .expect(problem(400, 'booking.other-group'));
        }
        await ada.post(ofBooking(his.ids[0])).send(form(his.ids)).expect(problem(403, 'booking.not-yours'));
        await ada.post(ofBooking(999_999)).send(form(null)).expect(problem(404, 'booking.not-found'));
        await ada.post('/bookings/rebook/one').send(form(null)).expect(problem(422));
      });
    });
  });

  describe('what is on devices that are gone', () => {
    it('is refused', async () => {
      const { first, group } = await aPattern(ada);
      await ada.delete(`/api/bookings/group/${group}`).send({}).expect(200);
      await root.delete(`/admin/devices/${first}`).expect(200);
      await writingNothing(open.store, () =>
        ada
          .post(ofGroup(group))
          .send(range('2026-12-01', '2026-12-02'))
          .expect(problem(400, 'booking.unknown-device', new RegExp(`device ${first}`))),
      );
    });
  });
});

forEveryStore('booking again as time passes', (openLab) => {
  it('repeats what is over by now', async () => {
    const clock = new ManualClock();
    const { lab, app } = await openLab({ clock });
    const ada = await signedIn(app, 'ada');
    const device = await aDevice(lab);
    const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-10:00', '2026-11-24 11:00-12:00']));
    clock.set(Date.parse('2026-11-24T10:30:00Z'));
    await ada.put(`/bookings/${ids[1]!}/cancel`).expect(200);
    const { body } = await ada.post(ofGroup(group)).send(range('2026-11-25', '2026-11-25')).expect(200);
    expect(await groupInWords(lab, bookedBy(body).group)).to.deep.equal([
      `${device} 2026-11-25T09:00Z 2026-11-25T10:00Z PENDING`,
    ]);
    await expectNoViolation(lab);
  });
});

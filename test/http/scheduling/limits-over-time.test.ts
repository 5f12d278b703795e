import { expect } from 'chai';
import { defaultBookingPolicy, HOUR, MINUTE } from '../../../domain/index.js';
import { aDevice } from '../../support/devices.js';
import { booked, groupInWords, slotsOf, writingNothing } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

forEveryStore('limits that outlast one request', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let [ada, bob, root] = [] as unknown as [Agent, Agent, Agent];

  beforeEach(async () => {
    clock = new ManualClock();
    const booking = { ...defaultBookingPolicy, maxDays: 3, minMinutes: 60, turnaroundMinutes: 30 };
    open = await openLab({ clock, config: { booking } });
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
  });

  const extend = (agent: Agent, id: number | undefined, new_end_date: string) =>
    agent.patch(`/bookings/${id!}/extend`).send({ new_end_date });

  describe('the turnaround', () => {
    it('is kept behind a booking that has just expired, written down as over or not', async () => {
      const device = await aDevice(open.lab);
      await booked(ada, slotsOf(device, ['2026-11-23 10:00-12:00']));
      clock.advance(3 * HOUR + 10 * MINUTE);
      const soon = slotsOf(device, ['2026-11-23 12:20-14:00']);
      for (const settle of [() => Promise.resolve(), () => open.lab.expireBookings.execute()]) {
        await settle();
        const { body } = await bob.post('/bookings').send(soon).expect(problem(409, 'booking.turnaround'));
        expect(body.refusals[0].holders[0]).to.include({ owner_username: 'ada', status: 'EXPIRED' });
        expect(body.policy).to.have.length(1);
        expect(body.policy[0]).to.include({ rule: 'turnaround-minutes', limit: 30, actual: 20, device_id: device });
        const previewed = await bob.post('/api/bookings/preview').send(soon).expect(200);
        expect(previewed.body.ok).to.equal(false);
        const [alternative] = body.refusals[0].alternatives as { start_time: string }[];
        expect(alternative!.start_time).to.equal('2026-11-23T12:30:00.000Z');
      }
      await booked(ada, slotsOf(device, ['2026-11-23 12:20-13:20']));
    });

    it('is not kept behind one that was cancelled', async () => {
      const device = await aDevice(open.lab);
      const { ids } = await booked(ada, slotsOf(device, ['2026-11-23 08:00-12:00']));
      clock.advance(2 * HOUR);
      await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
      await booked(bob, slotsOf(device, ['2026-11-23 11:00-13:00']));
    });
  });

  describe('the longest time', () => {
    it('is that of all pieces that follow on each other, also where each of them was decided by itself', async () => {
      const device = await aDevice(open.lab);
      const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
      await root.put(`/admin/bookings/${ids[0]!}`).send({ status: 'CONFIRMED' }).expect(200);
      await extend(ada, ids[0], '2026-11-26').expect(200);
      const piece = (await ada.get(`/bookings/user/${(await ada.get('/session')).body.user_id as number}`)).body[1];
      expect(piece).to.include({ start_time: '2026-11-24T12:00:00.000Z', end_time: '2026-11-26T12:00:00.000Z' });
      const next = piece.booking_id as number;
      await root.put(`/admin/bookings/${next}`).send({ status: 'CONFIRMED' }).expect(200);
      await writingNothing(open.store, () =>
        extend(ada, next, '2026-11-27').expect(problem(400, 'booking.too-long', /at most 3 days/)),
      );
      const long = { device_id: device, start_time: '2026-11-26T12:00', end_time: '2026-11-27T10:00' };
      const more = { bookings: [long], grouped_booking_id: group };
      await writingNothing(open.store, () => ada.post('/bookings').send(more).expect(problem(400, 'booking.too-long')));
      const within = slotsOf(device, ['2026-11-26 12:00-13:00', '2026-11-27 10:00-11:00']);
      await booked(ada, { ...within, grouped_booking_id: group });
      expect(await groupInWords(open.lab, group)).to.have.length(4);
    });

    it('is not met by pieces that are asked for at once', async () => {
      const device = await aDevice(open.lab);
      const days = ['24', '25', '26', '27'].map((day) => ({
        device_id: device,
        start_time: `2026-11-${day}T00:00`,
        end_time: `2026-11-${Number(day) + 1}T00:00`,
      }));
      await writingNothing(open.store, () =>
        ada.post('/bookings').send({ bookings: days }).expect(problem(400, 'booking.too-long')),
      );
      await booked(ada, { bookings: days.slice(1) });
    });
  });

  it('lets a piece be short that is added to what is long enough', async () => {
    const device = await aDevice(open.lab);
    const { group } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
    const short = slotsOf(device, ['2026-11-24 12:00-12:10']);
    await ada.post('/bookings').send(short).expect(problem(400, 'booking.too-short'));
    await booked(ada, { ...short, grouped_booking_id: group });
  });

  it('lets nobody join a group of which nothing holds any more', async () => {
    const device = await aDevice(open.lab);
    const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00', '2026-11-25 09:00-12:00']));
    const more = slotsOf(device, ['2026-11-26 09:00-12:00'], { grouped_booking_id: group });
    await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
    await booked(ada, more);
    await ada.delete(`/api/bookings/group/${group}`).expect(200);
    await writingNothing(open.store, async () => {
      await ada.post('/bookings').send(more).expect(problem(400, 'booking.already-over'));
      await ada.post('/api/bookings/preview').send(more).expect(problem(400, 'booking.already-over'));
    });
  });

  describe('a key by which a request may be repeated', () => {
    const range = { start_date: '2026-12-01', end_date: '2026-12-01' };
    const sent = (path: string, form: object, key = 'once') => ada.post(path).set('Idempotency-Key', key).send(form);

    it('books again once, a group or a booking, and answers the same each time', async () => {
      const device = await aDevice(open.lab);
      const { group, ids } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
      for (const [path, form] of [
        [`/api/bookings/group/${group}/rebook`, range],
        [`/bookings/rebook/${ids[0]!}`, { start_date: '2026-12-02', end_date: '2026-12-02' }],
      ] as const) {
        const first = await sent(path, form, path.slice(0, 30)).expect(200);
        const again = await sent(path, form, path.slice(0, 30)).expect(200);
        expect(again.body).to.deep.equal(first.body);
      }
      const { body } = await ada.get(`/bookings/user/${(await ada.get('/session')).body.user_id as number}`);
      expect(body).to.have.length(3);
    });

    it('keeps a refusal too, and takes another group for another request', async () => {
      const device = await aDevice(open.lab);
      await booked(bob, slotsOf(device, ['2026-12-01 09:00-12:00']));
      const one = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
      const two = await booked(ada, slotsOf(device, ['2026-11-25 09:00-12:00']));
      const path = ({ group }: { group: string }) => `/api/bookings/group/${group}/rebook`;
      const first = await sent(path(one), range).expect(problem(409, 'booking.taken'));
      const again = await sent(path(one), range).expect(problem(409, 'booking.taken'));
      expect(again.body).to.deep.equal(first.body);
      await sent(path(two), range).expect(problem(422, 'idempotency.key-reused'));
    });
  });
});

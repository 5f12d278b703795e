import { expect } from 'chai';
import { DAY, HOUR } from '../../../domain/index.js';
import { daysOf, dayOf } from '../../support/booking-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';

forEveryStore('looking at bookings', (openLab) => {
  const clock = new ManualClock();
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let adaId: number;
  let bobId: number;

  before(async () => {
    open = await openLab({ clock });
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    [adaId, bobId] = [await idOf(ada), await idOf(bob)];
  });

  const idOf = async (agent: Agent): Promise<number> => (await agent.get('/session')).body.user_id as number;

  describe('by week', () => {
    it('shows whatever touches the seven lab days, from any weekday on', async () => {
      const device = await aDevice(open.lab, { name: 'Shown' });
      const { body } = await ada.post('/bookings').send(daysOf(device, ['2026-12-02'], { collaborators: ['bob'] }));
      const shown = async (start: string) =>
        ((await bob.get(`/bookings/for-week?start=${start}`).expect(200)).body as { device_id: number }[]).filter(
          (booking) => booking.device_id === device,
        );
      expect(await shown('2026-12-02')).to.deep.equal([
        {
          booking_id: body.bookings[0].booking_id,
          user_id: adaId,
          username: 'ada',
          owner_username: 'ada',
          device_id: device,
          device_type: 'ROADM',
          device_name: 'Shown',
          ...dayOf('2026-12-02'),
          status: 'PENDING',
          grouped_booking_id: body.grouped_booking_id,
          collaborators: ['bob'],
          is_collaborator: false,
        },
      ]);
      expect(await shown('2026-11-26')).to.have.length(1);
      expect(await shown('2026-11-25')).to.have.length(0);
      expect(await shown('2026-12-03')).to.have.length(0);
    });

    it('begins at lab midnight, also in summer', async () => {
      const device = await aDevice(open.lab);
      // 2027-07-05 00:00 in Dublin is 2027-07-04 23:00 UTC.
      const slot = { start_time: '2027-07-04T22:00:00Z', end_time: '2027-07-04T23:00:00Z' };
      await ada
        .post('/bookings')
        .send({ bookings: [{ device_id: device, ...slot }] })
        .expect(200);
      const count = async (start: string) =>
        ((await ada.get(`/bookings/for-week?start=${start}`)).body as { device_id: number }[]).filter(
          (booking) => booking.device_id === device,
        ).length;
      expect(await count('2027-07-05')).to.equal(0);
      expect(await count('2027-07-04')).to.equal(1);
    });

    it('says when the date is none', async () => {
      for (const start of ['soon', '2026-13-01', '2026-02-30', '']) {
        expect((await ada.get(`/bookings/for-week?start=${start}`).expect(422)).body.detail).to.be.a('string');
      }
      await ada.get('/bookings/for-week').expect(422);
    });
  });

  describe('by user', () => {
    it('lists a booking once, for its owner and for each collaborator', async () => {
      const device = await aDevice(open.lab, { name: 'Shared', mgmt_ip: '10.9.9.9' });
      const { body } = await ada.post('/bookings').send(daysOf(device, ['2026-12-04'], { collaborators: ['bob'] }));
      const entry = {
        booking_id: body.bookings[0].booking_id as number,
        device_type: 'ROADM',
        device_name: 'Shared',
        ip_address: '10.9.9.9',
        ...dayOf('2026-12-04'),
        status: 'PENDING',
        collaborators: ['bob'],
        owner_id: adaId,
        owner_username: 'ada',
        is_owner: true,
        is_collaborator: false,
        grouped_booking_id: body.grouped_booking_id as string,
        decided_at: null,
        decision_comment: null,
      };
      const of = async (agent: Agent, id: number) =>
        ((await agent.get(`/bookings/user/${id}`).expect(200)).body as { booking_id: number }[]).filter(
          (booking) => booking.booking_id === entry.booking_id,
        );
      expect(await of(ada, adaId)).to.deep.equal([entry]);
      expect(await of(bob, bobId)).to.deep.equal([{ ...entry, is_owner: false, is_collaborator: true }]);
    });

    it('says of a group what it still has, and what it had when all of it was given up', async () => {
      const [kept, left] = (await importDevices(open.lab, [{}, {}])) as [number, number];
      const day = (device: number, date: string) => daysOf(device, [date]).bookings[0]!;
      const bookings = [day(kept, '2026-12-14'), day(kept, '2026-12-15'), day(left, '2026-12-15')];
      const { body } = await ada.post('/bookings').send({ bookings }).expect(200);
      const group = async () => {
        const groups = (await ada.get(`/bookings/user/${adaId}?grouped=true`).expect(200)).body as {
          grouped_booking_id: string;
        }[];
        return groups.find((one) => one.grouped_booking_id === body.grouped_booking_id);
      };
      const [first, second, third] = (body.bookings as { booking_id: number }[]).map((one) => one.booking_id);
      for (const id of [second, third]) await ada.put(`/bookings/${id!}/cancel`).send({ reason: 'ill' }).expect(200);
      const rest = { start_date: '2026-12-14', end_date: '2026-12-14', device_count: 1, status: 'PENDING' };
      expect(await group()).to.deep.include({ ...rest, booking_ids: [first, second, third] });
      await ada.put(`/bookings/${first!}/cancel`).expect(200);
      expect(await group()).to.deep.include({ ...rest, end_date: '2026-12-15', device_count: 2, status: 'CANCELLED' });
      const listed = (await ada.get(`/bookings/user/${adaId}`).expect(200)).body as { booking_id: number }[];
      expect(listed.find((one) => one.booking_id === second)).to.include({ decision_comment: 'ill' });
    });

    it('gathers a request into a group with lab dates', async () => {
      const [a, b] = await importDevices(open.lab, [
        { device_type: 'Mux', name: 'Mux 1' },
        { device_type: 'Mux', name: 'Mux 2' },
      ]);
      const bookings = [a, b].flatMap((id) =>
        ['2027-07-08', '2027-07-09'].map((date) => {
          // The grid's local day 00:01 to 23:59 in summer time.
          const start = Date.parse(`${date}T00:01:00Z`) - HOUR;
          const [start_time, end_time] = [start, start + DAY - 120_000].map((at) => new Date(at).toISOString());
          return { device_id: id, start_time, end_time };
        }),
      );
      const { body } = await ada
        .post('/bookings')
        .send({ bookings, collaborators: ['bob'] })
        .expect(200);
      const groups = (await bob.get(`/bookings/user/${bobId}?grouped=true`).expect(200)).body as object[];
      const ids = (body.bookings as { booking_id: number }[])
        .map((booking) => booking.booking_id)
        .sort((x, y) => x - y);
      expect(
        groups.find((group) => 'grouped_booking_id' in group && group.grouped_booking_id === body.grouped_booking_id),
      ).to.deep.equal({
        grouped_booking_id: body.grouped_booking_id as string,
        owner_id: adaId,
        owner_username: 'ada',
        collaborators: ['bob'],
        start_date: '2027-07-08',
        end_date: '2027-07-09',
        created_at: '2026-11-23T09:00:00.000Z',
        status: 'PENDING',
        devices: [
          { device_id: a, device_name: 'Mux 1', device_type: 'Mux', dates: ['2027-07-08', '2027-07-09'] },
          { device_id: b, device_name: 'Mux 2', device_type: 'Mux', dates: ['2027-07-08', '2027-07-09'] },
        ],
        device_count: 2,
        booking_ids: ids,
        owner_booking_ids: ids,
        is_owner: false,
        is_collaborator: true,
      });
    });

    it('is for that user and for holders of bookings:read', async () => {
      await bob.get(`/bookings/user/${adaId}`).expect(403);
      const viewer = await somebodyWith(open.lab, open.app, 'Viewer', 'vera');
      await viewer.get(`/bookings/user/${adaId}`).expect(200);
      await viewer.get('/bookings/user/99999').expect(404);
    });
  });

  describe('later', () => {
    it('calls a booking EXPIRED once its time is over, without writing anything', async () => {
      const device = await aDevice(open.lab);
      await ada
        .post('/bookings')
        .send(daysOf(device, ['2026-11-24']))
        .expect(200);
      clock.set(Date.parse('2026-11-25T00:00:00Z'));
      const { body } = await ada.get('/bookings/for-week?start=2026-11-23').expect(200);
      const shown = (body as { device_id: number; booking_id: number; status: string }[]).find(
        (b) => b.device_id === device,
      )!;
      expect(shown.status).to.equal('EXPIRED');
      const stored = await open.lab.work.run(({ bookings }) => bookings.find(shown.booking_id));
      expect(stored?.status).to.equal('PENDING');
      await ada.put(`/bookings/${shown.booking_id}/cancel`).expect(400);
    });

    it('keeps the name of a device that is gone', async () => {
      const root = await administrator(open.lab, open.app);
      const device = await aDevice(open.lab, { name: 'Soon Gone' });
      const { body } = await ada
        .post('/bookings')
        .send(daysOf(device, ['2026-12-09']))
        .expect(200);
      await root.delete(`/admin/devices/${device}`).expect(409);
      await ada.put(`/bookings/${body.bookings[0].booking_id as number}/cancel`).expect(200);
      await root.delete(`/admin/devices/${device}`).expect(200);
      const week = (await ada.get('/bookings/for-week?start=2026-12-07')).body as {
        device_id: number;
        device_name: string;
      }[];
      expect(week.find((booking) => booking.device_id === device)?.device_name).to.equal('Soon Gone');
    });
  });
});

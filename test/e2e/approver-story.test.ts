import { expect } from 'chai';
import supertest from 'supertest';
import { aDevice } from '../support/devices.js';
import { booked, slotsOf, userIdOf } from '../support/groups.js';
import { forEveryStore } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { accountForm, administrator, signedIn } from '../support/people.js';

forEveryStore('an approver with a limit', (openLab) => {
  it('is invited, resolves a conflict within the limit, and is refused beyond it', async () => {
    const { lab, server } = await openLab({ clock: new ManualClock() });
    const root = await administrator(lab, server);
    const invitation = await root.post('/admin/v2/users/invite').send({ role: 'Approver' }).expect(201);
    const kim = supertest.agent(server);
    await kim
      .post('/admin/v2/invitations/accept')
      .send({ ...accountForm('kim'), token: invitation.body.token as string })
      .expect(200);
    await root
      .post(`/admin/v2/users/${await userIdOf(kim)}/role`)
      .send({ role: 'Approver', approval_limits: { max_days: null, max_device_hours: 8 } })
      .expect(200);

    const device = await aDevice(lab);
    const [ada, bob] = [await signedIn(server, 'ada'), await signedIn(server, 'bob')];
    const wanted = (times: string) => booked(ada, slotsOf(device, [times]));
    const [short, long] = [await wanted('2026-11-25 09:00-12:00'), await wanted('2026-11-26 09:00-21:00')];
    const contending = async (times: string) => {
      const { bookings } = slotsOf(device, [times]);
      return booked(bob, { bookings: bookings.map((one) => ({ ...one, status: 'CONFLICTING' })) });
    };
    const [other, another] = [await contending('2026-11-25 10:00-11:00'), await contending('2026-11-26 10:00-11:00')];

    const listed = await kim.get('/admin/v2/bookings?conflict_only=true').expect(200);
    expect(listed.body.meta.total).to.equal(2);
    const resolve = async (confirmed: number, rejected: number) => {
      const resolution = [
        { booking_id: confirmed, status: 'CONFIRMED' },
        { booking_id: rejected, status: 'REJECTED' },
      ];
      return (await kim.post('/admin/v2/bookings/conflicts/resolve').send({ resolution }).expect(200)).body as {
        succeeded: number[];
        failed: { id: number; code: string }[];
      };
    };
    const within = await resolve(short.ids[0]!, other.ids[0]!);
    expect(within).to.deep.include({ succeeded: [short.ids[0], other.ids[0]], failed: [] });
    const beyond = await resolve(long.ids[0]!, another.ids[0]!);
    expect(beyond.failed.map(({ code }) => code)).to.deep.equal(['approval.beyond-limits']);

    const statuses = (await root.get('/admin/v2/bookings?sort=start_time:asc').expect(200)).body as {
      items: { booking_id: number; status: string }[];
    };
    const now = new Map(statuses.items.map((item) => [item.booking_id, item.status]));
    expect([short, other, long, another].map(({ ids }) => now.get(ids[0]!))).to.deep.equal([
      ...['CONFIRMED', 'REJECTED', 'PENDING', 'REJECTED'],
    ]);
    expect((await root.get('/admin/v2/audit/verify').expect(200)).body).to.include({ ok: true });
  });
});

import { expect } from 'chai';
import { daysOf, dayOf } from '../../support/booking-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';

forEveryStore('giving devices back', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
  });

  const book = async (agent: Agent, device: number, dates: string[], status = 'PENDING') => {
    const { body } = await agent
      .post('/bookings')
      .send(daysOf(device, dates, {}, status))
      .expect(200);
    const ids = (body.bookings as { booking_id: number }[]).map((booking) => booking.booking_id);
    return { id: ids[0]!, ids, group: body.grouped_booking_id as string };
  };
  const statusOf = async (id: number) => (await open.lab.work.run(({ bookings }) => bookings.find(id)))?.status;
  const idOf = async (agent: Agent): Promise<number> => (await agent.get('/session')).body.user_id as number;

  it('cancels one booking, once, by its owner', async () => {
    const { id } = await book(ada, await aDevice(open.lab), ['2026-11-25']);
    expect((await bob.put(`/bookings/${id}/cancel`).expect(403)).body.detail).to.equal(
      'Only the booking owner can cancel this booking.',
    );
    await bob
      .put(`/bookings/${id}/cancel`)
      .send({ user_id: await idOf(ada) })
      .expect(403);
    const { body } = await ada
      .put(`/api/bookings/${id}/cancel`)
      .send({ user_id: await idOf(ada) })
      .expect(200);
    expect(body).to.deep.equal({ message: `Booking ${id} has been cancelled` });
    expect((await ada.put(`/bookings/${id}/cancel`).expect(400)).body.detail).to.equal('Booking is already cancelled');
    await ada.put('/bookings/999999/cancel').expect(404);
    await ada.put('/bookings/one/cancel').expect(422);
  });

  it('lets an administrator cancel for others', async () => {
    const { id } = await book(ada, await aDevice(open.lab), ['2026-11-25']);
    await root.put(`/bookings/${id}/cancel`).expect(200);
    expect(await statusOf(id)).to.equal('CANCELLED');
  });

  it('leaves the rest of a group when a part is cancelled', async () => {
    const { ids, group } = await book(ada, await aDevice(open.lab), ['2026-11-25', '2026-11-26']);
    await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
    const groups = (await ada.get(`/bookings/user/${await idOf(ada)}?grouped=true`)).body as {
      grouped_booking_id: string;
      status: string;
    }[];
    expect(groups.find((entry) => entry.grouped_booking_id === group)?.status).to.equal('PENDING');
    expect(await statusOf(ids[1]!)).to.equal('PENDING');
  });

  it('cancels a group with a JSON body on DELETE, and settles everybody who contended for it', async () => {
    const [a, b] = await importDevices(open.lab, [{}, {}]);
    const bookings = [a, b].map((id) => ({ device_id: id, ...dayOf('2026-11-25') }));
    const { body } = await ada.post('/bookings').send({ bookings }).expect(200);
    const waiting = [
      await book(bob, a!, ['2026-11-25'], 'CONFLICTING'),
      await book(bob, b!, ['2026-11-25'], 'CONFLICTING'),
    ];
    const path = `/api/bookings/group/${body.grouped_booking_id as string}`;
    await bob.delete(path).send({}).expect(403);
    const done = await ada
      .delete(path)
      .send({ user_id: await idOf(ada) })
      .expect(200);
    expect(done.body).to.deep.include({ count: 2 });
    for (const { id } of waiting) expect(await statusOf(id)).to.equal('PENDING');
    expect((await ada.delete(path).send({}).expect(200)).body.count).to.equal(0);
    await ada.delete('/api/bookings/group/no-such-group').send({}).expect(404);
  });

  it('deletes what is over, and what still holds only for an administrator', async () => {
    const device = await aDevice(open.lab);
    const first = await book(ada, device, ['2026-11-25']);
    const second = await book(bob, device, ['2026-11-25'], 'CONFLICTING');
    const held = await ada.delete(`/bookings/${first.id}`).expect(409);
    expect(held.body.detail).to.include('cancel it first');
    await bob.delete(`/bookings/${first.id}`).expect(403);
    await root.delete(`/bookings/${first.id}`).expect(200);
    expect(await statusOf(first.id)).to.equal(undefined);
    expect(await statusOf(second.id)).to.equal('PENDING');
    await bob.put(`/bookings/${second.id}/cancel`).expect(200);
    expect((await bob.delete(`/bookings/${second.id}`).expect(200)).body).to.deep.equal({
      message: `Booking ${second.id} deleted.`,
    });
    await bob.delete(`/bookings/${second.id}`).expect(404);
    expect((await open.lab.checkInvariants.execute()).violations).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { daysOf } from '../../support/booking-forms.js';
import { aDevice } from '../../support/devices.js';
import { booked, userIdOf, writingNothing } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, signedInAgain, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const path = '/bookings/favorites';

interface FavouriteReply {
  readonly id: number;
  readonly name: string;
  readonly device_snapshot: readonly { device_id: number; device_name: string; device_type: string }[];
}

forEveryStore('favourites', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let ada: Agent;
  let bob: Agent;
  let vic: Agent;
  let root: Agent;

  before(async () => {
    clock = new ManualClock();
    open = await openLab({ clock });
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
    vic = await somebodyWith(open.lab, open.app, 'Viewer', 'vic');
  });

  const listOf = async (agent: Agent) =>
    (await agent.get(`${path}/${await userIdOf(agent)}`).expect(200)).body as FavouriteReply[];
  const save = async (agent: Agent, form: object) =>
    (await agent.post(path).send(form).expect(200)).body as FavouriteReply;
  /** The form for a group that was booked, as the frontend sends it. */
  const aForm = async (agent: Agent, more: object = {}) => {
    const device = await aDevice(open.lab);
    const { group } = await booked(agent, daysOf(device, ['2026-11-25']));
    return {
      user_id: await userIdOf(agent),
      grouped_booking_id: group,
      device_snapshot: [{ device_id: device, device_name: 'ROADM Ω', device_type: 'ROADM' }],
      ...more,
    };
  };

  it('keeps a group under a name, with its devices as they were', async () => {
    const form = await aForm(ada, { name: '  Monday bench 🔌 ' });
    const saved = await save(ada, form);
    expect(saved).to.deep.equal({
      ...form,
      id: saved.id,
      name: 'Monday bench 🔌',
      created_at: '2026-11-23T09:00:00.000Z',
      updated_at: '2026-11-23T09:00:00.000Z',
    });
    expect(await listOf(ada)).to.deep.include(saved);
    expect(await listOf(bob)).to.deep.equal([]);
  });

  it('keeps one for each group: saving again changes it', async () => {
    const form = await aForm(ada, { name: 'first' });
    const saved = await save(ada, form);
    clock.advance(60_000);
    const again = await save(ada, { ...form, name: 'second', device_snapshot: [] });
    expect(again).to.deep.equal({
      ...saved,
      name: 'second',
      device_snapshot: [],
      updated_at: '2026-11-23T09:01:00.000Z',
    });
    expect((await listOf(ada)).filter(({ id }) => id === saved.id)).to.deep.equal([again]);
  });

  it('calls one without a name after the date in the lab', async () => {
    const form = await aForm(ada);
    expect((await save(ada, form)).name).to.equal('2026-11-23');
    clock.set(Date.parse('2026-11-24T00:00:00Z'));
    for (const name of ['', '   ', null]) {
      const { id } = await save(ada, { ...form, name: 'something' });
      expect((await save(ada, { ...form, name })).name).to.equal('2026-11-24');
      await ada.put(`${path}/${id}`).send({ name: 'something' }).expect(200);
      expect((await ada.put(`${path}/${id}`).send({ name }).expect(200)).body.name).to.equal('2026-11-24');
    }
  });

  it('renames one and leaves the rest of it', async () => {
    const saved = await save(ada, await aForm(ada, { name: 'before' }));
    const { body } = await ada.put(`${path}/${saved.id}`).send({ name: 'after' }).expect(200);
    expect(body).to.deep.include({ ...saved, name: 'after', updated_at: body.updated_at as string });
    expect(await listOf(ada)).to.deep.include(body);
  });

  it('removes one, and answers with JSON', async () => {
    const { id } = await save(ada, await aForm(ada));
    const reply = await ada
      .delete(`${path}/${id}`)
      .expect(200)
      .expect('Content-Type', /application\/json/);
    expect(reply.body).to.deep.equal({ message: 'Favorite removed' });
    expect((await listOf(ada)).map((favourite) => favourite.id)).not.to.include(id);
    await ada.delete(`${path}/${id}`).expect(problem(404, 'favourite.not-found', 'Favorite not found'));
    await ada.put(`${path}/${id}`).send({ name: 'again' }).expect(problem(404, 'favourite.not-found'));
  });

  it('belongs to its user: nobody else changes it, not even an administrator', async () => {
    const { id } = await save(ada, await aForm(ada, { name: 'hers' }));
    const inHerName = { ...(await aForm(bob)), user_id: await userIdOf(ada) };
    await writingNothing(open.store, async () => {
      for (const agent of [bob, vic, root]) {
        await agent.put(`${path}/${id}`).send({ name: 'mine' }).expect(problem(403, 'favourite.not-yours'));
        await agent.delete(`${path}/${id}`).expect(problem(403, 'favourite.not-yours'));
      }
      await bob.post(path).send(inHerName).expect(problem(403, 'favourite.not-yours'));
    });
  });

  it('may be read by those who may read everybody’s bookings', async () => {
    const saved = await save(ada, await aForm(ada));
    const adaId = await userIdOf(ada);
    for (const agent of [vic, root]) {
      expect((await agent.get(`${path}/${adaId}`).expect(200)).body).to.deep.include(saved);
    }
    await bob.get(`${path}/${adaId}`).expect(problem(403, 'favourite.not-yours'));
    await bob.get(`${path}/999999`).expect(problem(403, 'favourite.not-yours'));
    await vic.get(`${path}/999999`).expect(problem(404, 'identity.unknown-user', 'User not found'));
  });

  it('lets two keep the same group, each their own', async () => {
    const form = await aForm(ada, { name: 'hers' });
    await save(ada, form);
    const his = await save(bob, { ...form, user_id: await userIdOf(bob), name: 'his' });
    expect((await listOf(bob)).map(({ name }) => name)).to.deep.equal(['his']);
    expect((await listOf(ada)).map(({ name }) => name)).to.include('hers');
    await bob.delete(`${path}/${his.id}`).expect(200);
  });

  it('refuses what makes no sense, and writes nothing', async () => {
    const form = await aForm(ada);
    const device = form.device_snapshot[0];
    await writingNothing(open.store, async () => {
      for (const [more, status, code] of [
        [{ user_id: 999_999 }, 404, 'identity.unknown-user'],
        [{ grouped_booking_id: '' }, 422, 'request.malformed'],
        [{ grouped_booking_id: 'x'.repeat(37) }, 422, 'request.malformed'],
        [{ grouped_booking_id: null }, 422, 'request.malformed'],
        [{ name: 'x'.repeat(201) }, 422, 'request.malformed'],
        [{ name: 17 }, 422, 'request.malformed'],
        [{ device_snapshot: null }, 422, 'request.malformed'],
        [{ device_snapshot: [{ ...device, device_id: 'one' }] }, 422, 'request.malformed'],
        [{ device_snapshot: Array.from({ length: 1001 }, () => device) }, 422, 'request.malformed'],
      ] as const) {
        await ada
          .post(path)
          .send({ ...form, ...more })
          .expect(problem(status, code));
      }
      await ada.put(`${path}/one`).send({ name: 'x' }).expect(problem(422));
    });
  });

  it('keeps one of several that are saved for one group at once', async () => {
    const here = await signedInAgain(open.server, 'ada');
    const form = await aForm(ada);
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) => here.post(path).send({ ...form, name: `number ${index}` })),
    );
    expect(new Set(replies.map((reply) => (reply.body as FavouriteReply).id)).size).to.equal(1);
    const left = (await listOf(ada)).filter(({ name }) => name.startsWith('number'));
    expect(left).to.have.length(1);
  });
});

import { expect } from 'chai';
import { daysOf } from '../../support/booking-forms.js';
import { aDevice } from '../../support/devices.js';
import { booked, bookingOf, expectNoViolation, userIdOf, writingNothing } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, signedInAgain, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const path = (id: number | undefined) => `/api/bookings/${id!}/collaborators`;

interface Listed {
  readonly booking_id: number;
  readonly collaborators: readonly string[];
  readonly is_owner: boolean;
  readonly is_collaborator: boolean;
}

forEveryStore('sharing bookings', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let eve: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob, eve] = [
      await signedIn(open.app, 'ada'),
      await signedIn(open.app, 'Bob'),
      await signedIn(open.app, 'Élise'),
    ];
    root = await administrator(open.lab, open.app);
  });
  afterEach(() => expectNoViolation(open.lab));

  const listOf = async (agent: Agent) =>
    (await agent.get(`/bookings/user/${await userIdOf(agent)}`).expect(200)).body as Listed[];
  const collaboratorsOf = async (id: number | undefined) => (await bookingOf(open.lab, id!))?.collaboratorIds;
  const aGroup = async (more: object = {}) =>
    booked(ada, daysOf(await aDevice(open.lab), ['2026-11-24', '2026-11-25', '2026-11-26'], more));

  it('is for a whole group, as the frontend asks for it, and answers the names in order', async () => {
    const { ids } = await aGroup();
    const form = { owner_id: await userIdOf(ada), collaborators: ['ÉLISE', 'bob', 'BOB ', ''], booking_ids: ids };
    const { body } = await ada.patch(path(ids[0])).send(form).expect(200);
    expect(body).to.deep.equal({ message: 'Collaborators updated successfully.', collaborators: ['Bob', 'Élise'] });
    const company = [await userIdOf(bob), await userIdOf(eve)].sort((a, b) => a - b);
    for (const id of ids) expect(await collaboratorsOf(id)).to.deep.equal(company);
  });

  it('is for one booking where no list is given, and for those of the list where it is', async () => {
    const { ids } = await aGroup();
    await ada
      .patch(`/bookings/${ids[0]!}/collaborators`)
      .send({ collaborators: ['bob'] })
      .expect(200);
    expect(await collaboratorsOf(ids[0])).to.deep.equal([await userIdOf(bob)]);
    expect(await collaboratorsOf(ids[1])).to.deep.equal([]);
    await ada
      .patch(path(ids[0]))
      .send({ collaborators: ['élise'], booking_ids: [ids[1], `${ids[2]!}`] })
      .expect(200);
    expect(await collaboratorsOf(ids[0])).to.deep.equal([await userIdOf(bob)]);
    expect(await collaboratorsOf(ids[1])).to.deep.equal([await userIdOf(eve)]);
    expect(await collaboratorsOf(ids[2])).to.deep.equal([await userIdOf(eve)]);
  });

  it('shows each booking once: to the owner, to those who share it, and to nobody else', async () => {
    const { ids } = await aGroup({ collaborators: ['bob'] });
    const mine = (list: Listed[]) => list.filter((listed) => ids.includes(listed.booking_id));
    for (const [agent, isOwner] of [
      [ada, true],
      [bob, false],
    ] as const) {
      const listed = mine(await listOf(agent));
      expect(listed.map((booking) => booking.booking_id)).to.deep.equal(ids);
      for (const booking of listed) {
        expect(booking).to.deep.include({ collaborators: ['Bob'], is_owner: isOwner, is_collaborator: !isOwner });
      }
    }
    expect(mine(await listOf(eve))).to.deep.equal([]);
    const week = (await eve.get('/bookings/for-week?start=2026-11-23').expect(200)).body as Listed[];
    expect(mine(week).map((booking) => booking.booking_id)).to.deep.equal(ids);
    const all = (await root.get('/admin/bookings/all').expect(200)).body as Listed[];
    expect(mine(all)).to.have.length(ids.length);
  });

  it('ends when it is taken back', async () => {
    const { ids } = await aGroup({ collaborators: ['bob', 'Élise'] });
    await ada.patch(path(ids[0])).send({ collaborators: [], booking_ids: ids }).expect(200);
    const listed = (await listOf(bob)).filter((booking) => ids.includes(booking.booking_id));
    expect(listed).to.deep.equal([]);
    await bob.patch(`/bookings/${ids[0]!}/extend`).send({ new_end_date: '2026-11-27' }).expect(403);
  });

  it('names all unknown people in one error', async () => {
    const { ids } = await aGroup({ collaborators: ['bob'] });
    await writingNothing(open.store, async () => {
      const several = { collaborators: ['nobody', 'bob', 'no one', 'NOBODY'], booking_ids: ids };
      await ada
        .patch(path(ids[0]))
        .send(several)
        .expect(problem(400, 'booking.unknown-collaborator', /^Collaborators (nobody|NOBODY), no one not found\.$/));
      await ada
        .patch(path(ids[0]))
        .send({ collaborators: ['nobody'] })
        .expect(problem(400, 'booking.unknown-collaborator', 'Collaborator nobody not found.'));
    });
  });

  it('is not with oneself', async () => {
    const { ids } = await aGroup();
    await writingNothing(open.store, async () => {
      for (const agent of [ada, root]) {
        await agent
          .patch(path(ids[0]))
          .send({ collaborators: ['bob', 'ADA'] })
          .expect(problem(400, 'booking.own-collaborator'));
      }
    });
  });

  it('is up to the owner and to administrators', async () => {
    const { ids } = await aGroup({ collaborators: ['bob'] });
    const [adaId, form] = [await userIdOf(ada), { collaborators: ['Élise'], booking_ids: ids }];
    await writingNothing(open.store, async () => {
      for (const agent of [bob, eve]) {
        await agent.patch(path(ids[0])).send(form).expect(problem(403, 'booking.not-owner'));
        await agent
          .patch(path(ids[0]))
          .send({ ...form, owner_id: adaId })
          .expect(problem(403, 'identity.not-yourself'));
      }
    });
    await root.patch(path(ids[0])).send(form).expect(200);
    expect(await collaboratorsOf(ids[2])).to.deep.equal([await userIdOf(eve)]);
  });

  it('is over where everything named was cancelled', async () => {
    const { ids } = await aGroup();
    await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
    const form = { collaborators: ['bob'] };
    await writingNothing(open.store, () =>
      ada
        .patch(path(ids[0]))
        .send(form)
        .expect(problem(400, 'booking.cancelled', 'Cannot update a cancelled booking.')),
    );
    await ada
      .patch(path(ids[0]))
      .send({ ...form, booking_ids: ids })
      .expect(200);
  });

  it('refuses lists of nothing and of other groups, what there is not, and what makes no sense', async () => {
    const [own, other] = [await aGroup(), await aGroup()];
    await writingNothing(open.store, async () => {
      for (const [form, status, code] of [
        [{ collaborators: ['bob'], booking_ids: [] }, 400, 'booking.no-items'],
        [{ collaborators: ['bob'], booking_ids: [own.ids[0], other.ids[0]] }, 400, 'booking.other-group'],
        [{ collaborators: ['bob'], booking_ids: [999_999] }, 400, 'booking.other-group'],
        [{ collaborators: ['bob'], owner_id: 999_999 }, 404, 'identity.unknown-user'],
        [{ collaborators: 'bob' }, 422, 'request.malformed'],
        [{ collaborators: [17] }, 422, 'request.malformed'],
        [{ collaborators: ['bob\u0000'] }, 422, 'request.malformed'],
        [{}, 422, 'request.malformed'],
      ] as const) {
        await ada.patch(path(own.ids[0])).send(form).expect(problem(status, code));
      }
      await ada.patch(path(999_999)).send({ collaborators: [] }).expect(problem(404, 'booking.not-found'));
    });
  });

  it('keeps what one of several said who changed it at once', async () => {
    const { ids } = await aGroup();
    const here = await signedInAgain(open.server, 'ada');
    const wishes = [['bob'], ['Élise'], ['bob', 'Élise'], []];
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        here.patch(path(ids[0])).send({ collaborators: wishes[index % wishes.length], booking_ids: ids }),
      ),
    );
    expect(replies.map((reply) => reply.status)).to.deep.equal(replies.map(() => 200));
    const left = await collaboratorsOf(ids[0]);
    for (const id of ids) expect(await collaboratorsOf(id)).to.deep.equal(left);
  });
});

import { expect } from 'chai';
import { DAY, isoOf, MINUTE } from '../../../domain/index.js';
import { daysOf } from '../../support/booking-forms.js';
import { aDevice } from '../../support/devices.js';
import { booked, slotsOf, userIdOf, writingNothing } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { accountForm, signedIn, signedInAgain, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

forEveryStore('who may do what', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let [root, admin, viewer, ada] = [] as unknown as [Agent, Agent, Agent, Agent];

  beforeEach(async () => {
    clock = new ManualClock();
    open = await openLab({ clock });
    root = await somebodyWith(open.lab, open.app, 'Super Admin', 'root');
    admin = await somebodyWith(open.lab, open.app, 'Admin', 'admin');
    viewer = await somebodyWith(open.lab, open.app, 'Viewer', 'viewer');
    ada = await signedIn(open.app, 'ada');
  });

  const role = (agent: Agent, id: number, form: object) => agent.post(`/admin/v2/users/${id}/role`).send(form);
  const status = (agent: Agent, id: number, word: string) =>
    agent.post(`/admin/v2/users/${id}/status`).send({ status: word });

  it('is told to whoever is signed in, all of it', async () => {
    const { body } = await viewer.get('/admin/v2/session').expect(200);
    expect(body).to.deep.include({ role: 'Viewer', status: 'active' });
    expect(Object.keys(body.permissions as object)).to.have.length(11);
    expect(body.permissions).to.include({ 'bookings:read': true, 'bookings:write': false });
    const mine = (await ada.get('/admin/v2/session').expect(200)).body;
    expect(Object.values(mine.permissions as object)).to.deep.equal(Array(11).fill(false));
  });

  it('lists people to those who may look, and addresses to those who may change them', async () => {
    await ada.get('/admin/v2/users').expect(problem(403, 'permission.denied'));
    await booked(ada, daysOf(await aDevice(open.lab), ['2026-11-25']));
    await open.lab.noteActivity.write();
    await ada
      .post('/users/register')
      .send({ ...accountForm('Adam'), email: 'adam@lab.example' })
      .expect(200);
    ada = await signedInAgain(open.app, 'ada');
    const all = (await admin.get('/admin/v2/users?search=ad').expect(200)).body;
    expect(all.meta).to.deep.equal({ total: 3, limit: 25, offset: 0 });
    expect(all.items[0]).to.include({ username: 'ada', role: 'User', status: 'active', bookings_count: 1 });
    expect(all.items[0].last_active).to.equal(isoOf(clock.now()));
    expect(all.items[1]).to.include({ username: 'Adam', email: 'adam@lab.example' });
    const some = (await viewer.get('/admin/v2/users?role=User').expect(200)).body;
    expect((some.items as { email: unknown }[]).map((one) => one.email)).to.deep.equal([null, null]);
    await viewer.get('/admin/v2/users?role=Boss').expect(problem(422));
  });

  it('invites somebody once, for a week, to no more than the inviter is', async () => {
    const invite = (agent: Agent, form: object) => agent.post('/admin/v2/users/invite').send(form);
    await invite(viewer, { role: 'User' }).expect(problem(403, 'permission.denied'));
    await invite(admin, { role: 'Super Admin' }).expect(problem(403, 'identity.above-yours'));
    await invite(admin, { role: 'Boss' }).expect(problem(422));
    await invite(admin, { role: 'Viewer', email: 'no address' }).expect(problem(422));
    const { body } = await invite(admin, { email: 'kim@lab.example', role: 'Approver' }).expect(201);
    expect(body.expires_at).to.equal(isoOf(clock.now() + 7 * DAY));
    const kim = { ...accountForm('kim'), token: body.token as string };
    const accepted = await ada.post('/admin/v2/invitations/accept').send(kim).expect(200);
    expect(accepted.body).to.include({ username: 'kim', role: 'Approver' });
    await ada
      .post('/admin/v2/invitations/accept')
      .send({ ...kim, username: 'kim2' })
      .expect(problem(400, 'identity.invalid-invitation'));
    const late = (await invite(root, { role: 'Super Admin' }).expect(201)).body;
    clock.advance(7 * DAY);
    await signedIn(open.app, 'late').then((agent) =>
      agent
        .post('/admin/v2/invitations/accept')
        .send({ ...accountForm('later'), token: late.token as string })
        .expect(problem(400, 'identity.invalid-invitation')),
    );
  });

  it('is changed by nobody beyond their own role, nor for themselves', async () => {
    const [rootId, adminId, adaId] = [await userIdOf(root), await userIdOf(admin), await userIdOf(ada)];
    await writingNothing(open.store, async () => {
      await role(viewer, adaId, { role: 'Viewer' }).expect(problem(403, 'permission.denied'));
      await role(admin, adaId, { role: 'Super Admin' }).expect(problem(403, 'identity.above-yours'));
      await role(admin, rootId, { role: 'User' }).expect(problem(403, 'identity.above-yours'));
      await role(admin, adminId, { role: 'Super Admin' }).expect(problem(403, 'identity.above-yours'));
      await status(admin, rootId, 'disabled').expect(problem(403, 'identity.above-yours'));
      await role(root, 999_999, { role: 'User' }).expect(problem(404, 'identity.unknown-user'));
      await role(root, adaId, { role: 'Boss' }).expect(problem(422));
      await status(root, adaId, 'gone').expect(problem(422));
      await role(root, rootId, { role: 'Admin' }).expect(problem(409, 'identity.last-super-admin'));
      await status(root, rootId, 'disabled').expect(problem(409, 'identity.last-super-admin'));
    });
    await role(admin, adaId, { role: 'Admin' }).expect(200, { success: true });
    expect((await ada.get('/api/auth/me').expect(200)).body.is_admin).to.equal(true);
    await ada.get('/admin/devices').expect(200);
    await role(root, adaId, { role: 'Super Admin' }).expect(200);
    await role(root, rootId, { role: 'Admin' }).expect(200);
    await role(root, rootId, { role: 'Super Admin' }).expect(problem(403));
  });

  it('leaves one Super Admin of several who are demoted at once', async () => {
    const others: Agent[] = [];
    for (const name of ['one', 'two', 'three']) {
      others.push(await somebodyWith(open.lab, open.server, 'Super Admin', name));
    }
    const ids = await Promise.all(others.map(userIdOf));
    const rootId = await userIdOf(root);
    const here = await signedInAgain(open.server, 'root');
    const replies = await Promise.all([...ids, rootId].map((id, at) => role(others[at] ?? here, id, { role: 'User' })));
    expect(replies.filter((reply) => reply.status === 200)).to.have.length(3);
    expect(replies.filter((reply) => reply.status === 409)).to.have.length(1);
  });

  it('signs out whoever is disabled, at once and for good', async () => {
    const adaId = await userIdOf(ada);
    await status(admin, adaId, 'disabled').expect(200);
    await ada.get('/api/devices').expect(401);
    await status(admin, adaId, 'active').expect(200);
    await ada.get('/api/devices').expect(401);
  });

  it('signs out whoever is enabled too: a sign-in may have been under way while the account was disabled', async () => {
    const adaId = await userIdOf(ada);
    await status(admin, adaId, 'disabled').expect(200);
    await open.lab.sessions.save({ id: 'late', userId: adaId, createdAt: clock.now(), expiresAt: clock.now() + DAY });
    await status(admin, adaId, 'active').expect(200);
    expect(await open.lab.sessions.find('late', clock.now())).to.equal(null);
    const again = await signedInAgain(open.app, 'ada');
    await status(admin, adaId, 'active').expect(200);
    await again.get('/api/devices').expect(200);
  });

  it('limits how much an approver may confirm, however it was asked for', async () => {
    const kim = await somebodyWith(open.lab, open.app, 'Approver', 'kim');
    const limits = { role: 'Approver', approval_limits: { max_days: 2, max_device_hours: 60 } };
    await role(admin, await userIdOf(kim), limits).expect(200);
    const device = await aDevice(open.lab);
    const confirm = (agent: Agent, ids: readonly number[]) =>
      agent.post('/admin/v2/bookings/approve').send({ booking_ids: ids }).expect(200);
    const within = await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
    expect((await confirm(kim, within.ids)).body.succeeded).to.deep.equal(within.ids);
    const days = ['25', '26', '27'].map((day) => ({
      ...{ device_id: device, start_time: `2026-11-${day}T00:00`, end_time: `2026-11-${Number(day) + 1}T00:00` },
    }));
    const long = await booked(ada, { bookings: days });
    const { body } = await confirm(kim, long.ids);
    expect(body.succeeded).to.deep.equal([]);
    expect(body.failed[0].code).to.equal('approval.beyond-limits');
    expect(body.failed[0].reason).to.match(/at most 2 days of one device, and this is 3.*at most 60 device-hours/);
    await kim
      .put(`/admin/bookings/${long.ids[0]!}`)
      .send({ status: 'CONFIRMED' })
      .expect(problem(403, 'approval.beyond-limits'));
    await kim.put(`/admin/bookings/${long.ids[0]!}`).send({ status: 'REJECTED' }).expect(200);
    expect((await confirm(admin, long.ids.slice(1))).body.succeeded).to.deep.equal(long.ids.slice(1));
  });

  it('is written down, with who was refused', async () => {
    await ada.get('/admin/v2/users').expect(403);
    clock.advance(MINUTE);
    await open.lab.work.run(() => Promise.resolve());
    const login = { username: 'nobody-here', password: 'x'.repeat(64) };
    await ada.post('/login').set('x-request-id', 'this-one').send(login).expect(400);
    await role(admin, await userIdOf(ada), { role: 'Viewer' }).expect(200);
    const { body } = await admin.get('/admin/v2/logs?limit=3').expect(200);
    const [changed, failed, refused] = body.items as Record<string, unknown>[];
    expect(changed).to.deep.include({ action: 'user.role-changed', outcome: 'success' });
    expect(changed!.metadata).to.deep.equal({
      before: { role: 'User', limits: null },
      after: { role: 'Viewer', limits: null },
    });
    expect(changed!.address).to.match(/127\.0\.0\.1/);
    expect(failed).to.deep.include({ action: 'session.refused', outcome: 'refused', request_id: 'this-one' });
    expect(refused).to.deep.include({ action: 'permission.refused', message: 'ada may not GET /admin/v2/users' });
  });
});

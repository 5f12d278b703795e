import { expect } from 'chai';
import supertest from 'supertest';
import { loadConfig } from '../../../composition/config.js';
import { DAY, type Role } from '../../../domain/index.js';
import { forEveryStore, labsIn, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { accountForm, administrator, PASSWORD, secretOf, signedIn } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { onSqlite } from '../../support/stores.js';

const SECRET = 'the operators know it';
const secretSet = (secret: string) => ({ config: { env: { ...loadConfig({}).env, ADMIN_SECRET: secret } } });

const roleOf = async ({ lab }: OpenLab, username: string): Promise<Role | undefined> => {
  const [user] = await lab.work.run(({ users }) => users.named([username]));
  return user?.role;
};

const registerAdmin = ({ server }: OpenLab, username: string, admin_secret: unknown = SECRET) =>
  supertest(server)
    .post('/admin/register')
    .send({ ...accountForm(username), admin_secret });

onSqlite('registering an administrator', (open) => {
  const openLab = labsIn(open);

  for (const [state, options] of [
    ['is not set', {}],
    ['is empty', secretSet('')],
  ] as const) {
    it(`is impossible while the admin secret ${state}`, async () => {
      const here = await openLab(options);
      const before = await here.store.rows();
      for (const guess of ['', ' ', 'undefined', 'null', SECRET]) {
        await registerAdmin(here, 'mallory', guess).expect(
          problem(403, 'identity.wrong-admin-secret', 'Invalid admin secret'),
        );
      }
      expect(await here.store.rows()).to.deep.equal(before);
    });
  }

  it('is refused with a wrong secret', async () => {
    const here = await openLab(secretSet(SECRET));
    const before = await here.store.rows();
    for (const guess of ['', 'wrong', SECRET.slice(0, -1), `${SECRET} `, SECRET.toUpperCase()]) {
      await registerAdmin(here, 'mallory', guess).expect(problem(403, 'identity.wrong-admin-secret'));
    }
    for (const guess of [null, undefined, true, 0, [SECRET], { $ne: '' }, 'x'.repeat(5000)]) {
      const request = supertest(here.app).post('/admin/register');
      await request.send({ ...accountForm('mallory'), admin_secret: guess }).expect(problem(422));
    }
    expect(await here.store.rows()).to.deep.equal(before);
  });

  it('makes the first one Super Admin, later ones Admin, and signs them in', async () => {
    const here = await openLab(secretSet(SECRET));
    const first = supertest.agent(here.app);
    const reply = await first
      .post('/admin/register')
      .send({ ...accountForm('grace'), admin_secret: SECRET, email: 'grace@lab.example', discord_id: '12345' })
      .expect(200);
    const { id } = reply.body as { id: number };
    expect(reply.body).to.deep.equal({
      id,
      username: 'grace',
      email: 'grace@lab.example',
      is_admin: true,
      discord_id: '12345',
    });
    await first
      .get('/admin/checkAdminSession')
      .expect(200, { logged_in: true, is_admin: true, user_id: id, username: 'grace' });
    expect(await roleOf(here, 'grace')).to.equal('Super Admin');

    await registerAdmin(here, 'ada').expect(200);
    expect(await roleOf(here, 'ada')).to.equal('Admin');
  });

  it('makes an Admin where somebody was invited as the first already', async () => {
    const here = await openLab(secretSet(SECRET));
    await administrator(here.lab, here.app);
    await registerAdmin(here, 'ada').expect(200);
    expect(await roleOf(here, 'ada')).to.equal('Admin');
  });

  it('wants the same password twice, and a name that is free', async () => {
    const here = await openLab(secretSet(SECRET));
    await signedIn(here.app, 'ada');
    const before = await here.store.rows();
    await supertest(here.app)
      .post('/admin/register')
      .send({ ...accountForm('grace'), password2: secretOf('something else'), admin_secret: SECRET })
      .expect(problem(400, 'identity.passwords-differ'));
    await registerAdmin(here, 'ADA').expect(problem(400, 'identity.username-taken'));
    await registerAdmin(here, '').expect(problem(422));
    expect(await here.store.rows()).to.deep.equal(before);
  });
});

forEveryStore('the first administrators', (openLab) => {
  it('are one Super Admin and otherwise Admins, however many register at once', async () => {
    const here = await openLab(secretSet(SECRET));
    const names = Array.from({ length: 6 }, (_, index) => `admin ${index}`);
    for (const { status } of await Promise.all(names.map((name) => registerAdmin(here, name)))) {
      expect(status).to.equal(200);
    }
    const roles = await Promise.all(names.map((name) => roleOf(here, name)));
    expect(roles.filter((role) => role === 'Super Admin')).to.have.length(1);
    expect(roles.filter((role) => role === 'Admin')).to.have.length(5);
  });

  it('can come by one invitation, which serves one of those who use it at once', async () => {
    const here = await openLab();
    const token = await here.lab.inviteFirstAdmin.execute();
    const replies = await Promise.all(
      ['ada', 'grace', 'edsger', 'barbara'].map((username) =>
        supertest(here.server)
          .post('/admin/v2/invitations/accept')
          .send({ token, ...accountForm(username) }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([200, 400, 400, 400]);
    for (const reply of replies) if (reply.status === 400) problem(400, 'identity.invalid-invitation')(reply);
  });

  it('can come by any of those that several servers print, and all others are void then', async () => {
    const here = await openLab();
    const tokens = await Promise.all([1, 2, 3].map(() => here.lab.inviteFirstAdmin.execute()));
    const replies = await Promise.all(
      tokens.map((token, n) =>
        supertest(here.server)
          .post('/admin/v2/invitations/accept')
          .send({ token, ...accountForm(`admin-${n}`) }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([200, 400, 400]);
  });
});

onSqlite('an invitation', (open) => {
  const openLab = labsIn(open);

  const invited = async (here: OpenLab, role: Role): Promise<string> => {
    const token = `an invitation for ${role}`;
    await here.lab.work.run(({ invitations }) =>
      invitations.add({
        tokenDigest: here.lab.httpParts.digest(token),
        role,
        expiresAt: here.lab.clock.now() + DAY,
        invitedBy: 1,
        id: token.slice(0, 36),
        email: null,
      }),
    );
    return token;
  };
  const accept = ({ app }: OpenLab, token: unknown, form: object = accountForm('ada')) =>
    supertest(app)
      .post('/admin/v2/invitations/accept')
      .send({ token, ...form });

  for (const role of ['User', 'Viewer', 'Approver', 'Admin', 'Super Admin'] as const) {
    it(`for ${role} makes an account of that role and signs it in`, async () => {
      const here = await openLab();
      const person = supertest.agent(here.app);
      const reply = await person
        .post('/admin/v2/invitations/accept')
        .send({ token: await invited(here, role), ...accountForm('ada'), role: 'Super Admin' })
        .expect(200);
      const { id } = reply.body as { id: number };
      expect(reply.body).to.deep.equal({ id, username: 'ada', role });
      expect(await roleOf(here, 'ada')).to.equal(role);
      await person.get('/session').expect(200, { logged_in: true, user_id: id, username: 'ada' });
    });
  }

  it('serves once', async () => {
    const here = await openLab();
    const token = await invited(here, 'Viewer');
    await accept(here, token).expect(200);
    const before = await here.store.rows();
    await accept(here, token, accountForm('grace')).expect(problem(400, 'identity.invalid-invitation'));
    expect(await here.store.rows()).to.deep.equal(before);
  });

  it('is over when its time is', async () => {
    const clock = new ManualClock();
    const here = await openLab({ clock });
    const [early, late] = [await invited(here, 'Viewer'), await invited(here, 'Approver')];
    clock.advance(DAY - 1);
    await accept(here, early).expect(200);
    clock.advance(1);
    await accept(here, late, accountForm('grace')).expect(problem(400, 'identity.invalid-invitation'));
  });

  it('is not used up by a form that is refused', async () => {
    const here = await openLab();
    await signedIn(here.app, 'grace');
    const token = await invited(here, 'Admin');
    await accept(here, token, accountForm('grace')).expect(problem(400, 'identity.username-taken'));
    await accept(here, token, { ...accountForm('ada'), password2: 'something else' }).expect(problem(400));
    await accept(here, token, accountForm('ada', 'short')).expect(problem(422));
    await accept(here, token).expect(200);
  });

  it('must be known', async () => {
    const here = await openLab();
    await invited(here, 'Admin');
    for (const token of ['', 'made up', here.lab.httpParts.digest('an invitation for Admin')]) {
      await accept(here, token).expect(problem(400, 'identity.invalid-invitation'));
    }
    for (const token of [undefined, null, 5, ['a'], 'x'.repeat(201), 'a\0b']) {
      await accept(here, token).expect(problem(422));
    }
  });

  it('for the first administrator is void once there is one', async () => {
    const here = await openLab(secretSet(SECRET));
    const token = await here.lab.inviteFirstAdmin.execute();
    await registerAdmin(here, 'grace').expect(200);
    await accept(here, token).expect(problem(400, 'identity.invalid-invitation'));
    expect(await here.lab.inviteFirstAdmin.execute()).to.equal(null);
    await supertest(here.app)
      .post('/login')
      .send({ username: 'ada', password: PASSWORD })
      .expect(problem(400, 'identity.wrong-credentials'));
  });
});

import { expect } from 'chai';
import supertest from 'supertest';
import { labsIn, type OpenLab } from '../../support/labs.js';
import { accountForm, PASSWORD, secretOf, signedIn, somebodyWith } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { RecordingHasher } from '../../support/recording-hasher.js';
import { onSqlite } from '../../support/stores.js';

const WRONG = secretOf('not my password');

onSqlite('signing in', (open) => {
  const openLab = labsIn(open);

  it('opens a session for the right name and password', async () => {
    const { app } = await openLab();
    await signedIn(app, 'ada');
    const ada = supertest.agent(app);
    const reply = await ada.post('/login').send({ username: 'ada', password: PASSWORD }).expect(200);
    const { user_id } = reply.body as { user_id: number };
    expect(reply.body).to.deep.equal({ message: 'Sign in successful', user_id });
    await ada.get('/session').expect(200, { logged_in: true, user_id, username: 'ada' });
  });

  it('takes the name in any letter case', async () => {
    const { app } = await openLab();
    await signedIn(app, 'Ada');
    await supertest(app).post('/login').send({ username: ' aDA ', password: PASSWORD }).expect(200);
  });

  for (const path of ['/login', '/admin/login']) {
    it(`answers an unknown name and a wrong password alike at ${path}`, async () => {
      const { app } = await openLab();
      await signedIn(app, 'ada');
      const wrong = await supertest(app).post(path).send({ username: 'ada', password: WRONG });
      problem(400, 'identity.wrong-credentials', 'Invalid username or password')(wrong);
      const unknown = await supertest(app).post(path).send({ username: 'nobody', password: WRONG });
      expect(unknown.status).to.equal(wrong.status);
      expect(unknown.body).to.deep.equal(wrong.body);
      expect(wrong.get('set-cookie')).to.equal(undefined);
      expect(unknown.get('set-cookie')).to.equal(undefined);
    });
  }

  it('does the same work for an unknown name as for a known one', async () => {
    const hasher = new RecordingHasher();
    const { app } = await openLab({ cryptography: hasher.cryptography });
    await signedIn(app, 'ada');
    for (const path of ['/login', '/admin/login']) {
      await supertest(app).post(path).send({ username: 'ada', password: WRONG }).expect(400);
      await supertest(app).post(path).send({ username: 'nobody', password: WRONG }).expect(400);
    }
    expect(hasher.compared.map((hash) => hash !== null)).to.deep.equal([true, false, true, false]);
  });

  it('does not mistake a long password for its first 72 bytes', async () => {
    const { app } = await openLab();
    const username = 'ada';
    const password = 'x'.repeat(72);
    await supertest(app).post('/users/register').send(accountForm(username, password)).expect(200);
    await supertest(app).post('/login').send({ username, password }).expect(200);
    for (const longer of [`${password}x`, `${password}${'y'.repeat(1000)}`]) {
      await supertest(app).post('/login').send({ username, password: longer }).expect(problem(400));
    }
  });

  it('is refused to a disabled account, which only its owner learns', async () => {
    const { app, lab } = await openLab();
    await signedIn(app, 'ada');
    await lab.work.run(async ({ users }) => {
      const [ada] = await users.named(['ada']);
      await users.setStatus(ada!.id, 'disabled');
    });
    const login = (password: string) => supertest(app).post('/login').send({ username: 'ada', password });
    const reply = await login(PASSWORD).expect(problem(403, 'identity.disabled'));
    expect(reply.get('set-cookie')).to.equal(undefined);
    await login(WRONG).expect(problem(400, 'identity.wrong-credentials'));
  });

  it('at the admin page says whether the user is an administrator', async () => {
    const { app, lab } = await openLab();
    await signedIn(app, 'ada');
    await somebodyWith(lab, app, 'Admin', 'grace');
    await somebodyWith(lab, app, 'Approver', 'anna');
    for (const [username, is_admin] of [
      ['ada', false],
      ['anna', false],
      ['grace', true],
    ] as const) {
      const person = supertest.agent(app);
      const reply = await person.post('/admin/login').send({ username, password: PASSWORD }).expect(200);
      const { user_id } = reply.body as { user_id: number };
      expect(reply.body).to.deep.equal({ message: 'Sign in successful', user_id, is_admin });
      await person.get('/admin/checkAdminSession').expect(200, { logged_in: true, user_id, username, is_admin });
    }
  });

  describe('refuses as malformed', () => {
    let lab: OpenLab;
    before(async () => {
      lab = await openLab();
      await signedIn(lab.app, 'ada');
    });

    const bodies: Record<string, unknown> = {
      'no body': undefined,
      'an array for a body': [{ username: 'ada', password: PASSWORD }],
      'a body that is not JSON': '{',
      'an array for a name': { username: ['ada'], password: PASSWORD },
      'an object for a password': { username: 'ada', password: { $ne: '' } },
      'true for a password': { username: 'ada', password: true },
      'no password': { username: 'ada' },
      'a NUL byte in the name': { username: 'ada\0', password: PASSWORD },
      'a NUL byte in the password': { username: 'ada', password: `${PASSWORD}\0` },
      'a password of 5,000 characters': { username: 'ada', password: 'x'.repeat(5000) },
      'an endless name': { username: 'a'.repeat(5000), password: PASSWORD },
    };
    for (const [what, body] of Object.entries(bodies)) {
      it(what, async () => {
        const request = supertest(lab.app).post('/login').set('content-type', 'application/json');
        await request.send(body as string).expect(problem(422));
      });
    }

    it('but answers strange names like any other unknown one', async () => {
      for (const username of ['', '😀', "' OR 1=1 --", '%', 'a'.repeat(200), '\ufdfa'.repeat(200)]) {
        const request = supertest(lab.app).post('/login').send({ username, password: WRONG });
        await request.expect(problem(400, 'identity.wrong-credentials'));
      }
    });
  });
});

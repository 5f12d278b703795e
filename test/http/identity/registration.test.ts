import { expect } from 'chai';
import supertest from 'supertest';
import { forEveryStore, labsIn, type OpenLab } from '../../support/labs.js';
import { accountForm, PASSWORD, secretOf, signedIn, signedInAgain } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { onSqlite } from '../../support/stores.js';

onSqlite('registering', (open) => {
  const openLab = labsIn(open);

  it('makes an account and signs it in', async () => {
    const { app } = await openLab();
    const ada = supertest.agent(app);
    const reply = await ada
      .post('/users/register')
      .send({ ...accountForm('ada'), email: 'ada@lab.example', discord_id: '123456789012345678' })
      .expect(200);
    const { id } = reply.body as { id: number };
    expect(id).to.be.a('number');
    expect(reply.body).to.deep.equal({
      id,
      username: 'ada',
      email: 'ada@lab.example',
      is_admin: false,
      discord_id: '123456789012345678',
    });
    await ada
      .get('/api/auth/me')
      .expect(200, { authenticated: true, user_id: id, username: 'ada', is_admin: false, email: 'ada@lab.example' });
    await signedInAgain(app, 'ada');
  });

  for (const [said, email] of [
    ['null', null],
    ['left out', undefined],
    ['blank', ''],
  ] as const) {
    it(`does without an e-mail address that is ${said}, for any number of people`, async () => {
      const { app } = await openLab();
      for (const username of ['ada', 'grace']) {
        const reply = await supertest(app)
          .post('/users/register')
          .send({ ...accountForm(username), email })
          .expect(200);
        expect(reply.body).to.include({ email: null, discord_id: null });
      }
    });
  }

  it('makes nobody an administrator, whatever the form says', async () => {
    const { app, lab } = await openLab();
    const mallory = supertest.agent(app);
    const reply = await mallory
      .post('/users/register')
      .send({ ...accountForm('mallory'), is_admin: true, role: 'Super Admin', status: 'active', id: 1 })
      .expect(200);
    expect(reply.body).to.include({ is_admin: false });
    await mallory.get('/admin/devices').expect(problem(403, 'permission.denied'));
    const [user] = await lab.work.run(({ users }) => users.named(['mallory']));
    expect(user?.role).to.equal('User');
  });

  it('wants the same password twice', async () => {
    const { app } = await openLab();
    const form = { ...accountForm('ada'), password2: secretOf('something else') };
    await supertest(app).post('/users/register').send(form).expect(problem(400, 'identity.passwords-differ'));
    await supertest(app)
      .post('/login')
      .send({ username: 'ada', password: PASSWORD })
      .expect(problem(400, 'identity.wrong-credentials'));
  });

  it('trims the name, and takes letters of any script', async () => {
    const { app } = await openLab();
    const reply = await supertest(app).post('/users/register').send(accountForm("  łukasz O'Neill-測試 ")).expect(200);
    expect(reply.body).to.include({ username: "łukasz O'Neill-測試" });
    await signedInAgain(app, "ŁUKASZ O'NEILL-測試");
  });

  it('takes passwords of exactly 8 characters and of exactly 72 bytes, emoji too', async () => {
    const { app } = await openLab();
    for (const [username, password] of [
      ['short', '12345678'],
      ['long', 'x'.repeat(72)],
      ['merry', '😀'.repeat(18)],
    ] as const) {
      await supertest(app).post('/users/register').send(accountForm(username, password)).expect(200);
      await supertest(app).post('/login').send({ username, password }).expect(200);
    }
  });

  describe('refuses without making anything', () => {
    let lab: OpenLab;
    before(async () => {
      lab = await openLab();
    });

    const refusals: Record<string, unknown> = {
      'no body': undefined,
      'an array for a body': [accountForm('bad')],
      'a text for a body': '"bad"',
      'null for a body': 'null',
      'a body that is not JSON': '{"username": "bad",',
      'a form without a name': { password: PASSWORD, password2: PASSWORD },
      'an empty name': accountForm(''),
      'a blank name': accountForm('   '),
      'a name of 51 letters': accountForm('b'.repeat(51)),
      'a name with a NUL byte': accountForm('bad\0bad'),
      'a name with a line end': accountForm('bad\nbad'),
      'an emoji for a name': accountForm('😀'),
      'half a character for a name': accountForm('bad\ud83d'),
      'a name of markup': accountForm('<script>'),
      'a number for a name': { ...accountForm('bad'), username: 7 },
      'an array for a name': { ...accountForm('bad'), username: ['bad'] },
      'null for a password': { ...accountForm('bad'), password: null },
      'an object for a password': { ...accountForm('bad'), password: { $ne: '' } },
      'a form without the repeated password': { username: 'bad', password: PASSWORD },
      'a password of 7 characters': accountForm('bad', '1234567'),
      'a password of 73 bytes': accountForm('bad', 'x'.repeat(73)),
      'a password of 73 bytes in fewer characters': accountForm('bad', `${'ä'.repeat(36)}x`),
      'a password of 19 emoji': accountForm('bad', '😀'.repeat(19)),
      'a password of 5,000 characters': accountForm('bad', 'x'.repeat(5000)),
      'a password with a NUL byte': accountForm('bad', 'password\0password'),
      'a nonsensical e-mail address': { ...accountForm('bad'), email: 'not an address' },
      'an endless e-mail address': { ...accountForm('bad'), email: `${'b'.repeat(250)}@lab.example` },
      'an array for an e-mail address': { ...accountForm('bad'), email: ['bad@lab.example'] },
      'a number for a Discord id': { ...accountForm('bad'), discord_id: 5 },
      'an endless Discord id': { ...accountForm('bad'), discord_id: '1'.repeat(33) },
    };
    for (const [what, body] of Object.entries(refusals)) {
      it(what, async () => {
        const before = await lab.store.rows();
        const request = supertest(lab.app).post('/users/register').set('content-type', 'application/json');
        const reply = await request.send(body as string);
        problem(422)(reply);
        expect(reply.get('set-cookie')).to.equal(undefined);
        expect(await lab.store.rows()).to.deep.equal(before);
      });
    }

    it('and names every field that is wrong', async () => {
      const reply = await supertest(lab.app)
        .post('/users/register')
        .send({ username: 7, password: [], email: 'nowhere' })
        .expect(problem(422, 'request.malformed'));
      const { errors } = reply.body as { errors: { path: string; message: string }[] };
      expect(errors.map(({ path }) => path)).to.include.members(['username', 'password', 'password2', 'email']);
      for (const { message } of errors) expect(message).to.be.a('string').and.not.equal('');
    });
  });
});

forEveryStore('names and addresses of people', (openLab) => {
  let here: OpenLab;
  before(async () => {
    here = await openLab();
    await supertest(here.app)
      .post('/users/register')
      .send({ ...accountForm('Ada Lovelace'), email: 'Ada@Lab.example' })
      .expect(200);
  });

  for (const twin of ['Ada Lovelace', 'ada lovelace', ' ADA  LOVELACE ', 'Ａｄａ Ｌｏｖｅｌａｃｅ']) {
    it(`belong to one person, also written "${twin}"`, async () => {
      const before = await here.store.rows();
      await supertest(here.app)
        .post('/users/register')
        .send(accountForm(twin))
        .expect(problem(400, 'identity.username-taken', 'Username already taken.'));
      expect(await here.store.rows()).to.deep.equal(before);
    });
  }

  it('belong to one person, also an e-mail address in other letters', async () => {
    const before = await here.store.rows();
    await supertest(here.app)
      .post('/users/register')
      .send({ ...accountForm('somebody'), email: 'aDA@lAB.EXAMPLE' })
      .expect(problem(400, 'identity.email-taken'));
    expect(await here.store.rows()).to.deep.equal(before);
  });

  it('have letters that grow when they are compared, but not beyond what every store keeps', async () => {
    await signedIn(here.app, 'ﬁ'.repeat(50));
    await signedInAgain(here.app, 'FI'.repeat(50));
    // The comparable form of U+FDFA has 18 letters.
    await supertest(here.app)
      .post('/users/register')
      .send(accountForm('\ufdfa'.repeat(50)))
      .expect(problem(422, 'identity.malformed-username'));
  });

  it('are kept with a bcrypt hash, and the password nowhere', async () => {
    const password = secretOf('kept nowhere');
    await supertest(here.app).post('/users/register').send(accountForm('barbara', password)).expect(200);
    const kept = await here.store.rows();
    const everything = JSON.stringify(kept);
    expect(JSON.stringify(kept.users)).to.match(/barbara.*"\$2[aby]\$04\$[./A-Za-z0-9]{53}"/);
    for (const plain of [password, 'kept nowhere', secretOf(password)]) expect(everything).to.not.include(plain);
  });

  it('are decided for one of twenty who ask at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        supertest(here.server)
          .post('/users/register')
          .send(accountForm(index % 2 === 0 ? 'grace' : 'GRACE')),
      ),
    );
    const losers = replies.filter(({ status }) => status !== 200);
    expect(losers).to.have.length(19);
    for (const loser of losers) problem(400, 'identity.username-taken')(loser);
    const found = await (await signedIn(here.app, 'witness')).get('/users/search?q=grace').expect(200);
    expect(found.body).to.have.length(1);
  });
});

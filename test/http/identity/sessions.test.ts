import { expect } from 'chai';
import supertest from 'supertest';
import { DAY } from '../../../domain/index.js';
import { cookieAfter, cookieSetBy, sessionIdIn, signedCookie } from '../../support/cookies.js';
import { forEveryStore, labOver, labsIn, usualHttpSettings, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { accountForm, PASSWORD, signedIn, type Reachable } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { onSqlite, onSqliteFile } from '../../support/stores.js';

/** Registers somebody and answers the cookie header of the session. */
const registered = async (app: Reachable, username: string): Promise<string> =>
  cookieAfter(await supertest(app).post('/users/register').send(accountForm(username)).expect(200));

const login = (app: Reachable, username: string) =>
  supertest(app).post('/login').send({ username, password: PASSWORD });

/** Whose session the cookie is, as every way of asking agrees; null when it is nobody's. */
const whoseSession = async (app: Reachable, cookie: string): Promise<string | null> => {
  const get = (path: string) => supertest(app).get(path).set('cookie', cookie);
  const session = (await get('/session').expect(200)).body as { logged_in: boolean; username?: string };
  const me = await get('/api/auth/me');
  const admin = (await get('/admin/checkAdminSession').expect(200)).body as { logged_in: boolean; username?: string };
  const devices = await get('/api/devices');
  if (!session.logged_in) {
    expect(session).to.deep.equal({ logged_in: false });
    expect(admin).to.deep.equal({ logged_in: false });
    problem(401, 'session.required')(me);
    expect(me.body).to.include({ authenticated: false });
    problem(401, 'session.required', 'Not authenticated')(devices);
    return null;
  }
  expect(me.status).to.equal(200);
  expect(devices.status).to.equal(200);
  expect((me.body as { username: string }).username).to.equal(session.username);
  expect(admin.username).to.equal(session.username);
  return session.username ?? '';
};

onSqlite('the session cookie', (open) => {
  const openLab = labsIn(open);

  it('is session_id, for a week, for the whole site and for no script', async () => {
    const { app } = await openLab();
    await registered(app, 'ada');
    const began = Date.now();
    const { attributes } = cookieSetBy(await login(app, 'ada').expect(200))!;
    expect(attributes).to.have.all.keys('httponly', 'samesite', 'path', 'expires');
    expect(attributes).to.include({ httponly: true, samesite: 'Lax', path: '/' });
    const lifetime = Date.parse(String(attributes.expires)) - began;
    expect(lifetime).to.be.within(7 * DAY - 5_000, 7 * DAY + 60_000);
  });

  it('is Secure when the proxy in front speaks TLS, and only a trusted proxy may say so', async () => {
    const overTls = async (trustProxy: boolean | number) => {
      const { app } = await openLab({ http: { trustProxy } });
      const form = accountForm('ada');
      const register = supertest(app).post('/users/register').set('x-forwarded-proto', 'https').send(form);
      return cookieSetBy(await register.expect(200))!.attributes;
    };
    expect(await overTls(1)).to.include({ secure: true });
    expect(await overTls(false)).to.not.have.property('secure');
  });

  it('is not given to people who are not signed in, nor again with every reply', async () => {
    const { app } = await openLab();
    const cookie = await registered(app, 'ada');
    for (const path of ['/session', '/api/auth/me', '/api/devices', '/health', '/docs/']) {
      expect((await supertest(app).get(path)).get('set-cookie'), path).to.equal(undefined);
      expect((await supertest(app).get(path).set('cookie', cookie)).get('set-cookie'), path).to.equal(undefined);
    }
  });

  it('is worth nothing when it was forged', async () => {
    const { app } = await openLab();
    const cookie = await registered(app, 'ada');
    const id = sessionIdIn(cookie);
    expect(await whoseSession(app, cookie)).to.equal('ada');
    expect(await whoseSession(app, signedCookie(id, usualHttpSettings.sessionSecret))).to.equal('ada');

    const payload = Buffer.from('{"user_id": 1}').toString('base64');
    const forgeries = {
      'an identifier without a signature': `session_id=${id}`,
      'a signature with the key of the replaced backend': signedCookie(id, 'some-secret-key'),
      'a signature with an empty key': signedCookie(id, ''),
      'a right signature of a session that never was': signedCookie('made-up', usualHttpSettings.sessionSecret),
      'a right signature of a digest': signedCookie('0'.repeat(64), usualHttpSettings.sessionSecret),
      'the cookie of the replaced backend': `session_id=${payload}.Z9xyzA.c2lnbmF0dXJl`,
      'a user id': 'session_id=1',
      nothing: 'session_id=',
      'a cookie of another name': cookie.replace('session_id', 'session'),
      'a changed signature': cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      'broken encoding': 'session_id=%E0%A4%A',
      'a long one': `session_id=${'x'.repeat(6000)}`,
    };
    for (const [what, forgery] of Object.entries(forgeries)) {
      expect(await whoseSession(app, forgery), what).to.equal(null);
    }
  });

  it('says nothing to somebody who reads the database', async () => {
    const { app, store } = await openLab();
    const cookie = await registered(app, 'ada');
    const kept = JSON.stringify(await store.rows());
    expect(kept).to.include('ada');
    expect(kept).to.not.include(sessionIdIn(cookie));
    expect(kept).to.not.include(decodeURIComponent(cookie).split('.')[1]);
  });
});

forEveryStore('sessions', (openLab) => {
  let here: OpenLab;
  const clock = new ManualClock();
  before(async () => {
    here = await openLab({ clock });
  });

  it('end at logout: a replayed cookie is worth nothing, and other sessions go on', async () => {
    const { app } = here;
    const atHome = await registered(app, 'ada');
    const atWork = cookieAfter(await login(app, 'ada').expect(200));
    const reply = await supertest(app).post('/logout').set('cookie', atHome).expect(200);
    expect(reply.body).to.deep.equal({ message: 'Signed out successfully' });
    const cleared = cookieSetBy(reply)!;
    expect(cleared.value).to.equal('');
    expect(Date.parse(String(cleared.attributes.expires))).to.be.lessThan(Date.now());

    expect(await whoseSession(app, atHome)).to.equal(null);
    expect(await whoseSession(app, atWork)).to.equal('ada');
    await supertest(app).post('/logout').set('cookie', atHome).expect(200);
    await supertest(app).post('/logout').expect(200);
  });

  it('are new at each sign-in: one known from before is worth nothing', async () => {
    const { app } = here;
    const before = await registered(app, 'grace');
    const ways: [string, object][] = [
      ['/login', { username: 'grace', password: PASSWORD }],
      ['/admin/login', { username: 'grace', password: PASSWORD }],
      ['/users/register', accountForm('edsger')],
    ];
    let known = before;
    for (const [path, form] of ways) {
      const reply = await supertest(app).post(path).set('cookie', known).send(form).expect(200);
      const renewed = cookieAfter(reply);
      expect(renewed).to.not.equal(known);
      expect(await whoseSession(app, known), path).to.equal(null);
      expect(await whoseSession(app, renewed), path).to.be.a('string');
      known = renewed;
    }
  });

  it('cannot be planted: an identifier that somebody chose is not taken over at sign-in', async () => {
    const { app } = here;
    await registered(app, 'barbara');
    const planted = signedCookie('chosen-by-mallory', usualHttpSettings.sessionSecret);
    await login(app, 'barbara').set('cookie', planted).expect(200);
    expect(await whoseSession(app, planted)).to.equal(null);
  });

  it('stay as they were after a sign-in that failed', async () => {
    const { app } = here;
    const cookie = await registered(app, 'niklaus');
    const wrong = { username: 'niklaus', password: 'wrong password' };
    await supertest(app).post('/login').set('cookie', cookie).send(wrong).expect(problem(400));
    expect(await whoseSession(app, cookie)).to.equal('niklaus');
  });

  it('of a disabled account are over at once', async () => {
    const { app, lab } = here;
    const cookie = await registered(app, 'mallory');
    expect(await whoseSession(app, cookie)).to.equal('mallory');
    await lab.work.run(async ({ users }) => {
      const [mallory] = await users.named(['mallory']);
      await users.setStatus(mallory!.id, 'disabled');
    });
    expect(await whoseSession(app, cookie)).to.equal(null);
  });

  it('last a week from sign-in, however often they are used', async () => {
    const { app } = here;
    const cookie = await registered(app, 'donald');
    clock.advance(4 * DAY);
    expect(await whoseSession(app, cookie)).to.equal('donald');
    clock.advance(3 * DAY - 1);
    expect(await whoseSession(app, cookie)).to.equal('donald');
    clock.advance(1);
    expect(await whoseSession(app, cookie)).to.equal(null);
  });

  it('are read without a write', async () => {
    const { app, store } = here;
    const cookie = await registered(app, 'leslie');
    clock.advance(DAY);
    const before = await store.rows();
    expect(await whoseSession(app, cookie)).to.equal('leslie');
    expect(await store.rows()).to.deep.equal(before);
  });
});

onSqliteFile('sessions', (open) => {
  const openLab = labsIn(open);

  it('outlive the server, unless its secret was changed', async () => {
    const first = await openLab();
    const cookie = await registered(first.app, 'ada');
    const stores = [await first.store.again(), await first.store.again()] as const;
    await first.close();

    const restarted = await labOver(stores[0]);
    expect(await whoseSession(restarted.app, cookie)).to.equal('ada');
    await signedIn(restarted.app, 'grace');

    const elsewhere = await labOver(stores[1], { http: { sessionSecret: 'another secret of this test' } });
    expect(await whoseSession(elsewhere.app, cookie)).to.equal(null);
    await restarted.close();
    await elsewhere.close();
  });
});

import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import sinon, { type SinonFakeTimers } from 'sinon';
import supertest from 'supertest';
import { cryptography, systemClock } from '../../composition/adapters.js';
import { HOUR, MINUTE } from '../../domain/index.js';
import { cookieAfter } from '../support/cookies.js';
import { eventually } from '../support/eventually.js';
import { labsIn, type OpenLab } from '../support/labs.js';
import { LiveClient } from '../support/live-client.js';
import { accountForm, PASSWORD, signedIn } from '../support/people.js';
import { problem } from '../support/problem.js';
import { onSqlite } from '../support/stores.js';

const limited = problem(429, 'rate.limited', /^Too many .+\. Please wait a little\.$/);
const HOME = '192.0.2.1';

/** An address nobody has used yet. */
const newAddress = (() => {
  let last = 0;
  return () => `198.51.100.${(last += 1)}`;
})();

onSqlite('a lab with limits', (open) => {
  const openLab = labsIn(open);
  let here: OpenLab;
  let time: SinonFakeTimers;

  // Behind a proxy, so that a test can come from any address.
  beforeEach(async () => {
    here = await openLab({ clock: systemClock, http: { limited: true, trustProxy: 1 } });
    await signedIn(here.server, 'ada');
    await signedIn(here.server, 'grace');
    time = sinon.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
  });
  afterEach(() => {
    time.restore();
  });

  const from = (address: string, path: string) =>
    supertest(here.server).post(path).set('x-forwarded-for', `203.0.113.9, ${address}`);
  const rightly = (address: string, username = 'ada', path = '/login') =>
    from(address, path).send({ username, password: PASSWORD });
  const wrongly = (address: string, username = 'ada', path = '/login') =>
    from(address, path).send({ username, password: 'not my password' });
  const register = (address: string, username: string) => from(address, '/users/register').send(accountForm(username));

  describe('lets sign in', () => {
    it('after ten failures of one account nobody to that account, from wherever they come', async () => {
      for (let failure = 0; failure < 10; failure += 1) {
        await wrongly(newAddress(), failure % 2 === 0 ? 'ada' : ' ADA ').expect(400);
      }
      await wrongly(newAddress()).expect(limited);
      await rightly(newAddress()).expect(limited);
      await rightly(newAddress(), 'aDa', '/admin/login').expect(limited);
      await rightly(newAddress(), 'grace').expect(200);
    });

    it('after ten failures from one address nobody from there', async () => {
      for (let failure = 0; failure < 10; failure += 1) await wrongly(HOME, `guess ${failure}`).expect(400);
      await wrongly(HOME, 'guess 11').expect(limited);
      await rightly(HOME, 'grace').expect(limited);
      await rightly(HOME, 'grace', '/admin/login').expect(limited);
      await rightly(newAddress(), 'grace').expect(200);
    });

    it('again after a minute', async () => {
      for (let failure = 0; failure < 10; failure += 1) await wrongly(HOME).expect(400);
      await rightly(HOME).expect(limited);
      time.tick(MINUTE - 1_000);
      await rightly(HOME).expect(limited);
      time.tick(1_000);
      await rightly(HOME).expect(200);
    });

    it('those who know their password as often as they like', async () => {
      for (let visit = 0; visit < 15; visit += 1) await rightly(HOME).expect(200);
      for (let failure = 0; failure < 9; failure += 1) await wrongly(HOME).expect(400);
      for (let visit = 0; visit < 5; visit += 1) await rightly(HOME).expect(200);
      await wrongly(HOME).expect(400);
      await wrongly(HOME).expect(limited);
    });

    it('those who know their password, also when they all come at once', async () => {
      // At this cost one sign-in takes long enough for the others to arrive meanwhile.
      const { server } = await openLab({
        clock: systemClock,
        http: { limited: true },
        cryptography: cryptography(8),
      });
      const names = Array.from({ length: 25 }, (_, number) => `student ${number}`);
      for (const name of names) await signedIn(server, name);
      const login = (username: string, password: string) =>
        supertest(server).post('/login').send({ username, password });
      const replies = await Promise.all([...names, ...names].map((name) => login(name, PASSWORD)));
      expect(replies.filter(({ status }) => status !== 200)).to.deep.equal([]);

      const guesses = await Promise.all(names.map((name) => login(name, 'a guess')));
      expect(guesses.filter(({ status }) => status === 400)).to.have.length(10);
      expect(guesses.filter(({ status }) => status === 429)).to.have.length(15);
    });

    it('nobody who says that the request came from elsewhere', async () => {
      const { server } = await openLab({ clock: systemClock, http: { limited: true, trustProxy: false } });
      const claim = () =>
        supertest(server)
          .post('/login')
          .set('x-forwarded-for', newAddress())
          .send({ username: newAddress(), password: 'a guess' });
      for (let failure = 0; failure < 10; failure += 1) await claim().expect(400);
      await claim().expect(limited);
    });

    it('nobody who changes addresses within one network', async () => {
      for (let failure = 0; failure < 10; failure += 1) {
        await wrongly(`2001:db8:1:2::${failure}`, `guess ${failure}`).expect(400);
      }
      await wrongly('2001:db8:1:2::ffff', 'guess 11').expect(limited);
      await wrongly('2001:db8:ffff:2::1', 'guess 12').expect(400);
    });
  });

  it('says with standard headers how long to wait', async () => {
    for (let failure = 0; failure < 10; failure += 1) await wrongly(HOME).expect(400);
    const reply = await wrongly(HOME).expect(limited);
    expect(Number(reply.get('retry-after'))).to.be.within(1, 60);
    expect(reply.get('ratelimit')).to.match(/;\s*r=0;\s*t=\d+/);
    expect(reply.get('ratelimit-policy')).to.match(/;\s*q=10;\s*w=60/);
  });

  it('keeps 100 live streams of one account open, and takes a new one for each that ends', async () => {
    const base = `http://127.0.0.1:${(here.server.address() as AddressInfo).port}`;
    const cookieOf = async (username: string) => cookieAfter(await rightly(HOME, username).expect(200));
    const [ada, grace] = [await cookieOf('ada'), await cookieOf('grace')];
    const watch = (cookie: string) => new LiveClient(base, { headers: { cookie } }).opened();
    const streams = await Promise.all(Array.from({ length: 100 }, () => watch(ada)));
    const tooMany = problem(429, 'events.too-many', /^You have 100 live streams open already/);
    await supertest(here.server).get('/api/events').set('Cookie', ada).expect(tooMany);
    streams.push(await watch(grace));
    expect(streams.map(({ status }) => status)).to.deep.equal(Array(101).fill(200));
    streams[0]?.close();
    const again = await eventually('room for one more', async () => {
      const stream = await watch(ada);
      return stream.status === 200 ? stream : null;
    });
    for (const stream of [...streams, again]) stream.close();
  });

  it('takes 30 registrations an hour from one address', async () => {
    for (let number = 0; number < 30; number += 1) await register(HOME, `student ${number}`).expect(200);
    const before = await here.store.rows();
    await register(HOME, 'one more').expect(limited);
    const admin = { ...accountForm('mallory'), admin_secret: 'a guess' };
    await from(HOME, '/admin/register').send(admin).expect(limited);
    const invited = { ...accountForm('mallory'), token: 'a guess' };
    await from(HOME, '/admin/v2/invitations/accept').send(invited).expect(limited);
    expect(await here.store.rows()).to.deep.equal(before);
    await register(newAddress(), 'somebody else').expect(200);
    time.tick(HOUR);
    await register(HOME, 'one more').expect(200);
  });

  it('takes 1,200 changes a minute from one user, and lets everybody read', async function () {
    this.timeout(60_000);
    const [ada, grace] = [supertest.agent(here.server), supertest.agent(here.server)];
    await ada.post('/login').send({ username: 'ada', password: PASSWORD }).expect(200);
    await grace.post('/login').send({ username: 'grace', password: PASSWORD }).expect(200);
    const methods = ['post', 'put', 'patch', 'delete'] as const;
    for (let change = 0; change < 1200; change += 20) {
      const some = Array.from({ length: 20 }, (_, index) => ada[methods[index % 4]!]('/no/such/path'));
      for (const { status } of await Promise.all(some)) expect(status).to.equal(404);
    }
    for (const method of methods) await ada[method]('/no/such/path').expect(limited);
    await ada.post('/bookings').send({ bookings: [] }).expect(limited);

    await grace.put('/bookings/999/cancel').expect(404);
    for (const path of ['/api/auth/me', '/session', '/api/devices', '/bookings/for-week?start=2026-11-23']) {
      const reply = await ada.get(path).expect(200);
      expect(reply.get('ratelimit'), path).to.equal(undefined);
    }
    time.tick(MINUTE);
    await ada.put('/bookings/999/cancel').expect(404);
  });

  it('answers /api/auth/me however often it is asked', async () => {
    const ada = supertest.agent(here.server);
    await rightly(HOME).expect(200);
    await ada.post('/login').send({ username: 'ada', password: PASSWORD }).expect(200);
    for (let asked = 0; asked < 1300; asked += 50) {
      const replies = await Promise.all(Array.from({ length: 50 }, () => ada.get('/api/auth/me')));
      for (const { status } of replies) expect(status).to.equal(200);
    }
    for (let asked = 0; asked < 100; asked += 1) await supertest(here.server).get('/api/auth/me').expect(401);
  });
});

onSqlite('a lab without limits', (open) => {
  it('takes anything in any number', async () => {
    const { server } = await labsIn(open)({ http: { limited: false } });
    for (let number = 0; number < 35; number += 1) {
      const reply = await supertest(server)
        .post('/users/register')
        .send(accountForm(`student ${number}`))
        .expect(200);
      expect(reply.get('ratelimit')).to.equal(undefined);
    }
    for (let failure = 0; failure < 15; failure += 1) {
      await supertest(server).post('/login').send({ username: 'student 1', password: 'a guess' }).expect(400);
    }
  });
});

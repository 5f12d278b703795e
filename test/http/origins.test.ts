import { expect } from 'chai';
import supertest, { type Response } from 'supertest';
import { gzipSync } from 'node:zlib';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { aDevice } from '../support/devices.js';
import { labOver, labsIn, type OpenLab } from '../support/labs.js';
import { accountForm, administrator, PASSWORD, signedIn, type Agent } from '../support/people.js';
import { problem } from '../support/problem.js';
import { databaseStore, onSqlite } from '../support/stores.js';

const HOST = 'lab.example:25001';
const SCHEDULER = 'http://lab.example:25002';
const FRONTENDS = [SCHEDULER, 'http://lab.example:25003', 'http://lab.example:3000', 'http://lab.example:3001'];
const FOREIGN = [
  'http://evil.example:25002',
  'http://lab.example.evil.example:25002',
  'http://evil-lab.example:25002',
  'http://lab.example:25004',
  'http://lab.example',
  'http://127.0.0.1:25002',
  'ftp://lab.example:25002',
  'http://lab.example:25002/',
  'null',
];

const expectReadable = (reply: Response, origin: string): void => {
  expect(reply.get('access-control-allow-origin')).to.equal(origin);
  expect(reply.get('access-control-allow-credentials')).to.equal('true');
  expect(reply.get('vary')).to.match(/\bOrigin\b/i);
};

const expectUnreadable = (reply: Response): void => {
  expect(reply.get('access-control-allow-origin')).to.equal(undefined);
};

onSqlite('pages of other origins', (open) => {
  const openLab = labsIn(open);

  describe('read replies with the cookie', () => {
    let here: OpenLab;
    before(async () => {
      here = await openLab();
    });
    const health = (origin: string) => supertest(here.server).get('/health').set('host', HOST).set('origin', origin);

    for (const origin of [...FRONTENDS, 'https://lab.example:25002']) {
      it(`from ${origin}, as frontends at the host name of the API`, async () => {
        expectReadable(await health(origin).expect(200), origin);
      });
    }

    it('from the pages of the API itself', async () => {
      expectReadable(await health(`http://${HOST}`).expect(200), `http://${HOST}`);
    });

    it('from the same ports of whatever name or address the API is called by', async () => {
      for (const host of ['localhost', '127.0.0.1', '10.20.1.5', '[::1]']) {
        const origin = `http://${host}:25003`;
        const reply = await supertest(here.server).get('/health').set('host', `${host}:25001`).set('origin', origin);
        expectReadable(reply, origin);
      }
    });

    for (const origin of FOREIGN) {
      it(`but not from ${origin}`, async () => {
        expectUnreadable(await health(origin));
      });
    }
  });

  it('are the configured ones where some are configured, and no other', async () => {
    const configured = ['https://booking.lab.example', 'http://10.1.2.3:8080'];
    const { server } = await openLab({ http: { frontendOrigins: configured } });
    const health = (origin: string) => supertest(server).get('/health').set('host', HOST).set('origin', origin);
    for (const origin of configured) expectReadable(await health(origin), origin);
    for (const origin of [...FRONTENDS, ...FOREIGN, 'http://booking.lab.example', 'https://booking.lab.example:443']) {
      expectUnreadable(await health(origin));
    }
    const write = (origin: string) =>
      supertest(server).post('/users/register').set('host', HOST).set('origin', origin).send(accountForm('ada'));
    await write(SCHEDULER).expect(problem(403, 'origin.refused'));
    expectReadable(await write('https://booking.lab.example').expect(200), 'https://booking.lab.example');
  });

  it('are compared with the name that a trusted proxy was called by', async () => {
    const health = async (trustProxy: boolean | number) => {
      const { server } = await openLab({ http: { trustProxy } });
      return supertest(server)
        .get('/health')
        .set('host', 'backend:25001')
        .set('x-forwarded-host', 'lab.example')
        .set('x-forwarded-proto', 'https')
        .set('origin', 'https://lab.example:25002');
    };
    expectReadable(await health(1), 'https://lab.example:25002');
    expectUnreadable(await health(false));
  });

  describe('read refusals too:', () => {
    let here: OpenLab;
    let root: Agent;
    let ada: Agent;
    let booked: number;
    before(async () => {
      here = await openLab({ http: { limited: true } });
      root = await administrator(here.lab, here.server);
      ada = await signedIn(here.server, 'ada');
      booked = await aDevice(here.lab, { name: 'ROADM 1' });
      const start_time = '2026-11-27T00:01:00.000Z';
      const bookings = [{ device_id: booked, start_time, end_time: '2026-11-27T23:59:00.000Z' }];
      await ada.post('/bookings').send({ bookings }).expect(200);
    });

    const refusals: Record<number, () => supertest.Test> = {
      400: () => supertest(here.server).post('/login').send({ username: 'ada', password: 'wrong' }),
      401: () => supertest(here.server).get('/api/devices'),
      403: () => ada.get('/admin/devices'),
      404: () => root.delete('/admin/devices/999'),
      405: () => supertest(here.server).put('/login'),
      409: () => root.delete(`/admin/devices/${booked}`),
      413: () => ada.post('/bookings').send({ message: 'x'.repeat(1_100_000) }),
      422: () => ada.get('/bookings/for-week?start=tomorrow'),
    };
    for (const [status, ask] of Object.entries(refusals)) {
      it(status, async () => {
        const reply = await ask().set('host', HOST).set('origin', SCHEDULER);
        problem(Number(status))(reply);
        expectReadable(reply, SCHEDULER);
      });
    }

    it('429', async () => {
      const wrong = () =>
        supertest(here.server)
          .post('/login')
          .set('host', HOST)
          .set('origin', SCHEDULER)
          .send({ username: 'grace', password: 'wrong' });
      let reply = await wrong();
      for (let tries = 0; tries < 10 && reply.status !== 429; tries += 1) reply = await wrong();
      problem(429)(reply);
      expectReadable(reply, SCHEDULER);
    });

    it('500, which says nothing but a request id', async () => {
      const database = await openDatabase('sqlite::memory:');
      const openedOnce = () => Promise.reject(new Error('opened once'));
      const broken = await labOver(databaseStore(database, openedOnce, () => Promise.resolve()));
      const ada = await signedIn(broken.server, 'ada');
      await database.close();
      const reply = await ada
        .get('/api/devices')
        .set('host', HOST)
        .set('origin', SCHEDULER)
        .set('x-request-id', 'request-of-this-test');
      problem(500, 'internal')(reply);
      expectReadable(reply, SCHEDULER);
      expect(reply.body).to.have.all.keys('type', 'title', 'status', 'detail', 'code', 'request_id');
      expect(reply.body).to.include({ request_id: 'request-of-this-test' });
      expect(reply.get('x-request-id')).to.equal('request-of-this-test');
      await broken.close();
    });
  });

  describe('ask first', () => {
    let here: OpenLab;
    before(async () => {
      here = await openLab();
    });
    const preflight = (path: string, method: string, headers: string, origin = SCHEDULER) =>
      supertest(here.server)
        .options(path)
        .set('host', HOST)
        .set('origin', origin)
        .set('access-control-request-method', method)
        .set('access-control-request-headers', headers);

    for (const [method, path, headers] of [
      ['GET', '/api/inventory/devices', 'content-type'],
      ['POST', '/login', 'content-type'],
      ['POST', '/bookings', 'content-type,idempotency-key'],
      ['PUT', '/admin/devices/1', 'content-type'],
      ['PATCH', '/api/bookings/group/1/extend', 'content-type'],
      ['DELETE', '/api/bookings/group/1', 'content-type'],
      ['DELETE', '/admin/devices/1', ''],
    ] as const) {
      it(`before ${method} ${path}${headers && ` with ${headers}`}, and may`, async () => {
        const reply = await preflight(path, method, headers).expect(204);
        expectReadable(reply, SCHEDULER);
        expect(reply.get('access-control-allow-methods')?.split(',')).to.include(method);
        const allowed = reply.get('access-control-allow-headers')?.toLowerCase().split(',') ?? [];
        expect(allowed).to.include.members(headers.split(',').filter((header) => header !== ''));
        expect(Number(reply.get('access-control-max-age'))).to.be.greaterThan(0);
      });
    }

    for (const origin of FOREIGN) {
      it(`in vain from ${origin}`, async () => {
        const reply = await preflight('/login', 'POST', 'content-type', origin);
        expectUnreadable(reply);
        expect(reply.get('access-control-allow-methods')).to.equal(undefined);
      });
    }
  });

  describe('change nothing', () => {
    let here: OpenLab;
    let root: Agent;
    let device: number;
    before(async () => {
      here = await openLab();
      root = await administrator(here.lab, here.server);
      device = await aDevice(here.lab);
    });

    const changes: Record<string, () => supertest.Test> = {
      'POST /logout': () => root.post('/logout'),
      'POST /login': () => root.post('/login').send({ username: 'root', password: PASSWORD }),
      'POST /users/register': () => root.post('/users/register').send(accountForm('mallory')),
      'POST of a form': () => root.post('/users/register').type('form').send(accountForm('mallory')),
      'POST of plain text': () =>
        root
          .post('/users/register')
          .type('text/plain')
          .send(JSON.stringify(accountForm('mallory'))),
      'DELETE /admin/devices/:id': () => root.delete(`/admin/devices/${device}`),
      'PUT /admin/devices/:id': () =>
        root
          .put(`/admin/devices/${device}`)
          .send({ deviceType: 'ROADM', deviceName: 'Mine', status: 'Available', In_Port: '0', Out_Port: '0' }),
      'PATCH of an unknown path': () => root.patch('/no/such/path').send({}),
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`by ${what}`, async () => {
        const before = await here.store.rows();
        for (const origin of FOREIGN) {
          await change().set('host', HOST).set('origin', origin).expect(problem(403, 'origin.refused'));
        }
        const withoutOrigin = change().set('host', HOST).set('sec-fetch-site', 'cross-site');
        await withoutOrigin.expect(problem(403, 'origin.refused'));
        expect(await here.store.rows()).to.deep.equal(before);
      });
    }

    it('but the frontends do, and clients that are no browsers, and the pages of the API', async () => {
      const change = (headers: object) =>
        root
          .put(`/admin/devices/${device}`)
          .set({ host: HOST, ...headers })
          .send({ deviceType: 'ROADM', deviceName: 'Renamed', status: 'Available', In_Port: '0', Out_Port: '0' });
      await change({}).expect(200);
      await change({ origin: `http://${HOST}` }).expect(200);
      for (const origin of FRONTENDS) await change({ origin, 'sec-fetch-site': 'same-site' }).expect(200);
      for (const site of ['same-origin', 'same-site', 'none']) await change({ 'sec-fetch-site': site }).expect(200);
    });
  });
});

onSqlite('a request', (open) => {
  const openLab = labsIn(open);
  const padded = (bytes: number): string => {
    const empty = JSON.stringify({ username: 'ada', pad: '' });
    return JSON.stringify({ username: 'ada', pad: 'x'.repeat(bytes - empty.length) });
  };
  const MEGABYTE = 1024 * 1024;

  it('has a body of at most 1 MB', async () => {
    const { server } = await openLab();
    const post = (body: string) => supertest(server).post('/login').type('json').send(body);
    await post(padded(MEGABYTE)).expect(problem(422, 'request.malformed', /^password: /));
    await post(padded(MEGABYTE + 1)).expect(problem(413, 'request.too-large'));
  });

  it('has a body of at most 1 MB, also when it is compressed', async () => {
    const { server } = await openLab();
    const post = (body: string) =>
      supertest(server)
        .post('/login')
        .type('json')
        .set('content-encoding', 'gzip')
        .serialize((sent: unknown) => sent as string)
        .send(gzipSync(body));
    await post(padded(1000)).expect(problem(422, 'request.malformed', /^password: /));
    await post(padded(30 * MEGABYTE)).expect(problem(413, 'request.too-large'));
  });

  it('in an encoding or charset that nobody knows is refused', async () => {
    const { server } = await openLab();
    const post = () => supertest(server).post('/login');
    await post().type('json').set('content-encoding', 'rot13').send('{}').expect(problem(415, 'request.unsupported'));
    await post().set('content-type', 'application/json; charset=klingon').send('{}').expect(problem(415));
  });

  it('is read as JSON only when it says that it is', async () => {
    const { server } = await openLab();
    await signedIn(server, 'ada');
    const body = JSON.stringify({ username: 'ada', password: PASSWORD });
    const post = (type: string) => supertest(server).post('/login').set('content-type', type).send(body);
    await post('application/json').expect(200);
    await post('application/json; charset=utf-8').expect(200);
    await post('text/plain').expect(problem(422));
    await post('application/x-www-form-urlencoded').expect(problem(422));
  });

  it('to delete may have a JSON body', async () => {
    const { lab, server } = await openLab();
    const root = await administrator(lab, server);
    const device = await aDevice(lab);
    await root.delete(`/admin/devices/${device}`).type('json').send('{"user_id":').expect(problem(422));
    await root.delete(`/admin/devices/${device}`).send({ user_id: 1 }).expect(200);
  });
});

onSqlite('every reply', (open) => {
  it('tells browsers to be careful', async () => {
    const { server } = await labsIn(open)();
    for (const path of ['/health', '/api/devices', '/docs/', '/no/such/page']) {
      const reply = await supertest(server).get(path);
      expect(reply.get('x-content-type-options'), path).to.equal('nosniff');
      expect(reply.get('x-frame-options'), path).to.equal('SAMEORIGIN');
      expect(reply.get('referrer-policy'), path).to.equal('no-referrer');
      expect(reply.get('content-security-policy'), path).to.include("default-src 'self'");
      expect(reply.get('cross-origin-resource-policy'), path).to.equal('same-site');
      expect(reply.get('x-powered-by'), path).to.equal(undefined);
      expect(reply.get('strict-transport-security'), path).to.equal(undefined);
      expect(reply.get('x-request-id'), path).to.match(/^[\w-]{36}$/);
    }
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import supertest from 'supertest';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { logging, typeormPersistence } from '../../composition/adapters.js';
import { compose, type Lab } from '../../composition/compose.js';
import { loadConfig } from '../../composition/config.js';
import { DAY, isoOf } from '../../domain/index.js';
import { cookieAfter } from '../support/cookies.js';
import { aDevice } from '../support/devices.js';
import { eventually } from '../support/eventually.js';
import { LiveClient } from '../support/live-client.js';
import { accountForm, secretOf } from '../support/people.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { privateNginx, withNginx, type PrivateNginx } from '../support/private-nginx.js';
import { problem } from '../support/problem.js';
import { startServer, type RunningServer } from '../support/server-process.js';

const METRICS_TOKEN = 'whoever-scrapes-this-lab';
const ROADM = { device_type: 'ROADM', device_name: 'ROADM 1' };

/** A lab with one device in a new database. @returns the database's URL. */
const stockedDatabase = async (): Promise<string> => {
  const databaseUrl = await freshDatabase();
  const database = await openDatabase(databaseUrl);
  const lab: Lab = compose(loadConfig({}), { persistence: typeormPersistence(database), logging: logging('silent') });
  await aDevice(lab, { name: ROADM.device_name });
  await database.close();
  return databaseUrl;
};

/** An hour of tomorrow. */
const tomorrowAt = (hour: number) => {
  const date = isoOf(Date.now() + DAY).slice(0, 10);
  const at = (h: number) => `${date}T${String(h).padStart(2, '0')}:00:00Z`;
  return { start_time: at(hour), end_time: at(hour + 1) };
};

const requestsOf = async ({ url }: RunningServer): Promise<number> => {
  const { text } = await supertest(url).get('/metrics').set('Authorization', `Bearer ${METRICS_TOKEN}`).expect(200);
  return [...text.matchAll(/^openlab_http_request_duration_seconds_count\{.*route="\/api\/auth\/me".*\} (\d+)$/gm)]
    .map(([, count]) => Number(count))
    .reduce((sum, count) => sum + count, 0);
};

onMariaDb('two servers behind the proxy of compose.yaml', () => {
  withNginx('with nginx', function () {
    let folder = '';
    let servers: [RunningServer, RunningServer];
    let proxy: PrivateNginx;
    let cookie = '';

    const book = (hour: number) =>
      supertest(proxy.url)
        .post('/bookings')
        .set('Cookie', cookie)
        .send({ bookings: [{ ...ROADM, ...tomorrowAt(hour) }] });

    before(async function () {
      this.timeout(120_000);
      folder = mkdtempSync(path.join(tmpdir(), 'openlab-proxied-'));
      const environment = {
        ...{ HOST: '127.0.0.1', DATABASE_URL: await stockedDatabase(), SESSION_SECRET: 'that both of them know' },
        ...{ RATE_LIMIT: 'on', TRUST_PROXY: '1', METRICS_TOKEN },
      };
      servers = await Promise.all([startServer(folder, environment), startServer(folder, environment)]);
      proxy = await privateNginx(servers.map(({ url }) => url));
      cookie = cookieAfter(await supertest(proxy.url).post('/users/register').send(accountForm('ada')).expect(200));
    });
    after(async () => {
      await proxy.stop();
      await Promise.all(servers.map((server) => server.kill()));
      rmSync(folder, { recursive: true, force: true });
    });

    it('are one lab: a session holds on whichever is asked, and both are', async () => {
      for (let n = 0; n < 8; n += 1) {
        await supertest(proxy.url).get('/api/auth/me').set('Cookie', cookie).expect(200);
      }
      for (const server of servers) expect(await requestsOf(server)).to.be.greaterThan(0);
    });

    it('tell at once what happens: the proxy holds no event back', async () => {
      const stream = await new LiveClient(proxy.url, { headers: { cookie } }).opened();
      await book(9).expect(200);
      await eventually('the booking on the stream', () => stream.kinds.includes('booking.created'));
      stream.close();
    });

    it('count guesses by where they come from, whatever a client says of itself', async () => {
      const guess = (n: number) =>
        supertest(proxy.url)
          .post('/login')
          .set('X-Forwarded-For', `203.0.113.${n}`)
          .send({ username: `nobody-${n}`, password: secretOf('a guess') });
      for (let n = 0; n < 10; n += 1) await guess(n).expect(400);
      await guess(10).expect(problem(429, 'rate.limited'));
    });

    it('say themselves what is too large', async () => {
      await supertest(proxy.url)
        .post('/bookings')
        .set('Cookie', cookie)
        .send({ bookings: [], message: 'x'.repeat(21_000_000) })
        .expect(413)
        .expect('Content-Type', /problem\+json/);
    });

    it('are not missed one at a time: when one is killed, everything goes on, reading, writing and streams', async () => {
      const [one, other] = servers;
      const streams = await Promise.all([1, 2].map(() => new LiveClient(proxy.url, { headers: { cookie } }).opened()));
      await one.kill();
      for (let hour = 10; hour < 16; hour += 1) {
        await book(hour).expect(200);
        await supertest(proxy.url).get('/api/auth/me').set('Cookie', cookie).expect(200);
      }
      expect(other.hasEnded).to.be.false;
      await eventually('the stream of the dead one to end', () => streams.some(({ ended }) => ended));
      const [held] = streams.filter(({ ended }) => !ended);
      await eventually('the bookings on the other stream', () => (held?.kinds.length ?? 0) >= 6);
      for (const stream of streams) stream.close();
    });
  });
});

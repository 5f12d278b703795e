import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { createConnection } from 'mysql2/promise';
import supertest from 'supertest';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { logging, typeormPersistence } from '../../composition/adapters.js';
import { compose } from '../../composition/compose.js';
import { loadConfig } from '../../composition/config.js';
import { DAY, isoOf } from '../../domain/index.js';
import { cookieAfter } from '../support/cookies.js';
import { Correspondents } from '../support/correspondents.js';
import { aDevice } from '../support/devices.js';
import { eventually } from '../support/eventually.js';
import { LiveClient } from '../support/live-client.js';
import { accountForm, secretOf } from '../support/people.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { problem } from '../support/problem.js';
import { startServer, type RunningServer } from '../support/server-process.js';

const METRICS_TOKEN = 'whoever-scrapes-this-lab';
const PASSWORD = 'p@ss/w:rd%#?';
const DEVICE = { device_type: 'ROADM', device_name: 'ROADM 1' };

/** Migrates the database, and puts a device into the lab. */
const stock = async (databaseUrl: string): Promise<void> => {
  const database = await openDatabase(databaseUrl);
  const lab = compose(loadConfig({}), { persistence: typeormPersistence(database), logging: logging('silent') });
  await aDevice(lab, { name: DEVICE.device_name });
  await database.close();
};

/** The database as the old backend's settings name it, for an account of its own. */
const oldUrlOf = async (url: string): Promise<string> => {
  const { host, pathname } = new URL(url);
  const root = await createConnection(url);
  try {
    await root.query("CREATE OR REPLACE USER 'openlab'@'127.0.0.1' IDENTIFIED BY ?", [PASSWORD]);
    await root.query("GRANT ALL ON *.* TO 'openlab'@'127.0.0.1'");
  } finally {
    await root.end();
  }
  return `mysql+pymysql://openlab:${encodeURIComponent(PASSWORD)}@${host}${pathname}?charset=utf8mb4`;
};

onMariaDb('two servers on one database', function () {
  const others = new Correspondents();
  let folder = '';
  let here: RunningServer;
  let there: RunningServer;

  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(path.join(tmpdir(), 'openlab-two-'));
    await others.start();
    const databaseUrl = await freshDatabase();
    await stock(databaseUrl);
    const environment = {
      ...{ HOST: '127.0.0.1', BACKEND_PORT: '0', PORT: '', SESSION_SECRET: 'that both of them know' },
      ...{ DATABASE_URL: await oldUrlOf(databaseUrl), RATE_LIMIT: 'on', METRICS_TOKEN, ...others.environment },
    };
    [here, there] = await Promise.all([startServer(folder, environment), startServer(folder, environment)]);
  });
  after(async () => {
    await Promise.all([here, there].map((server) => server.kill()));
    await others.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('say that they read the old settings', () => {
    expect(here.stderr)
      .to.match(/^BACKEND_PORT is read as PORT/m)
      .and.match(/^DATABASE_URL names a Python driver/m);
    expect(here.stderr).not.to.include(encodeURIComponent(PASSWORD)).and.not.include(PASSWORD);
  });

  it('show their metrics to whoever has the token, with those of the process and its jobs', async () => {
    const afar = supertest(there.url).get('/metrics').set('X-Forwarded-For', '192.0.2.7');
    await afar.expect(problem(401, 'metrics.token-required'));
    const { text } = await supertest(there.url)
      .get('/metrics')
      .set({ 'X-Forwarded-For': '192.0.2.7', Authorization: `Bearer ${METRICS_TOKEN}` })
      .expect(200);
    expect(text)
      .to.match(/^nodejs_eventloop_lag_p99_seconds \S+$/m)
      .and.match(/^process_resident_memory_bytes \d+$/m);
    expect(text).to.match(/^openlab_jobs_total\{job="refresh-settings",outcome="done"\} \d+$/m);
    expect(text).to.match(/^openlab_database_connections\{state="open"\} [1-9]\d*$/m);
  });

  it('share sessions, the live stream, notifications and rooms: what one books, the other tells, once', async function () {
    this.timeout(30_000);
    const cookie = cookieAfter(await supertest(here.url).post('/users/register').send(accountForm('ada')).expect(200));
    await supertest(there.url).get('/api/auth/me').set('Cookie', cookie).expect(200);
    const streams = await Promise.all(
      [here, there].map(({ url }) => new LiveClient(url, { headers: { cookie } }).opened()),
    );
    const date = isoOf(Date.now() + DAY).slice(0, 10);
    const slot = { start_time: `${date}T09:00:00Z`, end_time: `${date}T10:00:00Z` };
    const form = { bookings: [{ ...DEVICE, ...slot }] };
    await supertest(here.url).post('/bookings').set('Cookie', cookie).send(form).expect(200);
    for (const stream of streams) {
      await eventually('the booking on both streams', () => stream.kinds.includes('booking.created'));
    }
    await eventually('a message in the room', () => others.bookings.posted.length > 0);
    const { body } = (await supertest(there.url).get('/api/notifications').set('Cookie', cookie).expect(200)) as {
      body: { items: { type: string }[] };
    };
    expect(body.items.map(({ type }) => type)).to.deep.equal(['booking.requested']);
    await supertest(there.url).post('/bookings').set('Cookie', cookie).send(form).expect(409);
    // A second message would be one of the next round, a second later.
    await eventually('another round of deliveries', async () => {
      const text = await (await fetch(`${here.url}/metrics`)).text();
      return text.includes('openlab_outbox{state="waiting"} 0') && text.includes('openlab_outbox{state="untold"} 0');
    });
    expect(others.bookings.posted).to.have.length(1);
    for (const stream of streams) {
      expect(stream.kinds.filter((kind) => kind === 'booking.created')).to.have.length(1);
      stream.close();
    }
    await supertest(there.url).post('/logout').set('Cookie', cookie).expect(200);
    await supertest(here.url).get('/api/auth/me').set('Cookie', cookie).expect(401);
  });

  it('count failed sign-ins together, wherever they are tried', async function () {
    this.timeout(30_000);
    await supertest(here.url).post('/users/register').send(accountForm('bob')).expect(200);
    const wrong = { username: 'bob', password: secretOf('not what bob typed') };
    for (let n = 0; n < 10; n += 1) {
      await supertest((n % 2 === 0 ? here : there).url)
        .post('/login')
        .send(wrong)
        .expect(400);
    }
    for (const { url } of [here, there]) {
      await supertest(url).post('/login').send(wrong).expect(problem(429, 'rate.limited'));
    }
  });
});

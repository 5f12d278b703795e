import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { expect } from 'chai';
import { createConnection } from 'mysql2/promise';
import supertest from 'supertest';
import { packageRoot } from '../../composition/package-root.js';
import { addToDate, LabZone } from '../../domain/index.js';
import { cookieAfter } from '../support/cookies.js';
import { eventually } from '../support/eventually.js';
import { accountForm, secretOf, signedIn, signedInAgain, type Agent } from '../support/people.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { problem, type ProblemBody } from '../support/problem.js';
import { logLinesOf, Program, startServer, type Environment, type RunningServer } from '../support/server-process.js';
import { severableLink, type SeverableLink } from '../support/severable-link.js';

/** A start takes a while on a busy machine. */
const STARTS = 60_000;

const SESSION_SECRET = 'one secret that every process of this lab knows';

/** Where the servers of one suite run and keep their data; both are gone after it. */
const runningServers = () => {
  const servers: RunningServer[] = [];
  const folders: string[] = [];
  afterEach(function () {
    if (this.currentTest?.state !== 'failed') return;
    for (const line of servers.flatMap(logLinesOf).filter(({ msg }) => msg !== 'request')) console.error(line);
  });
  after(async () => {
    await Promise.all(servers.filter((server) => !server.hasEnded).map((server) => server.kill()));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder: (): string => {
      const made = mkdtempSync(path.join(tmpdir(), 'openlab-running-'));
      folders.push(made);
      return made;
    },
    start: async (folder: string, environment: Environment = {}): Promise<RunningServer> => {
      const server = await startServer(folder, environment);
      servers.push(server);
      return server;
    },
  };
};

/** What start-up prints for the first administrator: where to send it, and the token. */
const firstAdminWay = async (server: Program): Promise<{ url: string; form: Record<string, string> }> => {
  const [, url = '', form = ''] = await server.hasSaid(/ (http:\S+)(?: \\\n)?\s+-d '(\{.*\})'\n/);
  const filled = form.replaceAll(`'$PASSWORD'`, secretOf('a good password'));
  return { url, form: JSON.parse(filled) as Record<string, string> };
};

const post = (url: string, body: unknown, headers: Environment = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Makes the first administrator as start-up says, and answers the agent that is signed in. */
const firstAdmin = async (server: RunningServer): Promise<Agent> => {
  const { url, form } = await firstAdminWay(server);
  const agent = supertest.agent(server.url);
  await agent.post(new URL(url).pathname).send(form).expect(200);
  return agent;
};

/** The body of a reply, as what the test knows it to be. */
const bodyOf = async <T>(asking: PromiseLike<{ body: unknown }>): Promise<T> => (await asking).body as T;

/** Registers somebody; answers the cookie, which is good for every server of the lab. */
const cookieOf = async (username: string, { url }: RunningServer): Promise<string> =>
  cookieAfter(await supertest(url).post('/users/register').send(accountForm(username)).expect(200));

interface Booked {
  readonly bookings: readonly { readonly booking_id: number; readonly start_time: string }[];
}

interface ListedDevice {
  readonly id: number;
  readonly deviceType: string;
  readonly deviceName: string;
  readonly status: string;
}

const devicesOf = (agent: Agent): Promise<ListedDevice[]> => bodyOf(agent.get('/api/devices').expect(200));

const zone = new LabZone('Europe/Dublin');
const tomorrow = (): string => addToDate(zone.dateOf(Date.now()), 1);

const bookingOf = (device: Pick<ListedDevice, 'deviceType' | 'deviceName'>, date = tomorrow()) => ({
  bookings: [
    {
      device_type: device.deviceType,
      device_name: device.deviceName,
      start_time: `${date}T09:00:00`,
      end_time: `${date}T11:00:00`,
    },
  ],
});

const refusesConnections = async ({ port }: RunningServer): Promise<boolean> => {
  const socket = connect(Number(port), '127.0.0.1');
  const refused = await Promise.race([
    once(socket, 'connect').then(() => false),
    once(socket, 'error').then(() => true),
  ]).catch(() => true);
  socket.destroy();
  return refused;
};

/** A registration of which the server has seen only the head. */
const begun = async (server: RunningServer, username: string): Promise<{ sending: ClientRequest; rest: string }> => {
  const body = JSON.stringify(accountForm(username));
  const sending = httpRequest(`${server.url}/users/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  });
  sending.write(body.slice(0, 10));
  // The server answers nothing yet: that it has the request shows in a later one on its event loop being served.
  await once(sending, 'socket');
  await eventually('the request to be on its way', () => sending.socket?.bytesWritten);
  await supertest(server.url).get('/health').expect(200);
  return { sending, rest: body.slice(10) };
};

describe('a server process', function () {
  this.timeout(STARTS);

  const kept = runningServers();
  /** Takes all the patience of a server, so that it goes on beside everything else here. */
  let keptWaiting: Promise<{ readonly code: number | null; readonly milliseconds: number }>;
  before(() => {
    keptWaiting = (async () => {
      const server = await kept.start(kept.folder(), { SEED: 'none', HOST: '127.0.0.1' });
      const { sending } = await begun(server, 'ada');
      const cut = once(sending, 'error');
      const asked = Date.now();
      const code = await server.stop();
      const milliseconds = Date.now() - asked;
      await cut;
      return { code, milliseconds };
    })();
    keptWaiting.catch(() => undefined);
  });

  describe('with a configuration that cannot be used', () => {
    const { folder, start } = runningServers();

    const failed = async (environment: Environment, where = folder()) => {
      const program = new Program('main.ts', where, environment);
      return { code: await program.ended, stdout: program.stdout, stderr: program.stderr };
    };

    it('names every mistake at once and exits with 1', async () => {
      const here = folder();
      writeFileSync(path.join(here, 'config.yaml'), 'lab:\n  timezone: Europe/Atlantis\nbookings: {}\n');
      const { code, stdout, stderr } = await failed(
        { PORT: 'http', DATABASE_URL: 'mysql://lab:hunter2@db.example/openlab', LOG_LEVEL: 'loud' },
        here,
      );
      expect(code).to.equal(1);
      for (const wrong of ['PORT', 'LOG_LEVEL', 'SESSION_SECRET', 'lab.timezone', '"bookings"']) {
        expect(
          stderr.split('\n').filter((line) => line.startsWith('  - ') && line.includes(wrong)),
          wrong,
        ).to.have.length(1);
      }
      expect(stderr).not.to.match(/hunter2|\n\s+at /);
      expect(stdout).to.equal('');
    });

    it('says in one line that the database cannot be reached, and exits with 1', async () => {
      const { code, stderr } = await failed({
        DATABASE_URL: 'mysql://lab:hunter2@127.0.0.1:1/openlab',
        SESSION_SECRET,
      });
      expect(code).to.equal(1);
      expect(stderr).to.match(/^The database cannot be opened: .*ECONNREFUSED.*\n$/);
    });

    it('says in one line that its port is taken, and exits with 1', async () => {
      const here = folder();
      const { port } = await start(here, { HOST: '127.0.0.1', DATABASE_URL: 'sqlite::memory:' });
      const { code, stderr } = await failed({ PORT: port, HOST: '127.0.0.1', SEED: 'none' });
      expect(code).to.equal(1);
      expect(stderr).to.match(/^The server cannot listen: .*EADDRINUSE.*\n$/);
    });
  });

  describe('on a fresh machine', () => {
    const { folder, start } = runningServers();
    let here = '';
    let first: RunningServer;
    let again: RunningServer;
    let admin: Agent;
    let accepted: Response;
    let acceptedTwice: Response;
    let wrongSecret: Response;
    let devices: ListedDevice[];
    let devicesAgain: ListedDevice[];
    let echoed: string | null;
    const secrets = {
      password: secretOf('of somebody who signs in'),
      wrongPassword: secretOf('of somebody who cannot remember'),
      adminSecret: 'the operator knows this',
      wrongAdminSecret: 'somebody guessed this',
      metricsToken: 'a token for the scraper',
      tokenInUrl: 'a-token-in-an-address',
      bearer: 'a-token-in-a-header',
      forgedCookie: 's%3Aforged.forged',
      brokenBody: 'a-password-in-a-broken-body',
    };
    const sent: string[] = Object.values(secrets);

    before(async () => {
      here = folder();
      const environment = { ADMIN_SECRET: secrets.adminSecret, METRICS_TOKEN: secrets.metricsToken };
      first = await start(here, environment);

      const { url, form } = await firstAdminWay(first);
      accepted = await post(url, form);
      acceptedTwice = await post(url, { ...form, username: 'second' });
      const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      sent.push(form.token ?? '', form.password ?? '', cookie.split('=')[1] ?? '');
      admin = supertest.agent(first.url).set('Cookie', cookie);
      devices = await devicesOf(admin);

      const person = { ...accountForm('ada', secrets.password), email: 'ada@lab.example' };
      await supertest(first.url).post('/users/register').send(person).expect(200);
      await supertest(first.url).post('/login').send(person).expect(200);
      await supertest(first.url)
        .post('/login')
        .send({ ...person, password: secrets.wrongPassword })
        .expect(400);
      const secondAdmin = accountForm('second', secrets.password);
      wrongSecret = await post(`${first.url}/admin/register`, {
        ...secondAdmin,
        admin_secret: secrets.wrongAdminSecret,
      });
      await post(`${first.url}/admin/register`, { ...secondAdmin, admin_secret: secrets.adminSecret });
      await fetch(`${first.url}/api/events?token=${secrets.tokenInUrl}`, {
        headers: { authorization: `Bearer ${secrets.bearer}`, cookie: `session_id=${secrets.forgedCookie}` },
      });
      await post(`${first.url}/login`, `{"username":"ada","password":"${secrets.brokenBody}"`);
      const asked = await fetch(`${first.url}/health`, { headers: { 'x-request-id': 'asked-by.a-test_1' } });
      echoed = asked.headers.get('x-request-id');
      await fetch(`${first.url}/health`, { headers: { 'x-request-id': `not an id: ${secrets.tokenInUrl}` } });
      await first.stop();

      again = await start(here, { PORT: first.port, SESSION_SECRET: '' });
      devicesAgain = await devicesOf(supertest.agent(again.url).set('Cookie', cookie));
      await again.stop();
    });

    it('says where it is and where the data is', () => {
      expect(first.stderr).to.include(`OpenLab is at ${first.url}`);
      expect(first.stderr).to.include('Data: data/openlab.sqlite');
      expect(statSync(path.join(here, 'data', 'openlab.sqlite')).size).to.be.greaterThan(0);
    });

    it('prints a way to make the first administrator that works as it is printed', async () => {
      expect(accepted.status).to.equal(200);
      expect(await accepted.json()).to.include({ username: 'admin', role: 'Super Admin' });
      expect(first.stderr).to.include('no administrator yet');
    });

    it('lets that way be used once', async () => {
      expect(acceptedTwice.status).to.equal(400);
      expect(await acceptedTwice.json()).to.include({ code: 'identity.invalid-invitation' });
    });

    it('prints no such way when there is an administrator', () => {
      expect(again.stderr).to.include(`OpenLab is at ${again.url}`);
      expect(again.stderr).not.to.match(/administrator|token/);
    });

    it('holds the example lab, and does not fill it twice', () => {
      const names = new Set(devices.map((device) => device.deviceName));
      expect(names).to.include('ROADM 1').and.include('Server 2');
      expect(first.stderr).to.include('small example lab');
      expect(devicesAgain).to.deep.equal(devices);
      expect(again.stderr).not.to.include('example lab');
    });

    it('keeps the secret of its sessions where only its own user can read it', () => {
      const file = path.join(here, 'data', 'session-secret');
      expect((statSync(file).mode & 0o777).toString(8)).to.equal('600');
      const secret = readFileSync(file, 'utf8');
      expect(secret).to.have.length.of.at.least(32);
      expect(first.stdout + first.stderr).not.to.include(secret);
    });

    it('logs one JSON line for each request, under the id that the reply carries', () => {
      const requests = logLinesOf(first).filter((line) => line.msg === 'request');
      expect(requests).to.have.length.of.at.least(12);
      for (const line of requests) {
        expect(line).to.include.keys('level', 'time', 'requestId', 'method', 'route', 'status', 'milliseconds');
        expect(line.requestId).to.match(/^[\w.-]{1,64}$/);
      }
      expect(new Set(requests.map((line) => line.requestId)).size).to.equal(requests.length);
      expect(echoed).to.equal('asked-by.a-test_1');
      expect(requests.filter((line) => line.requestId === echoed)).to.have.length(1);
    });

    it('logs nothing that was secret', () => {
      expect(wrongSecret.status).to.equal(403);
      expect(sent.filter((secret) => secret.length < 8)).to.deep.equal([]);
      expect(sent.filter((secret) => first.stdout.includes(secret))).to.deep.equal([]);
    });
  });

  describe('told SEED=none', () => {
    const { folder, start } = runningServers();

    it('begins with an empty lab', async () => {
      const server = await start(folder(), { SEED: 'none' });
      expect(await devicesOf(await firstAdmin(server))).to.deep.equal([]);
      expect(server.stderr).not.to.include('example lab');
    });
  });

  describe('asked to leave', () => {
    const { folder, start } = runningServers();

    it('accepts nobody new, finishes what runs, and exits with 0', async () => {
      const server = await start(folder(), { SEED: 'none', HOST: '127.0.0.1' });
      const { sending, rest } = await begun(server, 'ada');
      server.signal('SIGTERM');
      await eventually('the port to be closed', () => refusesConnections(server));
      expect(server.hasEnded).to.be.false;

      const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
      sending.end(rest);
      const [reply] = await answered;
      expect(reply.statusCode).to.equal(200);
      expect(await json(reply)).to.include({ username: 'ada' });
      const finished = Date.now();
      expect(await server.ended).to.equal(0);
      expect(Date.now() - finished).to.be.lessThan(3_000);
      expect(logLinesOf(server).at(-1)).to.include({ msg: 'request', status: 200 });
    });

    it('leaves a database that opens again with everything in it', async () => {
      const here = folder();
      const server = await start(here, { SEED: 'none' });
      await signedIn(server.url, 'ada');
      expect(await server.stop()).to.equal(0);
      const again = await start(here, { SEED: 'none' });
      await signedInAgain(again.url, 'ada');
    });
  });

  const csv = path.join(packageRoot, 'test', 'data', 'lab', 'devices.csv');

  /** What a newcomer does on the first day, with `kill -9` in the middle. */
  const theFirstDay = (title: string, databaseUrl: () => Promise<string | null>): void => {
    describe(`keeps the lab of the first day through kill -9, ${title}`, () => {
      const { folder, start } = runningServers();

      it('its inventory, people, sessions and bookings', async () => {
        const here = folder();
        const url = await databaseUrl();
        const environment: Environment = url === null ? {} : { DATABASE_URL: url, SESSION_SECRET };
        const server = await start(here, environment);
        const admin = await firstAdmin(server);
        expect(await devicesOf(admin)).to.have.length(url === null ? 13 : 0);

        const importing = new Program('import.ts', here, environment, [csv]);
        expect(await importing.ended, importing.stderr).to.equal(0);
        expect(importing.stdout).to.match(/202 created, 0 updated, 0 unchanged/);

        const ada = await signedIn(server.url, 'ada');
        const device = (await devicesOf(ada)).find(({ deviceName }) => deviceName === 'TeraFlex 1');
        if (!device) throw new Error('the inventory has no TeraFlex 1');
        const made = await bodyOf<Booked>(ada.post('/bookings').send(bookingOf(device)).expect(200));
        const week = `/bookings/for-week?start=${tomorrow()}`;
        const seen = await bodyOf<object[]>(ada.get(week).expect(200));
        expect(seen).to.have.length(1);
        expect(seen[0]).to.include({
          booking_id: made.bookings[0]?.booking_id,
          owner_username: 'ada',
          device_name: 'TeraFlex 1',
          status: 'PENDING',
        });
        const bob = await signedIn(server.url, 'bob');
        await bob
          .post('/bookings')
          .send(bookingOf(device))
          .expect(problem(409, 'booking.taken', /already booked by ada/));
        const added = {
          deviceType: 'OTDR',
          deviceName: 'OTDR on loan',
          status: 'Available',
          In_Port: '0',
          Out_Port: '0',
        };
        await admin.post('/admin/devices').send(added).expect(201);
        const seenBy = async (agent: Agent) => ({
          devices: await devicesOf(agent),
          week: await bodyOf(agent.get(week)),
        });
        const before = await seenBy(bob);

        await server.kill();
        expect(await refusesConnections(server)).to.be.true;
        await start(here, { ...environment, PORT: server.port });

        for (const [agent, username] of [[ada, 'ada'] as const, [bob, 'bob'] as const, [admin, 'admin'] as const]) {
          const me = await bodyOf<object>(agent.get('/api/auth/me').expect(200));
          expect(me).to.include({ username });
        }
        expect(await seenBy(bob)).to.deep.equal(before);
        expect(before.devices.map(({ deviceName }) => deviceName)).to.include('OTDR on loan');
        await bob.post('/bookings').send(bookingOf(device)).expect(problem(409, 'booking.taken'));
        const again = new Program('import.ts', here, environment, [csv]);
        expect(await again.ended, again.stderr).to.equal(0);
        expect(again.stdout).to.match(/0 created, 0 updated, 202 unchanged/);
      });
    });
  };

  theFirstDay('with SQLite in its data folder', () => Promise.resolve(null));
  onMariaDb('with a server database', () => {
    theFirstDay('with MariaDB', freshDatabase);
  });

  describe('beside another on one SQLite file', () => {
    const { folder, start } = runningServers();
    let here: RunningServer;
    let there: RunningServer;
    before(async () => {
      const data = folder();
      [here, there] = await Promise.all([
        start(data, { TZ: 'America/New_York' }),
        start(data, { TZ: 'Asia/Kolkata', LOG_LEVEL: 'warn' }),
      ]);
    });

    it('knows the sessions of the other, though both began at once with nothing', async () => {
      const cookie = await cookieOf('ada', here);
      await supertest(there.url).get('/api/auth/me').set('Cookie', cookie).expect(200);
    });

    it('answers the same, whatever the time zone of its machine', async () => {
      const eve = await cookieOf('eve', here);
      const device = { deviceType: 'OTDR', deviceName: 'OTDR 1' };
      const date = tomorrow();
      const made = await bodyOf<Booked>(
        supertest(here.url).post('/bookings').set('Cookie', eve).send(bookingOf(device, date)).expect(200),
      );
      const expected = new Date(zone.onDate(date, { hour: 9, minute: 0, second: 0, millisecond: 0 })).toISOString();
      expect(made.bookings[0]?.start_time).to.equal(expected);

      const bob = await cookieOf('bob', there);
      const ask = async ({ url }: RunningServer) => {
        const [week, devices, refusal] = await Promise.all([
          supertest(url).get(`/bookings/for-week?start=${date}`).set('Cookie', eve),
          supertest(url).get('/api/devices').set('Cookie', eve),
          supertest(url).post('/bookings').set('Cookie', bob).send(bookingOf(device, date)),
        ]);
        return {
          statuses: [week.status, devices.status, refusal.status],
          bodies: [week.body, devices.body, (refusal.body as ProblemBody).detail] as unknown[],
        };
      };
      const answer = await ask(here);
      expect(answer).to.deep.equal(await ask(there));
      expect(answer.statuses).to.deep.equal([200, 200, 409]);
      expect(answer.bodies[2]).to.include('09:00');
    });
  });

  onMariaDb('on a database server', () => {
    const { folder, start } = runningServers();

    it('serves beside another: both begin together on nothing, and share sessions and bookings', async () => {
      const environment = { DATABASE_URL: await freshDatabase(), SESSION_SECRET };
      const [here, there] = await Promise.all([start(folder(), environment), start(folder(), environment)]);
      const admin = await firstAdmin(here);
      expect(await devicesOf(admin)).to.deep.equal([]);
      const device = { deviceType: 'OTDR', deviceName: 'OTDR 1' };
      await admin
        .post('/admin/devices')
        .send({ ...device, status: 'active' })
        .expect(201);

      const cookie = await cookieOf('ada', here);
      await supertest(there.url).post('/bookings').set('Cookie', cookie).send(bookingOf(device)).expect(200);
      const seen = await bodyOf<object[]>(
        supertest(here.url).get(`/bookings/for-week?start=${tomorrow()}`).set('Cookie', cookie).expect(200),
      );
      expect(seen).to.have.length(1);

      await supertest(there.url).post('/logout').set('Cookie', cookie).expect(200);
      await supertest(here.url).get('/api/auth/me').set('Cookie', cookie).expect(401);
      // Which of the two printed the way that was used does not matter: the other's is worth nothing now.
      const { url, form } = await firstAdminWay(there);
      expect((await post(url, { ...form, username: 'another' })).status).to.equal(400);
    });

    describe('that goes away', () => {
      let link: SeverableLink;
      let server: RunningServer;
      let cookie = '';
      before(async () => {
        link = await severableLink(await freshDatabase());
        server = await start(folder(), { DATABASE_URL: link.url, SESSION_SECRET });
        cookie = await cookieOf('ada', server);
      });
      after(() => link.cut());

      const ask = (where: string) => supertest(server.url).get(where).set('Cookie', cookie);

      const staysUpWithout = async (): Promise<void> => {
        const began = Date.now();
        await ask('/health').expect(200);
        await supertest(server.url).get('/health').expect(200);
        expect(Date.now() - began).to.be.lessThan(1000);
        await ask('/ready').expect(problem(503, 'system.not-ready'));
      };
      const isReadyAgain = () => eventually('the server to be ready', async () => (await ask('/ready')).status === 200);

      it('stays up, is not ready, and is ready again when it is back', async () => {
        await ask('/ready').expect(200);
        await link.cut();
        await staysUpWithout();
        await ask('/api/devices').expect(problem(503, 'database.unreachable')).expect('Retry-After', '5');

        await link.mend();
        await isReadyAgain();
        await ask('/api/auth/me').expect(200);
      });

      it('stays up and is not ready when it only falls silent', async () => {
        link.freeze();
        await staysUpWithout();
        await link.cut();
        await link.mend();
        await isReadyAgain();
      });
    });

    it('logs a statement that failed without the values that it carried', async () => {
      const url = await freshDatabase();
      const server = await start(folder(), { DATABASE_URL: url, SESSION_SECRET });
      const database = await createConnection(url);
      await database.query('ALTER TABLE users DROP COLUMN discord_id');
      await database.end();

      const form = { ...accountForm('cleo'), email: 'cleo@lab.example' };
      await supertest(server.url).post('/users/register').send(form).expect(problem(500, 'internal'));
      // The reply may be here before the line is.
      const bug = await eventually('the bug to be logged', () => logLinesOf(server).find((line) => line.msg === 'bug'));
      expect(bug.err).to.include({ code: 'ER_BAD_FIELD_ERROR' });
      expect(server.stdout).not.to.match(/\$2b\$|cleo/);
    });
  });

  // In a suite of its own: mocha would run it before all other suites here, and nothing beside its wait.
  describe('whose client never finishes', () => {
    it('does not wait for ever', async () => {
      const { code, milliseconds } = await keptWaiting;
      expect(code).to.equal(0);
      expect(milliseconds).to.be.within(5_000, STARTS);
    });
  });
});

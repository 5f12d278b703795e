import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { systemClock } from '../../composition/adapters.js';
import { DAY, LabZone } from '../../domain/index.js';
import { daysOf } from '../support/booking-forms.js';
import { importDevices } from '../support/devices.js';
import { eventually } from '../support/eventually.js';
import { labOver, type OpenLab } from '../support/labs.js';
import { LightClient, Unanswered, type Answer, type Call } from '../support/light-client.js';
import { accountForm } from '../support/people.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { Program } from '../support/server-process.js';
import { databaseStore, type KeptRows } from '../support/stores.js';

/** A test takes a process for each write. */
const PATIENCE = 180_000;

/** Every write takes a minute for each store: `npm run torture:writes`. Otherwise each third, another one each time. */
const STEP = process.env.WRITE_DEATHS === 'all' ? 1 : 4;
const FIRST = 1 + (Number(process.env.WRITE_SEED ?? Date.now()) % STEP);

const zone = new LabZone('Europe/Dublin');
const inDays = (days: number): string => zone.dateOf(Date.now() + days * DAY);
const DATES = [inDays(3)];

/** What requests change; signing in and jobs that run beside them change the rest. */
const rowsOf = async ({ store }: OpenLab): Promise<KeptRows> => {
  const tables = Object.entries(await store.rows());
  return Object.fromEntries(
    tables.filter(([name]) => /^(bookings?|booking_collaborators|kept_answers|audit_log)$/.test(name)),
  );
};

interface DyingServer extends Program {
  readonly url: string;
}

/** Servers that die when they are told to, the next one always on its way. */
class DyingServers {
  readonly #folder: string;
  readonly #databaseUrl: string;
  readonly #started: DyingServer[] = [];
  #next: Promise<DyingServer>;

  constructor(folder: string, databaseUrl: string) {
    this.#folder = folder;
    this.#databaseUrl = databaseUrl;
    this.#next = this.#start();
  }

  take(): Promise<DyingServer> {
    const taken = this.#next;
    this.#next = taken.then(() => this.#start());
    this.#next.catch(() => undefined);
    return taken;
  }

  async end(): Promise<void> {
    await this.#next.catch(() => undefined);
    await Promise.all(this.#started.map((server) => server.kill()));
  }

  /** Tells the server at which write to die, counted from now; at none when that is infinite. */
  async order(server: DyingServer, nth: number): Promise<void> {
    writeFileSync(this.#order, String(nth));
    server.signal('SIGUSR2');
    await server.hasSaid(new RegExp(`will die at write ${nth}\\n$`));
  }

  get #order(): string {
    return path.join(this.#folder, 'order');
  }

  async #start(): Promise<DyingServer> {
    const program = new Program('../test/support/dying-server.ts', this.#folder, {
      ...{ DATABASE_URL: this.#databaseUrl, SESSION_SECRET: 'a secret of all of them', DYING_ORDER: this.#order },
      ...{ HOST: '127.0.0.1', PORT: '0', SEED: 'none', LOG_LEVEL: 'warn' },
    });
    const [, url = ''] = await program.hasSaid(/is at (http:\/\/\S+)/);
    const server = Object.assign(program, { url });
    this.#started.push(server);
    return server;
  }
}

const leavesNothing = (databaseUrl: (folder: string) => Promise<string>): void => {
  const [ada, bob] = [new LightClient(), new LightClient()];
  let folder: string;
  let lab: OpenLab;
  let servers: DyingServers;
  let server: DyingServer;
  let devices: number[];

  before(async function () {
    this.timeout(PATIENCE);
    folder = mkdtempSync(path.join(tmpdir(), 'openlab-killed-'));
    const url = await databaseUrl(folder);
    const database = await openDatabase(url);
    const store = databaseStore(database, () => Promise.reject(new Error('this store is opened once')));
    lab = await labOver(store, { clock: systemClock });
    for (const name of ['ada', 'bob']) await lab.lab.httpParts.useCases.registerUser.execute(accountForm(name));
    devices = await importDevices(lab.lab, [{}, {}]);
    servers = new DyingServers(folder, url);
    server = await servers.take();
    await ada.signIn(server.url, 'ada');
    await bob.signIn(server.url, 'bob');
  });

  after(async function () {
    this.timeout(PATIENCE);
    await servers.end();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends it until a server lives long enough to answer; each of the others dies at a later write. */
  const sendUntilAnswered = async (call: Call): Promise<{ answer: Answer; writes: number }> => {
    const before = await rowsOf(lab);
    for (let nth = FIRST; ; nth += STEP) {
      await servers.order(server, nth);
      try {
        const answer = await ada.ask(server.url, call);
        await servers.order(server, Infinity);
        return { answer, writes: nth - 1 };
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
      }
      const killed = server;
      await eventually('the server to be dead', () => killed.hasEnded);
      expect(await killed.ended).to.equal(null);
      expect(await rowsOf(lab), `killed at write ${nth}`).to.deep.equal(before);
      server = await servers.take();
    }
  };

  const statuses = async (): Promise<unknown[]> =>
    ((await rowsOf(lab)).bookings as { status: string }[]).map(({ status }) => status);

  it('a booking of two devices with company, under a key', async function () {
    this.timeout(PATIENCE);
    const body = { bookings: devices.flatMap((device) => daysOf(device, DATES).bookings), collaborators: ['bob'] };
    const call: Call = { method: 'POST', path: '/bookings', body, headers: { 'idempotency-key': 'both' } };
    const { answer, writes } = await sendUntilAnswered(call);
    expect(answer.status).to.equal(200);
    expect(writes).to.be.at.least(6);
    expect(await statuses()).to.deep.equal(['PENDING', 'PENDING']);
  });

  it('a cancellation that gives the slot to another', async function () {
    this.timeout(PATIENCE);
    const [first] = devices;
    const form = daysOf(first ?? 0, DATES, {}, 'CONFLICTING');
    expect((await bob.ask(server.url, { method: 'POST', path: '/bookings', body: form })).status).to.equal(200);
    const [{ group_id: group } = { group_id: '' }] = (await rowsOf(lab)).bookings as { group_id: string }[];
    const { answer, writes } = await sendUntilAnswered({ method: 'DELETE', path: `/api/bookings/group/${group}` });
    expect(answer.status).to.equal(200);
    expect(writes).to.be.at.least(5);
    expect(await statuses()).to.deep.equal(['CANCELLED', 'CANCELLED', 'PENDING']);
    expect((await lab.lab.checkInvariants.execute()).violations).to.deep.equal([]);
  });
};

describe(`a server killed with -9 at any write (WRITE_SEED=${FIRST - 1}) leaves nothing of`, () => {
  describe('on SQLite', () => {
    leavesNothing((folder) => Promise.resolve(`sqlite:${path.join(folder, 'lab.sqlite')}`));
  });
  onMariaDb('on MariaDB', () => {
    leavesNothing(freshDatabase);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { systemClock } from '../../composition/adapters.js';
import { DAY, LabZone } from '../../domain/index.js';
import { daysOf } from '../support/booking-forms.js';
import { importDevices } from '../support/devices.js';
import { HealthProbe, type HealthReading } from '../support/health-probe.js';
import { labOver, type OpenLab } from '../support/labs.js';
import { LightClient, type Answer, type Call } from '../support/light-client.js';
import { accountForm } from '../support/people.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { startServer, type RunningServer } from '../support/server-process.js';
import { databaseStore } from '../support/stores.js';

const PATIENCE = 120_000;

const PEOPLE = 50;

/** How long the issue lets `/health` take while a burst runs, in milliseconds. */
const HEALTHY = 100;

const zone = new LabZone('Europe/Dublin');

interface GrantedBody {
  readonly grouped_booking_id: string;
  readonly bookings: readonly { readonly booking_id: number; readonly status: string }[];
}

const grantOf = ({ body }: Answer): GrantedBody => body as GrantedBody;
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;

/** Server processes on one database, and fifty people who are signed in on any of them. */
const onServers = (
  processes: number,
  databaseUrl: (folder: string) => Promise<string>,
  suite: (crowd: Crowd) => void,
) => {
  const crowd = new Crowd();
  before(async function () {
    this.timeout(PATIENCE);
    await crowd.gather(processes, databaseUrl);
  });
  after(async function () {
    this.timeout(PATIENCE);
    await crowd.leave();
  });
  suite(crowd);
};

class Crowd {
  #folder = '';
  readonly #people: LightClient[] = [];
  #servers: RunningServer[] = [];
  #open: OpenLab | undefined;
  #days = 0;

  async gather(processes: number, databaseUrl: (folder: string) => Promise<string>): Promise<void> {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'openlab-burst-'));
    const url = await databaseUrl(this.#folder);
    const store = databaseStore(await openDatabase(url), () => Promise.reject(new Error('this store is opened once')));
    this.#open = await labOver(store, { clock: systemClock });
    const environment = {
      ...{ DATABASE_URL: url, SESSION_SECRET: 'a secret of all of them', HOST: '127.0.0.1' },
      ...{ SEED: 'none', RATE_LIMIT: 'off', LOG_LEVEL: 'warn' },
    };
    this.#servers = await Promise.all(Array.from({ length: processes }, () => startServer(this.#folder, environment)));
    for (let number = 1; number <= PEOPLE; number += 1) {
      await this.lab.httpParts.useCases.registerUser.execute(accountForm(`person ${number}`));
      const person = new LightClient();
      await person.signIn(this.server(number).url, `person ${number}`);
      this.#people.push(person);
    }
  }

  async leave(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.kill()));
    await this.#open?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get lab() {
    if (!this.#open) throw new Error('nobody is here yet');
    return this.#open.lab;
  }

  /** One server for each number, in turn. */
  server(number: number): RunningServer {
    const server = this.#servers[number % this.#servers.length];
    if (!server) throw new Error('nobody is here yet');
    return server;
  }

  /** A lab date on which nobody has booked yet. */
  freshDay(): string {
    this.#days += 1;
    return zone.dateOf(Date.now() + this.#days * DAY);
  }

  /** One of the people asks one of the servers. */
  ask(number: number, call: Call): Promise<Answer> {
    const person = this.#people[number % PEOPLE];
    if (!person) throw new Error('nobody is here yet');
    return person.ask(this.server(number).url, call);
  }

  /** Everybody asks for the same at once. */
  burst(size: number, form: object): Promise<Answer[]> {
    const call: Call = { method: 'POST', path: '/bookings', body: form };
    return Promise.all(Array.from({ length: size }, (_, number) => this.ask(number, call)));
  }

  async expectNoViolations(): Promise<void> {
    const { bookings, violations } = await this.lab.checkInvariants.execute();
    expect(bookings).to.be.greaterThan(0);
    expect(violations).to.deep.equal([]);
  }
}

const bursts = (crowd: Crowd): void => {
  let devices: number[];
  before(async () => {
    devices = await importDevices(crowd.lab, [{}, {}, {}]);
  });

  const expectOneWinner = (answers: readonly Answer[]): void => {
    const won = answers.filter(({ status }) => status === 200);
    expect(won).to.have.length(1);
    expect(answers.filter(({ status }) => status === 409)).to.have.length(answers.length - 1);
  };

  for (const size of [50, 200]) {
    it(`${size} times one slot at once: one gets it, and all others are told who`, async function () {
      this.timeout(PATIENCE);
      const answers = await crowd.burst(size, daysOf(devices[0] ?? 0, [crowd.freshDay()]));
      expectOneWinner(answers);
      const refusals = answers.filter(({ status }) => status === 409);
      for (const refusal of refusals) {
        expect(codeOf(refusal)).to.be.oneOf(['booking.taken', 'booking.own']);
        expect((refusal.body as { detail: string }).detail).to.match(/already booked by/);
      }
      await crowd.expectNoViolations();
    });
  }

  it('several devices in opposite orders at once: one gets all of them', async function () {
    this.timeout(PATIENCE);
    const day = crowd.freshDay();
    const items = devices.flatMap((device) => daysOf(device, [day]).bookings);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, number) => {
        const body = { bookings: number % 2 === 0 ? items : [...items].reverse() };
        return crowd.ask(number, { method: 'POST', path: '/bookings', body });
      }),
    );
    expectOneWinner(answers);
    expect(answers.filter(({ status }) => status === 200).map((won) => grantOf(won).bookings.length)).to.deep.equal([
      3,
    ]);
    await crowd.expectNoViolations();
  });

  it('rounds of booking, contending, cancelling and cancelling groups leave nothing behind', async function () {
    this.timeout(PATIENCE);
    const [contended = 0, grouped = 0, other = 0] = devices;
    for (let round = 0; round < 4; round += 1) {
      const day = crowd.freshDay();
      // A contended slot: one has it, one contends, the others are too many.
      const asked = await crowd.burst(PEOPLE, daysOf(contended, [day], {}, 'CONFLICTING'));
      const granted = asked.map((answer, number) => ({ answer, number })).filter(({ answer }) => answer.status === 200);
      const statuses = granted.map(({ answer }) => grantOf(answer).bookings[0]?.status).sort();
      expect(statuses).to.deep.equal(['CONFLICTING', 'PENDING']);
      expect(asked.filter(({ status }) => status === 409).map(codeOf)).to.deep.equal(Array(48).fill('booking.full'));

      const group = await crowd.ask(round, {
        ...{ method: 'POST', path: '/bookings' },
        body: { bookings: [grouped, other].flatMap((device) => daysOf(device, [day]).bookings) },
      });
      expect(group.status).to.equal(200);
      // All at once: those who have it give it back, others ask for it, and a group is cancelled under people who want it.
      const answers = await Promise.all([
        ...granted.map(({ answer, number }) =>
          crowd.ask(number, {
            method: 'PUT',
            path: `/bookings/${grantOf(answer).bookings[0]?.booking_id ?? 0}/cancel`,
          }),
        ),
        crowd.ask(round, { method: 'DELETE', path: `/api/bookings/group/${grantOf(group).grouped_booking_id}` }),
        ...Array.from({ length: 20 }, (_, number) => {
          const device = number % 2 === 0 ? contended : grouped;
          const body = daysOf(device, [day], {}, number % 4 < 2 ? 'PENDING' : 'CONFLICTING');
          return crowd.ask(number, { method: 'POST', path: '/bookings', body });
        }),
      ]);
      expect(answers.slice(0, 3).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
      expect(answers.slice(3).filter(({ status }) => status !== 200 && status !== 409)).to.deep.equal([]);
      await crowd.expectNoViolations();
    }
  });
};

const staysHealthy = (crowd: Crowd): void => {
  it(`answers /health within ${HEALTHY} ms while 200 ask for one slot`, async function () {
    this.timeout(PATIENCE);
    const [device = 0] = await importDevices(crowd.lab, [{}]);
    const probe = await HealthProbe.start(crowd.server(0));
    const readings: HealthReading[] = [];
    try {
      // The machine may be busy with something else for a moment: the best of ten rounds counts.
      while (readings.length < 10 && !readings.some(({ worst }) => worst <= HEALTHY)) {
        await probe.reading();
        await crowd.burst(200, daysOf(device, [crowd.freshDay()]));
        readings.push(await probe.reading());
      }
    } finally {
      probe.stop();
    }
    expect(Math.min(...readings.map(({ worst }) => worst)), JSON.stringify(readings)).to.be.at.most(HEALTHY);
    expect(readings.at(-1)?.asked).to.be.greaterThan(1);
  });
};

describe('a burst of people who want', () => {
  describe('on SQLite', () => {
    onServers(
      1,
      (folder) => Promise.resolve(`sqlite:${path.join(folder, 'lab.sqlite')}`),
      (crowd) => {
        bursts(crowd);
        staysHealthy(crowd);
      },
    );
  });
  onMariaDb('on MariaDB with two server processes', () => {
    onServers(2, freshDatabase, (crowd) => {
      bursts(crowd);
      staysHealthy(crowd);
    });
  });
});

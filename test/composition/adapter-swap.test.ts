import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ContainerModule } from 'inversify';
import { pino } from 'pino';
import supertest, { type Response } from 'supertest';
import { InProcessSolver } from '../../adapters/solver/in-process-solver.js';
import type { IdSource, PasswordHasher } from '../../application/index.js';
import {
  cryptography,
  files,
  hardware,
  logging,
  randomIds,
  solving,
  system,
  systemClock,
} from '../../composition/adapters.js';
import { compose, type AdapterChoice } from '../../composition/compose.js';
import { noNotifiers } from '../../composition/notifiers.js';
import { ports } from '../../composition/tokens.js';
import { DAY, isoOf } from '../../domain/index.js';
import { passwordHasherContract, tokenDigestContract } from '../contracts/index.js';
import { daysOf } from '../support/booking-forms.js';
import { aDevice } from '../support/devices.js';
import { usualConfig, usualHttpSettings } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { accountForm, signedIn, signedInAgain } from '../support/people.js';
import { everyStore, onMemory, onSqliteFile, type Open } from '../support/stores.js';

const told = ({ status, body }: Response, ...facts: string[]): unknown[] => [
  status,
  ...facts.map((fact) => (body as Record<string, unknown>)[fact]),
];

/** What people are answered on a day in a lab of these adapters, without what no two days have in common. */
const aDayInTheLab = async (adapters: AdapterChoice): Promise<Record<string, unknown>> => {
  const lab = compose(usualConfig, adapters);
  const app = lab.http(usualHttpSettings);
  const device = await aDevice(lab, { name: 'ROADM 1' });
  const tomorrow = isoOf(lab.clock.now() + DAY).slice(0, 10);
  const form = daysOf(device, [tomorrow]);

  const stranger = await supertest(app).get('/api/devices');
  await signedIn(app, 'ada');
  const twin = await supertest(app).post('/users/register').send(accountForm('ADA'));
  const guess = await supertest(app).post('/login').send({ username: 'ada', password: 'not her password' });
  const ada = await signedInAgain(app, 'ada');
  const devices = await ada.get('/api/devices');
  const booked = await ada.post('/bookings').send(form);
  const { bookings } = booked.body as { bookings: { booking_id: number; status: string }[] };
  const bob = await signedIn(app, 'bob');
  const refused = await bob.post('/bookings').send(form);
  const week = await bob.get(`/bookings/for-week?start=${tomorrow}`);
  const cancelled = await ada.put(`/bookings/${bookings[0]!.booking_id}/cancel`);
  const granted = await bob.post('/bookings').send(form);
  await ada.post('/logout').expect(200);
  const gone = await ada.get('/api/auth/me');

  return {
    stranger: told(stranger, 'code'),
    twin: told(twin, 'code', 'detail'),
    guess: told(guess, 'code', 'detail'),
    devices: (devices.body as Record<string, unknown>[]).map(({ deviceName, status }) => [deviceName, status]),
    booked: [...told(booked, 'count', 'message'), bookings[0]!.status],
    refused: told(refused, 'code'),
    week: (week.body as Record<string, unknown>[]).map(({ username, device_name, status }) => [
      username,
      device_name,
      status,
    ]),
    cancelled: cancelled.status,
    granted: told(granted, 'count'),
    gone: gone.status,
  };
};

const THE_USUAL_DAY = {
  stranger: [401, 'session.required'],
  twin: [400, 'identity.username-taken', 'Username already taken.'],
  guess: [400, 'identity.wrong-credentials', 'Invalid username or password'],
  devices: [['ROADM 1', 'Available']],
  booked: [200, 1, 'Created 1 booking(s) successfully.', 'PENDING'],
  refused: [409, 'booking.taken'],
  week: [['ada', 'ROADM 1', 'PENDING']],
  cancelled: 200,
  granted: [200, 1],
  gone: 401,
};

/** A hasher that the lab has never heard of. */
class ScryptPasswordHasher implements PasswordHasher {
  readonly #nobody = this.hash('nobody');

  async hash(secret: string): Promise<string> {
    const salt = randomBytes(8).toString('hex');
    return `${salt}:${await this.#digest(secret, salt)}`;
  }

  async matches(secret: string, hash: string | null): Promise<boolean> {
    const [salt = '', digest = ''] = (hash ?? (await this.#nobody)).split(':');
    const equal = timingSafeEqual(Buffer.from(await this.#digest(secret, salt)), Buffer.from(digest));
    return equal && hash !== null;
  }

  async #digest(secret: string, salt: string): Promise<string> {
    const stretch = promisify<string, string, number, object, Buffer>(scrypt);
    return (await stretch(secret, salt, 32, { N: 1024 })).toString('hex');
  }
}

const sha512Digest = (token: string): string => createHash('sha512').update(token).digest('hex').slice(0, 64);

passwordHasherContract('scrypt', () => Promise.resolve(new ScryptPasswordHasher()));
tokenDigestContract('a part of SHA-512', () => Promise.resolve(sha512Digest));

describe('swapping an adapter changes no answer', () => {
  const usual = async (open: Open): Promise<Required<AdapterChoice>> => ({
    persistence: (await open()).persistence,
    system: system(new ManualClock()),
    hardware: hardware(null, null),
    cryptography: cryptography(4),
    logging: logging('silent'),
    files: files(),
    solving: solving(new InProcessSolver()),
    notifiers: noNotifiers,
  });

  for (const onStore of [everyStore, onSqliteFile]) {
    onStore('of what the lab is kept in', (open) => {
      it('gives the usual day', async () => {
        expect(await aDayInTheLab(await usual(open))).to.deep.equal(THE_USUAL_DAY);
      });
    });
  }

  onMemory('of all others', (open) => {
    it('gives the usual day under the clock of the machine, with identifiers by chance', async () => {
      const adapters = { ...(await usual(open)), system: system(systemClock, randomIds) };
      expect(await aDayInTheLab(adapters)).to.deep.equal(THE_USUAL_DAY);
    });

    it('gives the usual day on another day, with identifiers that count', async () => {
      let last = 0;
      const counting: IdSource = { next: () => `group-${(last += 1)}` };
      const leapDay = new ManualClock(Date.UTC(2028, 1, 29, 23, 59, 59, 999));
      const adapters = { ...(await usual(open)), system: system(leapDay, counting) };
      expect(await aDayInTheLab(adapters)).to.deep.equal(THE_USUAL_DAY);
      expect(last).to.be.at.least(2);
    });

    it('gives the usual day with bcrypt as strong as in earnest', async () => {
      const adapters = { ...(await usual(open)), cryptography: cryptography() };
      expect(await aDayInTheLab(adapters)).to.deep.equal(THE_USUAL_DAY);
    });

    it('gives the usual day with a hasher and a digest from elsewhere', async () => {
      const elsewhere = new ContainerModule(({ bind }) => {
        bind(ports.hasher).toConstantValue(new ScryptPasswordHasher());
        bind(ports.digest).toConstantValue(sha512Digest);
      });
      const adapters = { ...(await usual(open)), cryptography: elsewhere };
      expect(await aDayInTheLab(adapters)).to.deep.equal(THE_USUAL_DAY);
    });

    it('gives the usual day while everything is logged somewhere else', async () => {
      const lines: string[] = [];
      const notebook = new Writable({
        write: (line: Buffer, _encoding, done) => {
          lines.push(line.toString());
          done();
        },
      });
      const elsewhere = new ContainerModule(({ bind }) => {
        bind(ports.log).toConstantValue(pino({ level: 'trace' }, notebook));
      });
      const adapters = { ...(await usual(open)), logging: elsewhere };
      expect(await aDayInTheLab(adapters)).to.deep.equal(THE_USUAL_DAY);
      const routes = lines.map((line) => (JSON.parse(line) as { route?: string }).route);
      expect(routes).to.include.members(['/users/register', '/bookings']);
    });

    it('gives the usual day with the adapters that nobody chose', async () => {
      const { persistence } = await usual(open);
      expect(await aDayInTheLab({ persistence })).to.deep.equal(THE_USUAL_DAY);
    });
  });
});

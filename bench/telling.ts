/**
 * What telling people costs, on SQLite in a file: calendars, draining the outbox into local sinks, bookings with and without
 * channels, and open streams. `npm run bench:telling` prints one line for each figure.
 */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../adapters/typeorm/open-database.js';
import { files, logging, typeormPersistence } from '../composition/adapters.js';
import { compose, type Lab } from '../composition/compose.js';
import { loadConfig } from '../composition/config.js';
import { startTelling, type JobReport } from '../composition/jobs.js';
import { notifiersOf, noNotifiers } from '../composition/notifiers.js';
import { DAY, HOUR, MINUTE, type BookingEvent } from '../domain/index.js';
import { importDevices } from '../test/support/devices.js';
import { MailSink } from '../test/support/mail-sink.js';
import { accountForm, signedIn } from '../test/support/people.js';
import { startServer } from '../test/support/server-process.js';

const unreported: JobReport = { done: () => undefined, failed: () => undefined };
const folder = mkdtempSync(join(tmpdir(), 'openlab-telling-'));
let databases = 0;

const say = (what: string, figure: number, unit: string, target: string, met: boolean): void => {
  process.stdout.write(`${what}: ${figure.toPrecision(3)} ${unit} (${target} ${met ? 'met' : 'MISSED'})\n`);
};

/** Processor time of this process in milliseconds. */
const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** The middle of several measurements. */
const median = async (times: number, measure: () => Promise<number>): Promise<number> => {
  const measured: number[] = [];
  for (let time = 0; time < times; time += 1) measured.push(await measure());
  return measured.sort((a, b) => a - b)[Math.floor(times / 2)] ?? NaN;
};

/** A sink in a process of its own would be measured less; what it takes here is little: it reads and answers. */
const sink = async (): Promise<{ readonly url: string; readonly server: Server; readonly taken: () => number }> => {
  let taken = 0;
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      taken += 1;
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, server, taken: () => taken };
};

const aLab = async (environment: Record<string, string> = {}): Promise<{ lab: Lab; close: () => Promise<void> }> => {
  const config = loadConfig({ LOG_LEVEL: 'silent', ...environment });
  const database = await openDatabase(`sqlite:${join(folder, `${++databases}.sqlite`)}`);
  const lab = compose(config, {
    persistence: typeormPersistence(database),
    files: files(),
    logging: logging('silent'),
    notifiers: Object.keys(environment).length > 0 ? notifiersOf(config) : noNotifiers,
  });
  return { lab, close: () => database.close() };
};

const DEVICES = 200;

/** Bookings of a week, half an hour each. */
const seedBookings = async (lab: Lab, ownerId: number, each: number): Promise<void> => {
  const devices = await importDevices(
    lab,
    Array.from({ length: DEVICES }, () => ({})),
  );
  const monday = Math.ceil(Date.now() / DAY) * DAY;
  await lab.work.run(async ({ bookings }) => {
    for (const deviceId of devices) {
      const slots = Array.from({ length: each }, (_, index) => monday + index * HOUR);
      await bookings.add(
        slots.map((start) => ({
          ...{
            groupId: `${deviceId}-${start}`,
            deviceId,
            ownerId,
            status: 'PENDING',
            comment: '',
            createdAt: Date.now(),
          },
          slot: { start, end: start + 30 * MINUTE },
        })),
        [],
      );
    }
  });
};

const register = async (lab: Lab, username: string) =>
  lab.httpParts.useCases.registerUser.execute({ ...accountForm(username), email: `${username}@people.example` });

const feeds = async (): Promise<void> => {
  const { lab, close } = await aLab();
  const ada = await register(lab, 'ada');
  await seedBookings(lab, ada.id, 10);
  const { keepTokens, readFeeds } = lab.httpParts.useCases;
  const { secret } = await keepTokens.make(ada, 'lab');
  const whole = async () => (await readFeeds.ofLab(secret)).text();
  const first = await cpuOf(whole);
  const usual = await median(15, () => cpuOf(whole));
  process.stdout.write(`the first feed of a process, 200 devices, 2,000 events: ${first.toPrecision(3)} ms CPU\n`);
  say('a feed of 200 devices, 2,000 events', usual, 'ms CPU', '20 ms', usual <= 20);
  const hundred = async () => {
    for (let n = 0; n < 100; n += 1) await readFeeds.ofLab(secret);
  };
  const unchanged = (await median(5, () => cpuOf(hundred))) / 100;
  say('a feed that is still the same (without HTTP)', unchanged, 'ms CPU', '1 ms', unchanged <= 1);
  await close();
};

const LETTERS = 10_000;

const drain = async (): Promise<void> => {
  const room = await sink();
  const { lab, close } = await aLab({ BOOKING_WEBHOOK: room.url });
  const ada = await register(lab, 'ada');
  const event = (n: number): BookingEvent => ({
    ...{ type: 'booking.requested', at: Date.now(), actorId: ada.id, concerns: [ada.id], groupId: String(n) },
    ...{ ownerId: ada.id, collaboratorIds: [], message: 'x' },
    bookings: [{ id: n, deviceId: 1, deviceType: 'ROADM', deviceName: 'ROADM 1', start: 0, end: 1, status: 'PENDING' }],
  });
  await lab.work.run(async ({ events }) => {
    for (let n = 0; n < LETTERS; n += 1) await events.append(event(n));
  });
  let began = performance.now();
  await lab.fanOutEvents.execute();
  process.stdout.write(`fan-out of ${LETTERS} events: ${((performance.now() - began) / 1000).toPrecision(3)} s\n`);
  began = performance.now();
  await lab.deliverNotifications.execute();
  const perSecond = room.taken() / ((performance.now() - began) / 1000);
  say(`${room.taken()} queued notifications into a local sink`, perSecond, 'per second', '500', perSecond >= 500);
  await close();
  room.server.close();
  room.server.closeAllConnections();
};

const BOOKINGS = 300;

/** Processor time of one booking over the use case, telling included or put off. */
const bookingCost = async (environment: Record<string, string>, telling: boolean): Promise<number> => {
  const { lab, close } = await aLab(environment);
  const ada = await register(lab, 'ada');
  const devices = await importDevices(
    lab,
    Array.from({ length: DEVICES }, () => ({})),
  );
  const stop = telling ? startTelling(lab, 'bench', unreported) : () => Promise.resolve();
  let nth = 0;
  const monday = Math.ceil(Date.now() / DAY) * DAY;
  const some = async () => {
    for (let n = 0; n < BOOKINGS; n += 1, nth += 1) {
      const start = monday + Math.floor(nth / DEVICES) * HOUR;
      await lab.httpParts.useCases.requestBooking.execute(ada, {
        ...{ message: 'x', collaborators: [], userId: null, groupId: null },
        items: [{ device: { id: devices[nth % DEVICES] ?? 0 }, start, end: start + 30 * MINUTE, consent: false }],
      });
    }
  };
  await some();
  const cost = (await median(5, () => cpuOf(some))) / BOOKINGS;
  await stop();
  await close();
  return cost;
};

const bookings = async (): Promise<void> => {
  const [room, admins] = [await sink(), await sink()];
  const mail = await new MailSink().start();
  const all = { BOOKING_WEBHOOK: room.url, ADMIN_WEBHOOK: admins.url, SMTP_URL: mail.url };
  const [nothing, everything]: [number[], number[]] = [[], []];
  // In turn, the first pair to warm up: what runs later runs on code that is compiled better.
  for (let round = 0; round < 5; round += 1) {
    nothing.push(await bookingCost({}, false));
    everything.push(await bookingCost(all, false));
  }
  const [none, on] = [nothing, everything].map((costs) => Math.min(...costs.slice(1))) as [number, number];
  const more = (on / none - 1) * 100;
  say('a booking with all channels on, over one with none', more, '% CPU', '10 %', more <= 10);
  const whole = await bookingCost(all, true);
  process.stdout.write(
    `a booking: ${none.toPrecision(3)} ms CPU; with its telling and both sinks in the same process, while it is told: ${whole.toPrecision(3)} ms\n`,
  );
  for (const { server } of [room, admins]) {
    server.close();
    server.closeAllConnections();
  }
  await mail.stop();
};

const STREAMS = 500;

const residentOf = (pid: number): number => {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
};

const streams = async (): Promise<void> => {
  const server = await startServer(folder, { HOST: '127.0.0.1', SEED: 'none', LOG_LEVEL: 'silent', RATE_LIMIT: 'off' });
  const ada = await signedIn(server.url, 'ada');
  const { url } = (await ada.post('/api/events/tokens').expect(201)).body as { url: string };
  const path = new URL(url).pathname + new URL(url).search;
  const open = () =>
    new Promise<() => void>((resolve, reject) => {
      const asking = request(new URL(path, server.url), { agent: false }, (response) => {
        response.on('error', () => undefined);
        response.once('data', () => {
          resolve(() => asking.destroy());
        });
      });
      asking.once('error', reject);
      asking.end();
    });
  const warm = await Promise.all(Array.from({ length: 20 }, open));
  const before = residentOf(server.pid);
  const opened = [];
  for (let n = 0; n < STREAMS / 50; n += 1) opened.push(...(await Promise.all(Array.from({ length: 50 }, open))));
  const grown = residentOf(server.pid) - before;
  say(`${STREAMS} open streams`, grown, 'MB', '100 MB', grown < 100);
  for (const close of [...warm, ...opened]) close();
  await server.stop();
};

const wanted = process.argv.slice(2);
for (const measure of [feeds, drain, bookings, streams]) {
  if (wanted.length === 0 || wanted.includes(measure.name)) await measure();
}
rmSync(folder, { recursive: true });

import { expect } from 'chai';
import supertest, { type Response } from 'supertest';
import type { Lab } from '../../composition/compose.js';
import { DAY, isoOf } from '../../domain/index.js';
import { dayOf, daysOf } from '../support/booking-forms.js';
import { aDevice, importDevices } from '../support/devices.js';
import { labOver, type OpenLab } from '../support/labs.js';
import { accountForm, signedIn, type Agent } from '../support/people.js';
import { problemOf } from '../support/problem.js';
import { everyStore, onMariaDbStore, onSqliteFile, type Open } from '../support/stores.js';

const RACERS = 20;
const DATE = '2026-11-24';

interface Granted {
  readonly count: number;
  readonly grouped_booking_id: string;
  readonly bookings: readonly { booking_id: number; device_id: number; status: string }[];
}

interface Booked {
  readonly booking_id: number;
  readonly device_id: number;
  readonly username: string;
  readonly status: string;
}

/** Runs the racers at once, each against the next of the labs. */
const race = (labs: readonly OpenLab[], run: (server: OpenLab['server'], racer: number) => Promise<Response>) =>
  Promise.all(Array.from({ length: RACERS }, (_, racer) => run(labs[racer % labs.length]!.server, racer)));

const wonAndLost = (replies: readonly Response[]) => ({
  won: replies.filter((reply) => reply.status === 200),
  lost: replies.filter((reply) => reply.status !== 200),
});

/** All of them were refused like this, with a problem document. */
const expectRefusals = (replies: readonly Response[], count: number, status: number, code: string) => {
  expect(replies.map((reply) => [reply.status, problemOf(reply).code])).to.deep.equal(
    Array.from({ length: count }, () => [status, code]),
  );
};

/** What is in the week of these devices, as that person sees it. */
const bookedOn = async (person: Agent, ...devices: readonly number[]): Promise<Booked[]> => {
  const week = (await person.get(`/bookings/for-week?start=${DATE}`).expect(200)).body as Booked[];
  return week.filter((booking) => devices.includes(booking.device_id));
};

const expectNoViolation = async (lab: Lab) => {
  expect((await lab.checkInvariants.execute()).violations).to.deep.equal([]);
};

/** @param openLabs gives the labs of one store that the racers run against: one, or several server processes' worth. */
const races = (openLabs: () => Promise<readonly [OpenLab, ...OpenLab[]]>): void => {
  let labs: readonly [OpenLab, ...OpenLab[]];
  let people: Agent[];
  let lab: Lab;

  // Every test races for a device or a name of its own.
  before(async () => {
    labs = await openLabs();
    lab = labs[0].lab;
    people = [];
    for (let racer = 0; racer < RACERS; racer += 1) {
      people.push(await signedIn(labs[racer % labs.length]!.server, `racer ${racer}`));
    }
  });
  after(async () => {
    for (const open of [...labs].reverse()) await open.close();
  });

  it('gives one device and slot to one of twenty people', async () => {
    const device = await aDevice(lab);
    const replies = await race(labs, async (_, racer) => people[racer]!.post('/bookings').send(daysOf(device, [DATE])));
    const { won, lost } = wonAndLost(replies);
    expect(won).to.have.length(1);
    expectRefusals(lost, RACERS - 1, 409, 'booking.taken');

    const winner = `racer ${replies.findIndex((reply) => reply.status === 200)}`;
    const booked = await bookedOn(people[0]!, device);
    expect(booked.map(({ username, status }) => [username, status])).to.deep.equal([[winner, 'PENDING']]);
    for (const reply of lost) expect(problemOf(reply).detail).to.include(winner);
    await expectNoViolation(lab);
  });

  it('gives a device of several rows to one of twenty, whichever row each of them names', async () => {
    const rows = await importDevices(
      lab,
      [1, 2, 3].map((port) => ({ name: 'Chassis', in_port: `${port}`, out_port: `${port + 32}` })),
    );
    const names = [
      ...rows.map((device_id) => ({ device_id })),
      { device_type: 'roadm', device_name: 'CHASSIS' },
      { device_type: 'ROADM', device_name: 'Chassis' },
    ];
    const replies = await race(labs, async (_, racer) =>
      people[racer]!.post('/bookings').send({ bookings: [{ ...names[racer % names.length], ...dayOf(DATE) }] }),
    );
    const { won, lost } = wonAndLost(replies);
    expect(won).to.have.length(1);
    expectRefusals(lost, RACERS - 1, 409, 'booking.taken');
    expect((await bookedOn(people[0]!, ...rows)).map((booking) => booking.device_id)).to.deep.equal([rows[0]]);
    await expectNoViolation(lab);
  });

  it('gives several devices to one of twenty together, in whatever order they are named', async () => {
    const devices = await importDevices(lab, [{}, {}, {}]);
    const replies = await race(labs, async (_, racer) => {
      const order = racer % 2 ? devices : [...devices].reverse();
      return people[racer]!.post('/bookings').send({
        bookings: order.flatMap((device) => daysOf(device, [DATE]).bookings),
      });
    });
    const { won, lost } = wonAndLost(replies);
    expect(won.map((reply) => (reply.body as Granted).count)).to.deep.equal([devices.length]);
    expectRefusals(lost, RACERS - 1, 409, 'booking.taken');
    expect(new Set((await bookedOn(people[0]!, ...devices)).map((booking) => booking.username)).size).to.equal(1);
    await expectNoViolation(lab);
  });

  it('lets two of twenty who consent share a slot, one before the other', async () => {
    const device = await aDevice(lab);
    const replies = await race(labs, async (_, racer) =>
      people[racer]!.post('/bookings').send(daysOf(device, [DATE], {}, 'CONFLICTING')),
    );
    const { won, lost } = wonAndLost(replies);
    const granted = won.map((reply) => (reply.body as Granted).bookings[0]!);
    const inOrder = granted.sort((a, b) => a.booking_id - b.booking_id);
    expect(inOrder.map((booking) => booking.status)).to.deep.equal(['PENDING', 'CONFLICTING']);
    expectRefusals(lost, RACERS - 2, 409, 'booking.full');
    await expectNoViolation(lab);
  });

  it('gives one person who asks twenty times at once the slot once', async () => {
    const device = await aDevice(lab);
    const replies = await race(labs, async () => people[0]!.post('/bookings').send(daysOf(device, [DATE])));
    const { won, lost } = wonAndLost(replies);
    expect(won).to.have.length(1);
    expectRefusals(lost, RACERS - 1, 409, 'booking.own');
    expect(await bookedOn(people[0]!, device)).to.have.length(1);
  });

  it('gives twenty requests under one idempotency key one answer', async () => {
    const device = await aDevice(lab);
    const replies = await race(labs, async () =>
      people[0]!
        .post('/bookings')
        .set('Idempotency-Key', 'once')
        .send(daysOf(device, [DATE])),
    );
    expect(wonAndLost(replies).lost.map((reply) => reply.text)).to.deep.equal([]);
    for (const reply of replies) expect(reply.body).to.deep.equal(replies[0]!.body);
    expect(await bookedOn(people[0]!, device)).to.have.length(1);
  });

  it('gives a slot that is given back to one of twenty who wait for it', async () => {
    const device = await aDevice(lab);
    const owner = await signedIn(labs[0].server, 'owner');
    const made = await owner
      .post('/bookings')
      .send(daysOf(device, [DATE]))
      .expect(200);
    const { booking_id: id } = (made.body as Granted).bookings[0]!;
    const [cancelled, ...replies] = await Promise.all([
      owner.put(`/bookings/${id}/cancel`),
      ...people.map(async (person) => person.post('/bookings').send(daysOf(device, [DATE]))),
    ]);
    expect(cancelled.status).to.equal(200);
    const { won, lost } = wonAndLost(replies);
    // All of them may have come before it was given back.
    expect(won.length).to.be.at.most(1);
    expectRefusals(lost, RACERS - won.length, 409, 'booking.taken');
    await expectNoViolation(lab);
    const late = await people[0]!.post('/bookings').send(daysOf(device, [DATE]));
    expect(late.status).to.equal(won.length === 0 ? 200 : 409);
  });

  it('lets a group grow by one of several pieces at once that would be too long together', async () => {
    const device = await aDevice(lab);
    const start = Date.parse('2026-11-24T00:00Z');
    const base = { device_id: device, start_time: isoOf(start), end_time: isoOf(start + 30 * DAY) };
    const { body } = await people[0]!.post('/bookings').send({ bookings: [base] });
    const { grouped_booking_id: groupId } = body as Granted;
    const { body: session } = await people[0]!.get('/session');
    const owner = { id: session.user_id as number, username: session.username as string, role: 'User' as const };
    const results = await Promise.allSettled(
      [0, 1, 0, 1, 0, 1].map((day, racer) => {
        const slot = { start: start + (30 + day) * DAY, end: start + (31 + day) * DAY };
        const items = [{ device: { id: device }, ...slot, consent: false }];
        const { requestBooking } = labs[racer % labs.length]!.lab.httpParts.useCases;
        return requestBooking.execute(owner, { userId: null, items, message: '', collaborators: [], groupId });
      }),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    await expectNoViolation(lab);
  });

  it('gives one name to one of twenty who register at once', async () => {
    const names = ['Zoë', 'ZOË', 'zoë', ' Zoë '];
    const replies = await race(labs, async (server, racer) =>
      supertest(server)
        .post('/users/register')
        .send(accountForm(names[racer % names.length]!)),
    );
    const { won, lost } = wonAndLost(replies);
    expect(won).to.have.length(1);
    expectRefusals(lost, RACERS - 1, 400, 'identity.username-taken');
    const found = await people[0]!.get('/api/users/search').query({ q: 'zoë' }).expect(200);
    expect(found.body).to.have.length(1);
  });
};

const labsOver = (open: Open, count: number) => async (): Promise<readonly [OpenLab, ...OpenLab[]]> => {
  const store = await open();
  const first = await labOver(store);
  const others: OpenLab[] = [];
  while (others.length < count - 1) others.push(await labOver(await store.again()));
  return [first, ...others];
};

everyStore('a race in one lab', (open) => {
  races(labsOver(open, 1));
});

for (const onStore of [onSqliteFile, onMariaDbStore]) {
  onStore('a race between two servers of one lab', (open) => {
    races(labsOver(open, 2));
  });
}

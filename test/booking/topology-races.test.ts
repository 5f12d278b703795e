import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import type { Lab } from '../../composition/compose.js';
import { DAY, isoOf, overlaps, type Booking } from '../../domain/index.js';
import { metroRing, onDay, type MappingBody } from '../support/drawings.js';
import { expectNoViolation } from '../support/groups.js';
import { labOver } from '../support/labs.js';
import { importWiredLab } from '../support/link-forms.js';
import { signedIn, type Agent } from '../support/people.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { problemOf } from '../support/problem.js';
import { startServer, type RunningServer } from '../support/server-process.js';
import { databaseStore } from '../support/stores.js';
import { systemClock } from '../../composition/adapters.js';

/** More of them on demand: `npm run torture:topologies`. */
const ROUNDS = Number(process.env.TOPOLOGY_ROUNDS ?? 5);
const TRUNK_ROUNDS = Math.ceil(ROUNDS / 2);
const PEOPLE = 4;

interface BookedBody {
  readonly grouped_booking_id: string;
  readonly mapping: MappingBody;
}

/** A ROADM of one building and a transceiver of the other: the way between them is one of eight trunks. */
const acrossTheRoad = (roadm: number, transceiver: number) => ({
  nodes: [
    { id: 'r', deviceType: 'ROADM', pin: roadm },
    { id: 't', deviceType: 'Transceiver', pin: transceiver },
  ],
  edges: [{ id: 'e', source: 't', target: 'r' }],
});

onMariaDb('topologies that are booked at once, by two server processes on MariaDB', () => {
  let folder: string;
  let servers: RunningServer[];
  let people: Agent[];
  let lab: Lab;
  let close: () => Promise<void>;

  before(async function () {
    this.timeout(120_000);
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-topologies-'));
    const url = await freshDatabase();
    const store = databaseStore(await openDatabase(url), () => Promise.reject(new Error('nobody else looks')));
    const opened = await labOver(store, { clock: systemClock });
    ({ lab, close } = opened);
    await importWiredLab(lab);
    const environment = { DATABASE_URL: url, SESSION_SECRET: 'a secret that both share', RATE_LIMIT: 'off' };
    servers = await Promise.all([startServer(folder, environment), startServer(folder, environment)]);
    people = [];
    for (let index = 0; index < PEOPLE; index += 1) {
      people.push(await signedIn(servers[index % 2]!.url, `racer ${index}`));
    }
  });
  after(async () => {
    for (const server of servers) await server.stop();
    await close();
    await rm(folder, { recursive: true });
  });

  /** A working day of its own for every round. */
  const dayOf = (round: number) => onDay(isoOf(systemClock.now() + (round + 7) * DAY).slice(0, 10));

  const bookingsOf = (groups: readonly string[]): Promise<Booking[]> =>
    lab.work.run(async ({ bookings }) => {
      const found: Booking[] = [];
      for (const group of groups) found.push(...(await bookings.ofGroup(group)));
      return found;
    });

  /** No device twice at a time, no port twice at a time, and every group as whole as it was answered. */
  const expectSound = async (booked: readonly BookedBody[]) => {
    const bookings = await bookingsOf(booked.map((body) => body.grouped_booking_id));
    for (const [index, one] of bookings.entries()) {
      const twin = bookings
        .slice(index + 1)
        .find((other) => other.deviceId === one.deviceId && overlaps(one.slot, other.slot));
      expect(twin, `device ${one.deviceId} twice`).to.equal(undefined);
    }
    for (const { grouped_booking_id, mapping } of booked) {
      const own = bookings.filter(({ groupId }) => groupId === grouped_booking_id);
      expect(own.map(({ deviceId }) => deviceId).sort((a, b) => a - b)).to.deep.equal(mapping.device_ids);
    }
    const slot = bookings[0]!.slot;
    const held = await lab.work.run(({ crossConnects }) => crossConnects.held(null, slot));
    const sockets = held.flatMap(({ switchId, inPort, outPort }) => [
      `${switchId} in ${inPort}`,
      `${switchId} out ${outPort}`,
    ]);
    expect(new Set(sockets).size, 'a port twice').to.equal(sockets.length);
    for (const { grouped_booking_id, mapping } of booked) {
      if (!mapping.link_mappings.some(({ kind }) => kind !== 'direct')) continue;
      expect(
        held.some(({ groupId }) => groupId === grouped_booking_id),
        'no port at all',
      ).to.equal(true);
    }
    await expectNoViolation(lab);
  };

  it('share no device and no port, and none of them is there in part', async function () {
    this.timeout(60_000 + 20_000 * ROUNDS);
    let won = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const day = dayOf(round);
      const replies = await Promise.all(
        people.map((person, index) =>
          person.post('/topology/book').send({ ...metroRing(2 + 2 * (index % 2)), ...day }),
        ),
      );
      const booked = replies.filter(({ status }) => status === 200).map(({ body }) => body as BookedBody);
      for (const reply of replies.filter(({ status }) => status !== 200)) {
        expect(reply.status, reply.text.slice(0, 300)).to.equal(409);
        expect(problemOf(reply).code).to.be.oneOf(['topology.not-possible', 'booking.taken', 'topology.port-taken']);
      }
      won += booked.length;
      expect(booked).not.to.be.empty;
      await expectSound(booked);
    }
    expect(won, 'groups in all').to.be.at.least(2 * ROUNDS);
  });

  it('take different trunks when the best one is wanted by all', async function () {
    this.timeout(60_000 + 20_000 * ROUNDS);
    const devices = await lab.work.run((stores) => stores.devices.all());
    const idOf = (name: string) => devices.find((device) => device.name === name)!.id;
    const wanted = [
      acrossTheRoad(idOf('ROADM 8'), idOf('XCVR 01')),
      acrossTheRoad(idOf('ROADM 9'), idOf('XCVR 02')),
      acrossTheRoad(idOf('ROADM 10'), idOf('XCVR 03')),
      acrossTheRoad(idOf('ROADM 14'), idOf('XCVR 04')),
    ];
    for (let round = ROUNDS; round < ROUNDS + TRUNK_ROUNDS; round += 1) {
      const day = dayOf(round);
      const replies = await Promise.all(
        people.map((person, index) => person.post('/topology/book').send({ ...wanted[index], ...day })),
      );
      expect(replies.map(({ status, text }) => (status === 200 ? status : text.slice(0, 300)))).to.deep.equal(
        replies.map(() => 200),
      );
      const booked = replies.map(({ body }) => body as BookedBody);
      expect(booked.flatMap(({ mapping }) => mapping.link_mappings.map(({ kind }) => kind))).to.deep.equal(
        booked.map(() => 'trunk'),
      );
      await expectSound(booked);
    }
  });
});

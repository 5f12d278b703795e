import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import type { Database } from '../../adapters/typeorm/database.js';
import { MemoryFileVault } from '../../adapters/memory/memory-file-vault.js';
import { files } from '../../composition/adapters.js';
import { loadConfig } from '../../composition/config.js';
import type { NewNotification } from '../../application/index.js';
import type { Lab } from '../../composition/compose.js';
import { DAY } from '../../domain/index.js';
import { daysOf } from './booking-forms.js';
import { cookieAfter } from './cookies.js';
import { importDevices } from './devices.js';
import { labOver, usualConfig } from './labs.js';
import { aFibre, atPort } from './link-forms.js';
import { ManualClock, MONDAY_MORNING } from './manual-clock.js';
import { shortPauses, simulatedHardware } from './power.js';
import { administrator, PASSWORD, signedIn, somebodyWith, type Agent } from './people.js';
import { databaseStore, tablesIn } from './stores.js';

/** What there is in a prepared lab, and what its people know. */
export interface KnownLab {
  readonly adminSecret: string;
  /** Of an invitation that nobody has accepted. */
  readonly invitationToken: string;
  /** The Super Admin who is signed in, and an ordinary user. */
  readonly usernames: readonly [string, string];
  readonly userIds: readonly number[];
  /** By id: two port rows of one device, others of their type, and last one that nobody has booked. */
  readonly deviceIds: readonly number[];
  /** Two of a group, both holding, and last a cancelled one. */
  readonly bookingIds: readonly number[];
  readonly groupIds: readonly string[];
  readonly favouriteIds: readonly number[];
  /** Of catalogues: the first is in use, the last is not. */
  readonly deviceTypeIds: readonly number[];
  readonly manufacturerIds: readonly number[];
  readonly siteIds: readonly number[];
  readonly tagIds: readonly number[];
  /** Of papers of the first device. None is numbered 1, which is what everybody tries. */
  readonly attachmentIds: readonly number[];
  /** Of maintenance windows of the first device. */
  readonly windowIds: readonly number[];
  readonly pduName: string;
  readonly jobIds: readonly number[];
  /** Of a fibre between the first port of the second device and of the last. */
  readonly linkIds: readonly number[];
  /** Of a topology of the Super Admin. */
  readonly topologyIds: readonly number[];
  /** One on the Super Admin's page, and one that waits to be sent. */
  readonly notificationIds: readonly [number, number];
  /** Secrets of calendars of the Super Admin, of the first device and of the lab; ids of tokens of theirs. */
  readonly feeds: Readonly<Record<'user' | 'device' | 'lab', string>>;
  readonly tokenIds: readonly number[];
  /** A lab date on which nothing is booked. */
  readonly freeDate: string;
}

const ADMIN_SECRET = 'the operator knows this';

/** Tables whose rows say nothing about the lab: a refusal may add to them. */
const BESIDE_THE_LAB = new Set(['sessions', 'kept_answers', 'leases', 'power_readings', 'power_commands']);

const keptCopyOf = (table: string): string => `kept_${table}_copy`;

/**
 * `ada` owns the first group, which `carol` shares, as she does the topology of `root`; `bob` has nothing. `mallory` has
 * been disabled since he signed in.
 */
export const PEOPLE = ['ada', 'bob', 'carol', 'mallory', 'viewer', 'approver', 'admin', 'root'] as const;
export type Person = (typeof PEOPLE)[number];

/** A small lab in a database, which can be brought back to how it was prepared. */
export interface PreparedLab {
  readonly port: number;
  /** The Super Admin's. */
  readonly cookie: string;
  /** By name: of the Super Admin `root`, of one person in each role who is called so, and of ordinary users. */
  readonly cookies: Readonly<Record<Person, string>>;
  readonly known: KnownLab;
  /** Tables that are not as they were prepared, those of sessions left out. */
  changed(): Promise<string[]>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

class Preparation {
  readonly #database: Database;
  #tables: readonly string[] = [];
  #prepared = new Map<string, string>();
  #writes = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  async remember(): Promise<void> {
    this.#tables = (await tablesIn(this.#database)).filter((table) => table !== 'migrations');
    for (const table of this.#tables) await this.#query(`CREATE TABLE ${keptCopyOf(table)} AS SELECT * FROM ${table}`);
    this.#prepared = await this.#fingerprints();
    this.#writes = await this.#countWrites();
  }

  async changed(): Promise<string[]> {
    if (this.#isEmbedded && (await this.#countWrites()) === this.#writes) return [];
    const now = await this.#fingerprints();
    return this.#tables.filter((table) => now.get(table) !== this.#prepared.get(table));
  }

  async restore(): Promise<void> {
    const tables = await this.changed();
    if (tables.length > 0) {
      // Nothing may follow its parent out, and children may come back before their parents.
      const references = (state: 0 | 1): string =>
        this.#isEmbedded ? `PRAGMA foreign_keys = ${state}` : `SET foreign_key_checks = ${state}`;
      // SQLite heeds it outside of transactions only, MariaDB on the transaction's connection.
      if (this.#isEmbedded) await this.#query(references(0));
      await this.#database.transaction(async (manager) => {
        if (!this.#isEmbedded) await manager.query(references(0));
        for (const table of tables) {
          await manager.query(`DELETE FROM ${table}`);
          await manager.query(`INSERT INTO ${table} SELECT * FROM ${keptCopyOf(table)}`);
        }
        if (!this.#isEmbedded) await manager.query(references(1));
      });
      if (this.#isEmbedded) await this.#query(references(1));
    }
    this.#writes = await this.#countWrites();
  }

  get #isEmbedded(): boolean {
    return this.#database.source.options.type !== 'mysql';
  }

  #query<Row>(sql: string): Promise<Row[]> {
    return this.#database.source.query<Row[]>(sql);
  }

  /** Rows written by this connection, also those of transactions that were undone: when it stands still, so do they. */
  async #countWrites(): Promise<number> {
    if (!this.#isEmbedded) return 0;
    const [row] = await this.#query<{ writes: number }>('SELECT total_changes() AS writes');
    return row?.writes ?? 0;
  }

  /** By table, something that differs when its rows differ. */
  async #fingerprints(): Promise<Map<string, string>> {
    if (!this.#isEmbedded) {
      const sums = await this.#query<{ Table: string; Checksum: unknown }>(`CHECKSUM TABLE ${this.#tables.join(', ')}`);
      return new Map(sums.map(({ Table, Checksum }) => [Table.slice(Table.indexOf('.') + 1), String(Checksum)]));
    }
    const rows = new Map<string, string>();
    for (const table of this.#tables) {
      const all = await this.#query(`SELECT * FROM ${table}`);
      rows.set(
        table,
        all
          .map((row) => JSON.stringify(row))
          .sort()
          .join('\n'),
      );
    }
    return rows;
  }
}

interface Booked {
  readonly grouped_booking_id: string;
  readonly bookings: readonly { readonly booking_id: number }[];
}

/** Notifications that can be read, and sent. */
const whatIsTold = async (lab: Lab, userId: number): Promise<Pick<KnownLab, 'notificationIds'>> => {
  await lab.fanOutEvents.execute();
  const waiting: NewNotification = {
    ...{ eventId: 1_000_000, type: 'booking.requested', channel: 'email', userId, text: 'x', link: '/' },
    ...{ state: 'waiting', createdAt: lab.clock.now() },
  };
  await lab.work.run(({ outbox }) => outbox.add([waiting]));
  const page = { limit: 1, offset: 0 };
  const [own] = (await lab.notifications.ofUser(userId, { ...page, unread: true })).items;
  const [sendable] = (await lab.notifications.withState('waiting', page)).items;
  return { notificationIds: [own?.id ?? 0, sendable?.id ?? 0] };
};

/** Addresses that open calendars. */
const addressesOf = async (agent: Agent, deviceId: number): Promise<Pick<KnownLab, 'feeds' | 'tokenIds'>> => {
  const made = async (form: object) => {
    const { body } = await agent.post('/api/calendar/tokens').send(form).expect(201);
    return body as { readonly id: number; readonly token: string };
  };
  const [user, device, lab] = [
    await made({ scope: 'user' }),
    await made({ scope: 'device', device_id: deviceId }),
    await made({ scope: 'lab' }),
  ];
  const spare = await made({ scope: 'user' });
  return { feeds: { user: user.token, device: device.token, lab: lab.token }, tokenIds: [spare.id] };
};

const peopleAndThings = async (lab: Parameters<typeof administrator>[0], server: Server): Promise<KnownLab> => {
  const root = await administrator(lab, server, 'root');
  const ada = await signedIn(server, 'ada');
  for (const name of ['bob', 'carol', 'mallory']) await signedIn(server, name);
  const idOf = async (agent: Agent): Promise<number> =>
    ((await agent.get('/api/auth/me').expect(200)).body as { user_id: number }).user_id;
  const invitationToken = 'a token that nobody has used';
  await lab.work.run(({ invitations }) =>
    invitations.add({
      tokenDigest: lab.httpParts.digest(invitationToken),
      role: 'Viewer',
      expiresAt: lab.clock.now() + DAY,
      invitedBy: 1,
      id: 'invitation',
      email: null,
    }),
  );
  const deviceIds = await importDevices(lab, [
    {
      ...{ name: 'ROADM 1', in_port: '1', out_port: '33', polatis_name: 'PA-1' },
      ...{ manufacturer: 'Lumentum', site: 'Dublin Lab', tags: 'flexgrid' },
    },
    { name: 'ROADM 1', in_port: '2', out_port: '34', polatis_name: 'PA-2' },
    { name: 'ROADM 2', mgmt_ip: '192.0.2.2', serial_number: 'S-2' },
    { name: 'ROADM 3', status: 'in_maintenance' },
    { name: 'Server 1', device_type: 'Server', category: 'COMPUTE' },
    { name: 'ROADM 4' },
  ]);
  const [first = 0, , third = 0] = deviceIds;
  const book = async (agent: Agent, form: object): Promise<Booked> =>
    (await agent.post('/bookings').send(form).expect(200)).body as Booked;
  const group = await book(ada, {
    bookings: [first, third].flatMap((deviceId) => daysOf(deviceId, ['2026-11-25']).bookings),
    collaborators: ['carol'],
  });
  const over = await book(root, daysOf(third, ['2026-11-26']));
  const bookingIds = [...group.bookings, ...over.bookings].map((booking) => booking.booking_id);
  await root.put(`/bookings/${String(bookingIds.at(-1))}/cancel`).expect(200);
  const favourite = await root
    .post('/bookings/favorites')
    .send({ grouped_booking_id: over.grouped_booking_id, device_snapshot: [] })
    .expect(200);
  const window = await root
    .post(`/api/devices/${first}/maintenance`)
    .send({ start_time: '2027-02-01T09:00:00Z', end_time: '2027-02-01T17:00:00Z', reason: 'new fans' })
    .expect(201);
  const catalogues = await lab.work.run(async ({ deviceTypes, manufacturers, sites, tags }) => {
    const unused = { name: 'nothing has this' };
    const now = lab.clock.now();
    const type = { ...unused, category: 'OPTICAL', description: null, schedulable: true, hasPorts: true } as const;
    const idsOf = (entries: readonly { readonly id: number }[]) => entries.map(({ id }) => id).sort((a, b) => a - b);
    await deviceTypes.add(type, now);
    for (const catalogue of [manufacturers, sites, tags]) await catalogue.add(unused, now);
    return {
      deviceTypeIds: idsOf(await deviceTypes.all()),
      manufacturerIds: idsOf(await manufacturers.all()),
      siteIds: idsOf(await sites.all()),
      tagIds: idsOf(await tags.all()),
    };
  });
  let papers: { readonly id: number }[] = [];
  for (const paper of ['manual', 'report', 'picture']) {
    const reply = await root
      .post(`/api/inventory/devices/${first}/attachments`)
      .attach('file', Buffer.from(paper), `${paper}.txt`)
      .expect(200);
    papers = reply.body.attachments as { id: number }[];
  }
  const pduName = 'PDU 1';
  await root.post('/control-panel/pdus').send({ name: pduName, host: 'rack', driver: 'simulated' }).expect(200);
  await root.post(`/control-panel/pdus/${pduName}/connect`).expect(200);
  await root.put(`/control-panel/pdus/${pduName}/outlets/1/device`).send({ device_id: first }).expect(200);
  // A PDU of which an outlet is under way could not be removed.
  const busy = 'PDU 2';
  await root.post('/control-panel/pdus').send({ name: busy, host: 'rack-2', driver: 'simulated' }).expect(200);
  await root.post(`/control-panel/pdus/${busy}/connect`).expect(200);
  const job = await root.post(`/control-panel/pdus/${busy}/outlets/2/cycle`).expect(202);
  await lab.powerDesk.quiet();
  const link = await root
    .post('/api/inventory/links')
    .send({ ...aFibre(atPort(third, 'L1'), atPort(deviceIds.at(-1) ?? 0, 'L1')), link_id: 'L0001' })
    .expect(201);
  const topology = await root
    .post('/topology')
    .send({ name: 'Ring', nodes: [], edges: [], collaborators: ['carol'] })
    .expect(200);
  const rootId = await idOf(root);
  return {
    ...(await whatIsTold(lab, rootId)),
    ...(await addressesOf(root, first)),
    ...catalogues,
    attachmentIds: papers.slice(1).map(({ id }) => id),
    pduName,
    jobIds: [job.body.job_id as number],
    linkIds: [link.body.id as number],
    topologyIds: [topology.body.topology_id as number],
    favouriteIds: [favourite.body.id as number],
    windowIds: [window.body.id as number],
    adminSecret: ADMIN_SECRET,
    invitationToken,
    usernames: ['root', 'ada'],
    userIds: [rootId, await idOf(ada)],
    deviceIds,
    bookingIds,
    groupIds: [group.grouped_booking_id, over.grouped_booking_id],
    freeDate: new Date(MONDAY_MORNING + 8 * DAY).toISOString().slice(0, 10),
  };
};

/** Removes no file: what a request removed must be there again when its row is. */
class KeepingVault extends MemoryFileVault {
  override async remove(): Promise<void> {
    return Promise.resolve();
  }
}

/** Prepares a lab in the database at `url` and serves it on a port of its own. */
export const prepareLab = async (url: string): Promise<PreparedLab> => {
  const database = await openDatabase(url);
  const clock = new ManualClock();
  const { lab, server, close } = await labOver(
    databaseStore(database, () => Promise.reject(new Error('this lab is asked by one server only'))),
    {
      config: { ...usualConfig, env: loadConfig({ ADMIN_SECRET }).env },
      clock,
      files: files(new KeepingVault(clock)),
      hardware: simulatedHardware(),
      pauses: shortPauses,
    },
  );
  const known = await peopleAndThings(lab, server);
  for (const role of ['Viewer', 'Approver', 'Admin'] as const)
    await somebodyWith(lab, server, role, role.toLowerCase());
  const cookies = Object.fromEntries(
    await Promise.all(
      PEOPLE.map(async (username) => {
        const signIn = await supertest(server).post('/login').send({ username, password: PASSWORD }).expect(200);
        return [username, cookieAfter(signIn)] as const;
      }),
    ),
  ) as Record<Person, string>;
  await lab.work.run(async ({ users }) => {
    for (const { id } of await users.named(['mallory'])) await users.setStatus(id, 'disabled');
  });
  const preparation = new Preparation(database);
  await preparation.remember();
  return {
    port: (server.address() as AddressInfo).port,
    cookie: cookies.root,
    cookies,
    known,
    changed: async () => {
      await lab.powerDesk.quiet();
      return (await preparation.changed()).filter((table) => !BESIDE_THE_LAB.has(table));
    },
    restore: async () => {
      // What a request has begun at a PDU ends after the reply.
      await lab.powerDesk.quiet();
      await preparation.restore();
    },
    close,
  };
};

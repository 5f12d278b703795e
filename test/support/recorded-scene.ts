import { expect } from 'chai';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import supertest, { type Response } from 'supertest';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { typeormPersistence } from '../../composition/adapters.js';
import { loadConfig } from '../../composition/config.js';
import { dayOf } from './booking-forms.js';
import { cookieAfter } from './cookies.js';
import type { DeviceReply } from './device-forms.js';
import { importFile, labText } from './inventory-file.js';
import { labOver, usualConfig, type LabOptions, type OpenLab } from './labs.js';
import { ManualClock } from './manual-clock.js';
import { accountForm, ADMIN_SECRET, administrator, PASSWORD, type Agent } from './people.js';
import { movedDates, type RecordedRequest } from './recorded-request.js';

type Person = 'root' | 'alice' | 'bob';

/** What the recorded requests speak of, in a lab that holds the real inventory. */
export interface Scene {
  readonly userIds: Readonly<Record<Person, number>>;
  /** Values of the session cookies. */
  readonly cookies: Readonly<Record<Person, string>>;
  readonly bookableId: number;
  /** Alice's: two devices on two days, with bob as collaborator. */
  readonly group: {
    readonly id: string;
    readonly bookingIds: readonly number[];
    readonly deviceIds: readonly number[];
  };
  /** Alice's, over bob's. */
  readonly contendingId: number;
  readonly cancelledId: number;
  readonly favouriteId: number;
  /** Entries of the catalogues: those that are in use, and those that nothing uses. */
  readonly used: Readonly<Record<Catalogue, number>>;
  readonly unused: Readonly<Record<Catalogue, number>>;
}

type Catalogue = 'tag' | 'site' | 'manufacturer' | 'deviceType';

/** A copy of the scene for one request. */
export interface OpenScene extends Scene {
  readonly server: OpenLab['server'];
  /** Asks as that person. */
  readonly as: (person: Person) => Agent;
}

const HOST = 'lab.example';
const PDU = 'PDU1';

const options: LabOptions = {
  // Before every moved date, and less than the horizon before the last of them.
  clock: new ManualClock(Date.parse('2027-07-01T09:00:00.000Z')),
  config: { env: { ...loadConfig({}).env, ADMIN_SECRET } },
  http: { sessionSecret: 'a secret that the copies share' },
};

/** Old admin pages and the inventory are for administrators; everything else an ordinary user does. */
const personOf = ({ n, path: asked }: RecordedRequest): Person => {
  if (n === COLLABORATOR_REBOOKS) return 'bob';
  return /^\/(?:admin|control-panel|api\/inventory)\b/.test(asked) ? 'root' : 'alice';
};

const COLLABORATOR_REBOOKS = 21;
const BOOK_OVER_SOMEBODY = 14;

/** What must have happened before some requests, by number. */
const before: Readonly<Record<number, (scene: OpenScene) => Promise<void>>> = {
  [BOOK_OVER_SOMEBODY]: async (scene) => {
    await book(scene.as('bob'), [['ILA', 'ILA 1', movedDates('2026-11-27')]]);
  },
};

/**
 * What stands for each placeholder. To replay the requests of a new route, prepare what they need in `prepare` and name
 * it here; `request` tells apart requests that need different things under one name.
 */
const placeholders: Readonly<Record<string, (scene: Scene, request: RecordedRequest) => unknown>> = {
  uiHost: () => HOST,
  cookie: ({ cookies }, request) => cookies[personOf(request)],
  username: (_scene, request) => personOf(request),
  'sha256hex(password)': () => PASSWORD,
  adminSecret: () => ADMIN_SECRET,
  userId: ({ userIds }, request) => userIds[personOf(request)],
  deviceId: ({ bookableId }) => bookableId,
  deviceIds: ({ group }) => group.deviceIds,
  bookingId: ({ contendingId, cancelledId }, { method }) => (method === 'DELETE' ? cancelledId : contendingId),
  groupId: ({ group }) => group.id,
  ownerBookingId: ({ group }) => group.bookingIds[0],
  ownerBookingIds: ({ group }) => group.bookingIds,
  groupBookingIds: ({ group }) => group.bookingIds,
  favouriteId: ({ favouriteId }) => favouriteId,
  tagId: (scene, request) => catalogueId('tag', scene, request),
  siteId: (scene, request) => catalogueId('site', scene, request),
  manufacturerId: (scene, request) => catalogueId('manufacturer', scene, request),
  pduName: () => PDU,
  deviceTypeId: (scene, request) => catalogueId('deviceType', scene, request),
};

/** Only what nothing uses can be deleted; a tag is taken from a device that has it. */
const catalogueId = (
  catalogue: Catalogue,
  { used, unused }: Scene,
  { method, path: asked }: RecordedRequest,
): number => (method === 'DELETE' && !asked.includes('/devices/') ? unused[catalogue] : used[catalogue]);

/** Fills the placeholders of a request. */
export const fillFor =
  (scene: Scene, request: RecordedRequest) =>
  (placeholder: string): unknown => {
    const value = placeholders[placeholder];
    if (!value) {
      throw new Error(
        `request ${request.n} needs \${${placeholder}}: prepare it in test/support/recorded-scene.ts and name it there`,
      );
    }
    return value(scene, request);
  };

/** The cookie header of whoever sends the request. */
export const cookieFor = (scene: Scene, request: RecordedRequest): string =>
  `session_id=${scene.cookies[personOf(request)]}`;

type Item = readonly [type: string, name: string, date: string];

interface Booked {
  readonly grouped_booking_id: string;
  readonly bookings: readonly { readonly booking_id: number; readonly device_id: number }[];
}

const ok = (reply: Response): unknown => {
  expect(reply.status, reply.text).to.be.within(200, 299);
  return reply.body;
};

const book = async (agent: Agent, items: readonly Item[], more: object = {}, status = 'PENDING'): Promise<Booked> => {
  const bookings = items.map(([device_type, device_name, date]) => ({
    device_type,
    device_name,
    ...dayOf(date),
    status,
  }));
  return ok(await agent.post('/bookings').send({ bookings, ...more })) as Booked;
};

const prepare = async ({ lab, server }: Pick<OpenLab, 'lab' | 'server'>): Promise<Scene> => {
  await importFile(lab, labText());
  const root = await administrator(lab, server);
  const people = { root, alice: supertest.agent(server), bob: supertest.agent(server) };
  for (const name of ['alice', 'bob'] as const) {
    ok(await people[name].post('/users/register').send({ ...accountForm(name), email: `${name}@lab.example` }));
  }
  ok(await supertest(server).post('/users/register').send(accountForm('abob')));
  const { alice, bob } = people;

  const session = async (person: Person) => {
    const reply = await supertest(server).post('/login').send({ username: person, password: PASSWORD });
    return { id: (ok(reply) as { user_id: number }).user_id, cookie: cookieAfter(reply).replace('session_id=', '') };
  };
  const sessions = { root: await session('root'), alice: await session('alice'), bob: await session('bob') };

  const devices = ok(await alice.get('/api/devices')) as DeviceReply[];
  const bookable = devices.find(({ deviceName }) => deviceName === 'ROADM 1');

  const days = ['2026-11-27', '2026-11-28'].map(movedDates);
  const group = await book(
    alice,
    days.flatMap((day): Item[] => [
      ['ROADM', 'ROADM 2', day],
      ['ILA', 'ILA 2', day],
    ]),
    { message: 'need this for the demo', collaborators: ['bob'] },
  );
  const contested: Item = ['ROADM', 'ROADM 3', days[0] ?? ''];
  await book(bob, [contested]);
  const contending = await book(alice, [contested], {}, 'CONFLICTING');
  const cancelled = await book(alice, [['ILA', 'ILA 3', movedDates('2026-11-25')]]);
  const cancelledId = cancelled.bookings[0]?.booking_id ?? 0;
  ok(await alice.put(`/bookings/${cancelledId}/cancel`).send({}));
  // In the other week that the recorded pages ask for.
  await book(alice, [['ILA', 'ILA 3', movedDates('2026-11-11')]]);
  const favourite = ok(
    await alice.post('/bookings/favorites').send({
      grouped_booking_id: group.grouped_booking_id,
      device_snapshot: [{ device_id: bookable?.id, device_name: 'ROADM 1', device_type: 'ROADM' }],
      name: 'ring',
    }),
  ) as { id: number };

  ok(
    await root.post('/control-panel/pdus').send({
      ...{ name: PDU, host: 'rack', driver: 'simulated' },
      outlets: [{ outlet_idx: 2, device_ip: '192.0.2.2' }],
    }),
  );
  ok(await root.post(`/control-panel/pdus/${PDU}/connect`));

  return {
    userIds: { root: sessions.root.id, alice: sessions.alice.id, bob: sessions.bob.id },
    cookies: { root: sessions.root.cookie, alice: sessions.alice.cookie, bob: sessions.bob.cookie },
    bookableId: bookable?.id ?? 0,
    group: {
      id: group.grouped_booking_id,
      bookingIds: group.bookings.map(({ booking_id }) => booking_id),
      deviceIds: [...new Set(group.bookings.map(({ device_id }) => device_id))],
    },
    contendingId: contending.bookings[0]?.booking_id ?? 0,
    cancelledId,
    favouriteId: favourite.id,
    ...(await catalogues(lab)),
  };
};

const catalogues = (lab: OpenLab['lab']): Promise<Pick<Scene, 'used' | 'unused'>> =>
  lab.work.run(async ({ tags, sites, manufacturers, deviceTypes }) => {
    const now = lab.clock.now();
    const idOf = async (catalogue: { named(name: string): Promise<{ readonly id: number } | null> }, name: string) =>
      (await catalogue.named(name))?.id ?? 0;
    const nameless = { name: 'nothing has this' };
    const type = { ...nameless, category: 'OPTICAL', description: null, schedulable: true, hasPorts: true } as const;
    return {
      used: {
        tag: await idOf(tags, 'flexgrid'),
        site: await idOf(sites, 'Dublin Lab'),
        manufacturer: await idOf(manufacturers, 'Lumentum'),
        deviceType: (await deviceTypes.named('ROADM'))?.id ?? 0,
      },
      unused: {
        tag: (await tags.add(nameless, now)).id,
        site: (await sites.add(nameless, now)).id,
        manufacturer: (await manufacturers.add(nameless, now)).id,
        deviceType: (await deviceTypes.add(type, now)).id,
      },
    };
  });

/** The scene, prepared once and copied for every request, so that none sees what another did. */
export class RecordedScenes {
  readonly #folder: string;
  readonly #scene: Scene;
  #copies = 0;
  #lookedAt: ReturnType<typeof openScene> | undefined;

  private constructor(folder: string, scene: Scene) {
    this.#folder = folder;
    this.#scene = scene;
  }

  static async prepare(): Promise<RecordedScenes> {
    const folder = await mkdtemp(path.join(tmpdir(), 'openlab-recorded-'));
    const open = await openScene(path.join(folder, 'scene.sqlite'));
    const scene = await prepare(open);
    await open.close();
    return new RecordedScenes(folder, scene);
  }

  /** Lets `replay` have a scene of its own, in which everything happened that the request takes for granted. */
  async for(request: RecordedRequest, replay: (scene: OpenScene) => Promise<void>): Promise<void> {
    const file = path.join(this.#folder, `copy-${(this.#copies += 1)}.sqlite`);
    await copyFile(path.join(this.#folder, 'scene.sqlite'), file);
    const open = await openScene(file);
    const scene = this.#sceneIn(open);
    try {
      await before[request.n]?.(scene);
      await replay(scene);
    } finally {
      await open.close();
    }
  }

  /** The scene itself, for what changes nothing. */
  async toLookAt(): Promise<OpenScene> {
    return this.#sceneIn(await (this.#lookedAt ??= openScene(path.join(this.#folder, 'scene.sqlite'))));
  }

  async remove(): Promise<void> {
    await (await this.#lookedAt)?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #sceneIn({ server }: Pick<OpenLab, 'server'>): OpenScene {
    const as = (person: Person) => supertest.agent(server).set('cookie', `session_id=${this.#scene.cookies[person]}`);
    return { ...this.#scene, server, as };
  }
}

const openScene = async (file: string) => {
  const database = await openDatabase(`sqlite:${file}`);
  return labOver(
    { persistence: typeormPersistence(database), close: () => database.close() },
    { ...options, config: { ...usualConfig, ...options.config } },
  );
};

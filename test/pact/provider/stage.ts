import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { COOKIE_NAME } from '../../../adapters/http/identity/sessions.js';
import { MemoryLab } from '../../../adapters/memory/memory-lab.js';
import { openDatabase } from '../../../adapters/typeorm/open-database.js';
import { hardware, memoryPersistence, typeormPersistence } from '../../../composition/adapters.js';
import type { Instant, User } from '../../../domain/index.js';
import type { HttpParts } from '../../../adapters/http/server.js';
import { aDevice } from '../../support/devices.js';
import { eventually } from '../../support/eventually.js';
import { labOver, usualConfig, type OpenLab } from '../../support/labs.js';
import { LiveClient, type LiveMessage } from '../../support/live-client.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ADMIN_SECRET, PASSWORD } from '../../support/people.js';
import { ObedientRack, shortPauses } from '../../support/power.js';
import type { OpenStore } from '../../support/stores.js';

/** Where a pact can be kept to: in an empty lab, until the next interaction has one of its own. */
export class Stage {
  readonly #open: Omit<OpenLab, 'store'>;
  readonly #clock: ManualClock;
  readonly #rack: ObedientRack;
  readonly #people = new Map<string, User>();
  readonly #devices = new Map<string, number>();
  readonly #cookies = new Map<string, string>();
  #root: User | null = null;
  #watched: { readonly client: LiveClient; readonly event: string } | null = null;
  /** The last group that was booked. */
  lastGroup: {
    readonly id: string;
    readonly ownerName: string;
    readonly bookingIds: readonly number[];
    readonly end: Instant;
  } | null = null;

  private constructor(open: Omit<OpenLab, 'store'>, clock: ManualClock, rack: ObedientRack) {
    this.#open = open;
    this.#clock = clock;
    this.#rack = rack;
  }

  /** The lab's clock stands at Monday 23 November 2026, 09:00Z. */
  static async in(store: Pick<OpenStore, 'persistence' | 'close'>): Promise<Stage> {
    const clock = new ManualClock();
    const rack = new ObedientRack(clock);
    const config = { env: { ...usualConfig.env, ADMIN_SECRET } };
    const pdus = hardware(null, null, { rack });
    return new Stage(await labOver(store, { clock, config, hardware: pdus, pauses: shortPauses }), clock, rack);
  }

  get useCases(): HttpParts['useCases'] {
    return this.#open.lab.httpParts.useCases;
  }

  get lab(): OpenLab['lab'] {
    return this.#open.lab;
  }

  /**
   * Answers as the lab does. A cookie that names somebody who is signed in becomes their session.
   * @throws Error for a cookie that names somebody else; where nobody is signed in, it is a session that has ended.
   */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const cookies = cookiesIn(request.headers.cookie ?? '');
    const name = cookies.get(COOKIE_NAME);
    if (name !== undefined && this.#cookies.size > 0) {
      const session = this.#cookies.get(name);
      if (session === undefined)
        throw new Error(`nobody called '${name}' is signed in, only: ${[...this.#cookies.keys()].join(', ')}`);
      const others = [...cookies].filter(([other]) => other !== COOKIE_NAME).map((cookie) => cookie.join('='));
      request.headers.cookie = [session, ...others].join('; ');
    }
    this.#open.app(request, response);
  }

  /** The lab's first administrator, who does what nobody in particular has done. */
  async root(): Promise<User> {
    if (this.#root) return this.#root;
    const token = await this.lab.inviteFirstAdmin.execute();
    const form = { username: 'root', password: PASSWORD, password2: PASSWORD };
    return (this.#root = await this.useCases.acceptInvitation.execute({ ...form, token: token ?? '' }));
  }

  meet(person: User): void {
    this.#people.set(person.username, person);
  }

  /** @throws Error naming those who are there. */
  person(username: string): User {
    return known('account', this.#people, username);
  }

  place(name: string, deviceId: number): void {
    this.#devices.set(name, deviceId);
  }

  /** @throws Error naming those that are there. */
  device(name: string): number {
    return known('device', this.#devices, name);
  }

  /** Time goes on, and a running server writes down what is over. */
  async goOnTo(now: Instant): Promise<void> {
    this.#clock.set(now);
    await this.lab.expireBookings.execute();
  }

  /** From now on the simulated PDU at that host does not answer. */
  silence(host: string): void {
    this.#rack.get(host).fault = 'silent';
  }

  /** What a running server does by itself: what has happened is on the pages and streams of those whom it concerns. */
  async tellEverybody(): Promise<void> {
    await this.lab.powerDesk.quiet();
    await this.lab.fanOutEvents.execute();
    await this.lab.liveFeed.poll();
  }

  /** Signs in as a browser does. From then on the cookie `session_id=<username>` of a pact is that session. */
  async signIn(username: string): Promise<string> {
    const reply = await fetch(`${this.#url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: PASSWORD }),
    });
    const [cookie] = reply.headers.getSetCookie();
    if (cookie === undefined) throw new Error(`${username} could not sign in: ${await reply.text()}`);
    const [session = ''] = cookie.split(';');
    this.#cookies.set(username, session);
    return session;
  }

  /** Looks on as that person from now on, for events of one kind. */
  async watch(username: string, event: string): Promise<void> {
    await this.tellEverybody();
    const cookie = await this.signIn(username);
    const client = await new LiveClient(this.#url, { headers: { cookie } }).opened();
    this.#watched = { client, event };
  }

  /** The last message of the watched kind. @throws Error naming what was sent instead. */
  async message(): Promise<LiveMessage> {
    if (!this.#watched) throw new Error("nobody watches: begin with 'somebody watches the live stream'");
    const { client, event } = this.#watched;
    const before = await this.#messagesUntilNow(client);
    const message = before.findLast((sent) => sent.event === event);
    if (message) return message;
    throw new Error(`the stream sent no ${event}, only: ${before.map((sent) => sent.event).join(', ') || 'nothing'}`);
  }

  async close(): Promise<void> {
    this.#watched?.client.close();
    await this.#open.close();
  }

  /** Everybody hears of a new device: once it has come, all that happened before has come too. */
  async #messagesUntilNow(client: LiveClient): Promise<readonly LiveMessage[]> {
    const last = await aDevice(this.lab, { name: 'The Last', device_type: 'Marker' });
    const isLast = ({ data }: LiveMessage) => (data.device as { id?: number } | undefined)?.id === last;
    await this.tellEverybody();
    await eventually('the last message of a stream', () => client.messages.some(isLast));
    return client.messages.slice(0, client.messages.findIndex(isLast));
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#open.server.address() as AddressInfo).port}`;
  }
}

export type OpenStage = () => Promise<Stage>;

/** Where pacts are verified: a lab must keep them whatever it keeps its records in. */
export const STAGES: Readonly<Record<'memory' | 'SQLite', OpenStage>> = {
  memory: () => Stage.in({ persistence: memoryPersistence(new MemoryLab()), close: () => Promise.resolve() }),
  SQLite: async () => {
    const database = await openDatabase('sqlite::memory:');
    return Stage.in({ persistence: typeormPersistence(database), close: () => database.close() });
  },
};

/** What a browser sends, or somebody who writes it by hand: values may be in quotes. */
const cookiesIn = (header: string): ReadonlyMap<string, string> =>
  new Map(
    header
      .split(';')
      .map((cookie) => /^\s*([^=]+?)\s*=\s*"?(.*?)"?\s*$/.exec(cookie))
      .filter((match) => match !== null)
      .map(([, name = '', value = '']) => [name, value]),
  );

const known = <Thing>(kind: string, things: ReadonlyMap<string, Thing>, name: string): Thing => {
  const thing = things.get(name);
  if (thing !== undefined) return thing;
  throw new Error(`there is no ${kind} '${name}', only: ${[...things.keys()].join(', ') || 'none'}`);
};

import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import supertest from 'supertest';
import { MINUTE } from '../../../domain/index.js';
import { cookieAfter } from '../../support/cookies.js';
import { importDevices } from '../../support/devices.js';
import { booked, slotsOf, userIdOf } from '../../support/groups.js';
import { forEveryStore, labOver, type OpenLab } from '../../support/labs.js';
import { LiveClient } from '../../support/live-client.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, PASSWORD, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { onMariaDbStore, onSqliteFile } from '../../support/stores.js';

const urlOf = ({ server }: Pick<OpenLab, 'server'>): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

forEveryStore('the live stream', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let [ada, root] = [] as unknown as [Agent, Agent];
  let device = 0;
  let clients: LiveClient[] = [];

  before(async () => {
    clock = new ManualClock();
    open = await openLab({ clock });
    root = await administrator(open.lab, open.server);
    ada = await signedIn(open.server, 'ada');
    await signedIn(open.server, 'bob');
    await somebodyWith(open.lab, open.server, 'Approver', 'kim');
    await somebodyWith(open.lab, open.server, 'Viewer', 'vera');
  });
  beforeEach(async () => {
    [device = 0] = await importDevices(open.lab, [{}]);
    await open.lab.fanOutEvents.execute();
  });
  afterEach(() => {
    for (const client of clients) client.close();
    clients = [];
  });

  const cookieOf = async (username: string): Promise<string> =>
    cookieAfter(await supertest(open.server).post('/login').send({ username, password: PASSWORD }).expect(200));
  const watching = async (headers: Record<string, string>, path = '/api/events', base = urlOf(open)) => {
    const client = new LiveClient(base, { path, headers });
    clients.push(client);
    return client.opened();
  };
  const as = async (username: string, more: Record<string, string> = {}) =>
    watching({ cookie: await cookieOf(username), ...more });
  /** What a running server does by itself. */
  const turn = async ({ lab }: Pick<OpenLab, 'lab'> = open) => {
    await lab.fanOutEvents.execute();
    await lab.liveFeed.poll();
  };
  const book = (date = '2026-11-24') => booked(ada, slotsOf(device, [`${date} 09:00-12:00`], { message: 'my secret' }));

  it('tells everybody of bookings, and only those of what was written who may read it', async () => {
    const [bob, hers, kim, vera] = [await as('bob'), await as('ada'), await as('kim'), await as('vera')];
    const { ids } = await book();
    await turn();
    const [message] = await bob.has(1);
    expect(message).to.include({ event: 'booking.created' });
    expect(message!.data).to.deep.include({ type: 'booking.requested', owner_id: await userIdOf(ada) });
    expect(message!.data.bookings).to.deep.include({
      ...{
        booking_id: ids[0],
        device_id: device,
        device_type: 'ROADM',
        device_name: (message!.data.bookings as { device_name: string }[])[0]!.device_name,
      },
      ...{ start_time: '2026-11-24T09:00:00.000Z', end_time: '2026-11-24T12:00:00.000Z', status: 'PENDING' },
    });
    expect(message!.data).not.to.have.property('message');
    expect((await hers.has(1))[0]!.data.message).to.equal('my secret');
    expect((await vera.has(1))[0]!.data.message).to.equal('my secret');
    await kim.has(2);
    expect(kim.kinds).to.deep.equal(['booking.created', 'approval.needed']);
    expect(kim.messages[1]!.id).to.be.greaterThan(kim.messages[0]!.id);

    await root.put(`/admin/bookings/${ids[0]!}`).send({ status: 'CONFIRMED' }).expect(200);
    const window = { start_time: '2026-11-24T10:00Z', end_time: '2026-11-24T11:00Z', reason: 'fans' };
    await root.post(`/api/devices/${device}/maintenance`).send(window).expect(201);
    await turn();
    await bob.has(3);
    expect(bob.kinds).to.deep.equal(['booking.created', 'booking.changed', 'device.changed']);
    expect(bob.text).not.to.include('secret');
  });

  it('goes on where it was cut off, and misses nothing and repeats nothing', async () => {
    const first = await as('kim');
    await book();
    await turn();
    const [created, approval] = await first.has(2);
    first.close();
    await book('2026-11-25');
    await turn();

    const half = await as('kim', { 'last-event-id': String(created!.id) });
    expect((await half.has(3)).map(({ id }) => id)[0]).to.equal(approval!.id);
    expect(half.kinds).to.deep.equal(['approval.needed', 'booking.created', 'approval.needed']);
    const whole = await as('kim', { 'last-event-id': String(approval!.id) });
    await whole.has(2);
    const upToDate = await as('kim', { 'last-event-id': String(whole.lastId) });
    const ahead = await as('kim', { 'last-event-id': '999999999' });
    const nonsense = await as('kim', { 'last-event-id': 'x' });
    await book('2026-11-26');
    await turn();
    for (const client of [upToDate, ahead, nonsense]) {
      await client.has(2);
      expect(client.kinds).to.deep.equal(['booking.created', 'approval.needed']);
    }
  });

  it('is open by token, until that is revoked', async () => {
    const { id, url } = (await ada.post('/api/events/tokens').expect(201)).body as { id: number; url: string };
    const path = new URL(url).pathname + new URL(url).search;
    const client = await watching({}, path);
    await book();
    await turn();
    await client.has(1);
    await ada.delete(`/api/calendar/tokens/${id}`).expect(200);
    clock.advance(MINUTE);
    await book('2026-11-25');
    await turn();
    await client.isOver();
    expect(client.messages).to.have.length(1);
    await supertest(open.server).get(path).expect(problem(401, 'session.required'));
    await supertest(open.server).get('/api/events').expect(problem(401, 'session.required'));
  });

  it('ends with the session and with the account, before anything more is told', async () => {
    const cookie = await cookieOf('bob');
    const [signedOut, other] = [await watching({ cookie }), await as('ada')];
    await supertest(open.server).post('/logout').set('cookie', cookie).expect(200);
    clock.advance(MINUTE);
    await book();
    await turn();
    await signedOut.isOver();
    expect(signedOut.messages).to.deep.equal([]);
    await other.has(1);

    const eve = await signedIn(open.server, 'eve');
    const eveId = await userIdOf(eve);
    const hers = await as('eve');
    await open.lab.work.run(({ users }) => users.setStatus(eveId, 'disabled'));
    clock.advance(MINUTE);
    await book('2026-11-25');
    await turn();
    await hers.isOver();
    expect(hers.messages).to.deep.equal([]);
  });

  it('ends when the server stops, and is not begun by one that stops', async () => {
    const client = await as('ada');
    open.lab.liveFeed.close();
    await client.isOver();
    await ada.get('/api/events').expect(problem(503, 'system.stopping')).expect('Retry-After', '1');
  });
});

for (const onStore of [onSqliteFile, onMariaDbStore]) {
  onStore('the live stream', (openStore) => {
    it('tells what happened on another server process', async () => {
      const clock = new ManualClock();
      const store = await openStore();
      const [here, there] = [await labOver(store, { clock }), await labOver(await store.again(), { clock })];
      const ada = await signedIn(here.server, 'ada');
      const signedInThere = await supertest(there.server).post('/login').send({ username: 'ada', password: PASSWORD });
      const client = await new LiveClient(urlOf(there), { headers: { cookie: cookieAfter(signedInThere) } }).opened();
      const [device = 0] = await importDevices(here.lab, [{}]);
      await booked(ada, slotsOf(device, ['2026-11-24 09:00-12:00']));
      await here.lab.fanOutEvents.execute();
      await there.lab.liveFeed.poll();
      await client.has(1);
      expect(client.kinds.at(-1)).to.equal('booking.created');
      client.close();
      await there.close();
      await here.close();
    });
  });
}

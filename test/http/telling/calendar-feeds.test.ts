import { expect } from 'chai';
import ICAL from 'ical.js';
import supertest from 'supertest';
import { DAY, MINUTE } from '../../../domain/index.js';
import { importDevices } from '../../support/devices.js';
import { booked, slotsOf, userIdOf } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

interface Made {
  readonly id: number;
  readonly token: string;
  readonly url: string;
}

/** An event as an independent parser reads it. */
const eventsIn = (text: string) =>
  new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      summary: event.summary,
      description: event.description,
      sequence: event.sequence,
      status: component.getFirstPropertyValue('status') as string | null,
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
    };
  });

forEveryStore('calendar feeds', (openLab) => {
  let open: OpenLab;
  let clock: ManualClock;
  let [ada, bob, root] = [] as unknown as [Agent, Agent, Agent];
  let [roadm, scope] = [0, 0];

  before(async () => {
    clock = new ManualClock();
    open = await openLab({ clock });
    root = await administrator(open.lab, open.server);
    [ada, bob] = [await signedIn(open.server, 'ada'), await signedIn(open.server, 'bob')];
    [roadm, scope] = (await importDevices(open.lab, [{ name: 'ROADM 1' }, { name: 'Bücher; 測, 🔌' }])) as [
      number,
      number,
    ];
  });

  const made = async (agent: Agent, form: object): Promise<Made> =>
    (await agent.post('/api/calendar/tokens').send(form).expect(201)).body as Made;
  const pathOf = ({ url }: Made) => url.replace(/^https?:\/\/[^/]+/, '');
  const read = async (feed: Made, version?: string) => {
    const asking = supertest(open.server).get(pathOf(feed));
    return version === undefined ? asking : asking.set('If-None-Match', version);
  };

  it('show what somebody has, with what they wrote, and mark what was cancelled', async () => {
    const feed = await made(ada, { scope: 'user' });
    const form = slotsOf(roadm, ['2026-11-24 09:00-12:00', '2026-11-25 09:00-12:00'], { message: 'first, light;\n🔌' });
    const { ids } = await booked(ada, form);
    const before = await read(feed);
    expect(before.headers['content-type']).to.equal('text/calendar; charset=utf-8');
    const [first, second] = eventsIn(before.text);
    expect(first).to.deep.equal({
      uid: `booking-${ids[0]!}@test-lab.openlab`,
      ...{
        summary: 'ROADM 1',
        description: 'ROADM, booked by ada\nfirst, light;\n🔌',
        sequence: 0,
        status: 'TENTATIVE',
      },
      ...{ start: '2026-11-24T09:00:00.000Z', end: '2026-11-24T12:00:00.000Z' },
    });
    clock.advance(1);
    await root.put(`/admin/bookings/${ids[1]!}`).send({ status: 'CONFIRMED' }).expect(200);
    await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
    const after = eventsIn((await read(feed)).text);
    expect(after.map(({ uid, status }) => [uid, status])).to.deep.equal([
      [first!.uid, 'CANCELLED'],
      [second!.uid, 'CONFIRMED'],
    ]);
    expect(after.map(({ sequence }) => sequence)).to.deep.equal([1, 1]);
  });

  it('show devices and the lab as the week view does, without what people wrote', async () => {
    const { ids } = await booked(bob, slotsOf(scope, ['2026-11-26 09:00-12:00'], { message: 'a secret' }));
    await ada.patch(`/bookings/${ids[0]!}/collaborators`).send({ collaborators: [] });
    const ofDevice = await read(await made(ada, { scope: 'device', device_id: scope }));
    const ofLab = await read(await made(ada, { scope: 'lab' }));
    const uid = `booking-${ids[0]!}@test-lab.openlab`;
    expect(eventsIn(ofDevice.text).map((event) => [event.uid, event.summary])).to.deep.equal([
      [uid, 'Bücher; 測, 🔌: bob'],
    ]);
    expect(eventsIn(ofLab.text).map((event) => event.uid)).to.include(uid);
    for (const { text } of [ofDevice, ofLab]) {
      expect(text).not.to.include('secret');
      expect(text.split('\r\n').filter((line) => Buffer.byteLength(line) > 75)).to.deep.equal([]);
      expect(text).not.to.match(/[^\r]\n/);
    }
  });

  it('are the same until something happens, and say so without being made again', async () => {
    const feed = await made(bob, { scope: 'user' });
    const first = await read(feed);
    const version = first.headers.etag!;
    const again = await read(feed, version);
    expect([again.status, again.text]).to.deep.equal([304, '']);
    await booked(bob, slotsOf(scope, ['2026-11-27 09:00-12:00']));
    expect((await read(feed, version)).status).to.equal(200);
    await open.lab.fanOutEvents.execute();
    clock.advance(MINUTE);
    const told = (await read(feed)).headers.etag!;
    expect((await read(feed, told)).status).to.equal(304);
    expect(told).not.to.equal(version);
    clock.advance(DAY);
    expect((await read(feed, told)).status, 'the window has moved').to.equal(200);
  });

  it('open to nobody without the right token, and to nobody once it is revoked', async () => {
    const feed = await made(ada, { scope: 'device', device_id: roadm });
    await supertest(open.server).get(`/api/calendar/device/${roadm}.ics`).expect(problem(404, 'token.unknown'));
    const elsewhere = `/api/calendar/device/${scope}.ics?token=${feed.token}`;
    await supertest(open.server).get(elsewhere).expect(problem(404, 'token.unknown'));
    await supertest(open.server).get(`/api/calendar/user/${feed.token}.ics`).expect(problem(404, 'token.unknown'));
    await supertest(open.server).get(`/api/calendar/lab.ics?token=${feed.token}`).expect(problem(404, 'token.unknown'));
    await bob.delete(`/api/calendar/tokens/${feed.id}`).expect(problem(404, 'token.not-found'));
    expect((await read(feed)).status).to.equal(200);
    await ada.delete(`/api/calendar/tokens/${feed.id}`).expect(200);
    expect((await read(feed)).status).to.equal(404);
    const listed = (await ada.get('/api/calendar/tokens').expect(200)).body as { id: number }[];
    expect(listed.map(({ id }) => id)).not.to.include(feed.id);
    expect(JSON.stringify(listed)).not.to.include('token"');
  });

  it('keep the digest of a token only', async () => {
    const { token } = await made(ada, { scope: 'lab' });
    expect(JSON.stringify(await open.store.rows())).not.to.include(token);
  });

  it('refuse tokens for devices that are not there, and too many of them', async () => {
    await ada.post('/api/calendar/tokens').send({ scope: 'device' }).expect(problem(400, 'token.no-device'));
    await ada
      .post('/api/calendar/tokens')
      .send({ scope: 'device', device_id: 999_999 })
      .expect(problem(400, 'token.unknown-device'));
    await ada.post('/api/calendar/tokens').send({ scope: 'live' }).expect(problem(422, 'request.malformed'));
    const eve = await signedIn(open.server, 'eve');
    for (let n = 0; n < 50; n += 1) await made(eve, { scope: 'user' });
    await eve.post('/api/calendar/tokens').send({ scope: 'user' }).expect(problem(400, 'token.too-many'));
  });

  it('end with the account', async () => {
    const feed = await made(bob, { scope: 'lab' });
    const bobId = await userIdOf(bob);
    await open.lab.work.run(({ users }) => users.setStatus(bobId, 'disabled'));
    expect((await read(feed)).status).to.equal(404);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DAY, isoOf } from '../../domain/index.js';
import { Correspondents, reachablePerson } from '../support/correspondents.js';
import { eventually } from '../support/eventually.js';
import { LiveClient } from '../support/live-client.js';
import { startServer, type RunningServer } from '../support/server-process.js';

describe('a running server', () => {
  const others = new Correspondents();
  let folder = '';
  let server: RunningServer;

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-telling-'));
    await others.start();
    server = await startServer(folder, { HOST: '127.0.0.1', ...others.environment });
  });
  after(async () => {
    await server.kill();
    await others.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells rooms, mailboxes, pages and streams of a booking by itself, and stops though a stream is open', async function () {
    this.timeout(60_000);
    const ada = await reachablePerson(server.url, 'ada', null);
    const { url } = (await ada.post('/api/events/tokens').expect(201)).body as { url: string };
    const client = await new LiveClient(server.url, { path: new URL(url).pathname + new URL(url).search }).opened();
    const date = isoOf(Date.now() + DAY).slice(0, 10);
    const item = { device_type: 'OTDR', device_name: 'OTDR 1' };
    const slot = { start_time: `${date}T09:00:00Z`, end_time: `${date}T10:00:00Z` };
    await ada
      .post('/bookings')
      .send({ bookings: [{ ...item, ...slot }] })
      .expect(200);

    // The example lab is told too: it was made a moment ago.
    await eventually('the booking on the stream', () => client.kinds.includes('booking.created'));
    await eventually('a message in the room', () => others.bookings.posted.length > 0);
    await eventually('a mail', () => others.mail.received.length > 0);
    const own = (await ada.get('/api/notifications').expect(200)).body as { items: { type: string }[] };
    expect(own.items.map(({ type }) => type)).to.deep.equal(['booking.requested']);
    expect(others.bookings.posted).to.have.length(1);
    expect(others.mail.received[0]!.attachments.some(({ contentType }) => contentType.includes('calendar'))).to.equal(
      true,
    );

    const began = Date.now();
    expect(await server.stop()).to.equal(0);
    expect(Date.now() - began).to.be.lessThan(5000);
    await client.isOver();
    expect(server.stdout).not.to.include(new URL(url).searchParams.get('token'));
    expect(server.stdout).not.to.include('/api/webhooks');
  });
});

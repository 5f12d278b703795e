import { createServer } from 'node:http';
import { expect } from 'chai';
import type { Express } from 'express';
import supertest from 'supertest';
import { PrometheusMeters, type Looks } from '../../../adapters/prometheus/prometheus-meters.js';
import { daysOf } from '../../support/booking-forms.js';
import { aDevice } from '../../support/devices.js';
import { forEveryStore, labsIn } from '../../support/labs.js';
import { signedIn } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { onMemory } from '../../support/stores.js';

const TOKEN = 'a token for whoever scrapes';
const DAY = '2026-11-25';

const textOf = async (app: Express): Promise<string> => (await supertest(app).get('/metrics').expect(200)).text;

/** The samples of one meter, by their labels in the order in which they are written. */
const samplesOf = (text: string, name: string): Record<string, number> =>
  Object.fromEntries(
    [...text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))].map(([, labels = '', value]) => [
      labels.replaceAll('"', ''),
      Number(value),
    ]),
  );

/** The app as somebody on another machine reaches it. */
const fromAfar = (app: Express, address: string) =>
  createServer((request, response) => {
    Object.defineProperty(request.socket, 'remoteAddress', { value: address, configurable: true });
    app(request, response);
  });

forEveryStore('the metrics', (openLab) => {
  it('count requests, bookings and refusals, and say what is still to be told and how busy the database is', async () => {
    const { app, lab } = await openLab();
    const deviceId = await aDevice(lab, { name: 'ROADM 1' });
    const ada = await signedIn(app, 'ada');
    const bob = await signedIn(app, 'bob');
    await lab.fanOutEvents.execute();
    await ada
      .post('/bookings')
      .send(daysOf(deviceId, [DAY]))
      .expect(200);
    await bob
      .post('/bookings')
      .send(daysOf(deviceId, [DAY]))
      .expect(409);
    const contending = daysOf(deviceId, [DAY], {}, 'CONFLICTING');
    await bob.post('/bookings').send(contending).expect(200);
    const text = await textOf(app);
    expect(samplesOf(text, 'openlab_http_request_duration_seconds_count')).to.include({
      'method=POST,route=/bookings,status=200': 2,
      'method=POST,route=/bookings,status=409': 1,
      'method=POST,route=/users/register,status=200': 2,
    });
    expect(samplesOf(text, 'openlab_bookings_total')).to.include({
      'deed=requested,status=PENDING': 1,
      'deed=requested,status=CONFLICTING': 1,
    });
    expect(samplesOf(text, 'openlab_refusals_total')).to.include({ 'code=booking.taken': 1 });
    expect(samplesOf(text, 'openlab_outbox')).to.include({ 'state=waiting': 0, 'state=dead': 0 });
    expect(samplesOf(text, 'openlab_outbox')['state=untold']).to.be.greaterThan(1);
    expect(samplesOf(text, 'openlab_outbox_oldest_seconds')).to.deep.equal({ '': 0 });
    expect(Object.values(samplesOf(text, 'openlab_pdus'))).to.deep.equal([0, 0, 0]);
    expect(samplesOf(text, 'openlab_database_up')).to.deep.equal({ '': 1 });
    expect(samplesOf(text, 'openlab_database_connections')).to.include.keys(
      'state=open',
      'state=busy',
      'state=waiting',
    );
    await lab.fanOutEvents.execute();
    expect(samplesOf(await textOf(app), 'openlab_outbox')).to.include({ 'state=untold': 0 });
  });
});

onMemory('whoever reads the metrics', (open) => {
  const openLab = labsIn(open);

  it('is on the same machine, or has the token', async () => {
    const { app } = await openLab({ http: { metricsToken: TOKEN } });
    const denied = problem(401, 'metrics.token-required');
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
      await supertest(fromAfar(app, address)).get('/metrics').expect(200);
    }
    for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '1.127.0.0', '2001:db8::1']) {
      const far = fromAfar(app, address);
      await supertest(far).get('/metrics').expect(denied).expect('WWW-Authenticate', 'Bearer');
      await supertest(far).get('/metrics').set('Authorization', `Bearer ${TOKEN} and more`).expect(denied);
      await supertest(far).get('/metrics').set('Authorization', `Basic ${TOKEN}`).expect(denied);
    }
    const spaceless = TOKEN.replaceAll(' ', '-');
    const { app: other } = await openLab({ http: { metricsToken: spaceless } });
    const far = fromAfar(other, '192.0.2.7');
    await supertest(far).get('/metrics').set('Authorization', `Bearer ${spaceless}`).expect(200);
    await supertest(far).get('/metrics').set('Authorization', `Bearer ${spaceless}x`).expect(denied);
    await supertest(far).get(`/metrics?token=${spaceless}`).expect(denied);
  });

  it('is not somebody for whom a proxy on this machine asks, whatever the lab believes of proxies', async () => {
    const { app } = await openLab({ http: { trustProxy: 1 } });
    for (const header of [
      'Forwarded',
      'X-Forwarded-For',
      'X-Forwarded-Host',
      'X-Forwarded-Proto',
      'X-Real-IP',
      'Via',
    ]) {
      await supertest(app).get('/metrics').set(header, '127.0.0.1').expect(problem(401, 'metrics.token-required'));
    }
  });

  it('needs no session, leaves no trace in any cache, and may not write', async () => {
    const { app } = await openLab();
    const reply = await supertest(app).get('/metrics').expect(200).expect('Cache-Control', 'no-store');
    expect(reply.headers['content-type']).to.match(/^text\/plain; version=0\.0\.4/);
    expect(reply.headers['set-cookie']).to.equal(undefined);
    await supertest(app).post('/metrics').expect(405);
  });

  it('finds no address, name or code in them that anybody could choose', async () => {
    const { app } = await openLab();
    const ada = await signedIn(app, 'chosen-name');
    for (let n = 0; n < 30; n += 1) {
      await supertest(app).get(`/chosen/${n}`).expect(404);
      await ada.get(`/api/inventory/devices/9${n}`).expect(404);
      await ada.get(`/api/inventory/devices/oi/chosen-${n}`).expect(404);
    }
    await supertest(app).propfind('/chosen').expect(404);
    const text = await textOf(app);
    expect(text).not.to.match(/chosen|PROPFIND/i);
    const requests = samplesOf(text, 'openlab_http_request_duration_seconds_count');
    expect(Object.keys(requests)).to.have.length.below(8);
    expect(requests).to.include({
      'method=GET,route=none,status=404': 30,
      'method=other,route=none,status=404': 1,
      'method=GET,route=/api/inventory/devices/:id,status=404': 30,
    });
  });
});

describe('the meters', () => {
  const looks: Looks = {
    backlog: () => Promise.resolve({ untold: 1, waiting: 2, dead: 3, since: 1000 }),
    pdus: () => Promise.resolve([{ id: 1 }, { id: 2 }, { id: 3 }]),
    readings: () =>
      Promise.resolve([
        { pduId: 1, problem: null },
        { pduId: 2, problem: { code: 'pdu.unreachable', detail: 'no answer' } },
      ]),
    connections: () => ({ open: 10, busy: 7, waiting: 4 }),
    streams: () => 5,
    now: () => 61_000,
  };

  it('show what the lab looks like now', async () => {
    const { text } = await new PrometheusMeters(looks, '1.2.3').page();
    expect(samplesOf(text, 'openlab_outbox')).to.deep.equal({ 'state=untold': 1, 'state=waiting': 2, 'state=dead': 3 });
    expect(samplesOf(text, 'openlab_outbox_oldest_seconds')).to.deep.equal({ '': 60 });
    expect(samplesOf(text, 'openlab_pdus')).to.deep.equal({
      'state=answering': 1,
      'state=failing': 1,
      'state=unknown': 1,
    });
    expect(samplesOf(text, 'openlab_database_connections')).to.deep.equal({
      'state=open': 10,
      'state=busy': 7,
      'state=waiting': 4,
    });
    expect(samplesOf(text, 'openlab_open_streams')).to.deep.equal({ '': 5 });
    expect(samplesOf(text, 'openlab_info')).to.deep.equal({ 'version=1.2.3': 1 });
  });

  it('say so when the database does not answer, and show no figures of before', async () => {
    let fails = false;
    const backlog = () => (fails ? Promise.reject(new Error('gone')) : looks.backlog());
    const meters = new PrometheusMeters({ ...looks, backlog }, '1.2.3');
    await meters.page();
    fails = true;
    const { text } = await meters.page();
    expect(samplesOf(text, 'openlab_database_up')).to.deep.equal({ '': 0 });
    expect(samplesOf(text, 'openlab_outbox')).to.deep.equal({});
    expect(samplesOf(text, 'openlab_outbox_oldest_seconds')).to.deep.equal({});
    expect(samplesOf(text, 'openlab_database_connections')).to.include({ 'state=open': 10 });
  });

  it('count for themselves: two labs in one process do not add up', async () => {
    const [one, other] = [new PrometheusMeters(looks, '1'), new PrometheusMeters(looks, '1')];
    one.job('tidy-up', 'failed');
    expect(samplesOf((await one.page()).text, 'openlab_jobs_total')).to.deep.equal({
      'job=tidy-up,outcome=done': 0,
      'job=tidy-up,outcome=failed': 1,
    });
    expect(samplesOf((await other.page()).text, 'openlab_jobs_total')).to.deep.equal({});
  });
});

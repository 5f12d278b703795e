import { expect } from 'chai';
import { PASSWORD } from '../../../support/people.js';
import { boolean, eachLike, instant, integer, nullValue, number, oneOf, regex, string, toldPath } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { LabMonitor } from './lab-monitor.js';

const VIEWER = ['somebody is signed in', { username: 'monitor', role: 'Viewer' }] as const;
const POWERED: readonly Given[] = ['there is a device', 'there is a PDU', VIEWER];

export const monitoredRoutes = (pact: PactOf): void => {
  it('asks whether the server is up and ready, without a session', async () => {
    const reply = { status: 200, body: { status: 'ok' } };
    await pact.exchange('health', { request: { method: 'GET', path: '/health' }, reply }, async (url) => {
      expect(await new LabMonitor(url, null).health()).to.equal('ok');
    });
    await pact.exchange('readiness', { request: { method: 'GET', path: '/ready' }, reply }, async (url) => {
      expect(await new LabMonitor(url, null).ready()).to.equal('ok');
    });
  });

  it('signs in', () =>
    pact.exchange(
      'sign in',
      {
        given: [['there is an account', { username: 'monitor', role: 'Viewer' }]],
        request: { method: 'POST', path: '/login', body: { username: 'monitor', password: PASSWORD } },
        reply: { status: 200, headers: { 'Set-Cookie': regex(/^session_id=.+/, 'session_id=abc; Path=/') } },
      },
      async (url) => {
        expect(await new LabMonitor(url, null).signIn('monitor', PASSWORD)).to.equal('abc');
      },
    ));

  it('gets an address at which the stream is open without a session', () =>
    pact.exchange(
      'an address of the event stream',
      {
        given: [VIEWER],
        request: { method: 'POST', path: '/api/events/tokens', as: 'monitor' },
        reply: {
          status: 201,
          body: { url: regex('^https?://.+/api/events[?]token=.+$', 'http://lab.example/api/events?token=abc') },
        },
      },
      async (url) => {
        expect(await new LabMonitor(url, 'monitor').streamAddress()).to.contain('/api/events?token=');
      },
    ));

  it('is told when its address is open no more', () =>
    pact.exchange(
      'the event stream with a token that nobody gave',
      {
        request: { method: 'GET', path: '/api/events', query: { token: 'revoked' } },
        reply: {
          ...{ status: 401, headers: { 'Content-Type': 'application/problem+json' } },
          body: { code: 'session.required' },
        },
      },
      async (url) => {
        expect(await new LabMonitor(url, null).knock()).to.equal(401);
      },
    ));

  it('looks at the devices, and at how they are', async () => {
    await pact.exchange(
      'the devices',
      {
        given: ['there is a device', VIEWER],
        request: { method: 'GET', path: '/api/devices', as: 'monitor' },
        reply: {
          status: 200,
          body: eachLike({
            ...{ id: integer(5), deviceName: string('ROADM 1') },
            status: oneOf('Available', 'Maintenance', 'Unavailable'),
          }),
        },
      },
      async (url) => {
        expect(await new LabMonitor(url, 'monitor').deviceStatuses()).to.deep.equal(['5 ROADM 1 Available']);
      },
    );
    await pact.exchange(
      'the health of devices',
      {
        given: ['there is a device', 'a device was heard of', VIEWER],
        request: { method: 'GET', path: '/admin/v2/devices', as: 'monitor' },
        reply: {
          status: 200,
          body: {
            items: eachLike({
              name: string('ROADM 1'),
              health: { status: string('ok'), heartbeat_at: instant('2026-11-23T09:00:00.000Z') },
            }),
          },
        },
      },
      async (url) => {
        const health = await new LabMonitor(url, 'monitor').deviceHealth();
        expect(health).to.deep.equal(['ROADM 1 ok at 2026-11-23T09:00:00.000Z']);
      },
    );
  });

  it('looks at the figures of the lab', () =>
    pact.exchange(
      'the dashboard',
      {
        given: ['there is a device', VIEWER],
        request: { method: 'GET', path: '/admin/v2/dashboard', as: 'monitor' },
        reply: {
          status: 200,
          body: {
            cards: eachLike({ id: string('pending_approvals'), value: integer(1) }),
            device_counts: { total: integer(1), active: integer(1), maintenance: integer(0), offline: integer(0) },
            ...{ today_bookings: integer(0), week_bookings: integer(1) },
          },
        },
      },
      async (url) => {
        const figures = await new LabMonitor(url, 'monitor').figures();
        expect(figures).to.deep.equal({ pending_approvals: 1, devices: [1, 1, 0, 0], today: 0, week: 1 });
      },
    ));

  it('looks at the power', async () => {
    await pact.exchange(
      'the power in all',
      {
        given: POWERED,
        request: { method: 'GET', path: '/control-panel/status', as: 'monitor' },
        reply: {
          status: 200,
          body: {
            ...{ total_pdus: integer(1), connected_pdus: integer(1) },
            ...{ avg_temperature: number(22), total_power: number(320) },
          },
        },
      },
      async (url) => {
        const totals = await new LabMonitor(url, 'monitor').powerTotals();
        expect(totals).to.deep.equal({ pdus: 1, connected: 1, celsius: 22, watts: 320 });
      },
    );
    await pact.exchange(
      'the PDUs',
      {
        given: POWERED,
        request: { method: 'GET', path: '/control-panel/pdus', as: 'monitor' },
        reply: {
          status: 200,
          body: eachLike({
            ...{ name: string('PDU1'), host: string('pdu1'), connected: boolean(true), detail: nullValue() },
            ...{ age_seconds: integer(0), power: number(320), temperature: number(22), humidity: number(40) },
          }),
        },
      },
      async (url) => {
        const [pdu] = await new LabMonitor(url, 'monitor').pdus();
        expect(pdu).to.deep.include({ name: 'PDU1', connected: true, trouble: null, watts: 320 });
      },
    );
    await pact.exchange(
      'the PDUs of which one is silent',
      {
        given: [...POWERED, 'a PDU does not answer'],
        request: { method: 'GET', path: '/control-panel/pdus', as: 'monitor' },
        reply: {
          status: 200,
          body: eachLike({
            ...{
              name: string('PDU1'),
              host: string('pdu1'),
              connected: false,
              detail: string('The PDU at pdu1 does not answer.'),
            },
            ...{ age_seconds: integer(0), power: nullValue(), temperature: nullValue(), humidity: nullValue() },
          }),
        },
      },
      async (url) => {
        const [pdu] = await new LabMonitor(url, 'monitor').pdus();
        expect(pdu).to.deep.include({ connected: false, trouble: 'The PDU at pdu1 does not answer.', watts: null });
      },
    );
    await pact.exchange(
      'the outlets of a PDU',
      {
        given: POWERED,
        request: {
          ...{ method: 'GET', as: 'monitor' },
          path: toldPath('/control-panel/pdus/${pduName}/outlets', { pduName: 'PDU1' }),
        },
        reply: {
          status: 200,
          body: eachLike({
            number: integer(1),
            device: string('ROADM 1'),
            status: oneOf('on', 'off', 'transitioning'),
          }),
        },
      },
      async (url) => {
        expect(await new LabMonitor(url, 'monitor').outlets('PDU1')).to.deep.equal(['1 ROADM 1 on']);
      },
    );
  });
};

import { expect } from 'chai';
import { HOUR } from '../../../domain/index.js';
import { storyOf } from '../../support/assets.js';
import { daysOf } from '../../support/booking-forms.js';
import { importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

interface DeviceBody {
  readonly id: number;
  readonly status: string;
  readonly owner: { readonly id: number; readonly username: string } | null;
  readonly tags: readonly string[];
  readonly health: { readonly status: string } | null;
  readonly [field: string]: unknown;
}

const NOON = Date.parse('2026-11-23T12:00:00.000Z');

forEveryStore('the devices, for those who look after them', (openLab) => {
  const path = '/admin/v2/devices';
  let here: OpenLab;
  let root: Agent;
  let viewer: Agent;
  let adaId: number;
  let ada: Agent;
  let names = 0;
  before(async () => {
    here = await openLab({ clock: new ManualClock(NOON) });
    root = await administrator(here.lab, here.app);
    viewer = await somebodyWith(here.lab, here.app, 'Approver', 'kim');
    ada = await signedIn(here.app, 'ada');
    adaId = ((await ada.get('/api/auth/me').expect(200)).body as { user_id: number }).user_id;
  });

  const some = (count: number) =>
    importDevices(
      here.lab,
      Array.from({ length: count }, () => ({
        name: `ROADM ${(names += 1)}`,
        tags: 'flexgrid',
        site: 'Dublin',
        rack: 'A01',
      })),
    );
  const list = async (query = 'limit=200'): Promise<DeviceBody[]> =>
    (await viewer.get(`${path}?${query}`).expect(200)).body.items as DeviceBody[];
  const one = async (id: number): Promise<DeviceBody> => (await list()).find((device) => device.id === id)!;
  const post = async (what: string, body: object): Promise<{ succeeded: number[]; failed: { id: number }[] }> => {
    const reply = await root.post(`${path}/${what}`).send(body);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body as { succeeded: number[]; failed: { id: number }[] };
  };

  it('are listed for those who may read, and changed by those who may write', async () => {
    const [id] = await some(1);
    await ada.get(path).expect(problem(403, 'permission.denied'));
    const bodies = {
      status: { device_ids: [id], status: 'Offline' },
      'assign-owner': { device_ids: [id], owner_id: adaId },
      tags: { device_ids: [id], tags: ['x'] },
      [`${id}/health`]: { status: 'ok' },
    };
    for (const [what, body] of Object.entries(bodies)) {
      await viewer.post(`${path}/${what}`).send(body).expect(problem(403, 'permission.denied'));
    }
    expect(await one(id!)).to.deep.include({
      ...{ type: 'ROADM', deviceType: 'ROADM', status: 'Available', inventory_status: 'active', owner: null },
      ...{ tags: ['flexgrid'], site: 'Dublin', location_path: 'Dublin / A01', health: null },
      last_updated: '2026-11-23T12:00:00.000Z',
    });
  });

  it('change their status together, each with its history, and keep what is booked', async () => {
    const [free = 0, booked = 0] = await some(2);
    await ada
      .post('/bookings')
      .send(daysOf(booked, ['2026-11-25']))
      .expect(200);
    const form = { device_ids: [free, String(booked), 99_999], status: 'Retired', reason: 'new lasers' };
    const { succeeded, failed } = await post('status', form);
    expect(succeeded).to.deep.equal([free]);
    expect(failed).to.deep.equal([
      {
        ...{ id: booked, code: 'device.has-bookings' },
        reason: `ROADM ${names} has 1 booking(s) to come; cancel them first.`,
      },
      { id: 99_999, code: 'device.not-found', reason: 'Device with ID 99999 not found' },
    ]);
    expect(await one(free)).to.include({ status: 'Unavailable', inventory_status: 'retired' });
    expect(await storyOf(viewer, free)).to.include('bulk_updated status: active -> retired');
    const cancelling = await root.post(`${path}/status?cancel_bookings=true`).send({ ...form, device_ids: [booked] });
    expect(cancelling.body.succeeded).to.deep.equal([booked]);
    await root
      .post(`${path}/status`)
      .send({ device_ids: [], status: 'Offline' })
      .expect(problem(400, 'device.none-named', 'No device IDs provided'));
    const wrong = await post('status', { device_ids: [free], status: 'asleep' });
    expect(wrong.failed[0]).to.include({ id: free, code: 'device.unknown-status' });
  });

  it('have somebody who answers for them, and are found by that', async () => {
    const [first = 0, second = 0] = await some(2);
    expect(await post('assign-owner', { device_ids: [first, second], owner_id: adaId })).to.deep.equal({
      succeeded: [first, second],
      failed: [],
    });
    expect((await one(first)).owner).to.deep.equal({ id: adaId, username: 'ada' });
    expect((await list('owner=ADA')).map(({ id }) => id)).to.deep.equal([first, second]);
    await post('assign-owner', { device_ids: [first], owner_id: null });
    await post('assign-owner', { device_ids: [second] });
    expect(await list('owner=ada')).to.deep.equal([]);
    expect((await storyOf(viewer, first)).slice(-2)).to.deep.equal([
      'bulk_updated owner: - -> ada',
      'bulk_updated owner: ada -> -',
    ]);
    await root
      .post(`${path}/assign-owner`)
      .send({ device_ids: [first], owner_id: 99_999 })
      .expect(problem(404, 'device.unknown-owner', 'Owner not found'));
    await root.put(`/api/inventory/devices/${first}`).send({ notes: 'seen' }).expect(200);
  });

  it('keep who answers for them when they are edited or imported again', async () => {
    const [id = 0] = await some(1);
    await post('assign-owner', { device_ids: [id], owner_id: adaId });
    await root.patch(`/api/inventory/devices/${id}`).send({ notes: 'seen' }).expect(200);
    const file = (await viewer.get('/api/inventory/export.csv').expect(200)).text.replaceAll('A01', 'A02');
    await root.post('/api/inventory/import').type('text/csv').send(file).expect(200);
    expect(await one(id)).to.deep.include({
      owner: { id: adaId, username: 'ada' },
      location_path: 'Dublin / A02',
    });
    await post('assign-owner', { device_ids: [id], owner_id: null });
  });

  it('have tags set, added and removed by name, and unknown ones made', async () => {
    const [first = 0, second = 0] = await some(2);
    await post('tags', { device_ids: [first, second, first], tags: ['loan', 'FLEXGRID', 'loan'], mode: 'set' });
    expect((await one(first)).tags).to.deep.equal(['flexgrid', 'loan']);
    await post('tags', { device_ids: [first], tags: ['new'], mode: 'add' });
    await post('tags', { device_ids: [first], tags: ['Loan', 'never heard of'], mode: 'remove' });
    expect((await one(first)).tags).to.deep.equal(['flexgrid', 'new']);
    expect((await list('tag=LOAN')).map(({ id }) => id)).to.deep.equal([second]);
    // One tag for another: as many as before.
    await post('tags', { device_ids: [first], tags: ['other', 'new'] });
    expect((await one(first)).tags).to.deep.equal(['new', 'other']);
    expect((await storyOf(viewer, first)).at(-1)).to.equal('tags_changed tags: flexgrid;new -> new;other');
    await post('tags', { device_ids: [first], tags: [], mode: 'set' });
    expect((await one(first)).tags).to.deep.equal([]);
    const body = { device_ids: [first], tags: ['x'], mode: 'shuffle' };
    await root
      .post(`${path}/tags`)
      .send(body)
      .expect(problem(400, 'device.unknown-tag-mode', 'Invalid tag mode'));
    expect((await post('tags', { device_ids: [99_999], tags: ['x'] })).failed).to.have.length(1);
  });

  it('are heard of: the latest heartbeat counts, and what changes is written down', async () => {
    const [id = 0] = await some(1);
    const report = async (body: object) =>
      (await root.post(`${path}/${id}/health`).send(body).expect(200)).body as object;
    const trail = () => here.store.auditEntries();
    const before = await trail();
    expect(await report({ status: 'ok', metrics: { temperature: 41.5, fan: 'fast' } })).to.deep.equal({
      ...{ device_id: id, status: 'ok', metrics: { temperature: 41.5, fan: 'fast' } },
      ...{ heartbeat_at: '2026-11-23T12:00:00.000Z', reported_at: '2026-11-23T12:00:00.000Z' },
    });
    await report({ status: 'ok' });
    expect(await trail()).to.equal(before + 1);
    const late = { status: 'unreachable', heartbeat_at: new Date(NOON - HOUR).toISOString() };
    expect(await report(late)).to.include({ status: 'ok' });
    await report({ status: 'degraded', heartbeat_at: null, metrics: null });
    expect(await trail()).to.equal(before + 2);
    expect((await one(id)).health).to.deep.include({ status: 'degraded', metrics: {} });
    const ahead = { status: 'ok', heartbeat_at: '2026-11-23T12:06:00Z' };
    await root.post(`${path}/${id}/health`).send(ahead).expect(problem(400, 'health.ahead'));
    await root.post(`${path}/99999/health`).send({ status: 'ok' }).expect(problem(404, 'device.not-found'));
    for (const body of [
      {},
      { status: ' ' },
      { status: 'ok', metrics: { deep: { er: 1 } } },
      { status: 'x'.repeat(33) },
    ]) {
      await root.post(`${path}/${id}/health`).send(body).expect(problem(422, 'request.malformed'));
    }
    await root.delete(`/api/inventory/devices/${id}`).expect(204);
    expect(await one(id)).to.equal(undefined);
  });

  it('are one table, whichever of the old debug routes is asked', async () => {
    const total = (await list()).length;
    await viewer.get('/admin/v2/debug/db-status').expect(problem(403));
    expect((await root.get('/admin/v2/debug/db-status').expect(200)).body).to.deep.equal({
      ...{ status: 'success', device_table_count: total, devices_count: total, matching_ids_count: total },
      synchronization_percentage: 100,
    });
    await viewer.post('/admin/v2/debug/migrate-device-status').expect(problem(403));
    const { body } = await root.post('/admin/v2/debug/migrate-device-status').expect(200);
    expect(body).to.deep.include({ status: 'success', migrations: {}, total_migrated: 0 });
    expect(body.status_counts_after).to.deep.equal(body.status_counts_before);
    expect(Object.values(body.status_counts_after as Record<string, number>).reduce((a, b) => a + b, 0)).to.equal(
      total,
    );
  });
});

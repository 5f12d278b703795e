import { expect } from 'chai';
import supertest from 'supertest';
import { SYSTEM } from '../../application/index.js';
import { LabZone } from '../../domain/index.js';
import { oldSlotOf } from '../../application/move-in/rules/old-times.js';
import { legacyLab } from '../support/legacy-lab.js';
import { forEveryStore, type OpenLab } from '../support/labs.js';
import { LOGINS, movedLab, oldHome } from '../support/moving-in.js';
import type { Agent } from '../support/people.js';
import type { MoveReport } from '../../application/move-in/index.js';

const zone = new LabZone('Europe/Dublin');
const old = legacyLab();

const idOf = (username: string): number => old.user_table.find((row) => row.username === username)?.id ?? 0;

/** Owners' rows that became bookings of their own, by what the old lab had. */
const ownRowsOf = (username: string, { lines }: MoveReport) => {
  const gone = new Set(
    lines
      .filter(({ source, verdict }) => source === 'booking_table' && (verdict === 'merged' || verdict === 'refused'))
      .map(({ row }) => Number(row)),
  );
  return old.booking_table.filter(
    (row) => row.user_id === idOf(username) && row.is_collaborator === 0 && !gone.has(row.booking_id),
  );
};

forEveryStore('a lab that moved in', (openLab) => {
  let moved: OpenLab & { report: MoveReport };
  const agents = new Map<string, Agent>();
  const as = (username: string): Agent => agents.get(username) as Agent;

  before(async function () {
    this.timeout(60_000);
    moved = await movedLab(openLab);
  });

  for (const [username, secret] of LOGINS) {
    it(`lets ${username} sign in as before`, async () => {
      const agent = supertest.agent(moved.app);
      agents.set(username, agent);
      const { body } = await agent.post('/login').send({ username, password: secret }).expect(200);
      expect(body.user_id).to.equal(idOf(username));
    });
  }

  it('lets nobody in with what is stored', async () => {
    const { users } = await moved.store.rows();
    expect(users).to.have.length(41);
    const stored = JSON.stringify(users);
    for (const { password } of old.user_table.filter((row) => !row.password.startsWith('$'))) {
      expect(stored).not.to.include(password);
    }
    const kept = /\$2b\$[^"]{56}/.exec(stored)?.[0];
    await supertest(moved.app).post('/login').send({ username: 'admin', password: kept }).expect(400);
  });

  it('serves the bookings of its users, at the instants that were meant', async () => {
    for (const username of ['alice', 'bob', 'łukasz', 'old.script']) {
      const { body } = await as(username)
        .get(`/bookings/user/${idOf(username)}`)
        .expect(200);
      const owned = (body as Record<string, unknown>[])
        .filter((booking) => booking.is_owner)
        .map(({ booking_id: id, start_time: start, end_time: end }) => [id, start, end]);
      const expected = ownRowsOf(username, moved.report).map((row) => {
        const { start, end } = oldSlotOf(row, zone);
        return [row.booking_id, new Date(start).toISOString(), new Date(end).toISOString()];
      });
      const byId = (a: unknown[], b: unknown[]) => Number(a[0]) - Number(b[0]);
      expect(owned.sort(byId), username).to.deep.equal(expected.sort(byId));
    }
  });

  it('tells times of the day grid from local ones', async () => {
    const all = await as('admin').get('/admin/v2/bookings/2109').expect(200);
    expect(all.body.booking.start_time).to.equal('2027-03-28T01:30:00.000Z');
    const grid = await as('admin').get('/admin/v2/bookings/1130').expect(200);
    expect(grid.body.booking.start_time).to.equal('2026-12-07T23:01:00.000Z');
  });

  it('shows collaborators what they collaborate in, once', async () => {
    const collaborating = old.booking_table.filter((row) => row.is_collaborator === 1 && row.user_id === idOf('alice'));
    const { body } = await as('alice')
      .get(`/bookings/user/${idOf('alice')}`)
      .expect(200);
    const shared = (body as Record<string, unknown>[]).filter((booking) => !booking.is_owner);
    expect(collaborating.length).to.be.greaterThan(0);
    expect(shared.length).to.be.at.least(collaborating.length);
    expect(new Set(shared.map((booking) => booking.booking_id)).size).to.equal(shared.length);
    for (const booking of shared) expect(booking.collaborators).to.include('alice');
  });

  it('serves groups and favourites under their old ids', async () => {
    for (const username of ['alice', 'old.script']) {
      const { body: groups } = await as(username)
        .get(`/bookings/user/${idOf(username)}?grouped=true`)
        .expect(200);
      const ids = new Set((groups as { grouped_booking_id: string }[]).map((group) => group.grouped_booking_id));
      for (const row of ownRowsOf(username, moved.report)) expect(ids).to.include(row.grouped_booking_id);
      const { body: favourites } = await as(username)
        .get(`/bookings/favorites/${idOf(username)}`)
        .expect(200);
      expect((favourites as { id: number; name: string }[]).map(({ id, name }) => [id, name])).to.have.deep.members(
        old.booking_favorite.filter((row) => row.user_id === idOf(username)).map((row) => [row.id, row.name]),
      );
    }
  });

  it('has one table of devices, with the ids of both', async () => {
    const { body } = await as('alice').get('/api/devices').expect(200);
    const devices = body as { id: number; deviceName: string; status: string; In_Port: number; Out_Port: number }[];
    const ids = devices.map(({ id }) => id);
    expect(ids).to.include.members([1, 116, 203, 210]);
    expect(ids).to.deep.equal([...ids].sort((a, b) => a - b));
    expect(devices[0]).to.include({ deviceName: 'TeraFlex 1', status: 'Available', In_Port: 37, Out_Port: 229 });
    const total = await as('admin').get('/api/inventory/devices?limit=1').expect(200);
    expect(total.body.total).to.equal(210);
  });

  it('answers the pages of its administrators', async () => {
    const admin = as('admin');
    expect((await admin.get('/admin/v2/session').expect(200)).body.role ?? 'Super Admin').to.equal('Super Admin');
    for (const page of [
      ...['/admin/devices', '/admin/bookings/pending', '/admin/v2/bookings', '/admin/v2/devices', '/admin/v2/users'],
      ...[
        '/admin/v2/logs',
        '/admin/v2/settings',
        '/admin/v2/topologies',
        '/control-panel/pdus',
        '/control-panel/status',
      ],
      ...['/api/inventory/stats/summary', '/api/inventory/devices/1/history', '/api/inventory/tags'],
    ]) {
      const { status, body } = await admin.get(page);
      expect(status, `${page}: ${JSON.stringify(body).slice(0, 200)}`).to.equal(200);
    }
    const pdus = await admin.get('/control-panel/pdus').expect(200);
    expect(pdus.body).to.have.length(5);
    expect(JSON.stringify(pdus.body)).not.to.include('change-me');
  });

  it('serves saved topologies as they were drawn', async () => {
    const row = old.topology_table.find(({ id }) => id === 4);
    const { body } = await as('labtech').get('/topology/4').expect(200);
    expect(body.topology.nodes).to.deep.equal(JSON.parse(row?.nodes ?? ''));
  });

  it('keeps every rule of the calendar', async () => {
    const { bookings, violations } = await moved.lab.checkInvariants.execute();
    expect(violations).to.deep.equal([]);
    expect(bookings).to.equal(moved.report.totals.booking_table.taken);
  });

  it('has an audit trail that can be sealed and verified', async () => {
    await moved.lab.sealAudit.execute();
    const { ok, unsealed } = await moved.lab.verifyAudit.execute(SYSTEM, null);
    expect({ ok, unsealed }).to.deep.equal({ ok: true, unsealed: 0 });
  });

  it('is not moved twice, and says so', async () => {
    const before = await moved.store.rows();
    const again = await moved.lab.moveIn.execute(oldHome());
    expect(again.outcome).to.equal('moved-before');
    expect(again.at).to.equal(moved.report.at);
    expect(await moved.store.rows()).to.deep.equal(before);
  });

  it('gives new bookings new ids', async () => {
    const booking = { device_type: 'OTDR', device_name: 'OTDR 2' };
    const slot = { start_time: '2026-11-25T02:00:00Z', end_time: '2026-11-25T03:00:00Z' };
    await as('alice')
      .post('/bookings')
      .send({ message: '', bookings: [{ ...booking, ...slot }] })
      .expect(200);
    const { body } = await as('alice')
      .get(`/bookings/user/${idOf('alice')}`)
      .expect(200);
    expect(Math.max(...(body as { booking_id: number }[]).map((made) => made.booking_id))).to.be.greaterThan(2564);
  });
});

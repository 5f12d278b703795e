import { expect } from 'chai';
import { DAY } from '../../../domain/index.js';
import { daysOf } from '../../support/booking-forms.js';
import { importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

interface DashboardBody {
  readonly cards: readonly Card[];
  readonly device_counts: object;
  readonly recent_activity: readonly { readonly actor: object; readonly action: string }[];
}

interface Found {
  readonly id: number;
  readonly label: string;
  readonly email?: string | null;
}

type FoundBody = Readonly<Record<'bookings' | 'devices' | 'users' | 'topologies', readonly Found[]>>;

interface Card {
  readonly id: string;
  readonly value: number;
  readonly delta: number | null;
  readonly delta_direction: string | null;
}

const MONDAY = Date.parse('2026-11-23T09:00:00.000Z');

forEveryStore('the lab at a glance', (openLab) => {
  let here: OpenLab;
  let clock: ManualClock;
  let viewer: Agent;
  let ada: Agent;
  let devices: number[];
  before(async () => {
    clock = new ManualClock(MONDAY);
    here = await openLab({ clock });
    await administrator(here.lab, here.app);
    ada = await signedIn(here.app, 'ada');
    viewer = await somebodyWith(here.lab, here.app, 'Viewer', 'vera');
    devices = await importDevices(here.lab, [
      { name: 'ROADM 1' },
      { name: 'ROADM 2' },
      { name: 'OTDR 100%', device_type: 'OTDR', status: 'spare' },
      { name: 'OTDR 2', device_type: 'OTDR', status: 'in_maintenance' },
    ]);
    await ada
      .post('/bookings')
      .send(daysOf(devices[0]!, ['2026-12-01']))
      .expect(200);
    await ada
      .post('/bookings')
      .send(daysOf(devices[1]!, ['2026-12-01', '2026-12-07', '2026-12-08']))
      .expect(200);
  });

  const dashboard = async () => (await viewer.get('/admin/v2/dashboard').expect(200)).body as DashboardBody;
  const cards = async (): Promise<Record<string, Card>> =>
    Object.fromEntries((await dashboard()).cards.map((card) => [card.id, card]));

  it('is for Viewers and those above them', async () => {
    await ada.get('/admin/v2/dashboard').expect(problem(403, 'permission.denied'));
    await ada.get('/admin/v2/search?q=ada').expect(problem(403, 'permission.denied'));
  });

  it('counts what there is, and what changed within a week', async () => {
    expect((await cards()).pending_approvals).to.include({ value: 4, delta: 4, delta_direction: 'up' });
    expect((await cards()).new_signups).to.include({ value: 3, delta: 3 });
    // A week and a day later: Tuesday, the first of December.
    clock.advance(8 * DAY);
    const bob = await signedIn(here.app, 'bob');
    const contend = daysOf(devices[0]!, ['2026-12-01'], {}, 'CONFLICTING');
    await bob.post('/bookings').send(contend).expect(200);
    const again = await somebodyWith(here.lab, here.app, 'Admin', 'kim');
    viewer = again;
    const listed = (await again.get('/admin/v2/bookings?device_name=roadm%202&sort=start_time:asc').expect(200))
      .body as { items: { booking_id: number }[] };
    const lastOfAda = listed.items[2]!.booking_id;
    await again
      .post('/admin/v2/bookings/approve')
      .send({ booking_ids: [lastOfAda] })
      .expect(200);
    const now = await cards();
    expect(now.pending_approvals).to.include({ value: 4, delta: 0, delta_direction: null });
    expect(now.conflicts).to.include({ value: 1, delta: null });
    expect(now.sla_breaches).to.include({ value: 3 });
    expect(now.active_users).to.include({ value: 5, delta: 2 });
    expect(now.new_signups).to.include({ value: 2, delta: -1, delta_direction: 'down' });
    const body = await dashboard();
    expect(body.device_counts).to.deep.equal({ total: 4, active: 2, maintenance: 1, offline: 1 });
    expect(body).to.deep.include({ today_bookings: 3, week_bookings: 4, topology_conflicts: [] });
    expect(body.recent_activity).to.have.length.at.most(20);
    expect(body.recent_activity[0]).to.deep.include({
      ...{ action: 'booking.confirmed', outcome: 'success', timestamp: '2026-12-01T09:00:00.000Z' },
      entity: { type: 'booking', id: String(lastOfAda), label: null },
    });
    expect(body.recent_activity[0]!.actor).to.include({ name: 'kim', role: 'Admin' });
  });

  it('finds everything by name, and shows addresses to those who may see them', async () => {
    const plain = await somebodyWith(here.lab, here.app, 'Viewer', 'adam');
    await here.lab.work.run(({ users }) =>
      users.add({
        ...{ username: 'adamant', email: 'adamant@lab.example', discordId: null, role: 'User', status: 'active' },
        ...{ passwordHash: '-', createdAt: clock.now() },
      }),
    );
    const search = async (query: string, agent: Agent) =>
      (await agent.get(`/admin/v2/search?${query}`).expect(200)).body as FoundBody;
    const found = await search('q=ada', plain);
    expect(found.bookings).to.have.length(4);
    expect(found.bookings[0]!.label).to.equal('ada – ROADM 2');
    expect(found.users.map(({ label, email }) => [label, email])).to.deep.equal([
      ...[
        ['ada', null],
        ['adam', null],
        ['adamant', null],
      ],
    ]);
    expect((await search('q=adamant', viewer)).users[0]!.email).to.equal('adamant@lab.example');
    expect(await search('q=0%25&scope=devices', plain)).to.deep.equal({
      ...{ bookings: [], users: [], topologies: [] },
      devices: [{ id: devices[2], label: 'OTDR – OTDR 100%' }],
    });
    expect(await search('q=%25%25', plain)).to.deep.equal({ bookings: [], devices: [], users: [], topologies: [] });
    await plain.get('/admin/v2/search?q=a').expect(problem(422, 'request.malformed'));
    await plain.get('/admin/v2/search').expect(problem(422, 'request.malformed'));
    await plain.get('/admin/v2/search?q=ada&scope=secrets').expect(problem(400, 'search.unknown-scope'));
  });
});

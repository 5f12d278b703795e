import { expect } from 'chai';
import { DAY, HOUR } from '../../../domain/index.js';
import { dayOf, daysOf } from '../../support/booking-forms.js';
import { importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, signedInAgain, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

interface ItemBody {
  readonly booking_id: number;
  readonly status: string;
  readonly conflict: boolean;
  readonly awaiting_my_action: boolean;
  readonly user: { readonly username: string };
  readonly device: { readonly name: string; readonly deviceType: string; readonly interchangeable?: boolean };
  readonly [field: string]: unknown;
}

interface UseBody {
  readonly booking_id: number;
  readonly status: string;
  readonly owner: { readonly id: number; readonly username: string };
}

interface DossierBody extends ItemBody {
  readonly booking: ItemBody;
  readonly timeline: readonly UseBody[];
  readonly conflicts: readonly (UseBody & { readonly user: UseBody['owner'] })[];
  readonly device_health: object | null;
  readonly history: readonly UseBody[];
}

interface PageBody {
  readonly items: readonly ItemBody[];
  readonly meta: { readonly total: number; readonly limit: number; readonly offset: number };
}

const MONDAY = Date.parse('2026-11-23T09:00:00.000Z');

forEveryStore('the bookings, for those who run the lab', (openLab) => {
  const path = '/admin/v2/bookings';
  let here: OpenLab;
  let clock: ManualClock;
  let root: Agent;
  let viewer: Agent;
  let approver: Agent;
  let ada: Agent;
  let devices: number[];
  /** Ada's on the first device, bob's over it, the approver's own, and one of today that is soon over. */
  let first: number;
  let contending: number;
  let own: number;
  let short: number;

  before(async () => {
    clock = new ManualClock(MONDAY);
    here = await openLab({ clock });
    root = await administrator(here.lab, here.app);
    viewer = await somebodyWith(here.lab, here.app, 'Viewer', 'vera');
    approver = await somebodyWith(here.lab, here.app, 'Approver', 'kim');
    ada = await signedIn(here.app, 'ada');
    const bob = await signedIn(here.app, 'bob');
    devices = await importDevices(here.lab, [
      { name: 'ROADM 1' },
      { name: 'ROADM 2' },
      { name: 'OTDR 100%', device_type: 'OTDR' },
    ]);
    const book = async (agent: Agent, form: object): Promise<number> => {
      const reply = await agent.post('/bookings').send(form);
      expect(reply.status, reply.text).to.equal(200);
      return (reply.body as { bookings: { booking_id: number }[] }).bookings[0]!.booking_id;
    };
    first = await book(ada, daysOf(devices[0]!, ['2026-11-25'], { message: '=1+1', collaborators: ['bob'] }));
    contending = await book(bob, daysOf(devices[0]!, ['2026-11-25'], {}, 'CONFLICTING'));
    own = await book(approver, daysOf(devices[2]!, ['2026-11-26']));
    short = await book(ada, {
      bookings: [
        {
          device_id: devices[1],
          start_time: '2026-11-23T09:00:00Z',
          end_time: '2026-11-23T10:00:00Z',
          status: 'PENDING',
        },
      ],
    });
  });

  const list = async (query = '', agent = viewer): Promise<PageBody> => {
    const reply = await agent.get(`${path}?${query}`);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body as PageBody;
  };
  const ids = async (query: string, agent = viewer) => (await list(query, agent)).items.map((item) => item.booking_id);

  it('are read by those who may, exported by fewer, and neither by a plain user', async () => {
    await ada.get(path).expect(problem(403, 'permission.denied'));
    await ada.get(`${path}/${first}`).expect(problem(403, 'permission.denied'));
    await ada.get(`${path}/export`).expect(problem(403, 'permission.denied'));
    await viewer.get(`${path}/${first}`).expect(200);
    await viewer.get(`${path}/export`).expect(problem(403, 'permission.denied'));
    await approver.get(`${path}/export`).expect(200);
  });

  it('have what both frontends read', async () => {
    const { items, meta } = await list();
    expect(meta).to.deep.equal({ total: 4, limit: 25, offset: 0 });
    expect(items.map((item) => item.booking_id)).to.deep.equal([short, first, contending, own]);
    expect(items[1]).to.deep.include({
      ...{ booking_id: first, status: 'PENDING', comment: '=1+1', conflict: false, conflict_notes: null },
      ...{ collaborators: ['bob'], awaiting_my_action: false, ...dayOf('2026-11-25') },
      device: { id: devices[0], name: 'ROADM 1', type: 'ROADM', deviceType: 'ROADM', status: 'Available' },
    });
    expect(items[1]!.user).to.include({ username: 'ada', role: 'User' });
    expect(items[2]).to.deep.include({ status: 'CONFLICTING', conflict: true });
  });

  it('are found by status, time, names, and what may be decided', async () => {
    expect(await ids('status=CONFLICTING')).to.deep.equal([contending]);
    expect(await ids('status=pending,conflicting&sort=booking_id:desc')).to.deep.equal([short, own, contending, first]);
    expect(await ids('conflict_only=true')).to.deep.equal([contending]);
    expect(await ids('conflict_only=true&status=PENDING')).to.deep.equal([]);
    expect(await ids('date_start=2026-11-25&date_end=2026-11-25')).to.deep.equal([first, contending]);
    expect(await ids('date_start=2026-11-26')).to.deep.equal([own]);
    expect(await ids('date_end=2026-11-24')).to.deep.equal([short]);
    expect(await ids('search=otdr')).to.deep.equal([own]);
    expect(await ids('search=%25')).to.deep.equal([own]);
    expect(await ids('search=_')).to.deep.equal([]);
    expect(await ids('device_type=roadm&user_name=bo')).to.deep.equal([contending]);
    expect(await ids('device_name=roadm%202')).to.deep.equal([short]);
    expect(await ids('awaiting_my_action=true')).to.deep.equal([]);
    expect(await ids('awaiting_my_action=true', approver)).to.deep.equal([short, first, contending]);
    expect(await ids('awaiting_my_action=true', root)).to.deep.equal([short, first, contending, own]);
    expect((await list('', approver)).items.map((item) => item.awaiting_my_action)).to.deep.equal([
      ...[true, true, true, false],
    ]);
    expect(await ids('sort=nonsense:desc&limit=1')).to.deep.equal([own]);
    expect((await list('limit=2&offset=3')).items).to.have.length(1);
    expect(await ids('status=&search=&device_type=&date_start=&awaiting_my_action=&conflict_only=')).to.have.length(4);
  });

  it('refuse what cannot be asked for', async () => {
    await viewer.get(`${path}?date_start=bad`).expect(problem(422, 'request.malformed', 'Invalid date format: bad'));
    await viewer.get(`${path}?date_end=2026-02-30`).expect(problem(422));
    await viewer.get(`${path}?date_end=9999-12-31`).expect(problem(422));
    await viewer
      .get(`${path}?status=lost`)
      .expect(problem(400, 'booking.unknown-status', /'lost' is not a booking status/));
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'offset=-1', 'conflict_only=maybe']) {
      await viewer.get(`${path}?${query}`).expect(problem(422, 'request.malformed'));
    }
    await viewer.get(`${path}/99999`).expect(problem(404, 'booking.not-found', 'Booking not found'));
    await viewer.get(`${path}/x`).expect(problem(422));
  });

  it('are shown one by one under `booking` and beside it, with who contends', async () => {
    await root
      .post(`/admin/v2/devices/${devices[0]}/health`)
      .send({ status: 'ok', metrics: { temperature: 40 } })
      .expect(200);
    const dossier = (await viewer.get(`${path}/${contending}`).expect(200)).body as DossierBody;
    const { booking, timeline, conflicts, device_health: health, history, ...flat } = dossier;
    expect(flat).to.deep.equal(booking);
    expect(booking).to.deep.include({ booking_id: contending, status: 'CONFLICTING', conflict: true });
    expect(booking.device).to.deep.include({ deviceType: 'ROADM', interchangeable: true });
    expect(booking.user.username).to.equal('bob');
    expect(conflicts).to.have.length(1);
    expect(conflicts[0]!.owner).to.deep.equal(conflicts[0]!.user);
    expect(conflicts[0]!).to.deep.include({ booking_id: first, status: 'PENDING' });
    expect(conflicts[0]!.user.username).to.equal('ada');
    const { start_time: overlap_start, end_time: overlap_end } = dayOf('2026-11-25');
    expect(conflicts[0]!).to.deep.include({ overlap_start, overlap_end });
    expect(timeline.map((use) => use.booking_id)).to.deep.equal([first, contending]);
    expect(health).to.deep.include({ status: 'ok', metrics: { temperature: 40 } });
    expect(history).to.deep.equal([]);
    const other = (await viewer.get(`${path}/${own}`).expect(200)).body as DossierBody;
    expect(other.device.interchangeable).to.equal(false);
    expect(other).to.deep.include({ conflicts: [], device_health: null });
  });

  it('are exported as a file that a spreadsheet does not run', async () => {
    const reply = await approver.get(`${path}/export?status=pending&start=x&end=y&device_name=roadm%201`).expect(200);
    expect(reply.type).to.equal('text/csv');
    expect(reply.get('content-disposition')).to.equal('attachment; filename=bookings.csv');
    const [head, line, ...rest] = reply.text.split('\n');
    expect(head).to.equal('Booking ID,Grouped ID,User,Device Type,Device Name,Start,End,Status,Comment');
    expect(line).to.match(
      new RegExp(
        `^${first},[-0-9a-f]{36},ada,ROADM,ROADM 1,2026-11-25T00:01:00.000Z,2026-11-25T23:59:00.000Z,PENDING,'=1\\+1$`,
      ),
    );
    expect(rest).to.deep.equal(['']);
    expect((await approver.get(`${path}/export?search=nothing`).expect(200)).text).to.equal(`${head}\n`);
    await approver.get(`${path}/export?status=lost`).expect(problem(400, 'booking.unknown-status'));
  });

  it('are over when their time is over, though nobody wrote that down', async () => {
    clock.advance(HOUR);
    expect(await ids('status=EXPIRED')).to.deep.equal([short]);
    expect(await ids('status=PENDING')).to.deep.equal([first, own]);
    const { body } = await viewer.get(`${path}/${short}`).expect(200);
    expect(body).to.deep.include({ status: 'EXPIRED', awaiting_my_action: false, conflicts: [] });
    expect((await approver.get(`${path}/export?status=expired`).expect(200)).text).to.match(/,EXPIRED,\n$/);
    clock.advance(8 * DAY);
    viewer = await signedInAgain(here.app, 'vera');
    const over = (await viewer.get(`${path}/${contending}`).expect(200)).body as DossierBody;
    expect(over).to.deep.include({ status: 'EXPIRED', conflicts: [], history: [] });
    expect(over.timeline.map((use) => use.status)).to.deep.equal(['EXPIRED', 'EXPIRED']);
    const form = daysOf(devices[0]!, ['2026-12-02']);
    const later = await (await signedInAgain(here.app, 'ada')).post('/bookings').send(form).expect(200);
    const id = (later.body as { bookings: { booking_id: number }[] }).bookings[0]!.booking_id;
    const { history } = (await viewer.get(`${path}/${id}`).expect(200)).body as DossierBody;
    expect(history.map((use) => [use.booking_id, use.owner.username])).to.deep.equal([
      [contending, 'bob'],
      [first, 'ada'],
    ]);
  });
});

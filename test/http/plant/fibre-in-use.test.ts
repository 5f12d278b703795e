import { expect } from 'chai';
import { describeEvent, LabZone, type FibreEvent } from '../../../domain/index.js';
import { onDay } from '../../support/drawings.js';
import { importDevices } from '../../support/devices.js';
import { expectNoViolation, userIdOf } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { aFibre, aPatch, atPort, importLinkFile } from '../../support/link-forms.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';

const TUESDAY = onDay('2026-11-24');

interface Affected {
  readonly affected_bookings: readonly { readonly booking_id: number; readonly owner_username: string }[];
}

forEveryStore('fibre under live bookings', (openLab) => {
  let opened: OpenLab;
  let clock: ManualClock;
  let [root, ada, bob] = [] as unknown as [Agent, Agent, Agent];
  /** Three transponders and the switch that the first two are patched to; the last two have a fibre of their own. */
  let [one, two, three, patch] = [0, 0, 0, 0];
  let [patched, direct] = [0, 0];

  beforeEach(async () => {
    clock = new ManualClock();
    opened = await openLab({ clock });
    root = await administrator(opened.lab, opened.app);
    [ada, bob] = [await signedIn(opened.app, 'ada'), await signedIn(opened.app, 'bob')];
    [one, two, three, patch] = (await importDevices(opened.lab, [
      ...[1, 2, 3].map((number) => ({ name: `T${number}`, ports: 'L1:line;L2:line', oi_id: `OI-900${number}` })),
      { name: 'Polatis', device_type: 'Polatis Switch', ports: '1-8:in;9-16:out', oi_id: 'OI-9009' },
    ])) as [number, number, number, number];
    patched = await linked({ ...aPatch(atPort(one, 'L1'), patch, 1, 9), link_id: 'L9001' });
    await linked(aPatch(atPort(two, 'L1'), patch, 2, 10));
    direct = await linked(aFibre(atPort(two, 'L2'), atPort(three, 'L2')));
  });
  afterEach(() => expectNoViolation(opened.lab));

  const linked = async (form: object) =>
    ((await root.post('/api/inventory/links').send(form).expect(201)).body as { id: number }).id;

  /** Books two transponders with fibre between them. */
  const joined = async (person: Agent, [from, to]: readonly [number, number]): Promise<number[]> => {
    const nodes = [from, to].map((pin) => ({ id: `n${pin}`, deviceType: 'ROADM', pin }));
    const edges = [{ id: 'e', source: `n${from}`, target: `n${to}` }];
    const form = { nodes, edges, ...TUESDAY, collaborators: ['bob'] };
    const reply = await person.post('/topology/book').send(form);
    expect(reply.status, reply.text.slice(0, 300)).to.equal(200);
    const { grouped_booking_id: group } = reply.body as { grouped_booking_id: string };
    return (await opened.lab.work.run(({ bookings }) => bookings.ofGroup(group))).map(({ id }) => id);
  };
  const told = async (): Promise<FibreEvent[]> =>
    (await opened.lab.events.after(0, 1000)).flatMap(({ event }) =>
      event.type === 'fibre.changed' || event.type === 'fibre.removed' ? [event] : [],
    );
  const ids = (body: unknown) => (body as Affected).affected_bookings.map(({ booking_id }) => booking_id);

  it('may be pulled, and those who hold it are named and told', async () => {
    const booked = await joined(ada, [one, two]);
    const { body } = await root.delete(`/api/inventory/links/${patched}`).expect(200);
    expect(ids(body)).to.deep.equal(booked);
    const { affected_bookings: affected } = body as Affected;
    expect(affected[0]).to.deep.include({ ...TUESDAY, owner_username: 'ada', status: 'PENDING' });
    const [event, ...others] = await told();
    expect(others).to.deep.equal([]);
    expect(event!.type).to.equal('fibre.removed');
    expect(event!.concerns).to.deep.equal([await userIdOf(ada), await userIdOf(bob)]);
    expect(event!.bookings.map(({ id }) => id)).to.deep.equal(booked);
    const { title, facts } = describeEvent(event!, () => 'ada', new LabZone('UTC'));
    expect(title).to.equal('Fibre removed: T1, T2 for ada');
    expect(facts.find(({ label }) => label === 'Fibre')?.text).to.equal('L9001 (T1 L1 to Polatis 1/9)');
  });

  it('may be moved, and a note on it is no news', async () => {
    const booked = await joined(ada, [two, three]);
    const form = aFibre(atPort(two, 'L2'), atPort(three, 'L2'));
    const noted = await root
      .put(`/api/inventory/links/${direct}`)
      .send({ ...form, notes: 'yellow' })
      .expect(200);
    expect(ids(noted.body)).to.deep.equal([]);
    expect(await told()).to.deep.equal([]);
    const moved = aFibre(atPort(one, 'L2'), atPort(three, 'L2'));
    const { body } = await root.put(`/api/inventory/links/${direct}`).send(moved).expect(200);
    expect(ids(body)).to.deep.equal(booked);
    expect((await told()).map(({ type, links }) => [type, links.map(({ id }) => id)])).to.deep.equal([
      ['fibre.changed', [direct]],
    ]);
    // Nobody has both ends of it any more.
    const again = await root.put(`/api/inventory/links/${direct}`).send(form).expect(200);
    expect(ids(again.body)).to.deep.equal([]);
  });

  it('is nobody’s where only other fibre is booked, or the booking is over', async () => {
    await joined(ada, [two, three]);
    expect(ids((await root.delete(`/api/inventory/links/${patched}`).expect(200)).body)).to.deep.equal([]);
    clock.set(Date.parse(TUESDAY.end_time));
    const { body } = await root.delete(`/api/inventory/links/${direct}`).expect(200);
    expect(ids(body)).to.deep.equal([]);
    expect(await told()).to.deep.equal([]);
  });

  it('may be moved by a file, which says so before it does', async () => {
    const booked = await joined(ada, [one, two]);
    const file = [
      'link_id,kind,direction,a_oi_id,a_name,a_port,a_in_port,a_out_port,b_oi_id,b_name,b_port,b_in_port,b_out_port,strands,length_km,loss_db,fiber_type,notes',
      'L9001,patch,both,OI-9003,T3,L1,,,OI-9009,Polatis,,1,9,2,0.01,0.5,,',
    ].join('\n');
    const looked = await importLinkFile(opened.lab, file, true);
    expect(looked.affected.map(({ bookingId }) => bookingId)).to.deep.equal(booked);
    expect(await told()).to.deep.equal([]);
    await importLinkFile(opened.lab, file);
    const [event, ...others] = await told();
    expect(others).to.deep.equal([]);
    expect(event!.links.map(({ label, a }) => [label, a])).to.deep.equal([['L9001', 'T1 L1']]);
    expect(event!.bookings.map(({ id }) => id)).to.deep.equal(booked);
  });
});

import { expect } from 'chai';
import type { GroupConnect } from '../../../application/index.js';
import { HOUR } from '../../../domain/index.js';
import { dayOf } from '../../support/booking-forms.js';
import { importDevices } from '../../support/devices.js';
import { booked, expectNoViolation, groupInWords } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { aPatch, atPort } from '../../support/link-forms.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const TUESDAY = '2026-11-24';
const WEDNESDAY = '2026-11-25';
const THURSDAY = '2026-11-26';

forEveryStore('patch ports that bookings hold', (openLab) => {
  let opened: OpenLab;
  let clock: ManualClock;
  let admin: Agent;
  let ada: Agent;
  let bob: Agent;
  /** Four transponders, and the switch that all of them are patched to. */
  let devices: readonly [number, number, number, number, number];

  beforeEach(async () => {
    clock = new ManualClock();
    opened = await openLab({ clock });
    admin = await administrator(opened.lab, opened.app);
    [ada, bob] = [await signedIn(opened.app, 'ada'), await signedIn(opened.app, 'bob')];
    devices = (await importDevices(opened.lab, [
      ...[1, 2, 3, 4].map((number) => ({ name: `T${number}`, ports: 'L1:line' })),
      { name: 'Polatis', device_type: 'Polatis Switch', ports: '1-8:in;9-16:out' },
    ])) as unknown as typeof devices;
    for (const [index, device] of devices.slice(0, 4).entries()) {
      const form = aPatch(atPort(device, 'L1'), devices[4], index + 1, index + 9);
      await admin.post('/api/inventory/links').send(form).expect(201);
    }
  });
  afterEach(() => expectNoViolation(opened.lab));

  /** Books two devices on a day, with a duplex cross-connect between the first two ingress numbers and others. */
  const connected = async (
    person: Agent,
    [from, to]: readonly [number, number],
    date: string,
    ports: readonly [number, number] = [1, 2],
  ): Promise<string> => {
    const bookings = [from, to].map((device_id) => ({ device_id, ...dayOf(date) }));
    const { group } = await booked(person, { bookings });
    const ends = { groupId: group, edgeId: 'e', strand: 0, switchId: devices[4], fromThingId: from, toThingId: to };
    const [one, other] = ports;
    const connects: GroupConnect[] = [
      { ...ends, inPort: one, outPort: other + 8 },
      { ...ends, inPort: other, outPort: one + 8 },
    ];
    await opened.lab.work.run(({ crossConnects }) => crossConnects.add(connects, clock.now()));
    return group;
  };
  const extended = (person: Agent, group: string, date: string) =>
    person.patch(`/api/bookings/group/${group}/extend`).send({ new_end_date: date });
  const rebooked = (person: Agent, group: string, date: string) =>
    person.post(`/api/bookings/group/${group}/rebook`).send({ start_date: date, end_date: date });
  const cancelled = (person: Agent, group: string) => person.delete(`/api/bookings/group/${group}`);
  const words = (group: string) => groupInWords(opened.lab, group);

  it('are there once at a time: extending a group into them is refused, and nothing is changed', async () => {
    const [one, two, three, four] = devices;
    const first = await connected(ada, [one, two], WEDNESDAY);
    const second = await connected(bob, [three, four], TUESDAY);
    const before = await words(second);
    const reply = await extended(bob, second, WEDNESDAY).expect(problem(409, 'topology.port-taken'));
    expect((reply.body as { detail: string }).detail).to.match(/ingress 1 of Polatis/);
    expect(await words(second)).to.deep.equal(before);
    await cancelled(ada, first).expect(200);
    await extended(bob, second, WEDNESDAY).expect(200);
    // What was extended holds them too.
    await rebooked(ada, first, WEDNESDAY).expect(problem(409, 'topology.port-taken'));
  });

  it('stay with a booking whose end moves', async () => {
    const [one, two, three, four] = devices;
    await connected(ada, [one, two], WEDNESDAY);
    const second = await connected(bob, [three, four], TUESDAY);
    const ids = (await opened.lab.work.run(({ bookings }) => bookings.ofGroup(second))).map(({ id }) => id);
    const path = (id: number | undefined) => `/bookings/${id ?? 0}/extend`;
    // One end of the fibre alone holds nothing of it.
    await bob.patch(path(ids[0])).send({ new_end_date: WEDNESDAY }).expect(200);
    await bob.patch(path(ids[1])).send({ new_end_date: WEDNESDAY }).expect(problem(409, 'topology.port-taken'));
  });

  it('come along when a group is booked again', async () => {
    const [one, two, three, four] = devices;
    const first = await connected(ada, [one, two], TUESDAY);
    const second = await connected(bob, [three, four], WEDNESDAY);
    await rebooked(ada, first, WEDNESDAY).expect(problem(409, 'topology.port-taken'));
    await cancelled(bob, second).expect(200);
    const again = (await rebooked(ada, first, WEDNESDAY).expect(200)).body as { grouped_booking_id: string };
    const copied = await opened.lab.work.run(({ crossConnects }) => crossConnects.ofGroup(again.grouped_booking_id));
    expect(copied.map(({ inPort, outPort }) => [inPort, outPort])).to.deep.equal([
      [1, 10],
      [2, 9],
    ]);
    await rebooked(bob, second, WEDNESDAY).expect(problem(409, 'topology.port-taken'));
  });

  it('are free again when the group is over, rejected or cancelled, and other ports are no matter', async () => {
    const [one, two, three, four] = devices;
    const first = await connected(ada, [one, two], WEDNESDAY);
    const second = await connected(bob, [three, four], TUESDAY, [3, 4]);
    await extended(bob, second, WEDNESDAY).expect(200);
    const third = await connected(bob, [three, four], THURSDAY);
    const members = await opened.lab.work.run(({ bookings }) => bookings.ofGroup(first));
    const { id } = members[0]!;
    await admin.put(`/admin/bookings/${id}`).send({ status: 'REJECTED' }).expect(200);
    const held = async () =>
      opened.lab.work.run(({ crossConnects }) => crossConnects.held(null, { start: 0, end: 9e14 }));
    expect((await held()).map(({ groupId }) => groupId)).not.to.include(first);
    clock.set(Date.parse(`${THURSDAY}T23:59:00Z`) + HOUR);
    await opened.lab.expireBookings.execute();
    expect(await held()).to.deep.equal([]);
    expect(third).to.be.a('string');
  });

  it('are part of a trace while they are held, the same from both ends', async () => {
    const [one, two, , , patch] = devices;
    await connected(ada, [one, two], TUESDAY);
    const traced = async (device: number, at: string) =>
      (await ada.get(`/api/inventory/devices/${device}/trace?port=L1&at=${at}`).expect(200)).body as {
        hops: { device_id: number; port: string; loss_db: number }[];
        total_loss_db: number;
        end: { device_id: number; reason: string };
      };
    expect((await traced(one, `${WEDNESDAY}T12:00:00Z`)).end.reason).to.equal('unpatched');
    const there = await traced(one, `${TUESDAY}T12:00:00Z`);
    expect(there.end).to.deep.include({ device_id: two, reason: 'device' });
    expect(there.hops.map(({ device_id, port }) => [device_id, port])).to.deep.equal([
      [patch, '1/9'],
      [patch, '2/10'],
      [two, 'L1'],
    ]);
    expect(there.total_loss_db).to.equal(2);
    const back = await traced(two, `${TUESDAY}T12:00:00Z`);
    expect(back.hops.map(({ port }) => port)).to.deep.equal(['2/10', '1/9', 'L1']);
    expect(back.total_loss_db).to.equal(2);
  });
});

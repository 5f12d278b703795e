import { expect } from 'chai';
import { daysOf, dayOf, type RefusalReply } from '../../support/booking-forms.js';
import { addedDevice, changedForm, listedDevice } from '../../support/device-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { booked, expectNoViolation, slotsOf, statusOf, userIdOf, writingNothing } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const path = (device: number) => `/api/devices/${device}/maintenance`;
const window = (start_time: string, end_time: string, reason?: string | null) => ({ start_time, end_time, reason });
const WEDNESDAY = window('2026-11-25T10:00:00.000Z', '2026-11-25T16:30:00.000Z', 'new fans Ω');

interface WindowReply {
  readonly id: number;
  readonly start_time: string;
  readonly end_time: string;
}

forEveryStore('maintenance', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let kim: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
    kim = await somebodyWith(open.lab, open.app, 'Approver', 'kim');
  });
  afterEach(() => expectNoViolation(open.lab));

  const announce = async (device: number, form: object) =>
    (await root.post(path(device)).send(form).expect(201)).body as WindowReply;
  const windowsOf = async (device: number) => (await ada.get(path(device)).expect(200)).body as WindowReply[];

  it('is announced with its reason and its author, and read by everybody', async () => {
    const device = await aDevice(open.lab);
    const { body } = await root.post(path(device)).send(WEDNESDAY).expect(201);
    const { affected_bookings, ...announced } = body as WindowReply & { affected_bookings: unknown };
    expect(affected_bookings).to.deep.equal([]);
    expect(announced).to.deep.equal({
      ...WEDNESDAY,
      id: announced.id,
      created_by: await userIdOf(root),
      created_at: '2026-11-23T09:00:00.000Z',
    });
    expect(await windowsOf(device)).to.deep.equal([announced]);
  });

  it('is in lab time where no zone is given', async () => {
    const device = await aDevice(open.lab);
    const { start_time, end_time } = await announce(device, window('2027-07-01T10:00', '2027-07-01T12:00+02:00'));
    expect([start_time, end_time]).to.deep.equal(['2027-07-01T09:00:00.000Z', '2027-07-01T10:00:00.000Z']);
  });

  it('may be there several times for one device, shown by start', async () => {
    const device = await aDevice(open.lab);
    const later = await announce(device, window('2026-12-05T00:00Z', '2026-12-06T00:00Z', 'later'));
    const sooner = await announce(device, window('2026-12-01T00:00Z', '2026-12-02T00:00Z', null));
    const within = await announce(device, window('2026-12-05T10:00Z', '2026-12-05T11:00Z'));
    expect((await windowsOf(device)).map(({ id }) => id)).to.deep.equal([sooner.id, later.id, within.id]);
    expect(await windowsOf(await aDevice(open.lab))).to.deep.equal([]);
  });

  it('lists the bookings that it hits, and leaves them standing', async () => {
    const device = await aDevice(open.lab);
    const first = await booked(ada, slotsOf(device, ['2026-11-25 09:00-10:00', '2026-11-25 10:00-12:00']));
    const second = await booked(bob, daysOf(device, ['2026-11-25'], {}, 'CONFLICTING'));
    await booked(bob, slotsOf(device, ['2026-11-26 09:00-10:00']));
    const gone = await booked(ada, slotsOf(await aDevice(open.lab), ['2026-11-25 12:00-13:00']));
    await ada.put(`/bookings/${gone.ids[0]!}/cancel`).expect(200);
    await root.put(`/admin/bookings/${first.ids[1]!}`).send({ status: 'CONFIRMED' }).expect(200);
    const { body } = await root.post(path(device)).send(WEDNESDAY).expect(201);
    expect(body.affected_bookings).to.deep.equal([
      {
        booking_id: first.ids[1],
        owner_username: 'ada',
        start_time: '2026-11-25T10:00:00.000Z',
        end_time: '2026-11-25T12:00:00.000Z',
        status: 'CONFIRMED',
      },
      { booking_id: second.ids[0], owner_username: 'bob', ...dayOf('2026-11-25'), status: 'CONFLICTING' },
    ]);
    expect(await statusOf(open.lab, first.ids[1]!)).to.equal('CONFIRMED');
  });

  it('keeps anybody from booking, with its reason, until it is removed', async () => {
    const device = await aDevice(open.lab, { name: 'Serviced' });
    const { id } = await announce(device, WEDNESDAY);
    const reply = await writingNothing(open.store, () => root.post('/bookings').send(daysOf(device, ['2026-11-25'])));
    problem(
      503,
      'booking.maintenance',
      /Serviced is under maintenance 2026-11-25 10:00 to 16:30 \(new fans Ω\)/,
    )(reply);
    const [refusal] = reply.body.refusals as RefusalReply[];
    expect(refusal!.maintenance).to.deep.equal([WEDNESDAY]);
    // Before it and after it there is room to the minute.
    await booked(ada, slotsOf(device, ['2026-11-25 09:00-10:00', '2026-11-25 16:30-17:00']));
    expect((await root.delete(`${path(device)}/${id}`).expect(200)).body).to.deep.equal({
      message: `Maintenance window ${id} deleted`,
    });
    await booked(ada, slotsOf(device, ['2026-11-25 10:00-16:30']));
    await root.delete(`${path(device)}/${id}`).expect(problem(404, 'maintenance.not-found'));
  });

  it('is in the way with its true hours, day by day', async () => {
    const device = await aDevice(open.lab);
    await announce(device, window('2026-11-25T22:15Z', '2026-11-27T06:45Z'));
    const form = { device_ids: [device], start: '2026-11-24T00:00:00', end: '2026-11-29T00:00:00' };
    const [inTheWay] = (await ada.post('/check-conflicts').send(form).expect(200)).body as { conflicts: unknown[] }[];
    expect(inTheWay!.conflicts).to.deep.equal(
      [
        ['2026-11-25', '22:15', '23:59'],
        ['2026-11-26', '00:00', '23:59'],
        ['2026-11-27', '00:00', '06:45'],
      ].map(([date, start_time, end_time]) => ({ date, start_time, end_time, conflict_type: 'maintenance' })),
    );
  });

  it('of any row is maintenance of the whole device', async () => {
    const [lead, second] = (await importDevices(open.lab, [
      { name: 'Chassis', polatis_name: 'PA-1', in_port: '1' },
      { name: 'Chassis', polatis_name: 'PA-2', in_port: '2' },
    ])) as [number, number];
    const hit = await booked(ada, daysOf(lead, ['2026-11-25']));
    const { body } = await root.post(path(second)).send(WEDNESDAY).expect(201);
    expect((body.affected_bookings as { booking_id: number }[]).map((each) => each.booking_id)).to.deep.equal(hit.ids);
    for (const row of [lead, second]) expect(await windowsOf(row)).to.have.length(1);
    await ada.put(`/bookings/${hit.ids[0]!}/cancel`).expect(200);
    for (const row of [lead, second]) {
      await ada
        .post('/bookings')
        .send(daysOf(row, ['2026-11-25']))
        .expect(problem(503, 'booking.maintenance'));
    }
    // It is removed through any row, too.
    await root.delete(`${path(lead)}/${body.id as number}`).expect(200);
    await booked(ada, daysOf(second, ['2026-11-25']));
  });

  it('stays with the device when the row that it was announced for is removed', async () => {
    const [removed, staying] = (await importDevices(
      open.lab,
      ['1', '2'].map((in_port) => ({ name: 'Shrinking', polatis_name: `PA-${in_port}`, in_port })),
    )) as [number, number];
    const announced = await announce(removed, WEDNESDAY);
    await root.delete(`/api/inventory/devices/${removed}`).expect(204);
    const left = await windowsOf(staying);
    expect(left).to.have.length(1);
    const { id, ...window } = left[0]!;
    expect({ ...announced, ...window }).to.deep.equal(announced);
    await ada
      .post('/bookings')
      .send(daysOf(staying, ['2026-11-25']))
      .expect(problem(503, 'booking.maintenance'));
    await root.delete(`${path(staying)}/${id}`).expect(200);
    await booked(ada, daysOf(staying, ['2026-11-25']));
  });

  it('leaves the two texts of the old page alone, and they leave it alone', async () => {
    const device = await addedDevice(root, { deviceName: 'Texts', ip_address: '10.20.1.200' });
    const texts = { maintenance_start: 'All Day/2026-12-02', maintenance_end: 'All Day/2026-12-03' };
    await root.put(`/admin/devices/${device.id}`).send(changedForm(device, texts)).expect(200);
    const written = await announce(device.id, window('2026-11-30T10:00Z', '2026-11-30T11:00Z', 'before'));
    expect(await listedDevice(root, device.id)).to.deep.include(texts);
    const windows = await windowsOf(device.id);
    expect(windows.map(({ start_time, end_time }) => [start_time, end_time])).to.deep.equal([
      ['2026-11-30T10:00:00.000Z', '2026-11-30T11:00:00.000Z'],
      ['2026-12-02T00:00:00.000Z', '2026-12-04T00:00:00.000Z'],
    ]);
    const cleared = changedForm(device, { maintenance_start: null, maintenance_end: null });
    await root.put(`/admin/devices/${device.id}`).send(cleared).expect(200);
    expect((await windowsOf(device.id)).map(({ id }) => id)).to.deep.equal([written.id]);
    // What was written as texts may be removed here as well.
    await root.put(`/admin/devices/${device.id}`).send(changedForm(device, texts)).expect(200);
    const asTexts = (await windowsOf(device.id)).find(({ id }) => id !== written.id)!;
    await root.delete(`${path(device.id)}/${asTexts.id}`).expect(200);
    await root.delete(`${path(device.id)}/${written.id}`).expect(200);
    expect(await listedDevice(root, device.id)).to.deep.include({ maintenance_start: null, maintenance_end: null });
  });

  it('is announced and removed by holders of devices:write only', async () => {
    const device = await aDevice(open.lab);
    const { id } = await announce(device, WEDNESDAY);
    await writingNothing(open.store, async () => {
      for (const agent of [ada, kim]) {
        await agent.post(path(device)).send(WEDNESDAY).expect(problem(403, 'permission.denied'));
        await agent.delete(`${path(device)}/${id}`).expect(problem(403, 'permission.denied'));
      }
    });
  });

  it('refuses what makes no sense, and writes nothing', async () => {
    const [device, other] = (await importDevices(open.lab, [{}, {}])) as [number, number];
    const { id } = await announce(other, WEDNESDAY);
    await writingNothing(open.store, async () => {
      for (const [form, status, code] of [
        [window('2026-11-25T10:00Z', '2026-11-25T09:00Z'), 400, 'slot.invalid'],
        [window('2026-11-25T10:00Z', '2026-11-25T10:00Z'), 400, 'slot.invalid'],
        [window('2027-03-28T01:30', '2027-03-28T05:00'), 400, 'lab-time.nonexistent'],
        [window('2027-02-30T01:30', '2027-03-28T05:00'), 422, 'lab-time.malformed'],
        [window('All Day/2026-11-25', 'All Day/2026-11-25'), 422, 'lab-time.malformed'],
        [window('2026-11-25T10:00Z', '2026-11-25T11:00Z', 'x'.repeat(1001)), 422, 'request.malformed'],
        [{ start_time: '2026-11-25T10:00Z' }, 422, 'request.malformed'],
        [{ ...WEDNESDAY, reason: 17 }, 422, 'request.malformed'],
        [{}, 422, 'request.malformed'],
      ] as const) {
        await root.post(path(device)).send(form).expect(problem(status, code));
      }
      await root
        .post(path(999_999))
        .send(WEDNESDAY)
        .expect(problem(404, 'device.not-found', 'Device not found'));
      await ada.get(path(999_999)).expect(problem(404, 'device.not-found'));
      await root.delete(`${path(device)}/${id}`).expect(problem(404, 'maintenance.not-found'));
      await root.delete(`${path(device)}/one`).expect(problem(422));
    });
  });

  it('goes with the device', async () => {
    const device = await aDevice(open.lab);
    await announce(device, WEDNESDAY);
    await root.delete(`/admin/devices/${device}`).expect(200);
    await ada.get(path(device)).expect(problem(404, 'device.not-found'));
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { daysOf, type RefusalReply } from '../../support/booking-forms.js';
import { addedDevice, changedForm, deviceForm, listedDevice, type DeviceReply } from '../../support/device-forms.js';
import { forEveryStore, labsIn, usualConfig, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem, problemOf } from '../../support/problem.js';
import { onMemory, onSqlite } from '../../support/stores.js';

const SEGMENTS = ['7 AM - 12 PM', '12 PM - 6 PM', '6 PM - 11 PM', 'All Day'] as const;

const texts = (device: DeviceReply) => [device.maintenance_start, device.maintenance_end];
const windowForm = (device: DeviceReply, start: unknown, end: unknown, status = 'Maintenance') =>
  changedForm(device, { status, maintenance_start: start, maintenance_end: end });

forEveryStore('the maintenance of a device', (openLab) => {
  let here: OpenLab;
  let admin: Agent;
  let ada: Agent;
  let device: DeviceReply;
  before(async () => {
    here = await openLab();
    admin = await administrator(here.lab, here.app);
    ada = await signedIn(here.app, 'ada');
    device = await addedDevice(admin);
  });
  const write = (start: unknown, end: unknown, status?: string) =>
    admin.put(`/admin/devices/${device.id}`).send(windowForm(device, start, end, status));
  const windows = () => here.lab.work.run(({ maintenance }) => maintenance.ofDevice(device.id));

  it('is written and read as two texts, for everybody', async () => {
    const reply = await write('12 PM - 6 PM/2026-12-02', 'All Day/2026-12-03').expect(200);
    expect(texts(reply.body as DeviceReply)).to.deep.equal(['12 PM - 6 PM/2026-12-02', 'All Day/2026-12-03']);
    expect(texts(await listedDevice(admin, device.id))).to.deep.equal([
      '12 PM - 6 PM/2026-12-02',
      'All Day/2026-12-03',
    ]);
    const [listed] = (await ada.get('/api/devices').expect(200)).body as DeviceReply[];
    expect(texts(listed!)).to.deep.equal(['12 PM - 6 PM/2026-12-02', 'All Day/2026-12-03']);
  });

  it('means lab time, with the end segment included', async () => {
    await write('7 AM - 12 PM/2027-07-01', '6 PM - 11 PM/2027-07-02').expect(200);
    // Irish summer time is an hour ahead of UTC.
    const slots = (await windows()).map(({ slot }) => [slot.start, slot.end]);
    expect(slots).to.deep.equal([[Date.parse('2027-07-01T06:00:00Z'), Date.parse('2027-07-02T22:00:00Z')]]);
  });

  it('is not written a second time when the page sends back what it was shown of a window made elsewhere', async () => {
    const other = await addedDevice(admin, { deviceName: 'Announced', ip_address: null });
    const window = { start_time: '2026-12-02T09:30:00Z', end_time: '2026-12-02T11:00:00Z', reason: 'new fans' };
    await admin.post(`/api/devices/${other.id}/maintenance`).send(window).expect(201);
    const shown = await listedDevice(admin, other.id);
    expect(texts(shown)).to.deep.equal(['7 AM - 12 PM/2026-12-02', '7 AM - 12 PM/2026-12-02']);
    await admin
      .put(`/admin/devices/${other.id}`)
      .send(windowForm(shown, shown.maintenance_start, shown.maintenance_end, 'Available'))
      .expect(200);
    const kept = (await admin.get(`/api/devices/${other.id}/maintenance`).expect(200)).body as object[];
    expect(kept).to.have.length(1);
    expect(kept[0]).to.deep.include({ start_time: '2026-12-02T09:30:00.000Z', reason: 'new fans' });
  });

  it('is one window, which a new one replaces and an empty form removes', async () => {
    await write('All Day/2026-12-02', 'All Day/2026-12-02').expect(200);
    await write('All Day/2026-12-05', 'All Day/2026-12-06').expect(200);
    expect(await windows()).to.have.length(1);
    for (const nothing of [null, '', '   ', undefined]) {
      await write('All Day/2026-12-05', 'All Day/2026-12-06').expect(200);
      const reply = await write(nothing, nothing, 'Available').expect(200);
      expect(texts(reply.body as DeviceReply)).to.deep.equal([null, null]);
      expect(await windows()).to.deep.equal([]);
    }
  });

  it('stays the same window when it is written again', async () => {
    await write('All Day/2026-12-05', 'All Day/2026-12-06').expect(200);
    const [first] = await windows();
    await write(' all day / 2026-12-05 ', 'ALL DAY/2026-12-06', 'Available').expect(200);
    expect(await windows()).to.deep.equal([first]);
  });

  it('leaves alone the windows that were written elsewhere, and shows the next of them when it has none', async () => {
    await write(null, null, 'Available').expect(200);
    const added = await here.lab.work.run(({ maintenance }) =>
      maintenance.add({
        deviceId: device.id,
        slot: { start: Date.parse('2026-12-10T09:30:00Z'), end: Date.parse('2026-12-11T10:00:00Z') },
        reason: 'new optics',
        createdBy: null,
        createdAt: here.lab.clock.now(),
        legacy: false,
      }),
    );
    expect(texts(await listedDevice(admin, device.id))).to.deep.equal([
      '7 AM - 12 PM/2026-12-10',
      '7 AM - 12 PM/2026-12-11',
    ]);
    await write('All Day/2026-12-20', 'All Day/2026-12-20').expect(200);
    expect(texts(await listedDevice(admin, device.id))).to.deep.equal(['All Day/2026-12-20', 'All Day/2026-12-20']);
    await write(null, null, 'Available').expect(200);
    expect((await windows()).map(({ id }) => id)).to.deep.equal([added.id]);
    await here.lab.work.run(({ maintenance }) => maintenance.remove(added.id));
  });

  it('goes with the device', async () => {
    const other = await addedDevice(admin, { deviceName: 'Short-lived', ip_address: null });
    await admin
      .put(`/admin/devices/${other.id}`)
      .send(windowForm(other, 'All Day/2026-12-02', 'All Day/2026-12-03'))
      .expect(200);
    await admin.delete(`/admin/devices/${other.id}`).expect(200);
    expect(await here.lab.work.run(({ maintenance }) => maintenance.ofDevice(other.id))).to.deep.equal([]);
  });

  it('keeps others from booking the device for that time, and for no other', async () => {
    await write('12 PM - 6 PM/2026-12-02', '12 PM - 6 PM/2026-12-03', 'Available').expect(200);
    const refused = await ada.post('/bookings').send(daysOf(device.id, ['2026-12-03']));
    problem(503, 'booking.maintenance')(refused);
    const { refusals } = refused.body as { refusals: RefusalReply[] };
    expect(refusals[0]!.maintenance).to.have.length(1);
    await ada
      .post('/bookings')
      .send(daysOf(device.id, ['2026-12-01', '2026-12-04']))
      .expect(200);
    const morning = { device_id: device.id, start_time: '2026-12-02T08:00:00Z', end_time: '2026-12-02T12:00:00Z' };
    await ada
      .post('/bookings')
      .send({ bookings: [morning] })
      .expect(200);
  });
});

onSqlite('a maintenance text', (open) => {
  let here: OpenLab;
  let admin: Agent;
  let device: DeviceReply;
  before(async () => {
    here = await labsIn(open)();
    admin = await administrator(here.lab, here.app);
    device = await addedDevice(admin);
    const form = windowForm(device, 'All Day/2026-12-02', 'All Day/2026-12-03');
    await admin.put(`/admin/devices/${device.id}`).send(form).expect(200);
  });

  const right = 'All Day/2026-12-09';
  const malformed: Record<string, [start: unknown, end: unknown]> = {
    'has no slash': ['All Day 2026-12-08', right],
    'has no segment': ['/2026-12-08', right],
    'has no segment, as the admin page sends it for both ends': ['/2026-12-02', '/2026-12-03'],
    'has a segment that nobody knows': ['Evening/2026-12-08', right],
    'has the segment of another page': ['6 PM - 7 AM/2026-12-08', right],
    'has no date': ['All Day/', right],
    'is a slash': ['/', right],
    'has a date that does not exist': ['All Day/2026-02-30', right],
    'has a thirteenth month': [right, 'All Day/2026-13-01'],
    'has the 29th of February in a common year': ['All Day/2027-02-29', 'All Day/2027-03-01'],
    'has the date in another order': ['All Day/08-12-2026', right],
    'has the date in slashes': ['All Day/2026/12/08', right],
    'has a date and a time': ['All Day/2026-12-08T00:00', right],
    'is free text': ['until further notice', right],
    'has an end that is free text': ['All Day/2026-12-08', 'when Anna is back'],
    'has no end': ['All Day/2026-12-08', null],
    'has an empty end': ['All Day/2026-12-08', ''],
    'has an end of blanks': ['All Day/2026-12-08', '  '],
    'has no start': [null, right],
    'ends before it starts': ['All Day/2026-12-10', right],
    'ends earlier on the day on which it starts': ['6 PM - 11 PM/2026-12-08', '7 AM - 12 PM/2026-12-08'],
    'is a number': [20261208, right],
    'is an array': [['All Day/2026-12-08'], right],
    'has a NUL byte': ['All Day/2026-12-08\0', right],
    'is endless': [`All Day/${'2'.repeat(100)}`, right],
    'ends after the last year': ['All Day/9999-12-31', 'All Day/9999-12-31'],
  };
  for (const [what, [start, end]] of Object.entries(malformed)) {
    it(`is refused when it ${what}`, async () => {
      const before = await here.store.rows();
      for (const request of [
        admin.put(`/admin/devices/${device.id}`).send(windowForm(device, start, end)),
        admin
          .post('/admin/devices')
          .send(deviceForm({ deviceName: 'New', ip_address: null, maintenance_start: start, maintenance_end: end })),
      ]) {
        const reply = await request;
        expect(reply.status).to.be.oneOf([400, 422]);
        problemOf(reply);
      }
      expect(await here.store.rows()).to.deep.equal(before);
    });
  }

  it('that is refused is quoted, with the segments there are', async () => {
    const form = windowForm(device, 'Evening/2026-12-08', right);
    const reply = await admin
      .put(`/admin/devices/${device.id}`)
      .send(form)
      .expect(problem(400, 'maintenance.malformed'));
    const { detail } = reply.body as { detail: string };
    for (const word of ['Evening/2026-12-08', ...SEGMENTS]) expect(detail).to.include(word);
  });

  it('that is missing is named', async () => {
    const put = (start: unknown, end: unknown) =>
      admin.put(`/admin/devices/${device.id}`).send(windowForm(device, start, end));
    await put(right, null).expect(problem(400, 'maintenance.half', /maintenance_end is missing/));
    await put(null, right).expect(problem(400, 'maintenance.half', /maintenance_start is missing/));
  });
});

onMemory('maintenance texts', (open) => {
  const openLab = labsIn(open);

  const text = fc.record({
    segment: fc.constantFrom(...SEGMENTS),
    // Within reach of every clock change of three years, and the ends of years.
    day: fc.oneof(
      fc.integer({ min: 0, max: 3 * 365 }).map((days) => Date.UTC(2026, 0, 1) + days * 86_400_000),
      fc.constantFrom(
        ...['2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31', '2026-04-24', '2026-10-29', '2026-12-31'].map(
          (date) => Date.parse(date),
        ),
      ),
    ),
    length: fc.integer({ min: 0, max: 3 }),
    endSegment: fc.constantFrom(...SEGMENTS),
  });
  const from = { '7 AM - 12 PM': 7, '12 PM - 6 PM': 12, '6 PM - 11 PM': 18, 'All Day': 0 };
  const to = { '7 AM - 12 PM': 12, '12 PM - 6 PM': 18, '6 PM - 11 PM': 23, 'All Day': 24 };
  const dateOf = (day: number) => new Date(day).toISOString().slice(0, 10);

  // Cairo's and Santiago's clocks change at midnight, Lord Howe's by half an hour.
  for (const timezone of [
    'Europe/Dublin',
    'America/New_York',
    'Africa/Cairo',
    'America/Santiago',
    'Australia/Lord_Howe',
  ]) {
    it(`come back as they were written, also across the clock changes of ${timezone}`, async () => {
      const here = await openLab({ config: { lab: { ...usualConfig.lab, timezone } } });
      const admin = await administrator(here.lab, here.server);
      const device = await addedDevice(admin);
      await fc.assert(
        fc.asyncProperty(text, async ({ segment, day, length, endSegment }) => {
          fc.pre(length > 0 || to[endSegment] > from[segment]);
          const written = [`${segment}/${dateOf(day)}`, `${endSegment}/${dateOf(day + length * 86_400_000)}`];
          const form = windowForm(device, written[0], written[1]);
          const reply = await admin.put(`/admin/devices/${device.id}`).send(form).expect(200);
          expect(texts(reply.body as DeviceReply)).to.deep.equal(written);
        }),
        { numRuns: 60 },
      );
    });
  }
});

import { expect } from 'chai';
import supertest from 'supertest';
import { DAY, HOUR, isoOf, MINUTE, type BookingStatus } from '../../../domain/index.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { booked, slotsOf } from '../../support/groups.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock, MONDAY_MORNING } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

interface ForecastReply {
  readonly device_id: number;
  readonly availability_probability: number;
  readonly confidence: number;
  readonly factors: readonly string[];
  readonly earliest_available_slot: string | null;
  readonly interval: { readonly level: number; readonly low: number; readonly high: number };
  readonly base_rate: number | null;
  readonly effective_sample_size: number | null;
  readonly method: string;
}

/** Wednesday, 10 to 12: nothing is near but what a test books. */
const SLOT = { start_time: '2026-11-25T10:00:00.000Z', end_time: '2026-11-25T12:00:00.000Z' };

forEveryStore('forecasts of availability', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
  });

  const ask = (form: object, agent: Agent = bob) => agent.post('/availability/forecast').send(form);
  const forecasts = async (device_ids: readonly (number | string)[], form: object = SLOT) =>
    (await ask({ device_ids, forecast_window_days: 7, ...form }).expect(200)).body.forecasts as ForecastReply[];
  const forecastOf = async (device: number, form: object = SLOT) => (await forecasts([device], form))[0]!;

  it('answer what the frontends read, for a lab that has no past too', async () => {
    const device = await aDevice(open.lab);
    const forecast = await forecastOf(device);
    expect(forecast.device_id).to.equal(device);
    expect(forecast.availability_probability).to.be.within(0, 1);
    expect(forecast.confidence).to.be.within(0, 1);
    expect(forecast.interval.level).to.equal(0.8);
    expect(forecast.availability_probability).to.be.within(forecast.interval.low, forecast.interval.high);
    expect(forecast.confidence).to.be.closeTo(1 - (forecast.interval.high - forecast.interval.low), 1e-9);
    expect(forecast.earliest_available_slot).to.equal(SLOT.start_time);
    expect(forecast.method).to.equal('base-rate');
    expect(forecast.factors.join(' ')).to.include('too little history');
  });

  it('do not call a device free that is booked then, from the moment it is booked', async () => {
    const [free, device] = (await importDevices(open.lab, [{}, {}])) as [number, number];
    expect((await forecastOf(device)).factors[0]).to.include('Nothing is booked');
    await booked(ada, slotsOf(device, ['2026-11-25 11:00-13:00']));
    const [before, after] = (await forecasts([free, device])) as [ForecastReply, ForecastReply];
    expect(after.availability_probability).to.be.below(0.1).and.below(before.availability_probability);
    expect(after.factors[0]).to.include('A booking is in the way');
    expect(after.earliest_available_slot).to.equal('2026-11-25T13:00:00.000Z');
    expect(before.earliest_available_slot).to.equal(SLOT.start_time);
  });

  it('know that what is held now is not free now', async () => {
    const device = await aDevice(open.lab);
    await booked(ada, slotsOf(device, ['2026-11-23 09:00-12:00']));
    const forecast = await forecastOf(device, {
      start_time: '2026-11-23T08:00:00.000Z',
      end_time: '2026-11-23T11:00:00.000Z',
    });
    expect(forecast).to.include({ availability_probability: 0, confidence: 1 });
    expect(forecast.earliest_available_slot).to.equal('2026-11-23T12:00:00.000Z');
  });

  it('find gaps before the last booking', async () => {
    const device = await aDevice(open.lab);
    await booked(ada, slotsOf(device, ['2026-11-25 09:00-11:00', '2026-11-25 13:00-23:00']));
    expect((await forecastOf(device)).earliest_available_slot).to.equal('2026-11-25T11:00:00.000Z');
  });

  it('say why a device cannot be had at all', async () => {
    const [broken, served, infra] = (await importDevices(open.lab, [
      { name: 'Broken one', status: 'unavailable' },
      {},
      { device_type: 'Strip', category: 'INFRA' },
    ])) as [number, number, number];
    await root
      .post(`/api/devices/${served}/maintenance`)
      .send({ start_time: '2026-11-25T11:59:00Z', end_time: '2026-11-26T08:00:00Z' })
      .expect(201);
    const all = await forecasts([broken, served, infra]);
    for (const forecast of all) {
      expect(forecast).to.include({
        availability_probability: 0,
        method: 'known',
        base_rate: null,
        effective_sample_size: null,
      });
    }
    expect(all.map(({ factors }) => factors[0])).to.deep.equal([
      'Broken one cannot be booked: it is unavailable.',
      'Maintenance is planned from 2026-11-25T11:59:00.000Z to 2026-11-26T08:00:00.000Z.',
      all[2]!.factors[0],
    ]);
    expect(all[2]!.factors[0]).to.include('devices of type Strip are not');
    expect(all.map((forecast) => forecast.earliest_available_slot)).to.deep.equal([
      null,
      '2026-11-26T08:00:00.000Z',
      null,
    ]);
  });

  it('leave out what there is not, and answer for any row of a device, each once', async () => {
    const rows = await importDevices(
      open.lab,
      [1, 2].map((port) => ({ name: 'Rack', polatis_name: `PF-${port}`, in_port: `${port}` })),
    );
    await booked(ada, slotsOf(rows[1]!, ['2026-11-25 11:00-13:00']));
    const answered = await forecasts([rows[1]!, 999_999, `${rows[0]!}`, rows[1]!]);
    expect(answered.map((forecast) => forecast.device_id)).to.deep.equal([rows[1], rows[0]]);
    for (const forecast of answered) expect(forecast.availability_probability).to.be.below(0.1);
    expect(await forecasts([999_999])).to.deep.equal([]);
  });

  it('are null where no time is left within the horizon, or none may be as long', async () => {
    const device = await aDevice(open.lab);
    const late = { start_time: '2029-01-01T10:00:00Z', end_time: '2029-01-01T12:00:00Z' };
    expect((await forecastOf(device, late)).earliest_available_slot).to.equal(null);
    const long = { start_time: '2026-11-25T10:00:00Z', end_time: '2026-12-31T10:00:00Z' };
    expect((await forecastOf(device, long)).earliest_available_slot).to.equal(null);
  });

  it('refuse what makes no sense', async () => {
    const device = await aDevice(open.lab);
    const form = { device_ids: [device], ...SLOT };
    for (const [fields, status, code] of [
      [{ device_ids: [] }, 400, 'forecast.no-devices'],
      [{ start_time: SLOT.end_time, end_time: SLOT.start_time }, 400, 'slot.invalid'],
      [{ end_time: SLOT.start_time }, 400, 'slot.invalid'],
      [{ end_time: '2426-11-25T12:00:00Z' }, 400, 'range.too-long'],
      [{ start_time: '2020-11-25T10:00:00Z', end_time: '2020-11-25T12:00:00Z' }, 400, 'forecast.past'],
      [{ start_time: '2027-03-28T01:30' }, 400, 'lab-time.nonexistent'],
      [{ start_time: 'soon' }, 422, 'lab-time.malformed'],
      [{ start_time: null }, 422, 'request.malformed'],
      [{ device_ids: null }, 422, 'request.malformed'],
      [{ device_ids: ['x'] }, 422, 'request.malformed'],
      [{ device_ids: [0] }, 422, 'request.malformed'],
      [{ device_ids: Array.from({ length: 1001 }, (_, index) => index + 1) }, 422, 'request.malformed'],
      [{ forecast_window_days: -1 }, 422, 'request.malformed'],
      [{ forecast_window_days: 1e9 }, 422, 'request.malformed'],
    ] as const) {
      await ask({ ...form, ...fields }).expect(problem(status, code));
    }
    await supertest(open.app).post('/availability/forecast').send(form).expect(problem(401, 'session.required'));
  });
});

forEveryStore('forecasts from half a year of bookings', (openLab) => {
  let open: OpenLab;
  let bob: Agent;
  const clock = new ManualClock();
  let busy: number;
  let quiet: number;

  const book = (deviceId: number, start: number, status: BookingStatus = 'EXPIRED', ahead = 3 * DAY) =>
    open.lab.work.run(async ({ bookings, users }) => {
      const [owner] = await users.named(['bob']);
      const [booking] = await bookings.add(
        [
          {
            ...{ groupId: `${deviceId}/${start}`, deviceId, ownerId: owner!.id, comment: '', status: 'PENDING' },
            slot: { start, end: start + 8 * HOUR },
            createdAt: start - ahead,
          },
        ],
        [],
      );
      if (status !== 'PENDING') await bookings.setStatus([booking!.id], status, start - DAY);
    });

  before(async () => {
    clock.set(MONDAY_MORNING - 182 * DAY);
    open = await openLab({ clock });
    bob = await signedIn(open.app, 'bob');
    const ids = await importDevices(open.lab, [
      ...Array.from({ length: 4 }, () => ({ device_type: 'Busy' })),
      ...Array.from({ length: 4 }, () => ({ device_type: 'Quiet' })),
    ]);
    // The busy ones are booked on every working day; the quiet ones on Mondays, and that is given up every second time.
    for (let day = 0; day < 182; day += 1) {
      const start = MONDAY_MORNING - (182 - day) * DAY;
      const weekday = day % 7;
      if (weekday < 5) for (const id of ids.slice(0, 4)) await book(id, start);
      if (weekday === 0) for (const id of ids.slice(4)) await book(id, start, day % 14 === 0 ? 'CANCELLED' : 'EXPIRED');
    }
    [busy, quiet] = [ids[0]!, ids[7]!];
    clock.set(MONDAY_MORNING);
    // Sessions end after a week.
    bob = await signedIn(open.app, 'bill');
  });

  const ask = async (device: number, start: number, length: number) => {
    const form = { device_ids: [device], start_time: isoOf(start), end_time: isoOf(start + length) };
    const { body } = await bob.post('/availability/forecast').send(form).expect(200);
    return body.forecasts[0] as ForecastReply;
  };

  it('tell busy devices from quiet ones, and working days from weekends', async () => {
    const inThreeWeeks = MONDAY_MORNING + 22 * DAY;
    const [often, seldom] = [await ask(busy, inThreeWeeks, 4 * HOUR), await ask(quiet, inThreeWeeks, 4 * HOUR)];
    expect(often.method).to.equal('history');
    expect(often.availability_probability).to.be.below(0.2);
    expect(seldom.availability_probability).to.be.above(0.7);
    expect(often.base_rate).to.equal(seldom.base_rate).and.to.be.within(0.6, 0.95);
    expect(often.effective_sample_size).to.be.above(50);
    const saturday = await ask(busy, MONDAY_MORNING + 26 * DAY, 4 * HOUR);
    expect(saturday.availability_probability).to.be.above(0.8);
    expect(often.factors.join(' ')).to.match(/On weekdays from about 08:00, .* on devices of type Busy/);
  });

  it('know that what is always booked three days before is free if it is not booked the day before', async () => {
    const tomorrow = await ask(busy, MONDAY_MORNING + DAY, 4 * HOUR);
    expect(tomorrow.availability_probability).to.be.above(0.9);
  });

  it('know how often bookings are given up', async () => {
    const start = MONDAY_MORNING + 7 * DAY;
    await book(quiet, start, 'PENDING');
    const forecast = await ask(quiet, start, 4 * HOUR);
    expect(forecast.availability_probability).to.be.within(0.02, 0.5);
    expect(forecast.factors[0]).to.match(/A booking is in the way; the chance that it is given up in time is \d+ %/);
  });

  it('learn anew after some minutes, and see at once what is booked', async () => {
    const start = MONDAY_MORNING + 9 * DAY;
    const before = await ask(quiet, start, 4 * HOUR);
    await book(quiet, start, 'PENDING');
    const after = await ask(quiet, start, 4 * HOUR);
    expect(after.availability_probability).to.be.below(before.availability_probability / 2);
    expect(after.base_rate).to.equal(before.base_rate);
    clock.advance(15 * MINUTE);
    expect((await ask(quiet, start, 4 * HOUR)).availability_probability).to.be.within(0, 0.5);
  });
});

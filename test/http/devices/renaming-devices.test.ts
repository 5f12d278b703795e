import { expect } from 'chai';
import type { Response } from 'supertest';
import { DAY } from '../../../domain/index.js';
import { daysOf } from '../../support/booking-forms.js';
import { changedForm, listedDevice } from '../../support/device-forms.js';
import { importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock, MONDAY_MORNING } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const FRIDAY = '2026-11-27';
const THURSDAY = '2026-11-26';

interface WeekEntry {
  readonly booking_id: number;
  readonly device_id: number;
  readonly device_type: string;
  readonly device_name: string;
  readonly status: string;
  readonly start_time: string;
}

forEveryStore('bookings of a device that is renamed', (openLab) => {
  let here: OpenLab;
  let admin: Agent;
  let ada: Agent;
  let bob: Agent;
  let things = 0;
  const clock = new ManualClock();

  before(async () => {
    here = await openLab({ clock });
    admin = await administrator(here.lab, here.app);
    [ada, bob] = [await signedIn(here.app, 'ada'), await signedIn(here.app, 'bob')];
  });
  afterEach(() => {
    clock.set(MONDAY_MORNING);
  });

  /** A device of so many port rows, under a name that nothing else has; answers the name and the row ids. */
  const thing = async (rows: number): Promise<{ name: string; ids: number[] }> => {
    const number = (things += 1);
    const name = `Thing ${number}`;
    const entries = Array.from({ length: rows }, (_, row) => ({
      oi_id: `OI-${number}-${row}`,
      name,
      in_port: String(number * 10 + row),
    }));
    return { name, ids: await importDevices(here.lab, entries) };
  };

  const book = async (agent: Agent, deviceId: number, date = FRIDAY): Promise<number> => {
    const reply = await agent.post('/bookings').send(daysOf(deviceId, [date]));
    expect(reply.status, reply.text).to.equal(200);
    return (reply.body as { bookings: { booking_id: number }[] }).bookings[0]!.booking_id;
  };

  const rename = async (id: number, deviceName: string, more: object = {}): Promise<Response> => {
    const form = changedForm(await listedDevice(admin, id), { deviceName, ...more });
    return admin.put(`/admin/devices/${id}`).send(form);
  };

  const renamed = async (id: number, deviceName: string, more: object = {}): Promise<void> => {
    const reply = await rename(id, deviceName, more);
    expect(reply.status, reply.text).to.equal(200);
  };

  const removed = async (id: number): Promise<void> => {
    await admin.delete(`/admin/devices/${id}`).expect(200);
  };

  const seen = async (bookingId: number): Promise<WeekEntry> => {
    const reply = await ada.get('/bookings/for-week?start=2026-11-23').expect(200);
    const entry = (reply.body as WeekEntry[]).find(({ booking_id }) => booking_id === bookingId);
    if (!entry) throw new Error(`booking ${bookingId} is not in the week`);
    return entry;
  };

  /** Whether somebody who does not want to contend can have the device then. */
  const isFree = async (deviceId: number, date = FRIDAY): Promise<boolean> => {
    const reply = await bob.post('/bookings').send(daysOf(deviceId, [date]));
    if (reply.status === 409) return false;
    expect(reply.status, reply.text).to.equal(200);
    const { grouped_booking_id } = reply.body as { grouped_booking_id: string };
    await bob.delete(`/api/bookings/group/${grouped_booking_id}`).send({}).expect(200);
    return true;
  };

  it('go with its only row', async () => {
    const { ids } = await thing(1);
    const booking = await book(ada, ids[0]!);
    await renamed(ids[0]!, `New name ${ids[0]}`, { deviceType: 'OTDR' });
    expect(await seen(booking)).to.include({
      device_id: ids[0],
      device_name: `New name ${ids[0]}`,
      device_type: 'OTDR',
    });
    expect(await isFree(ids[0]!)).to.equal(false);
    expect(await isFree(ids[0]!, THURSDAY)).to.equal(true);
  });

  it('stay where they are when only letter case or blanks change', async () => {
    const { name, ids } = await thing(2);
    const booking = await book(ada, ids[1]!);
    await renamed(ids[0]!, name.toUpperCase());
    await renamed(ids[1]!, ` ${name.replace(' ', '  ').toLowerCase()} `);
    expect(await seen(booking)).to.include({ device_id: ids[0], device_name: name.toUpperCase() });
    for (const id of ids) expect(await isFree(id)).to.equal(false);
  });

  it('stay with the other rows when its first row leaves for a name of its own', async () => {
    const { name, ids } = await thing(3);
    const booking = await book(ada, ids[0]!);
    await renamed(ids[0]!, `${name} alone`);
    expect(await seen(booking)).to.include({ device_id: ids[1], device_name: name });
    expect(await isFree(ids[0]!)).to.equal(true);
    expect(await isFree(ids[1]!)).to.equal(false);
    expect(await isFree(ids[2]!)).to.equal(false);
  });

  it('stay with the other rows when a later row leaves for a name of its own', async () => {
    const { name, ids } = await thing(2);
    const booking = await book(ada, ids[1]!);
    await renamed(ids[1]!, `${name} alone`);
    expect(await seen(booking)).to.include({ device_id: ids[0], device_name: name });
    expect(await isFree(ids[0]!)).to.equal(false);
    expect(await isFree(ids[1]!)).to.equal(true);
  });

  it('stay with the other rows when a row leaves for another type', async () => {
    const { name, ids } = await thing(2);
    const booking = await book(ada, ids[0]!);
    await renamed(ids[0]!, name, { deviceType: 'Fiber' });
    expect(await seen(booking)).to.include({ device_id: ids[1], device_type: 'ROADM' });
    expect(await isFree(ids[0]!)).to.equal(true);
  });

  it('hold a row that joins it, and go by the lower number then', async () => {
    const early = await thing(2);
    const late = await thing(1);
    const booking = await book(ada, late.ids[0]!);
    await renamed(early.ids[0]!, late.name);
    expect(await seen(booking)).to.include({ device_id: early.ids[0], device_name: late.name });
    expect(await isFree(early.ids[0]!)).to.equal(false);
    expect(await isFree(late.ids[0]!)).to.equal(false);
    expect(await isFree(early.ids[1]!)).to.equal(true);
  });

  it('hold a row that joins it, and keep their number when that is lower', async () => {
    const early = await thing(1);
    const late = await thing(2);
    const booking = await book(ada, early.ids[0]!);
    await renamed(late.ids[0]!, early.name);
    expect(await seen(booking)).to.include({ device_id: early.ids[0] });
    expect(await isFree(late.ids[0]!)).to.equal(false);
    expect(await isFree(late.ids[1]!)).to.equal(true);
  });

  it('part, each with its device, when a first row with bookings joins another with bookings', async () => {
    const early = await thing(2);
    const late = await thing(1);
    const [staying, joined] = [await book(ada, early.ids[0]!), await book(ada, late.ids[0]!)];
    await renamed(early.ids[0]!, late.name);
    expect(await seen(staying)).to.include({ device_id: early.ids[1], device_name: early.name, status: 'PENDING' });
    expect(await seen(joined)).to.include({ device_id: early.ids[0], device_name: late.name, status: 'PENDING' });
  });

  for (const order of ['lower', 'higher'] as const) {
    it(`come along when its last row, of ${order} number, joins a device without bookings`, async () => {
      const [first, second] = [await thing(1), await thing(1)];
      const [leaving, other] = order === 'lower' ? [first, second] : [second, first];
      const booking = await book(ada, leaving.ids[0]!);
      await renamed(leaving.ids[0]!, other.name);
      expect(await seen(booking)).to.include({ device_id: first.ids[0], device_name: other.name, status: 'PENDING' });
      expect(await isFree(first.ids[0]!)).to.equal(false);
      expect(await isFree(second.ids[0]!)).to.equal(false);
    });

    it(`await its last row, of ${order} number and without bookings, when it joins their device`, async () => {
      const [first, second] = [await thing(1), await thing(1)];
      const [leaving, other] = order === 'lower' ? [first, second] : [second, first];
      const booking = await book(ada, other.ids[0]!);
      await renamed(leaving.ids[0]!, other.name);
      expect(await seen(booking)).to.include({ device_id: first.ids[0], device_name: other.name });
      expect(await isFree(leaving.ids[0]!)).to.equal(false);
    });
  }

  it('keep two devices with bookings to come from becoming one', async () => {
    const [first, second] = [await thing(1), await thing(1)];
    await book(ada, first.ids[0]!);
    await book(ada, second.ids[0]!, THURSDAY);
    const before = await here.store.rows();
    problem(409, 'device.has-bookings')(await rename(first.ids[0]!, second.name));
    problem(409, 'device.has-bookings')(await rename(second.ids[0]!, first.name));
    expect(await here.store.rows()).to.deep.equal(before);
  });

  it('that are over do not: their history becomes one', async () => {
    const [first, second] = [await thing(1), await thing(1)];
    const [one, other] = [await book(ada, first.ids[0]!), await book(ada, second.ids[0]!)];
    clock.advance(5 * DAY);
    await renamed(first.ids[0]!, second.name);
    for (const booking of [one, other]) {
      expect(await seen(booking)).to.include({
        device_id: first.ids[0],
        device_name: second.name,
        status: 'EXPIRED',
      });
    }
  });

  it('stay with the other rows when its first row is removed', async () => {
    const { name, ids } = await thing(2);
    const booking = await book(ada, ids[0]!);
    await removed(ids[0]!);
    expect(await seen(booking)).to.include({ device_id: ids[1], device_name: name });
    expect(await isFree(ids[1]!)).to.equal(false);
    await admin.delete(`/admin/devices/${ids[1]}`).expect(problem(409, 'device.has-bookings'));
  });

  it('stay with the other rows when a later row is removed', async () => {
    const { name, ids } = await thing(2);
    const booking = await book(ada, ids[1]!);
    await removed(ids[1]!);
    expect(await seen(booking)).to.include({ device_id: ids[0], device_name: name });
  });

  it('remember what a removed device was called', async () => {
    const { name, ids } = await thing(1);
    const booking = await book(ada, ids[0]!);
    clock.advance(5 * DAY);
    await removed(ids[0]!);
    expect(await seen(booking)).to.include({ device_id: ids[0], device_type: 'ROADM', device_name: name });
  });

  it('can still be cancelled by their number', async () => {
    const { name, ids } = await thing(2);
    const booking = await book(ada, ids[0]!);
    await renamed(ids[0]!, `${name} alone`);
    await ada.put(`/bookings/${booking}/cancel`).expect(200);
    expect(await isFree(ids[1]!)).to.equal(true);
  });

  it('are not touched by a renaming that is refused', async () => {
    const [first, second] = [await thing(2), await thing(1)];
    await book(ada, first.ids[0]!);
    const before = await here.store.rows();
    // The port is taken there already.
    const port = (await listedDevice(admin, second.ids[0]!)).In_Port;
    problem(400, 'device.duplicate')(await rename(first.ids[0]!, second.name, { In_Port: port }));
    problem(
      400,
      'maintenance.half',
    )(await rename(first.ids[0]!, 'Elsewhere', { maintenance_start: 'All Day/2026-12-01' }));
    expect(await here.store.rows()).to.deep.equal(before);
  });
});

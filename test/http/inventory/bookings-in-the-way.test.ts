import { expect } from 'chai';
import { Container } from 'inversify';
import type { Response } from 'supertest';
import type { EventHistory } from '../../../application/index.js';
import { ports } from '../../../composition/tokens.js';
import { DAY, HOUR } from '../../../domain/index.js';
import { addedEntry } from '../../support/assets.js';
import { daysOf } from '../../support/booking-forms.js';
import { importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { ManualClock, MONDAY_MORNING } from '../../support/manual-clock.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const FRIDAY = '2026-11-27';

forEveryStore('bookings of what is to leave the lab', (openLab) => {
  let here: OpenLab;
  let admin: Agent;
  let ada: Agent;
  let adaId: number;
  let events: EventHistory;
  const clock = new ManualClock();
  before(async () => {
    here = await openLab({ clock });
    const container = new Container();
    container.load(here.store.persistence);
    events = container.get(ports.events);
    admin = await administrator(here.lab, here.app);
    ada = await signedIn(here.app, 'ada');
    adaId = (await ada.get('/session').expect(200)).body.user_id as number;
  });
  afterEach(() => {
    clock.set(MONDAY_MORNING);
  });

  let things = 0;
  /** A device of so many rows of a type of its own. */
  const thing = async (rows = 1): Promise<{ ids: number[]; type: string; typeId: number }> => {
    const nth = (things += 1);
    const type = `Type ${nth}`;
    const ids = await importDevices(
      here.lab,
      Array.from({ length: rows }, (_, row) => ({
        ...{ oi_id: `OI-${nth}-${row}`, name: `Thing ${nth}`, device_type: type, in_port: String(nth * 10 + row + 1) },
      })),
    );
    const types = (await admin.get('/api/inventory/device-types').expect(200)).body as { id: number; name: string }[];
    return { ids, type, typeId: types.find(({ name }) => name === type)!.id };
  };
  const book = async (id: number): Promise<number> =>
    (
      await ada
        .post('/bookings')
        .send(daysOf(id, [FRIDAY]))
        .expect(200)
    ).body.bookings[0].booking_id as number;
  const statusOf = (bookingId: number) =>
    here.lab.work.run(async ({ bookings }) => (await bookings.find(bookingId))?.status);
  const asset = (id: number, query = '') => `/api/inventory/devices/${id}${query}`;
  const inTheWay = problem(409, 'device.has-bookings', /1 booking\(s\) to come; cancel them first\.$/);

  type Deed = (of: { ids: number[]; typeId: number }, query?: string) => PromiseLike<Response>;
  const deeds: Readonly<Record<string, Deed>> = {
    'is removed': ({ ids }, query) => admin.delete(asset(ids[0]!, query)),
    'is removed from the old admin page': ({ ids }, query = '') => admin.delete(`/admin/devices/${ids[0]}${query}`),
    'is retired': ({ ids }, query) => admin.put(asset(ids[0]!, query)).send({ status: 'retired' }),
    'becomes a spare part': ({ ids }, query) => admin.patch(asset(ids[0]!, query)).send({ status: 'spare' }),
    'is only planned': ({ ids }, query) => admin.put(asset(ids[0]!, query)).send({ status: 'planned' }),
    'gets a type that nobody books': async ({ ids }, query) => {
      const type = await addedEntry(admin, 'device-types', {
        name: `Infra ${ids[0]} ${query ?? ''}`,
        category: 'INFRA',
      });
      return admin.put(asset(ids[0]!, query)).send({ device_type_id: type });
    },
    'is of a type that nobody books from now on': ({ typeId }, query = '') =>
      admin.put(`/api/inventory/device-types/${typeId}${query}`).send({ is_schedulable: false }),
  };

  for (const [title, deed] of Object.entries(deeds)) {
    describe(`when it ${title}`, () => {
      it('are in the way, and nothing is changed', async () => {
        const it = await thing();
        const booking = await book(it.ids[0]!);
        const before = await here.store.rows();
        inTheWay(await deed(it));
        inTheWay(await deed(it, '?cancel_bookings=false'));
        expect((await here.store.rows()).devices).to.deep.equal(before.devices);
        expect(await statusOf(booking)).to.equal('PENDING');
      });

      it('are cancelled with it when that is asked for: audited, and told to whoever had them', async () => {
        const it = await thing();
        const booking = await book(it.ids[0]!);
        const audited = await here.store.auditEntries();
        const reply = await deed(it, '?cancel_bookings=true');
        expect(reply.status, reply.text).to.be.within(200, 204);
        expect(await statusOf(booking)).to.equal('CANCELLED');
        expect(await here.store.auditEntries()).to.be.greaterThan(audited + 1);
        const told = await eventsAbout(booking);
        expect(told).to.have.length(1);
        expect(told[0]).to.deep.include({ type: 'booking.cancelled', concerns: [adaId] });
        expect(told[0]?.message).to.match(/not available any more|cannot be booked any more/);
        expect((await here.lab.checkInvariants.execute()).violations).to.deep.equal([]);
      });

      it('are no matter once they are over', async () => {
        const it = await thing();
        await book(it.ids[0]!);
        clock.advance(5 * DAY + HOUR);
        const reply = await deed(it);
        expect(reply.status, reply.text).to.be.within(200, 204);
      });
    });
  }

  const eventsAbout = async (bookingId: number) => {
    const history = await events.after(0, 100_000);
    return history.flatMap(({ event }) =>
      event.type === 'booking.cancelled' && event.bookings.some(({ id }) => id === bookingId) ? [event] : [],
    );
  };

  for (const status of ['in_maintenance', 'unavailable']) {
    it(`stay when it is ${status} for a while, and their owners are told`, async () => {
      const { ids } = await thing();
      const booking = await book(ids[0]!);
      await admin.put(asset(ids[0]!)).send({ status }).expect(200);
      expect(await statusOf(booking)).to.equal('PENDING');
      const last = (await events.after(0, 100_000)).at(-1)?.event;
      expect(last).to.deep.include({ type: 'device.changed', concerns: [adaId] });
    });
  }

  it('stay with the rest of a device of which one row leaves', async () => {
    const { ids } = await thing(2);
    const booking = await book(ids[0]!);
    await admin.put(asset(ids[0]!)).send({ status: 'retired' }).expect(200);
    inTheWay(await admin.put(asset(ids[1]!)).send({ status: 'retired' }));
    inTheWay(await admin.delete(asset(ids[1]!)));
    await admin.delete(asset(ids[0]!)).expect(204);
    expect(await statusOf(booking)).to.equal('PENDING');
    inTheWay(await admin.delete(asset(ids[1]!)));
    await admin.delete(asset(ids[1]!, '?cancel_bookings=true')).expect(204);
    expect(await statusOf(booking)).to.equal('CANCELLED');
  });

  it('are no reason to refuse other changes to what had left the lab already', async () => {
    const { ids } = await thing();
    await book(ids[0]!);
    const form = { deviceType: `Type ${things}`, deviceName: `Thing ${things}`, In_Port: 1, Out_Port: 0 };
    await admin
      .put(`/admin/devices/${ids[0]}`)
      .send({ ...form, status: 'retired' })
      .expect(200);
    await admin.put(asset(ids[0]!)).send({ notes: 'in the cellar' }).expect(200);
    await admin.put(asset(ids[0]!)).send({ status: 'spare' }).expect(200);
  });

  it('are in the way of each of many that are changed at once, and are cancelled when asked for', async () => {
    const [held, free] = [await thing(), await thing()];
    const booking = await book(held.ids[0]!);
    const ids = [held.ids[0]!, free.ids[0]!];
    const bulk = (query: string) =>
      admin
        .post(`/api/inventory/devices/bulk-update${query}`)
        .send({ device_ids: ids, updates: { status: 'retired' } });
    const { body } = await bulk('').expect(200);
    expect(body.succeeded).to.deep.equal([ids[1]]);
    expect(body.failed[0]).to.include({ device_id: ids[0], code: 'device.has-bookings' });
    expect((await bulk('?cancel_bookings=true').expect(200)).body).to.deep.equal({ succeeded: ids, failed: [] });
    expect(await statusOf(booking)).to.equal('CANCELLED');
  });

  it('are in the way of a file that retires it, and nothing of the file is written', async () => {
    const { ids, type } = await thing();
    await book(ids[0]!);
    const body = [
      { oi_id: 'OI-FRESH', name: 'Fresh', device_type: type, category: 'OPTICAL' },
      { oi_id: `OI-${things}-0`, name: `Thing ${things}`, device_type: type, category: 'OPTICAL', status: 'retired' },
    ];
    inTheWay(await admin.post('/api/inventory/import').send(body));
    await ada.get('/api/inventory/devices/oi/OI-FRESH').expect(404);
  });

  it('never come to a device that is retired at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { ids } = await thing();
      const [booked, retired] = await Promise.all([
        ada.post('/bookings').send(daysOf(ids[0]!, [FRIDAY])),
        admin.put(asset(ids[0]!)).send({ status: 'retired' }),
      ]);
      expect([booked.status, retired.status].sort()).to.satisfy(
        ([a, b]: number[]) => (a === 200 && b === 409) || (a === 200 && b === 503),
        `${booked.status} ${retired.status}`,
      );
      expect((await here.lab.checkInvariants.execute()).violations).to.deep.equal([]);
    }
  });
});

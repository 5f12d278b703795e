import { expect } from 'chai';
import { daysOf, dayOf } from '../../support/booking-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';

forEveryStore('what stands in the way', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
  });

  const check = (device_ids: unknown, start: unknown, end: unknown) =>
    ada.post('/check-conflicts').send({ device_ids, start, end });

  it('is told day by day in lab time, with or without a zone in the question', async () => {
    const [busy, free] = await importDevices(open.lab, [{ name: 'Busy' }, {}]);
    const bookings = [{ device_id: busy, start_time: '2026-11-25T22:00:00Z', end_time: '2026-11-27T01:30:00Z' }];
    await bob.post('/bookings').send({ bookings }).expect(200);
    const expected = [
      {
        device_id: busy,
        device_name: 'ROADM - Busy',
        status: 'Available',
        conflicts: [
          { date: '2026-11-25', start_time: '22:00', end_time: '23:59', conflict_type: 'booking' },
          { date: '2026-11-26', start_time: '00:00', end_time: '23:59', conflict_type: 'booking' },
          { date: '2026-11-27', start_time: '00:00', end_time: '01:30', conflict_type: 'booking' },
        ],
      },
    ];
    for (const zone of ['', 'Z', '+00:00']) {
      const { body } = await check([busy, free], `2026-11-25T00:00:00${zone}`, `2026-11-28T23:59:59${zone}`).expect(
        200,
      );
      expect(body).to.deep.equal(expected);
    }
  });

  it('counts maintenance with its true hours, and a device that is out of service', async () => {
    const [serviced, broken] = await importDevices(open.lab, [{ name: 'In Service' }, { status: 'in_maintenance' }]);
    await root
      .put(`/admin/devices/${serviced!}`)
      .send({
        ...{ deviceType: 'ROADM', deviceName: 'In Service', status: 'Available', In_Port: 0, Out_Port: 0 },
        ...{ maintenance_start: '7 AM - 12 PM/2026-11-25', maintenance_end: '12 PM - 6 PM/2026-11-25' },
      })
      .expect(200);
    const { body } = await check([serviced, broken], '2026-11-25T00:00:00', '2026-11-25T23:59:59').expect(200);
    expect(body[0].conflicts).to.deep.equal([
      { date: '2026-11-25', start_time: '07:00', end_time: '18:00', conflict_type: 'maintenance' },
    ]);
    expect(body[1]).to.deep.include({ device_id: broken, status: 'Maintenance' });
    expect(body[1].conflicts[0]).to.deep.include({ date: '2026-11-25', conflict_type: 'maintenance' });
  });

  it('counts each booking once and none that is over or cancelled', async () => {
    const device = await aDevice(open.lab);
    const form = daysOf(device, ['2026-11-25'], { collaborators: ['ada'] });
    const { body } = await bob.post('/bookings').send(form).expect(200);
    const conflicts = async () =>
      (await check([device], '2026-11-25T00:00:00', '2026-11-25T23:59:59')).body as object[];
    expect(await conflicts()).to.have.nested.property('[0].conflicts.length', 1);
    await bob.put(`/bookings/${body.bookings[0].booking_id as number}/cancel`).expect(200);
    expect(await conflicts()).to.deep.equal([]);
  });

  it('is refused for unknown devices, ends before starts, and endless ranges', async () => {
    const device = await aDevice(open.lab);
    await check([device, 99_999], '2026-11-25T00:00:00', '2026-11-26T00:00:00').expect(400);
    await check([device], '2026-11-26T00:00:00', '2026-11-25T00:00:00').expect(400);
    await check([device], '0001-01-02T00:00:00', '9999-12-30T00:00:00').expect(400);
    await check('all', '2026-11-26T00:00:00', '2026-11-25T00:00:00').expect(422);
    await check([device], null, '2026-11-25T00:00:00').expect(422);
  });

  describe('before asking', () => {
    it('is previewed as it would be answered, with the whole policy, and nothing is written', async () => {
      const device = await aDevice(open.lab, { name: 'Previewed' });
      const before = (await ada.get('/bookings/for-week?start=2026-11-23')).body as object[];
      const { body } = await ada
        .post('/api/bookings/preview')
        .send(daysOf(device, ['2026-11-25']))
        .expect(200);
      expect(body).to.deep.include({
        ok: true,
        refusals: [],
        bookings: [
          {
            device_id: device,
            device_name: 'Previewed',
            device_type: 'ROADM',
            ...dayOf('2026-11-25'),
            status: 'PENDING',
          },
        ],
      });
      expect((body.policy as { rule: string; ok: boolean }[]).map(({ rule, ok }) => [rule, ok])).to.deep.equal([
        ['ends-in-future', true],
        ['starts-today-or-later', true],
        ['max-days', true],
        ['horizon-days', true],
      ]);
      expect((await ada.get('/bookings/for-week?start=2026-11-23')).body).to.deep.equal(before);
    });

    it('carries the same refusals as the answer itself', async () => {
      const device = await aDevice(open.lab);
      await bob
        .post('/bookings')
        .send(daysOf(device, ['2026-11-25']))
        .expect(200);
      const form = daysOf(device, ['2026-11-25', '2026-11-26']);
      const preview = await ada.post('/api/bookings/preview').send(form).expect(200);
      const answer = await ada.post('/bookings').send(form).expect(409);
      expect(preview.body.ok).to.equal(false);
      expect(preview.body.refusals).to.deep.equal(answer.body.refusals);
    });
  });
});

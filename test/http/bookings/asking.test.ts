import { expect } from 'chai';
import { daysOf, dayOf, type RefusalReply } from '../../support/booking-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';

forEveryStore('asking for devices', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let eve: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob, eve] = [
      await signedIn(open.app, 'ada'),
      await signedIn(open.app, 'bob'),
      await signedIn(open.app, 'eve'),
    ];
    root = await administrator(open.lab, open.app);
  });

  const idOf = async (agent: Agent): Promise<number> => (await agent.get('/session')).body.user_id as number;
  const week = async (start = '2026-11-23') =>
    (await ada.get(`/bookings/for-week?start=${start}`).expect(200)).body as {
      booking_id: number;
      device_id: number;
      status: string;
      username: string;
      collaborators: string[];
    }[];

  it('gives a free slot as PENDING, whatever status the client wished for', async () => {
    const device = await aDevice(open.lab);
    for (const [date, wish] of [
      ['2026-11-25', 'PENDING'],
      ['2026-11-26', 'conflicting'],
      ['2026-11-27', 'CONFIRMED'],
    ] as const) {
      const { body } = await ada
        .post('/bookings')
        .send(daysOf(device, [date], {}, wish))
        .expect(200);
      expect(body).to.deep.include({ message: 'Created 1 booking(s) successfully.', count: 1 });
      expect(body.bookings).to.deep.equal([
        { booking_id: body.bookings[0].booking_id, device_id: device, ...dayOf(date), status: 'PENDING' },
      ]);
      expect(body.grouped_booking_id).to.match(/^[\da-f-]{36}$/);
    }
  });

  it('names devices by type and name in any letter case, and lists them under the id of the thing', async () => {
    const [first, second] = await importDevices(open.lab, [
      { name: 'Two Ports', device_type: 'WSS', polatis_name: 'PA-1', in_port: '1' },
      { name: 'Two Ports', device_type: 'WSS', polatis_name: 'PA-2', in_port: '2' },
    ]);
    const item = { device_type: 'wss', device_name: 'TWO  ports', ...dayOf('2026-11-25') };
    const { body } = await ada
      .post('/api/bookings')
      .send({ bookings: [item] })
      .expect(200);
    expect(body.bookings[0].device_id).to.equal(first);
    // The other row is the same thing: nobody else gets it.
    const refused = await bob
      .post('/bookings')
      .send(daysOf(second!, ['2026-11-25']))
      .expect(409);
    expect(refused.body.refusals[0].holders[0].owner_username).to.equal('ada');
  });

  it('merges identical items and refuses items that overlap otherwise', async () => {
    const device = await aDevice(open.lab);
    const twice = daysOf(device, ['2026-11-25', '2026-11-25', '2026-11-26']);
    expect((await ada.post('/bookings').send(twice).expect(200)).body.count).to.equal(2);
    const overlapping = {
      bookings: [
        { device_id: device, ...dayOf('2026-11-28') },
        { device_id: device, start_time: '2026-11-28T12:00:00Z', end_time: '2026-11-29T12:00:00Z' },
      ],
    };
    const { body } = await ada.post('/bookings').send(overlapping).expect(400);
    expect(body.code).to.equal('booking.items-overlap');
  });

  it('lets touching slots stand side by side', async () => {
    const device = await aDevice(open.lab);
    const from = (start: string, end: string) => ({
      bookings: [{ device_id: device, start_time: `2026-11-25T${start}:00Z`, end_time: `2026-11-25T${end}:00Z` }],
    });
    await ada.post('/bookings').send(from('09:00', '12:00')).expect(200);
    await bob.post('/bookings').send(from('12:00', '13:00')).expect(200);
    await bob.post('/bookings').send(from('08:00', '09:00')).expect(200);
    await bob.post('/bookings').send(from('11:59', '12:30')).expect(409);
  });

  it('refuses an overlap with the holder, the slot and alternatives that then work', async () => {
    const [wanted, spare] = await importDevices(open.lab, [{ device_type: 'Peer' }, { device_type: 'Peer' }]);
    await ada
      .post('/bookings')
      .send(daysOf(wanted!, ['2026-11-25']))
      .expect(200);
    const { body } = await bob
      .post('/bookings')
      .send(daysOf(wanted!, ['2026-11-25']))
      .expect(409);
    expect(body.detail).to.be.a('string').that.includes('already booked').and.includes('ada');
    const [refusal] = body.refusals as RefusalReply[];
    expect(refusal).to.deep.include({ code: 'booking.taken', device_id: wanted, ...dayOf('2026-11-25') });
    expect(refusal!.holders).to.have.length(1);
    expect(refusal!.holders[0]).to.deep.include({ owner_username: 'ada', status: 'PENDING', ...dayOf('2026-11-25') });
    expect(refusal!.alternatives.map((alternative) => alternative.kind)).to.include.members(['time', 'device']);
    expect(refusal!.alternatives.find(({ kind }) => kind === 'device')!.device_id).to.equal(spare);
    for (const { device_id, start_time, end_time } of refusal!.alternatives) {
      const preview = await bob.post('/api/bookings/preview').send({ bookings: [{ device_id, start_time, end_time }] });
      expect(preview.body, `${start_time} on ${device_id}`).to.deep.include({ ok: true, refusals: [] });
    }
    const [{ device_id, start_time, end_time }] = refusal!.alternatives as [RefusalReply['alternatives'][number]];
    await bob
      .post('/bookings')
      .send({ bookings: [{ device_id, start_time, end_time }] })
      .expect(200);
  });

  it('refuses all of a request when one item is taken, and names every one that is', async () => {
    const [a, b, c] = await importDevices(open.lab, [{}, {}, {}]);
    await ada.post('/bookings').send({ bookings: [a, c].map((id) => ({ device_id: id, ...dayOf('2026-11-25') })) });
    const before = await week();
    const all = { bookings: [a, b, c].map((id) => ({ device_id: id, ...dayOf('2026-11-25') })) };
    const { body } = await bob.post('/bookings').send(all).expect(409);
    expect((body.refusals as RefusalReply[]).map((refusal) => refusal.device_id)).to.have.members([a, c]);
    expect(await week()).to.deep.equal(before);
  });

  it('lets one more contend with consent, refuses the next, and settles when the first cancels', async () => {
    const device = await aDevice(open.lab);
    const first = await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25']))
      .expect(200);
    const second = await bob
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], {}, 'CONFLICTING'))
      .expect(200);
    expect(second.body.bookings[0].status).to.equal('CONFLICTING');
    const third = await eve
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], {}, 'CONFLICTING'))
      .expect(409);
    expect(third.body.code).to.equal('booking.full');
    await ada.put(`/bookings/${first.body.bookings[0].booking_id as number}/cancel`).expect(200);
    const after = (await week()).find((booking) => booking.booking_id === second.body.bookings[0].booking_id);
    expect(after?.status).to.equal('PENDING');
  });

  it('refuses an overlap with what is the requester’s own already, even with consent', async () => {
    const device = await aDevice(open.lab);
    await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25']))
      .expect(200);
    const { body } = await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], {}, 'CONFLICTING'))
      .expect(409);
    expect(body.code).to.equal('booking.own');
  });

  it('names every unknown device and makes none of them', async () => {
    const items = ['ROADM-node-0', 'ILA-node-1'].map((name) => ({
      device_type: 'ROADM',
      device_name: name,
      ...dayOf('2026-11-25'),
    }));
    const { body } = await ada.post('/bookings').send({ bookings: items }).expect(400);
    expect(body.detail).to.include('ROADM-node-0').and.include('ILA-node-1');
    expect(body.detail).not.to.match(/conflict|already booked/);
    const names = ((await ada.get('/api/devices')).body as { deviceName: string }[]).map((device) => device.deviceName);
    expect(names).not.to.include('ROADM-node-0');
  });

  it('explains why a device cannot be booked in words that are not about bookings', async () => {
    const [broken, infra, serviced] = await importDevices(open.lab, [
      { status: 'unavailable' },
      { device_type: 'PDU', category: 'INFRA' },
      { name: 'Serviced' },
    ]);
    const form = { deviceType: 'ROADM', deviceName: 'Serviced', status: 'Available', In_Port: 0, Out_Port: 0 };
    const maintenance = { maintenance_start: '12 PM - 6 PM/2026-11-25', maintenance_end: '12 PM - 6 PM/2026-11-25' };
    await root
      .put(`/admin/devices/${serviced!}`)
      .send({ ...form, ...maintenance })
      .expect(200);
    for (const [device, code] of [
      [broken, 'booking.device-unavailable'],
      [infra, 'booking.device-unavailable'],
      [serviced, 'booking.maintenance'],
    ] as const) {
      const { body } = await ada
        .post('/bookings')
        .send(daysOf(device!, ['2026-11-25']))
        .expect(503);
      expect(body.code).to.equal(code);
      expect(body.detail).not.to.match(/conflict|already booked/i);
    }
    const morning = { device_id: serviced, start_time: '2026-11-25T07:00:00Z', end_time: '2026-11-25T12:00:00Z' };
    await ada
      .post('/bookings')
      .send({ bookings: [morning] })
      .expect(200);
  });

  it('acts for the user of the session only, unless an administrator asks', async () => {
    const device = await aDevice(open.lab);
    const bobId = await idOf(bob);
    const mine = await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], { user_id: bobId }))
      .expect(403);
    expect(mine.body.code).to.equal('identity.not-yourself');
    const nobody = await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], { user_id: 99_999 }))
      .expect(400);
    expect(nobody.body.detail).to.equal('User not found');
    await root
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], { user_id: bobId }))
      .expect(200);
    const booked = (await week()).find((booking) => booking.device_id === device);
    expect(booked?.username).to.equal('bob');
  });

  it('finds collaborators in any letter case, shows them, and names all that are unknown', async () => {
    const device = await aDevice(open.lab);
    const unknown = await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], { collaborators: ['x', 'Bob', 'y'] }));
    expect(unknown.body.detail).to.equal('Collaborators x, y not found.');
    const one = await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], { collaborators: ['x'] }))
      .expect(400);
    expect(one.body.detail).to.equal('Collaborator x not found.');
    await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-25'], { collaborators: ['BOB', 'bob', 'Eve'] }))
      .expect(200);
    const booked = (await week()).filter((booking) => booking.device_id === device);
    expect(booked).to.have.length(1);
    expect(booked[0]?.collaborators).to.deep.equal(['bob', 'eve']);
  });

  it('adds to an own group, and to nobody else’s', async () => {
    const device = await aDevice(open.lab);
    const group = (await ada.post('/bookings').send(daysOf(device, ['2026-11-25']))).body.grouped_booking_id as string;
    const more = await ada
      .post('/bookings')
      .send(daysOf(device, ['2026-11-26'], { grouped_booking_id: group }))
      .expect(200);
    expect(more.body.grouped_booking_id).to.equal(group);
    const theirs = daysOf(device, ['2026-11-27'], { grouped_booking_id: group });
    expect((await bob.post('/bookings').send(theirs).expect(403)).body.code).to.equal('booking.not-owner');
    const unknown = daysOf(device, ['2026-11-27'], { grouped_booking_id: 'no-such-group' });
    expect((await bob.post('/bookings').send(unknown).expect(400)).body.code).to.equal('booking.unknown-group');
  });

  it('refuses what makes no sense, and writes nothing', async () => {
    const device = await aDevice(open.lab);
    const slot = (start_time: unknown, end_time: unknown, more: object = {}) => ({
      bookings: [{ device_id: device, start_time, end_time, ...more }],
    });
    const before = await week();
    for (const [form, status, code] of [
      [slot('2026-11-25T12:00:00Z', '2026-11-25T11:00:00Z'), 400, 'slot.invalid'],
      [slot('2026-11-25T12:00:00Z', '2026-11-25T12:00:00Z'), 400, 'slot.invalid'],
      [slot('2026-11-20T12:00:00Z', '2026-11-20T13:00:00Z'), 400, 'booking.in-past'],
      [slot('2026-11-22T12:00:00Z', '2026-11-24T13:00:00Z'), 400, 'booking.starts-in-past'],
      [slot('2026-11-25T12:00:00Z', '2326-11-25T12:00:00Z'), 400, 'booking.too-long'],
      [slot('2028-11-25T12:00:00Z', '2028-11-26T12:00:00Z'), 400, 'booking.beyond-horizon'],
      [slot('0001-01-02T00:00:00Z', '0001-01-03T00:00:00Z'), 400, 'booking.in-past'],
      [slot('2027-03-28T01:30', '2027-03-28T03:30'), 400, 'lab-time.nonexistent'],
      [slot('2027-02-30T01:30:00Z', '2027-03-28T03:30:00Z'), 422, 'lab-time.malformed'],
      [slot('tomorrow', 'later'), 422, 'lab-time.malformed'],
      [slot(17, 18), 422, 'request.malformed'],
      [slot('2026-11-25T12:00:00Z', '2026-11-25T13:00:00Z', { status: 'BANANA' }), 422, 'request.malformed'],
      [slot('2026-11-25T12:00:00Z', '2026-11-25T13:00:00Z', { status: null }), 422, 'request.malformed'],
      [{ bookings: [] }, 400, 'booking.no-items'],
      [{ bookings: 'all of them' }, 422, 'request.malformed'],
      [
        { bookings: Array.from({ length: 5000 }, () => ({ device_id: device, ...dayOf('2026-11-25') })) },
        422,
        'request.malformed',
      ],
      [[], 422, 'request.malformed'],
    ] as const) {
      const { body } = await ada.post('/bookings').send(form).expect(status);
      expect(body.code, JSON.stringify(form).slice(0, 120)).to.equal(code);
      expect(body.detail).to.be.a('string');
    }
    expect(await week()).to.deep.equal(before);
  });

  it('tells every reason of every item at once', async () => {
    const device = await aDevice(open.lab, { status: 'in_maintenance' });
    const long = {
      bookings: [{ device_id: device, start_time: '2026-11-25T12:00:00Z', end_time: '2029-01-01T00:00:00Z' }],
    };
    const { body } = await ada.post('/bookings').send(long).expect(400);
    expect((body.refusals as RefusalReply[]).map((refusal) => refusal.code)).to.have.members([
      'booking.too-long',
      'booking.beyond-horizon',
      'booking.device-unavailable',
    ]);
  });

  it('needs a session', async () => {
    const { default: supertest } = await import('supertest');
    for (const path of ['/bookings', '/api/bookings', '/api/bookings/preview', '/check-conflicts']) {
      await supertest(open.app).post(path).send({}).expect(401);
    }
  });
});

import { expect } from 'chai';
import supertest from 'supertest';
import { daysOf } from '../../support/booking-forms.js';
import {
  addedDevice,
  changedForm,
  deviceForm,
  listedDevice,
  listedDevices,
  type DeviceReply,
} from '../../support/device-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { forEveryStore, labsIn, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { onSqlite } from '../../support/stores.js';

forEveryStore('the devices', (openLab) => {
  let here: OpenLab;
  let admin: Agent;
  let ada: Agent;
  before(async () => {
    here = await openLab();
    admin = await administrator(here.lab, here.app);
    ada = await signedIn(here.app, 'ada');
    await importDevices(here.lab, [
      {
        name: 'ROADM 1',
        status: 'active',
        mgmt_ip: '10.20.1.11',
        polatis_name: 'PA-R1',
        in_port: '3',
        out_port: '195',
      },
      { name: 'OTDR 1', device_type: 'OTDR', status: 'in_maintenance', in_port: '4' },
      { name: 'PDU 1', device_type: 'PDU', category: 'INFRA' },
      { name: 'Server 1', device_type: 'Server', category: 'COMPUTE', status: 'retired' },
      { name: 'Disk 1', device_type: 'Disk', category: 'STORAGE', status: 'spare' },
      { name: 'ROADM 2', status: 'planned' },
      { name: 'ROADM 3', status: 'unavailable' },
    ]);
  });

  const listed = async (path: string, agent = ada): Promise<DeviceReply[]> =>
    (await agent.get(path).expect(200)).body as DeviceReply[];

  it('are listed as the scheduler reads them: every one of a schedulable type, whatever its status, by id', async () => {
    const devices = await listed('/api/devices');
    expect(devices.map(({ deviceName, deviceType, status }) => [deviceName, deviceType, status])).to.deep.equal([
      ['ROADM 1', 'ROADM', 'Available'],
      ['OTDR 1', 'OTDR', 'Maintenance'],
      ['Server 1', 'Server', 'Unavailable'],
      ['Disk 1', 'Disk', 'Unavailable'],
      ['ROADM 2', 'ROADM', 'Unavailable'],
      ['ROADM 3', 'ROADM', 'Unavailable'],
    ]);
    expect(devices.map(({ id }) => id)).to.deep.equal(devices.map(({ id }) => id).sort((a, b) => a - b));
    const [first, second] = devices;
    expect(first).to.deep.equal({
      id: first!.id,
      polatis_name: 'PA-R1',
      deviceType: 'ROADM',
      deviceName: 'ROADM 1',
      ip_address: '10.20.1.11',
      status: 'Available',
      maintenance_start: null,
      maintenance_end: null,
      Out_Port: 195,
      In_Port: 3,
    });
    expect(second).to.deep.include({ polatis_name: null, ip_address: null, In_Port: 4, Out_Port: 0 });
  });

  it('are the same under the older path', async () => {
    expect(await listed('/devices')).to.deep.equal(await listed('/api/devices'));
  });

  it('are all there for administrators, of every type', async () => {
    const [all, schedulable] = [await listed('/admin/devices', admin), await listed('/api/devices')];
    expect(all.filter(({ deviceName }) => deviceName !== 'PDU 1')).to.deep.equal(schedulable);
    expect(all.find(({ deviceName }) => deviceName === 'PDU 1')).to.include({ deviceType: 'PDU', status: 'Available' });
  });

  it('are added from the form of the admin page, and listed and bookable from then on', async () => {
    const added = await addedDevice(admin, { deviceName: 'ROADM 17', ip_address: '10.20.1.117' });
    expect(added).to.deep.equal({
      id: added.id,
      polatis_name: null,
      deviceType: 'ROADM',
      deviceName: 'ROADM 17',
      ip_address: '10.20.1.117',
      status: 'Available',
      maintenance_start: null,
      maintenance_end: null,
      Out_Port: 0,
      In_Port: 5,
    });
    expect((await listed('/api/devices')).at(-1)).to.deep.equal(added);
    expect((await listed('/admin/devices', admin)).at(-1)).to.deep.equal(added);
    await ada
      .post('/bookings')
      .send(daysOf(added.id, ['2026-11-27']))
      .expect(200);
  });

  it('of an unknown type make it: optical and schedulable; afterwards it is known in any letter case', async () => {
    const first = await addedDevice(admin, { deviceType: 'WSS', deviceName: 'WSS 1', ip_address: null });
    const second = await addedDevice(admin, { deviceType: ' wss ', deviceName: 'WSS 2', ip_address: null });
    expect([first.deviceType, second.deviceType]).to.deep.equal(['WSS', 'WSS']);
    const type = await here.lab.work.run(({ deviceTypes }) => deviceTypes.named('Wss'));
    expect(type).to.include({ name: 'WSS', category: 'OPTICAL', schedulable: true });
    expect((await listed('/api/devices')).map(({ id }) => id)).to.include.members([first.id, second.id]);
  });

  it('are changed from the same form, which leaves alone what it does not know', async () => {
    const id = await aDevice(here.lab, {
      oi_id: 'OI-DEV-000042',
      name: 'Switch 1',
      device_type: 'Switch',
      manufacturer: 'Polatis',
      model: '7000',
      serial_number: 'S-42',
      site: 'Dublin Lab',
      rack: 'D07',
      u_position: '12',
      hostname: 'sw1.lab.example',
      tags: 'loan;spare part',
      ports: '1-32:fiber',
      owner_group: 'Photonics',
      notes: 'Careful.',
    });
    const before = await here.lab.work.run(({ devices }) => devices.find(id));
    const form = changedForm(await listedDevice(admin, id), {
      deviceName: 'Switch One',
      status: 'Maintenance',
      ip_address: '10.20.1.42',
      polatis_name: 'PA-42',
      In_Port: '7',
      Out_Port: 199,
    });
    const reply = await admin.put(`/admin/devices/${id}`).send(form).expect(200);
    const shown = {
      id,
      polatis_name: 'PA-42',
      deviceType: 'Switch',
      deviceName: 'Switch One',
      ip_address: '10.20.1.42',
      status: 'Maintenance',
      maintenance_start: null,
      maintenance_end: null,
      Out_Port: 199,
      In_Port: 7,
    };
    expect(reply.body).to.deep.equal(shown);
    expect(await listedDevice(admin, id)).to.deep.equal(shown);
    const [after, tags] = await here.lab.work.run(
      async ({ devices, deviceTags }) => [await devices.find(id), (await deviceTags.all()).get(id)] as const,
    );
    expect(after).to.deep.equal({
      ...before,
      name: 'Switch One',
      status: 'in_maintenance',
      managementIp: '10.20.1.42',
      polatisName: 'PA-42',
      inPort: 7,
      outPort: 199,
      version: 2,
      updatedBy: (await admin.get('/session').expect(200)).body.user_id,
    });
    expect(tags).to.have.members(['loan', 'spare part']);

    const blank = { ...form, ip_address: null, polatis_name: null, In_Port: null, Out_Port: '' };
    await admin.put(`/admin/devices/${id}`).send(blank).expect(200);
    expect(await listedDevice(admin, id)).to.include({ ip_address: null, polatis_name: null, In_Port: 0, Out_Port: 0 });
  });

  it('are removed once, and only where they are', async () => {
    const { id } = await addedDevice(admin, { deviceName: 'Short-lived', ip_address: null });
    await admin
      .delete(`/admin/devices/${id}`)
      .expect(200, { success: true, message: `Device ${id} deleted successfully` });
    expect((await listedDevices(admin)).map((device) => device.id)).to.not.include(id);
    const gone = problem(404, 'device.not-found', 'Device not found');
    await admin.delete(`/admin/devices/${id}`).expect(gone);
    await admin
      .put(`/admin/devices/${id}`)
      .send(deviceForm({ deviceName: 'Back again' }))
      .expect(gone);
  });

  it('with bookings to come are not removed', async () => {
    const { id } = await addedDevice(admin, { deviceName: 'Wanted', ip_address: null });
    const booked = await ada
      .post('/bookings')
      .send(daysOf(id, ['2026-11-27']))
      .expect(200);
    const before = await here.store.rows();
    const reply = await admin
      .delete(`/admin/devices/${id}`)
      .expect(problem(409, 'device.has-bookings', /^Wanted has 1 /));
    expect(reply.body).to.include({ device_id: id, bookings: 1 });
    expect(await here.store.rows()).to.deep.equal(before);

    const { bookings } = booked.body as { bookings: { booking_id: number }[] };
    await ada.put(`/bookings/${bookings[0]!.booking_id}/cancel`).expect(200);
    await admin.delete(`/admin/devices/${id}`).expect(200);
    const week = (await ada.get('/bookings/for-week?start=2026-11-23').expect(200)).body as { device_name: string }[];
    expect(week.map(({ device_name }) => device_name)).to.include('Wanted');
  });

  it('of one name are one device with several ports, which must differ', async () => {
    const fields = { deviceName: 'Twin', ip_address: '10.20.1.50', polatis_name: 'PB-1', In_Port: '1', Out_Port: '97' };
    const first = await addedDevice(admin, fields);
    const second = await addedDevice(admin, { ...fields, polatis_name: 'PB-2', In_Port: '2', Out_Port: '98' });
    const before = await here.store.rows();
    const refusals: [object, string, RegExp][] = [
      [{}, 'device.duplicate-polatis-name', /^Polatis name already exists in this device group$/],
      [{ polatis_name: 'pb-2', In_Port: '9' }, 'device.duplicate-polatis-name', /already exists/],
      [{ polatis_name: '' }, 'device.duplicate', /further row of it needs a patch port of its own/],
      [{ polatis_name: 'PB-3', deviceName: ' twin ' }, 'device.duplicate', new RegExp(`device ${first.id};`)],
    ];
    for (const [more, code, detail] of refusals) {
      const form = deviceForm({ ...fields, ...more });
      await admin
        .post('/admin/devices')
        .send(form)
        .expect(problem(400, code, detail));
    }
    const moved = changedForm(second, { In_Port: 1, Out_Port: 97 });
    await admin.put(`/admin/devices/${second.id}`).send(moved).expect(problem(400, 'device.duplicate'));
    const relabelled = changedForm(second, { polatis_name: 'PB-1' });
    await admin
      .put(`/admin/devices/${second.id}`)
      .send(relabelled)
      .expect(problem(400, 'device.duplicate-polatis-name'));
    expect(await here.store.rows()).to.deep.equal(before);

    await addedDevice(admin, { ...fields, deviceType: 'Fiber', ip_address: null });
    await admin.put(`/admin/devices/${second.id}`).send(changedForm(second)).expect(200);
  });

  it('without ports are one row each', async () => {
    const fields = { deviceName: 'Portless', ip_address: null, polatis_name: '', In_Port: '0', Out_Port: '0' };
    await addedDevice(admin, fields);
    await admin.post('/admin/devices').send(deviceForm(fields)).expect(problem(400, 'device.duplicate'));
  });

  it('have an IP address for themselves', async () => {
    const fields = { deviceName: 'At home', ip_address: '10.20.1.60', In_Port: '1' };
    const device = await addedDevice(admin, fields);
    const other = await addedDevice(admin, { deviceName: 'Elsewhere', ip_address: '10.20.1.61' });
    const taken = problem(400, 'device.duplicate-address', 'IP address already exists for another device');
    const before = await here.store.rows();
    await admin
      .post('/admin/devices')
      .send(deviceForm({ ...fields, deviceName: 'Intruder' }))
      .expect(taken);
    const moved = changedForm(other, { ip_address: '10.20.1.60' });
    await admin.put(`/admin/devices/${other.id}`).send(moved).expect(taken);
    expect(await here.store.rows()).to.deep.equal(before);

    await addedDevice(admin, { ...fields, In_Port: '2' });
    await admin
      .put(`/admin/devices/${device.id}`)
      .send(changedForm(device, { status: 'Offline' }))
      .expect(200);
  });

  it('of one new type can come several at once, and the same device only once', async () => {
    const add = (fields: object) => admin.post('/admin/devices').send(deviceForm({ ip_address: null, ...fields }));
    const numbers = [1, 2, 3, 4, 5, 6];
    const together = await Promise.all(
      numbers.map((number) => add({ deviceType: 'Laser', deviceName: `Laser ${number}` })),
    );
    expect(together.map(({ status }) => status)).to.deep.equal(numbers.map(() => 201));
    const same = await Promise.all(numbers.map(() => add({ deviceType: 'Laser', deviceName: 'Laser 7' })));
    expect(same.map(({ status }) => status).sort()).to.deep.equal([201, 400, 400, 400, 400, 400]);
    const addresses = await Promise.all(
      numbers.map((number) => add({ deviceName: `Neighbour ${number}`, ip_address: '10.20.1.77' })),
    );
    expect(addresses.map(({ status }) => status).sort()).to.deep.equal([201, 400, 400, 400, 400, 400]);
  });

  it('are either booked or removed when somebody tries both at once', async () => {
    for (let round = 0; round < 6; round += 1) {
      const id = await aDevice(here.lab, { name: `Contested ${round}`, oi_id: `OI-CONTESTED-${round}` });
      const form = daysOf(id, ['2026-11-26']);
      const [booked, removed] = await Promise.all(
        round % 2 === 0
          ? [ada.post('/bookings').send(form), admin.delete(`/admin/devices/${id}`)]
          : [admin.delete(`/admin/devices/${id}`), ada.post('/bookings').send(form)].reverse(),
      );
      if (booked!.status === 200) problem(409, 'device.has-bookings')(removed!);
      else {
        problem(400, 'booking.unknown-device')(booked!);
        expect(removed!.status).to.equal(200);
      }
    }
  });
});

onSqlite('a device form', (open) => {
  let here: OpenLab;
  let admin: Agent;
  let device: DeviceReply;
  before(async () => {
    here = await labsIn(open)();
    admin = await administrator(here.lab, here.app);
    device = await addedDevice(admin, { deviceName: 'Unchanged' });
  });

  for (const [words, stored, shown] of [
    [['Available', 'available', ' AVAILABLE ', 'active', 'Active'], 'active', 'Available'],
    [['Maintenance', 'maintenance', 'in_maintenance', 'IN_MAINTENANCE'], 'in_maintenance', 'Maintenance'],
    [['Unavailable', 'unavailable', 'Offline', 'oFFline'], 'unavailable', 'Unavailable'],
    [['retired', 'Retired'], 'retired', 'Unavailable'],
    [['spare', 'SPARE'], 'spare', 'Unavailable'],
    [['planned', 'Planned'], 'planned', 'Unavailable'],
  ] as const) {
    it(`may call the status ${words.map((word) => `"${word}"`).join(', ')}`, async () => {
      for (const status of words) {
        const reply = await admin.put(`/admin/devices/${device.id}`).send(changedForm(device, { status })).expect(200);
        expect(reply.body).to.include({ status: shown });
        const kept = await here.lab.work.run(({ devices }) => devices.find(device.id));
        expect(kept?.status).to.equal(stored);
      }
    });
  }

  for (const [ports, shown] of [
    [
      { In_Port: '5', Out_Port: '0' },
      { In_Port: 5, Out_Port: 0 },
    ],
    [
      { In_Port: 5, Out_Port: 197 },
      { In_Port: 5, Out_Port: 197 },
    ],
    [
      { In_Port: '', Out_Port: null },
      { In_Port: 0, Out_Port: 0 },
    ],
    [
      { In_Port: undefined, Out_Port: '007' },
      { In_Port: 0, Out_Port: 7 },
    ],
    [
      { In_Port: '999999', Out_Port: 999_999 },
      { In_Port: 999_999, Out_Port: 999_999 },
    ],
  ] as const) {
    it(`may write ports as ${JSON.stringify(ports)}`, async () => {
      const reply = await admin.put(`/admin/devices/${device.id}`).send(changedForm(device, ports)).expect(200);
      expect(reply.body).to.include(shown);
    });
  }

  const malformed: Record<string, unknown> = {
    'no body': undefined,
    'an array': [deviceForm()],
    'not JSON': '{"deviceType": "ROADM"',
    'without a type': deviceForm({ deviceType: undefined }),
    'with null for a type': deviceForm({ deviceType: null }),
    'with a blank name': deviceForm({ deviceName: '  ' }),
    'with a name of 201 characters': deviceForm({ deviceName: 'x'.repeat(201) }),
    'with a type of 101 characters': deviceForm({ deviceType: 'x'.repeat(101) }),
    'with a name that grows when it is compared': deviceForm({ deviceName: '\ufdfa'.repeat(200) }),
    'with a NUL byte in the name': deviceForm({ deviceName: 'ROADM\0' }),
    'with half a character in the name': deviceForm({ deviceName: 'ROADM \ud83d' }),
    'with an array for a name': deviceForm({ deviceName: ['ROADM 1'] }),
    'with an object for a type': deviceForm({ deviceType: { name: 'ROADM' } }),
    'without a status': deviceForm({ status: undefined }),
    'with null for a status': deviceForm({ status: null }),
    'with true for a status': deviceForm({ status: true }),
    'with a negative port': deviceForm({ In_Port: '-1' }),
    'with half a port': deviceForm({ Out_Port: 1.5 }),
    'with a port in words': deviceForm({ In_Port: 'five' }),
    'with a port in another notation': deviceForm({ In_Port: '0x5' }),
    'with an enormous port': deviceForm({ In_Port: 1_000_000 }),
    'with an array for a port': deviceForm({ Out_Port: [] }),
    'with true for a port': deviceForm({ Out_Port: true }),
    'with an address that is none': deviceForm({ ip_address: '10.20.1' }),
    'with an address that is too large': deviceForm({ ip_address: '10.20.1.256' }),
    'with an address and a port': deviceForm({ ip_address: '10.20.1.5:80' }),
    'with a number for an address': deviceForm({ ip_address: 10 }),
    'with an endless label': deviceForm({ polatis_name: 'P'.repeat(101) }),
    'with a number for a label': deviceForm({ polatis_name: 5 }),
  };
  for (const [what, form] of Object.entries(malformed)) {
    it(`is refused ${what.startsWith('with') ? what : `when it is ${what}`}`, async () => {
      const before = await here.store.rows();
      for (const request of [admin.post('/admin/devices'), admin.put(`/admin/devices/${device.id}`)]) {
        await request
          .set('content-type', 'application/json')
          .send(form as string)
          .expect(problem(422));
      }
      expect(await here.store.rows()).to.deep.equal(before);
    });
  }

  it('is refused with a status that nobody knows, and says which there are', async () => {
    const before = await here.store.rows();
    for (const status of ['Banana', '', 'DELETED', 'active; drop table devices', 'constructor', '__proto__']) {
      for (const request of [admin.post('/admin/devices'), admin.put(`/admin/devices/${device.id}`)]) {
        const reply = await request.send(deviceForm({ status })).expect(problem(400, 'device.unknown-status'));
        const { detail } = reply.body as { detail: string };
        for (const word of ['active', 'in_maintenance', 'unavailable', 'retired', 'spare', 'planned']) {
          expect(detail).to.include(word);
        }
        for (const word of ['Available', 'Maintenance', 'Unavailable', 'Offline']) expect(detail).to.include(word);
      }
    }
    expect(await here.store.rows()).to.deep.equal(before);
  });

  it('is refused for something that is no identifier', async () => {
    for (const id of ['abc', '0', '-1', '1.5', '99999999999', '2147483648', '1e3', '%00', '1%20']) {
      await admin.put(`/admin/devices/${id}`).send(deviceForm()).expect(problem(422));
      await admin.delete(`/admin/devices/${id}`).expect(problem(422));
    }
  });

  it('takes names of any script and addresses of both kinds', async () => {
    const added = await addedDevice(admin, {
      deviceType: '光スイッチ',
      deviceName: 'Ω 測 🔌',
      ip_address: '2001:db8::17',
    });
    expect(await listedDevice(admin, added.id)).to.include({
      deviceType: '光スイッチ',
      deviceName: 'Ω 測 🔌',
      ip_address: '2001:db8::17',
    });
  });
});

onSqlite('device data', (open) => {
  let here: OpenLab;
  let id: number;
  before(async () => {
    here = await labsIn(open)();
    id = await aDevice(here.lab, { name: 'ROADM 1' });
  });

  const reads = ['/api/devices', '/devices'];
  const writes: Record<string, (agent: Agent) => supertest.Test> = {
    'POST /admin/devices': (agent) => agent.post('/admin/devices').send(deviceForm({ deviceName: 'New' })),
    'PUT /admin/devices/:id': (agent) => agent.put(`/admin/devices/${id}`).send(deviceForm({ deviceName: 'Renamed' })),
    'DELETE /admin/devices/:id': (agent) => agent.delete(`/admin/devices/${id}`),
    'DELETE of an unknown one': (agent) => agent.delete('/admin/devices/999999'),
  };
  const denied = problem(403, 'permission.denied');

  /** All rows but those that say who was refused. */
  const data = async () => {
    const { audit_log: refusals, ...rows } = await here.store.rows();
    return [rows, refusals] as const;
  };

  for (const role of ['User', 'Viewer', 'Approver'] as const) {
    it(`is read but not written by a ${role}`, async () => {
      const somebody = await somebodyWith(here.lab, here.app, role, `some ${role}`);
      for (const path of reads) await somebody.get(path).expect(200);
      const admins = await somebody.get('/admin/devices');
      if (role === 'User') denied(admins);
      else expect(admins.status).to.equal(200);
      const [before] = await data();
      for (const write of Object.values(writes)) await write(somebody).expect(denied);
      expect((await data())[0]).to.deep.equal(before);
    });
  }

  it('is neither read nor written without a session', async () => {
    const before = await here.store.rows();
    const stranger = supertest.agent(here.app);
    for (const path of [...reads, '/admin/devices']) await stranger.get(path).expect(problem(401, 'session.required'));
    for (const write of Object.values(writes)) await write(stranger).expect(problem(401, 'session.required'));
    expect(await here.store.rows()).to.deep.equal(before);
  });

  for (const role of ['Admin', 'Super Admin'] as const) {
    it(`is written by a ${role}`, async () => {
      const somebody = await somebodyWith(here.lab, here.app, role, `some ${role}`);
      const added = await addedDevice(somebody, { deviceName: `By ${role}`, ip_address: null });
      await somebody
        .put(`/admin/devices/${added.id}`)
        .send(changedForm(added, { status: 'spare' }))
        .expect(200);
      await somebody.delete(`/admin/devices/${added.id}`).expect(200);
    });
  }

  it('leaves a trace of each change', async () => {
    const admin = await somebodyWith(here.lab, here.app, 'Admin', 'tracer');
    const before = await here.store.auditEntries();
    const added = await addedDevice(admin, { deviceName: 'Traced', ip_address: null });
    await admin
      .put(`/admin/devices/${added.id}`)
      .send(changedForm(added, { status: 'spare' }))
      .expect(200);
    await admin.delete(`/admin/devices/${added.id}`).expect(200);
    expect(await here.store.auditEntries()).to.equal(before + 3);
  });
});

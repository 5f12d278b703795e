import { expect } from 'chai';
import { Refused } from '../json-api.js';
import { eachLike, integer, like, nullValue, oneOf, regex, string, told, toldPath } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { OldAdmin, type OldDeviceForm } from './old-admin.js';

const ADMIN = ['somebody is signed in', { username: 'kim', role: 'Admin' }] as const;
const DEVICE: readonly Given[] = ['there is a device', ADMIN];
const MAINTAINED: readonly Given[] = ['there is a device', 'a device is to be maintained', ADMIN];

const answered = { status: 200, body: like({}) };
const refusal = (status: number, detail: string) => ({
  ...{ status, headers: { 'Content-Type': 'application/problem+json' }, body: { detail: string(detail) } },
});
const isRefused = async (trying: Promise<unknown>, detail: string) => {
  const refused: unknown = await trying.catch((error: unknown) => error);
  expect(refused).to.be.instanceOf(Refused).with.property('message', detail);
};

/** From when to when, in the words of the page: `All Day/2026-12-02`. */
const maintenance = (example: string) =>
  regex(/^(7 AM - 12 PM|12 PM - 6 PM|6 PM - 11 PM|All Day)\/\d{4}-\d\d-\d\d$/, example);

const LISTED = {
  ...{ id: integer(5), deviceType: string('ROADM'), deviceName: string('ROADM 1') },
  ...{ ip_address: string('192.0.2.1'), polatis_name: string('PA-1'), status: oneOf('Available', 'Maintenance') },
  ...{ maintenance_start: nullValue(), maintenance_end: nullValue(), In_Port: integer(1), Out_Port: integer(33) },
};

const FORM: OldDeviceForm = {
  ...{ polatis_name: '', deviceType: 'ROADM', deviceName: 'ROADM 17', ip_address: '10.20.1.117', status: 'Available' },
  ...{ maintenance_start_segment: '', maintenance_start_date: '' },
  ...{ maintenance_end_segment: '', maintenance_end_date: '' },
  ...{ In_Port: '5', Out_Port: '0', maintenance_start: null, maintenance_end: null },
};

const MAINTENANCE: OldDeviceForm = {
  ...{ ...FORM, polatis_name: 'PA-1', deviceName: 'ROADM 1', ip_address: '192.0.2.1', status: 'Maintenance' },
  ...{ maintenance_start_date: '2026-12-02', maintenance_end_date: '2026-12-03' },
  ...{ maintenance_start: 'All Day/2026-12-02', maintenance_end: 'All Day/2026-12-03', In_Port: 1, Out_Port: 33 },
};

const onePath = toldPath('/admin/devices/${deviceId}', { deviceId: 5 });

export const devices = (pact: PactOf): void => {
  it('lists devices, with their maintenance in its own words', async () => {
    const request = { method: 'GET', path: '/admin/devices', as: 'kim' } as const;
    await pact.exchange(
      'the devices',
      { given: DEVICE, request, reply: { status: 200, body: eachLike(LISTED) } },
      async (url) => {
        const [device] = await new OldAdmin(url, 'kim').devices();
        expect(device).to.deep.include({ id: 5, title: 'ROADM ROADM 1', ports: [1, 33], maintenance: [null, null] });
      },
    );
    const from = maintenance('All Day/2026-12-02');
    const to = maintenance('All Day/2026-12-03');
    await pact.exchange(
      'a device that is to be maintained',
      {
        ...{ given: MAINTAINED, request },
        reply: { status: 200, body: eachLike({ ...LISTED, maintenance_start: from, maintenance_end: to }) },
      },
      async (url) => {
        const [device] = await new OldAdmin(url, 'kim').devices();
        expect(device?.maintenance).to.deep.equal(['All Day/2026-12-02', 'All Day/2026-12-03']);
      },
    );
  });

  it('adds a device, with ports as texts and without a name at the patch switch', () =>
    pact.exchange(
      'add a device',
      {
        given: [ADMIN],
        request: { method: 'POST', path: '/admin/devices', as: 'kim', body: FORM },
        reply: {
          status: 201,
          body: {
            ...LISTED,
            ...{ deviceName: string('ROADM 17'), ip_address: string('10.20.1.117'), polatis_name: nullValue() },
            ...{ In_Port: integer(5), Out_Port: integer(0) },
          },
        },
      },
      async (url) => {
        const device = await new OldAdmin(url, 'kim').addDevice(FORM);
        expect(device).to.deep.include({ title: 'ROADM ROADM 17', patch: null, ports: [5, 0] });
      },
    ));

  it('sets maintenance, and shows why one cannot be: half a date, a name that is taken', async () => {
    const saving = (form: OldDeviceForm) =>
      ({ method: 'PUT', path: onePath, as: 'kim', body: { id: told('deviceId', 5), ...form } }) as const;
    await pact.exchange(
      'set the maintenance of a device',
      { given: DEVICE, request: saving(MAINTENANCE), reply: answered },
      (url) => new OldAdmin(url, 'kim').saveDevice(5, MAINTENANCE),
    );
    const half: OldDeviceForm = { ...MAINTENANCE, maintenance_start: '/2026-12-02' };
    const why = 'Say when the maintenance begins';
    await pact.exchange(
      'set half a maintenance',
      { given: DEVICE, request: saving(half), reply: refusal(400, why) },
      (url) => isRefused(new OldAdmin(url, 'kim').saveDevice(5, half), why),
    );
    const taken: OldDeviceForm = { ...FORM, ip_address: '192.0.2.1' };
    const whose = 'IP address already exists for another device';
    await pact.exchange(
      'add a device with the address of another',
      {
        given: DEVICE,
        request: { method: 'POST', path: '/admin/devices', as: 'kim', body: taken },
        reply: refusal(400, whose),
      },
      (url) => isRefused(new OldAdmin(url, 'kim').addDevice(taken), whose),
    );
  });

  it('removes a device, and shows why one stays', async () => {
    const request = { method: 'DELETE', path: onePath, as: 'kim' } as const;
    await pact.exchange('remove a device', { given: DEVICE, request, reply: answered }, (url) =>
      new OldAdmin(url, 'kim').removeDevice(5),
    );
    const why = 'The device has bookings to come';
    await pact.exchange(
      'remove a device that is booked',
      {
        given: ['there is a device', ['there is an account', { username: 'alice' }], 'somebody has booked', ADMIN],
        ...{ request, reply: refusal(409, why) },
      },
      (url) => isRefused(new OldAdmin(url, 'kim').removeDevice(5), why),
    );
  });
};

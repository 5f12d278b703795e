import { expect } from 'chai';
import type { Agent } from './people.js';

/** A device as `/api/devices` and `/admin/devices` show it. */
export interface DeviceReply {
  readonly id: number;
  readonly polatis_name: string | null;
  readonly deviceType: string;
  readonly deviceName: string;
  readonly ip_address: string | null;
  readonly status: string;
  readonly maintenance_start: string | null;
  readonly maintenance_end: string | null;
  readonly Out_Port: number;
  readonly In_Port: number;
}

/** The form of the old admin page, exactly as it sends it: ports are text, and there are keys that nobody needs. */
export const deviceForm = (fields: object = {}) => ({
  polatis_name: '',
  deviceType: 'ROADM',
  deviceName: 'ROADM 17',
  ip_address: '10.20.1.117',
  status: 'Available',
  maintenance_start_segment: '',
  maintenance_start_date: '',
  maintenance_end_segment: '',
  maintenance_end_date: '',
  In_Port: '5',
  Out_Port: '0',
  maintenance_start: null,
  maintenance_end: null,
  ...fields,
});

/** The form with which the old admin page changes a device that it has listed. */
export const changedForm = (device: DeviceReply, fields: object = {}) => ({ ...deviceForm(), ...device, ...fields });

/** Adds a device through the old admin page. */
export const addedDevice = async (admin: Agent, fields: object = {}): Promise<DeviceReply> => {
  const reply = await admin.post('/admin/devices').send(deviceForm(fields));
  expect(reply.status, reply.text).to.equal(201);
  return reply.body as DeviceReply;
};

/** What the old admin page lists. */
export const listedDevices = async (admin: Agent): Promise<DeviceReply[]> =>
  (await admin.get('/admin/devices').expect(200)).body as DeviceReply[];

/** One of the listed devices; an error when it is not there. */
export const listedDevice = async (admin: Agent, id: number): Promise<DeviceReply> => {
  const device = (await listedDevices(admin)).find((listed) => listed.id === id);
  if (!device) throw new Error(`device ${id} is not listed`);
  return device;
};

import { z } from 'zod';
import type {
  AddDevice,
  ChangeDevice,
  LegacyDevice,
  LegacyDeviceForm,
  ListDevices,
  RemoveDevice,
} from '../../../application/inventory/index.js';
import { isIpAddress, legacyStatusOf } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, name, optionalText, text } from '../shared/fields.js';
import { CancelBookings } from './asset-routes.js';

export interface InventoryUseCases {
  readonly listDevices: ListDevices;
  readonly addDevice: AddDevice;
  readonly changeDevice: ChangeDevice;
  readonly removeDevice: RemoveDevice;
}

const DeviceReply = z
  .object({
    id: z.int(),
    polatis_name: z.string().nullable(),
    deviceType: z.string(),
    deviceName: z.string(),
    ip_address: z.string().nullable(),
    status: z.enum(['Available', 'Maintenance', 'Unavailable']),
    maintenance_start: z.string().nullable(),
    maintenance_end: z.string().nullable(),
    Out_Port: z.int(),
    In_Port: z.int(),
  })
  .openapi('Device');

const deviceReply = (device: LegacyDevice): z.input<typeof DeviceReply> => ({
  id: device.id,
  polatis_name: device.polatisName,
  deviceType: device.type,
  deviceName: device.name,
  ip_address: device.managementIp,
  status: legacyStatusOf(device.status),
  maintenance_start: device.maintenanceStart,
  maintenance_end: device.maintenanceEnd,
  Out_Port: device.outPort ?? 0,
  In_Port: device.inPort ?? 0,
});

/** The admin page sends port numbers as text, and nothing at all for a device without ports. */
const portNumber = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{0,6}$/)
      .transform(Number),
  ])
  .nullish()
  .transform((value) => value ?? 0)
  .pipe(z.int().min(0).max(999_999));

const DeviceBody = z
  .object({
    deviceType: name(100),
    deviceName: name(200),
    status: text(40),
    In_Port: portNumber,
    Out_Port: portNumber,
    polatis_name: optionalText(100),
    ip_address: optionalText(45).refine((value) => value === null || isIpAddress(value), 'is not an IP address'),
    maintenance_start: optionalText(60),
    maintenance_end: optionalText(60),
  })
  .openapi({ description: 'Further keys are ignored.' });

const formOf = (body: z.output<typeof DeviceBody>): LegacyDeviceForm => ({
  type: body.deviceType,
  name: body.deviceName,
  status: body.status,
  inPort: body.In_Port,
  outPort: body.Out_Port,
  polatisName: body.polatis_name,
  managementIp: body.ip_address,
  maintenanceStart: body.maintenance_start,
  maintenanceEnd: body.maintenance_end,
});

const oneDevice = z.object({ id: idInPath });
const tag = 'Devices';

export const inventoryRoutes = (
  api: Api,
  { listDevices, addDevice, changeDevice, removeDevice }: InventoryUseCases,
): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/api/devices', '/devices'],
      tag,
      summary: 'Every device of a schedulable type, by id',
      reply: { status: 200, schema: z.array(DeviceReply), description: 'One entry for each port row' },
      handle: async () => (await listDevices.schedulable()).map(deviceReply),
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/devices'],
      tag,
      summary: 'Every device of the inventory, by id',
      refusals: [403],
      reply: { status: 200, schema: z.array(DeviceReply), description: 'One entry for each port row' },
      handle: async (_input, { caller }) => (await listDevices.all(caller)).map(deviceReply),
    })
    .signedIn({
      method: 'post',
      paths: ['/admin/devices'],
      tag,
      summary: 'Add a device; an unknown type is made',
      body: DeviceBody,
      refusals: [400, 403],
      reply: { status: 201, schema: DeviceReply, description: 'The device as it is listed' },
      handle: async ({ body }, { caller }) => {
        const { id } = await addDevice.execute(caller, formOf(body));
        return deviceReply(await listDevices.one(caller, id));
      },
    })
    .signedIn({
      method: 'put',
      paths: ['/admin/devices/{id}'],
      tag,
      summary: 'Change a device',
      params: oneDevice,
      query: CancelBookings,
      body: DeviceBody,
      refusals: [400, 403, 404, 409],
      reply: { status: 200, schema: DeviceReply, description: 'The device as it is listed' },
      handle: async ({ params, query, body }, { caller }) => {
        await changeDevice.execute(caller, params.id, formOf(body), query.cancel_bookings === 'true');
        return deviceReply(await listDevices.one(caller, params.id));
      },
    })
    .signedIn({
      method: 'delete',
      paths: ['/admin/devices/{id}'],
      tag,
      summary: 'Remove a device that has no bookings to come',
      params: oneDevice,
      query: CancelBookings,
      refusals: [403, 404, 409],
      reply: {
        status: 200,
        schema: z.object({ success: z.boolean(), message: z.string() }),
        description: 'It is gone',
      },
      handle: async ({ params, query }, { caller }) => {
        await removeDevice.execute(caller, params.id, { cancelBookings: query.cancel_bookings === 'true' });
        return { success: true, message: `Device ${params.id} deleted successfully` };
      },
    });

import { dayOf, daysOf } from './booking-forms.js';
import { onDay } from './drawings.js';
import { aFibre, atPort } from './link-forms.js';
import { accountForm, PASSWORD } from './people.js';
import type { KnownLab } from './prepared-lab.js';

/** Parts of a request; what is left out is taken from the document's schemas, and real ids are put in paths. */
export interface Sample {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** A body that is not JSON. */
  readonly raw?: { readonly contentType: string; readonly text: string };
}

const last = <T>(list: readonly T[]): T => list[list.length - 1] as T;

const aPdu = ({ pduName }: KnownLab): Sample => ({ params: { name: pduName } });

const anOutlet = ({ pduName }: KnownLab): Sample => ({ params: { name: pduName, number: 3 } });
/** Two ROADMs with a fibre between them, as the page draws them. */
const aPair = {
  nodes: [
    { id: 'node-0', deviceType: 'ROADM', parameters: { vendor: 'Ciena', ports: '8', wavelength: '1550nm' } },
    { id: 'node-1', deviceType: 'ROADM' },
  ],
  edges: [{ id: 'edge-0', source: 'node-0', target: 'node-1' }],
};

const theFibre = ({ deviceIds }: KnownLab, port: string) => ({
  ...aFibre(atPort(deviceIds[2] as number, port), atPort(last(deviceIds), port)),
  ...{ link_id: `L-${port}`, direction: 'both', strands: 2, fiber_type: 'OS2', notes: 'new' },
});

/**
 * For each operation whose success takes more than its schemas say: things that are there, times ahead, secrets. Old
 * names of an operation need none of their own. An operation that has no sample here is asked with what its schemas
 * allow, with real ids wherever a name says which kind is meant.
 */
export const samples: Readonly<Record<string, (lab: KnownLab) => Sample>> = {
  'POST /users/register': () => ({ body: accountForm('newcomer') }),
  'POST /login': ({ usernames }) => ({ body: { username: usernames[0], password: PASSWORD } }),
  'POST /admin/login': ({ usernames }) => ({ body: { username: usernames[0], password: PASSWORD } }),
  'POST /admin/register': ({ adminSecret }) => ({ body: { ...accountForm('operator'), admin_secret: adminSecret } }),
  'POST /admin/v2/invitations/accept': ({ invitationToken }) => ({
    body: { ...accountForm('guest'), token: invitationToken },
  }),
  'POST /admin/devices': () => ({
    body: {
      deviceType: 'OTDR',
      deviceName: 'OTDR 1',
      status: 'Available',
      In_Port: '7',
      Out_Port: '39',
      polatis_name: 'PA-7',
      ip_address: '192.0.2.7',
      maintenance_start: '7 AM - 12 PM/2027-01-11',
      maintenance_end: 'All Day/2027-01-12',
    },
  }),
  'PUT /admin/devices/{id}': ({ deviceIds }) => ({
    params: { id: last(deviceIds) },
    body: { deviceType: 'ROADM', deviceName: 'ROADM 4', status: 'Maintenance', In_Port: 8, Out_Port: 40 },
  }),
  'DELETE /admin/devices/{id}': ({ deviceIds }) => ({ params: { id: last(deviceIds) } }),
  'POST /bookings': ({ deviceIds, freeDate }) => ({
    body: {
      bookings: [
        ...daysOf(last(deviceIds), [freeDate]).bookings,
        { device_type: 'Server', device_name: 'Server 1', ...dayOf(freeDate), status: 'CONFLICTING' },
      ],
      message: 'for a measurement',
      collaborators: ['ada'],
    },
  }),
  'POST /api/bookings/preview': ({ deviceIds, freeDate }) => ({ body: daysOf(last(deviceIds), [freeDate]) }),
  'POST /check-conflicts': ({ deviceIds }) => ({
    body: { device_ids: deviceIds, start: '2026-11-24T00:00:00Z', end: '2026-11-27T00:00:00Z' },
  }),
  'PATCH /api/bookings/group/{groupId}/extend': ({ groupIds, freeDate }) => ({
    params: { groupId: groupIds[0] as string },
    body: { new_end_date: freeDate },
  }),
  'POST /api/bookings/group/{groupId}/rebook': ({ groupIds, freeDate }) => ({
    params: { groupId: groupIds[0] as string },
    body: { start_date: freeDate, end_date: freeDate },
  }),
  'PATCH /bookings/{id}/extend': ({ bookingIds, freeDate }) => ({
    params: { id: bookingIds[0] as number },
    body: { new_end_date: freeDate, booking_ids: bookingIds.slice(0, 2) },
  }),
  'POST /bookings/rebook/{id}': ({ bookingIds, freeDate }) => ({
    params: { id: bookingIds[0] as number },
    body: { start_date: freeDate, end_date: freeDate, booking_ids: bookingIds.slice(0, 2) },
  }),
  'PATCH /bookings/{id}/collaborators': ({ bookingIds, usernames }) => ({
    params: { id: bookingIds[0] as number },
    body: { collaborators: [usernames[0]], booking_ids: bookingIds.slice(0, 2) },
  }),
  'PUT /bookings/favorites/{id}': ({ favouriteIds }) => ({ params: { id: last(favouriteIds) } }),
  'DELETE /bookings/favorites/{id}': ({ favouriteIds }) => ({ params: { id: last(favouriteIds) } }),
  'PUT /admin/bookings/{id}': ({ bookingIds }) => ({
    params: { id: bookingIds[0] as number },
    body: { status: 'CONFIRMED' },
  }),
  'POST /admin/v2/bookings/approve': ({ bookingIds }) => ({ body: { booking_ids: bookingIds } }),
  'POST /admin/v2/bookings/decline': ({ bookingIds }) => ({ body: { booking_ids: bookingIds } }),
  'POST /admin/v2/bookings/conflicts/resolve': ({ bookingIds }) => ({
    body: { resolution: bookingIds.map((id) => ({ booking_id: id, status: 'REJECTED' })) },
  }),
  'GET /admin/v2/bookings': () => ({
    query: { status: 'PENDING,CONFLICTING', date_start: '2026-11-01', date_end: '2027-11-30', sort: 'user_name:desc' },
  }),
  'GET /admin/v2/bookings/export': () => ({
    query: { status: 'EXPIRED', date_start: '2026-11-01', date_end: '2027-11-30' },
  }),
  'GET /admin/v2/devices': () => ({ query: { status: 'Available,spare' } }),
  'GET /admin/v2/search': () => ({ query: { q: 'roadm', scope: 'bookings,devices' } }),
  'POST /admin/v2/devices/status': ({ deviceIds }) => ({ body: { device_ids: deviceIds, status: 'Available' } }),
  'POST /admin/v2/devices/assign-owner': ({ deviceIds }) => ({ body: { device_ids: deviceIds, owner_id: null } }),
  'POST /admin/v2/devices/tags': ({ deviceIds }) => ({ body: { device_ids: deviceIds, tags: ['loan'], mode: 'add' } }),
  'POST /admin/v2/devices/{id}/health': ({ deviceIds }) => ({
    params: { id: deviceIds[0] as number },
    body: { status: 'ok', metrics: { temperature: 41.5 } },
  }),
  'POST /api/devices/{id}/maintenance': () => ({
    body: { start_time: '2027-03-01T09:00:00Z', end_time: '2027-03-01T17:00:00Z', reason: 'new lamps' },
  }),
  'DELETE /api/devices/{id}/maintenance/{windowId}': ({ deviceIds, windowIds }) => ({
    params: { id: deviceIds[0] as number, windowId: last(windowIds) },
  }),
  'GET /api/devices/{id}/free-slots': ({ freeDate }) => ({
    query: { from: `${freeDate}T00:00:00Z`, to: `${freeDate}T23:00:00Z`, minutes: 60 },
  }),
  'POST /availability/forecast': ({ deviceIds, freeDate }) => ({
    body: { device_ids: deviceIds, ...dayOf(freeDate), forecast_window_days: 7 },
  }),
  'POST /control-panel/pdus': () => ({
    body: { name: 'PDU 9', host: '127.0.0.1', port: 9, user: 'admin', passwd: 'password', sensors: [], outlets: [] },
  }),
  'GET /control-panel/pdus/{name}': aPdu,
  'DELETE /control-panel/pdus/{name}': aPdu,
  'POST /control-panel/pdus/{name}/connect': aPdu,
  'GET /control-panel/pdus/{name}/power': aPdu,
  'GET /control-panel/pdus/{name}/sensors': aPdu,
  'GET /control-panel/pdus/{name}/outlets': aPdu,
  'POST /control-panel/pdus/{name}/outlets/{number}/control': (lab) => ({ ...anOutlet(lab), body: { status: 'off' } }),
  'POST /control-panel/pdus/{name}/outlets/{number}/cycle': anOutlet,
  'PUT /control-panel/pdus/{name}/outlets/{number}/device': (lab) => ({
    ...anOutlet(lab),
    body: { device_id: lab.deviceIds[0], mode: 'always_on' },
  }),
  'POST /control-panel/pdus/{name}/outlets/{number}/hold': (lab) => ({
    ...anOutlet(lab),
    body: { until: `${lab.freeDate}T09:00:00Z`, reason: 'cables are being moved' },
  }),
  'DELETE /control-panel/pdus/{name}/outlets/{number}/hold': anOutlet,
  'GET /control-panel/jobs/{id}': ({ jobIds }) => ({ params: { id: last(jobIds) } }),
  'POST /api/bookings/earliest': ({ deviceIds }) => ({ body: { device_ids: deviceIds, minutes: 90 } }),
  'POST /api/inventory/devices': ({ deviceTypeIds }) => ({
    body: { name: 'OTDR 7', device_type_id: deviceTypeIds[0] as number, oi_id: 'OI-NEW', mgmt_ip: '192.0.2.77' },
  }),
  'POST /api/inventory/devices/bulk-update': ({ deviceIds, siteIds }) => ({
    body: { device_ids: deviceIds, updates: { status: 'active', site_id: siteIds[0] as number, notes: 'counted' } },
  }),
  'GET /api/inventory/devices/oi/{oiId}': () => ({ params: { oiId: 'OI-TEST-1' } }),
  'PUT /api/inventory/devices/{id}': ({ deviceIds }) => ({ params: { id: last(deviceIds) } }),
  'PATCH /api/inventory/devices/{id}': ({ deviceIds }) => ({ params: { id: last(deviceIds) } }),
  'DELETE /api/inventory/devices/{id}': ({ deviceIds }) => ({ params: { id: last(deviceIds) } }),
  'POST /api/inventory/devices/{id}/tags': ({ tagIds }) => ({ body: { tag_ids: tagIds } }),
  'POST /api/inventory/device-types': () => ({ body: { name: 'WSS', category: 'OPTICAL' } }),
  'POST /api/inventory/manufacturers': () => ({ body: { name: 'Viavi', website: 'https://viavi.example' } }),
  'POST /api/inventory/sites': () => ({ body: { name: 'Cork', address: '1 Main Street' } }),
  'POST /api/inventory/tags': () => ({ body: { name: 'on loan', color: '#FF5722' } }),
  'DELETE /api/inventory/device-types/{id}': ({ deviceTypeIds }) => ({ params: { id: last(deviceTypeIds) } }),
  'DELETE /api/inventory/manufacturers/{id}': ({ manufacturerIds }) => ({ params: { id: last(manufacturerIds) } }),
  'DELETE /api/inventory/sites/{id}': ({ siteIds }) => ({ params: { id: last(siteIds) } }),
  'DELETE /api/inventory/tags/{id}': ({ tagIds }) => ({ params: { id: last(tagIds) } }),
  'POST /api/inventory/devices/{id}/attachments': () => ({ raw: aPaper() }),
  'DELETE /api/inventory/attachments/{id}': ({ attachmentIds }) => ({ params: { id: last(attachmentIds) } }),
  'POST /api/notifications/{id}/read': ({ notificationIds }) => ({ params: { id: notificationIds[0] } }),
  'POST /admin/v2/notifications/retry': () => ({ body: { state: 'dead', channel: 'email' } }),
  'POST /admin/v2/notifications/{id}/retry': ({ notificationIds }) => ({ params: { id: notificationIds[1] } }),
  'POST /api/calendar/tokens': ({ deviceIds }) => ({ body: { scope: 'device', device_id: deviceIds[0] as number } }),
  'DELETE /api/calendar/tokens/{id}': ({ tokenIds }) => ({ params: { id: last(tokenIds) } }),
  'GET /api/calendar/user/{token}.ics': ({ feeds }) => ({ params: { token: feeds.user } }),
  'GET /api/calendar/device/{id}.ics': ({ feeds, deviceIds }) => ({
    params: { id: deviceIds[0] as number },
    query: { token: feeds.device },
  }),
  'GET /api/calendar/lab.ics': ({ feeds }) => ({ query: { token: feeds.lab } }),
  'POST /api/inventory/import': () => ({
    body: [
      { oi_id: 'OI-NEW', name: 'ROADM 9', device_type: 'ROADM', category: 'OPTICAL', u_position: 7, tags: ['loan'] },
    ],
  }),
  'POST /api/inventory/links': (lab) => ({ body: theFibre(lab, 'L2') }),
  'GET /api/inventory/links/{id}': ({ linkIds }) => ({ params: { id: last(linkIds) } }),
  'PUT /api/inventory/links/{id}': (lab) => ({ params: { id: last(lab.linkIds) }, body: theFibre(lab, 'L3') }),
  'DELETE /api/inventory/links/{id}': ({ linkIds }) => ({ params: { id: last(linkIds) } }),
  'POST /api/inventory/links/import': () => ({
    body: [
      {
        ...{ link_id: 'L0002', kind: 'direct', direction: 'both', strands: '2', length_km: '1.5', loss_db: '0.4' },
        ...{ a_oi_id: 'OI-TEST-1', a_port: 'X1', b_oi_id: 'OI-TEST-3', b_port: 'X1', fiber_type: 'OS2' },
      },
    ],
  }),
  'GET /api/inventory/devices/{id}/trace': ({ deviceIds }) => ({
    params: { id: last(deviceIds) },
    query: { port: 'L1', at: '2026-11-25T12:00:00Z' },
  }),
  'POST /topology/resolve': ({ freeDate }) => ({ body: { ...aPair, ...onDay(freeDate), options: 2 } }),
  'POST /topology/suggest': ({ freeDate }) => ({ body: { ...aPair, ...onDay(freeDate) } }),
  'POST /topology/earliest': ({ freeDate }) => ({
    body: { ...aPair, duration_minutes: 60, from: `${freeDate}T09:00:00Z`, horizon_days: 30 },
  }),
  'POST /topology/check-availability': ({ freeDate }) => ({ body: { ...aPair, ...onDay(freeDate) } }),
  'POST /topology/book': ({ deviceIds, freeDate }) => ({
    body: {
      ...{ ...aPair, ...onDay(freeDate), name: 'Pair', message: 'for a measurement', collaborators: ['ada'] },
      assignments: { 'node-0': last(deviceIds) },
    },
  }),
  'GET /topology/{id}': ({ topologyIds }) => ({ params: { id: last(topologyIds) } }),
  'PUT /topology/{id}': ({ topologyIds }) => ({ params: { id: last(topologyIds) } }),
  'POST /admin/v2/users/{id}/role': ({ userIds }) => ({ params: { id: last(userIds) }, body: { role: 'Viewer' } }),
  'POST /admin/v2/users/{id}/status': ({ userIds }) => ({
    params: { id: last(userIds) },
    body: { status: 'disabled' },
  }),
  'POST /admin/v2/topologies/{id}/action': ({ topologyIds }) => ({
    params: { id: last(topologyIds) },
    body: { action: 'RESOLVE' },
  }),
  'DELETE /topology/{id}': ({ topologyIds }) => ({ params: { id: last(topologyIds) } }),
};

/** A form with one file, as a browser sends it. */
const aPaper = () => {
  const lines = [
    '--paper',
    'Content-Disposition: form-data; name="file"; filename="manual.txt"',
    'Content-Type: text/plain',
    '',
    'Torque: 3 Nm',
    '--paper--',
    '',
  ];
  return { contentType: 'multipart/form-data; boundary=paper', text: lines.join('\r\n') };
};

import { Agent, request } from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import { OpenApiRequests, send } from '../../support/openapi-requests.js';
import { nameOf, openApi, operationsOf, type Operation } from '../../support/operations.js';
import { PEOPLE, prepareLab, type Person, type PreparedLab } from '../../support/prepared-lab.js';

/** Null is whoever is not signed in. */
type Asker = Person | null;

const EVERYBODY: readonly Asker[] = [null, ...PEOPLE];
const ADMINS: readonly Asker[] = ['admin', 'root'];
const APPROVERS: readonly Asker[] = ['approver', ...ADMINS];
const READERS: readonly Asker[] = ['viewer', ...APPROVERS];
const SIGNED_IN: readonly Asker[] = ['ada', 'bob', 'carol', ...READERS];

interface Row {
  readonly for: readonly Asker[];
  readonly what: readonly string[];
}

/**
 * Who may ask what, written by hand from the rules and not from the code: every operation stands in it once. People are
 * those of a prepared lab.
 */
const MATRIX: readonly Row[] = [
  // Nobody needs to be known for these.
  {
    for: EVERYBODY,
    what: [
      'GET /health',
      'GET /ready',
      // From the same machine, as here.
      'GET /metrics',
      'POST /users/register',
      'POST /login',
      'POST /logout',
      'GET /session',
      'POST /admin/register',
      'POST /admin/login',
      'GET /admin/checkAdminSession',
      'POST /admin/v2/invitations/accept',
      // These are for whoever has the secret in the address.
      'GET /api/calendar/user/{token}.ics',
      'GET /api/calendar/device/{id}.ics',
      'GET /api/calendar/lab.ics',
    ],
  },
  {
    for: SIGNED_IN,
    what: [
      'GET /api/auth/me',
      'GET /api/notifications',
      'GET /api/calendar/tokens',
      'POST /api/calendar/tokens',
      'POST /api/events/tokens',
      'GET /api/events',
      'GET /api/users/search',
      'GET /users/search',
      'GET /api/devices',
      'GET /devices',
      'GET /api/inventory/devices/{id}',
      'GET /api/inventory/devices',
      'GET /api/inventory/stats/summary',
      'GET /api/inventory/devices/oi/{oiId}',
      'GET /api/inventory/devices/{id}/history',
      'GET /api/inventory/devices/{id}/tags',
      'GET /api/inventory/device-types',
      'GET /api/inventory/device-types/{id}',
      'GET /api/inventory/manufacturers',
      'GET /api/inventory/manufacturers/{id}',
      'GET /api/inventory/sites',
      'GET /api/inventory/sites/{id}',
      'GET /api/inventory/tags',
      'GET /api/inventory/tags/{id}',
      'GET /api/inventory/devices/{id}/attachments',
      'GET /api/inventory/attachments/{id}/download',
      'GET /api/inventory/export.csv',
      'POST /bookings',
      'POST /api/bookings',
      'POST /api/bookings/preview',
      'GET /bookings/for-week',
      'POST /check-conflicts',
      'POST /bookings/favorites',
      'GET /api/devices/{id}/maintenance',
      'GET /api/devices/{id}/free-slots',
      'POST /api/bookings/earliest',
      'GET /admin/v2/session',
      'POST /availability/forecast',
      'GET /api/inventory/links',
      'GET /api/inventory/links/{id}',
      'GET /api/inventory/devices/{id}/trace',
      'POST /topology/resolve',
      'POST /topology/suggest',
      'POST /topology/earliest',
      'POST /topology/check-availability',
      'POST /topology/book',
      'POST /topology',
      'GET /topology/list',
    ],
  },
  // What is read with `bookings:read`, `devices:read`, `users:read` or `logs:read`.
  {
    for: READERS,
    what: [
      'GET /admin/devices',
      'GET /admin/v2/notifications',
      'GET /bookings/user/{id}',
      'GET /bookings/favorites/{userId}',
      'GET /admin/bookings/all',
      'GET /admin/v2/users',
      'GET /admin/v2/settings',
      'GET /admin/v2/logs',
      'GET /admin/v2/audit/verify',
      'GET /control-panel/pdus',
      'GET /control-panel/status',
      'GET /control-panel/power/plan',
      'GET /control-panel/jobs/{id}',
      'GET /control-panel/pdus/{name}',
      'GET /control-panel/pdus/{name}/power',
      'GET /control-panel/pdus/{name}/sensors',
      'GET /control-panel/pdus/{name}/outlets',
      'GET /admin/v2/topologies',
      'GET /admin/v2/bookings',
      'GET /admin/v2/bookings/{id}',
      'GET /admin/v2/devices',
      'GET /admin/v2/dashboard',
      'GET /admin/v2/search',
    ],
  },
  // `bookings:write` and `bookings:export`.
  {
    for: APPROVERS,
    what: [
      'GET /admin/bookings/pending',
      'PUT /admin/bookings/{id}',
      'POST /admin/v2/bookings/approve',
      'POST /admin/v2/bookings/decline',
      'POST /admin/v2/bookings/conflicts/resolve',
      'GET /admin/v2/bookings/export',
    ],
  },
  // `devices:write`, `users:write`, `logs:export` and `topologies:write`.
  {
    for: ADMINS,
    what: [
      'POST /admin/devices',
      'POST /admin/v2/notifications/retry',
      'POST /admin/v2/notifications/{id}/retry',
      'PUT /admin/devices/{id}',
      'DELETE /admin/devices/{id}',
      'PUT /api/inventory/devices/{id}',
      'PATCH /api/inventory/devices/{id}',
      'DELETE /api/inventory/devices/{id}',
      'POST /api/inventory/devices',
      'POST /api/inventory/devices/bulk-update',
      'POST /api/inventory/devices/{id}/tags',
      'DELETE /api/inventory/devices/{id}/tags/{tagId}',
      'POST /api/inventory/device-types',
      'PUT /api/inventory/device-types/{id}',
      'DELETE /api/inventory/device-types/{id}',
      'POST /api/inventory/manufacturers',
      'PUT /api/inventory/manufacturers/{id}',
      'DELETE /api/inventory/manufacturers/{id}',
      'POST /api/inventory/sites',
      'PUT /api/inventory/sites/{id}',
      'DELETE /api/inventory/sites/{id}',
      'POST /api/inventory/tags',
      'PUT /api/inventory/tags/{id}',
      'DELETE /api/inventory/tags/{id}',
      'POST /api/inventory/devices/{id}/attachments',
      'DELETE /api/inventory/attachments/{id}',
      'POST /api/inventory/import',
      'POST /api/devices/{id}/maintenance',
      'DELETE /api/devices/{id}/maintenance/{windowId}',
      'POST /admin/v2/users/invite',
      'POST /admin/v2/users/{id}/role',
      'POST /admin/v2/users/{id}/status',
      'GET /admin/v2/logs/export',
      'POST /control-panel/pdus',
      'DELETE /control-panel/pdus/{name}',
      'POST /control-panel/pdus/{name}/connect',
      'POST /control-panel/pdus/{name}/outlets/{number}/control',
      'POST /control-panel/pdus/{name}/outlets/{number}/cycle',
      'PUT /control-panel/pdus/{name}/outlets/{number}/device',
      'POST /control-panel/pdus/{name}/outlets/{number}/hold',
      'DELETE /control-panel/pdus/{name}/outlets/{number}/hold',
      'POST /api/inventory/links',
      'POST /api/inventory/links/import',
      'PUT /api/inventory/links/{id}',
      'DELETE /api/inventory/links/{id}',
      'POST /admin/v2/topologies/{id}/action',
      'POST /admin/v2/devices/status',
      'POST /admin/v2/devices/assign-owner',
      'POST /admin/v2/devices/tags',
      'POST /admin/v2/devices/{id}/health',
      'GET /admin/v2/debug/db-status',
      'POST /admin/v2/debug/migrate-device-status',
    ],
  },
  // `settings:write`.
  { for: ['root'], what: ['PUT /admin/v2/settings'] },
  // Of a booking that is ada's and that carol shares.
  {
    for: ['ada', 'carol', ...ADMINS],
    what: [
      'PATCH /api/bookings/group/{groupId}/extend',
      'POST /api/bookings/group/{groupId}/rebook',
      'PATCH /bookings/{id}/extend',
      'PATCH /api/bookings/{id}/extend',
      'POST /bookings/rebook/{id}',
      'POST /api/bookings/rebook/{id}',
    ],
  },
  // Of a booking that is ada's: carol may not.
  {
    for: ['ada', ...ADMINS],
    what: [
      'PUT /bookings/{id}/cancel',
      'PUT /api/bookings/{id}/cancel',
      'DELETE /bookings/{id}',
      'DELETE /api/bookings/group/{groupId}',
      'PATCH /bookings/{id}/collaborators',
      'PATCH /api/bookings/{id}/collaborators',
    ],
  },
  // Of what is kept for root only.
  { for: ['root'], what: ['POST /api/notifications/{id}/read', 'DELETE /api/calendar/tokens/{id}'] },
  { for: ['root'], what: ['PUT /bookings/favorites/{id}', 'DELETE /bookings/favorites/{id}'] },
  // Of a topology that is root's and that carol shares.
  { for: ['carol', ...ADMINS], what: ['GET /topology/{id}', 'PUT /topology/{id}'] },
  // Of a topology that is root's: carol may not.
  { for: ADMINS, what: ['DELETE /topology/{id}'] },
];

/** As if there were none, to those who may not see any. */
const HIDDEN = new Set([
  'GET /control-panel/jobs/{id}',
  'POST /api/notifications/{id}/read',
  'DELETE /api/calendar/tokens/{id}',
]);

/** Does not end by itself. */
const STREAM = 'GET /api/events';

const statusOfStream = (port: number, path: string, headers: Readonly<Record<string, string>>): Promise<number> =>
  new Promise((resolve, reject) => {
    const asking = request({ port, path, headers });
    asking.once('error', reject);
    asking.once('response', (response) => {
      resolve(response.statusCode ?? 0);
      asking.destroy();
    });
    asking.end();
  });

const document = openApi();
const operations = operationsOf(document);

describe('the matrix of roles', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let lab: PreparedLab;
  let requests: OpenApiRequests;
  before(async () => {
    lab = await prepareLab('sqlite::memory:');
    requests = new OpenApiRequests(document, lab.known);
  });
  after(async () => {
    agent.destroy();
    await lab.close();
  });

  afterEach(() => lab.restore());

  it('holds every operation once', () => {
    expect(MATRIX.flatMap(({ what }) => what).sort()).to.deep.equal(operations.map(nameOf).sort());
  });

  const statusFor = async (operation: Operation, asker: Asker): Promise<number> => {
    const [wire] = fc.sample(requests.valid(operation), { seed: 1, numRuns: 1 });
    if (!wire) throw new Error(`no request for ${nameOf(operation)}`);
    const headers = { ...(asker && { cookie: lab.cookies[asker] }), ...wire.headers };
    if (nameOf(operation) === STREAM) return statusOfStream(lab.port, wire.path, headers);
    const { status } = await send(lab.port, agent, { ...wire, headers });
    return status;
  };

  for (const operation of operations) {
    const name = nameOf(operation);
    const allowed = MATRIX.find(({ what }) => what.includes(name))?.for ?? [];
    it(`${name} is for ${allowed.map((asker) => asker ?? 'everybody').join(', ')}`, async () => {
      for (const asker of EVERYBODY) {
        const status = await statusFor(operation, asker);
        const who = asker ?? 'somebody who is not signed in';
        const known = asker !== null && asker !== 'mallory';
        if (allowed.includes(asker)) {
          expect(status, who).not.to.be.oneOf([401, 403]);
          // The request is one that can succeed: otherwise not to be refused would mean nothing.
          if (asker === 'root') expect(status, who).to.be.within(200, 299);
        } else {
          expect(status, who).to.equal(!known ? 401 : HIDDEN.has(name) ? 404 : 403);
          // That somebody was refused is noted, after the reply.
          const changed = (await lab.changed()).filter((table) => table !== 'audit_log');
          expect(changed, who).to.deep.equal([]);
        }
        await lab.restore();
      }
    });
  }
});

import { expect } from 'chai';
import supertest, { type Response } from 'supertest';
import { cookieSetBy } from '../support/cookies.js';
import type { DeviceReply } from '../support/device-forms.js';
import { needsSession, openApi } from '../support/operations.js';
import { problem } from '../support/problem.js';
import {
  filled,
  missingFields,
  operationFor,
  recordedRequests,
  type RecordedRequest,
} from '../support/recorded-request.js';
import { cookieFor, fillFor, RecordedScenes, type OpenScene } from '../support/recorded-scene.js';

const UNKNOWN_DEVICES = 29;

/** Lists that are empty in the recording itself: a topology without edges has no links. */
const MAY_BE_EMPTY = new Set(['mappings[].link_mappings[]']);

/** What the notes of the recording ask for beyond status and fields. */
const alsoExpected: Readonly<Record<number, (reply: Response, scene: OpenScene) => void>> = {
  2: (reply) => expect(cookieSetBy(reply)).to.not.equal(null),
  3: (reply) => {
    const ids = (reply.body as DeviceReply[]).map(({ id }) => id);
    expect(ids).to.deep.equal([...ids].sort((a, b) => a - b));
  },
  8: (reply) => expect(cookieSetBy(reply)).to.not.equal(null),
  10: (reply) => expect(reply.body).to.include({ count: 1 }),
  11: (reply) => expect(reply.body).to.include({ count: 4 }),
  12: (reply) => expect(reply.body).to.include({ count: 1 }),
  14: (reply) => {
    const { bookings } = reply.body as { bookings: { status: string }[] };
    expect(bookings.map(({ status }) => status)).to.deep.equal(['CONFLICTING']);
  },
  30: (reply, { contendingId }) => {
    const { items } = reply.body as { items: { booking_id: number; device: Record<string, unknown> }[] };
    expect(items.map(({ booking_id }) => booking_id)).to.deep.equal([contendingId]);
    expect(items[0]?.device).to.include({ type: 'ROADM', deviceType: 'ROADM' });
  },
  31: (reply, { contendingId }) => {
    const { booking, conflicts, ...flat } = reply.body as Record<string, unknown> & {
      conflicts: { owner: object; user: object }[];
    };
    expect(booking).to.include({ booking_id: contendingId });
    expect(flat).to.deep.include(booking);
    expect(conflicts.map(({ owner }) => owner)).to.deep.equal(conflicts.map(({ user }) => user));
    expect(conflicts[0]?.user).to.include({ username: 'bob' });
  },
  66: (reply) => expect((reply.body as { username: string }[])[0]).to.include({ username: 'bob' }),
  67: (reply) => expect((reply.body as { username: string }[]).map(({ username }) => username)).to.deep.equal(['bob']),
  76: (reply) => expect(reply.body).to.include({ is_admin: true }),
  83: (reply, { contendingId }) => expect(reply.body).to.deep.equal({ succeeded: [contendingId], failed: [] }),
  84: (reply, { contendingId }) => expect(reply.body).to.deep.equal({ succeeded: [contendingId], failed: [] }),
  85: (reply, { contendingId }) => expect(reply.body).to.deep.equal({ succeeded: [contendingId], failed: [] }),
};

const document = openApi();
const all = recordedRequests();
const served = all.filter((request) => operationFor(request, document) !== null);
const waiting = all.filter((request) => !served.includes(request)).map(({ n }) => n);

describe(`the ${served.length} of ${all.length} recorded browser requests that have a route (not yet: ${waiting.join(', ') || 'none'})`, () => {
  let scenes: RecordedScenes;
  before(async function () {
    this.timeout(60_000);
    scenes = await RecordedScenes.prepare();
  });
  after(() => scenes.remove());

  const headersOf = (request: RecordedRequest, scene: OpenScene): Record<string, string> => {
    const { cookie, ...headers } = filled(request.headers, fillFor(scene, request));
    const operation = operationFor(request, document);
    // An old page sends none to /check-conflicts, which was open then.
    const session = cookie !== undefined || (operation && needsSession(operation)) ? cookieFor(scene, request) : '';
    return { host: 'lab.example:25001', ...headers, ...(session !== '' && { cookie: session }) };
  };

  const replay = async (request: RecordedRequest, scene: OpenScene): Promise<Response> => {
    const method = request.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const path = filled(request.path, fillFor(scene, request));
    const sending = supertest(scene.server)[method](path).set(headersOf(request, scene));
    return request.body === undefined ? sending : sending.send(filled(request.body, fillFor(scene, request)) as object);
  };

  for (const request of served.filter(({ n }) => n !== UNKNOWN_DEVICES)) {
    it(`${request.n}. ${request.action}: ${request.method} ${request.path}`, () =>
      scenes.for(request, async (scene) => {
        const reply = await replay(request, scene);
        const { status, fields } = request.expect;
        expect(reply.status, reply.text.slice(0, 500)).to.equal(status);
        expect(reply.get('access-control-allow-origin')).to.match(/^http:\/\/lab\.example:2500[23]$/);
        if (status !== 204) expect(reply.type).to.match(/^application\/(problem\+)?json$/);
        expect(missingFields(reply.body, fields, MAY_BE_EMPTY), reply.text.slice(0, 500)).to.deep.equal([]);
        alsoExpected[request.n]?.(reply, scene);
      }));
  }

  it(`${UNKNOWN_DEVICES}. Book Topology: names the devices that the page invented, and makes none of them`, () => {
    const request = all.find(({ n }) => n === UNKNOWN_DEVICES)!;
    return scenes.for(request, async (scene) => {
      const devices = async () => (await scene.as('root').get('/admin/devices').expect(200)).body as DeviceReply[];
      const before = await devices();
      const reply = await replay(request, scene);
      problem(400, 'booking.unknown-device', /ROADM ROADM-node-0 .*ILA ILA-node-1/)(reply);
      expect((reply.body as { detail: string }).detail).to.not.match(/conflict|already booked/i);
      expect(await devices()).to.deep.equal(before);
    });
  });

  for (const request of served.filter(({ preflight }) => preflight !== false)) {
    it(`${request.n}. is announced by the browser: OPTIONS ${request.path}`, async () => {
      const scene = await scenes.toLookAt();
      const { origin = '', host = '' } = headersOf(request, scene);
      const asked = request.preflight === false ? [] : request.preflight;
      const reply = await supertest(scene.server)
        .options(filled(request.path, fillFor(scene, request)))
        .set({
          host,
          origin,
          'access-control-request-method': request.method,
          ...(asked.length > 0 && { 'access-control-request-headers': asked.join(',') }),
        })
        .expect(204);
      expect(reply.get('access-control-allow-origin')).to.equal(origin);
      expect(reply.get('access-control-allow-credentials')).to.equal('true');
      expect(reply.get('access-control-allow-methods')?.split(',')).to.include(request.method);
      const allowed = reply.get('access-control-allow-headers')?.toLowerCase().split(',') ?? [];
      expect(allowed).to.include.members([...asked]);
    });
  }
});

import { expect } from 'chai';
import type { IncomingMessage, ServerResponse } from 'node:http';
import supertest from 'supertest';
import { STAGES, type Stage } from './provider/stage.js';
import { prepareState } from './states/index.js';
import type { StateValues } from './states/provider-state.js';
import type { Given } from './consumer/pact-of.js';

const ALICE: Given = ['somebody is signed in', { username: 'alice' }];

describe('what consumers may take for granted', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await STAGES.memory();
  });
  afterEach(() => stage.close());

  /** @returns what the last of the states tells. */
  const given = async (...states: Given[]): Promise<StateValues> => {
    let told: StateValues = {};
    for (const state of states) {
      const [name, parameters] = typeof state === 'string' ? [state, {}] : state;
      told = await prepareState(stage, name, parameters);
    }
    return told;
  };
  const asked = (path: string, as: string | null = 'alice') =>
    supertest((request: IncomingMessage, response: ServerResponse) => {
      stage.answer(request, response);
    })
      .get(path)
      .set(as === null ? {} : { cookie: `session_id=${as}` });

  it('a booking that is over has expired, and whoever was signed in still is', async () => {
    const { bookingIds } = await given('there is a device', ALICE, 'somebody has booked', 'the booking is over');
    const { body } = await asked('/bookings/for-week?start=2026-11-23').expect(200);
    const bookings = body as { readonly booking_id: number; readonly status: string }[];
    expect(bookings.map(({ booking_id, status }) => [booking_id, status])).to.deep.equal(
      (bookingIds as number[]).map((id) => [id, 'EXPIRED']),
    );
  });

  it('a topology that somebody has saved is read as it was drawn', async () => {
    const types = ['ROADM', 'ILA', 'ROADM'];
    const bob: Given = ['somebody is signed in', { username: 'bob' }];
    const { topologyId } = await given(ALICE, bob, [
      'somebody has saved a topology',
      { types, collaborators: ['bob'] },
    ]);
    const { body } = await asked(`/topology/${String(topologyId)}`, 'bob').expect(200);
    const { topology } = body as { readonly topology: Record<string, unknown> };
    expect(topology).to.deep.include({ id: topologyId, name: 'ring', is_owner: false });
    expect(topology.nodes).to.have.length(3);
    expect(topology.edges).to.deep.include({ id: 'edge-1', source: 'node-1', target: 'node-2', parameters: {} });
  });

  for (const read of [false, true]) {
    it(`a notification is on the page of somebody who has ${read ? '' : 'not '}read it`, async () => {
      const { notificationId } = await given(
        ...(['there is a device', ALICE, 'somebody has booked', 'the booking was decided'] as const),
        ['somebody has a notification', { read }],
      );
      const { body } = await asked('/api/notifications').expect(200);
      const [newest] = (body as { readonly items: { id: number; type: string; read_at: string | null }[] }).items;
      expect(newest).to.include({ id: notificationId, type: 'booking.confirmed' });
      expect(newest?.read_at !== null, 'read').to.equal(read);
    });
  }

  it('a notification is not on the page of somebody whom nothing concerns, and it says so', async () => {
    const preparing: unknown = await given(ALICE, 'somebody has a notification').catch(String);
    expect(preparing).to.contain("nothing concerns 'alice'");
  });

  for (const [scope, path] of [
    ['user', '/api/calendar/user/${token}.ics'],
    ['device', '/api/calendar/device/${deviceId}.ics?token=${token}'],
    ['lab', '/api/calendar/lab.ics?token=${token}'],
  ] as const) {
    it(`a calendar token of a ${scope} opens the calendar without a session`, async () => {
      const { deviceId } = await given('there is a device');
      const { token } = await given(ALICE, 'somebody has booked', ['somebody has a calendar token', { scope }]);
      const address = path.replace('${token}', String(token)).replace('${deviceId}', String(deviceId));
      const { text } = await asked(address, null).expect(200);
      expect(text).to.contain('BEGIN:VEVENT');
    });
  }
});

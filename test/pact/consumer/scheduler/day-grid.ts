import { expect } from 'chai';
import {
  boolean,
  day,
  eachLike,
  instant,
  integer,
  like,
  nullValue,
  oneOf,
  string,
  told,
  toldPath,
} from '../matching.js';
import type { PactOf } from '../pact-of.js';
import { SchedulerFrontend, type CartItem } from './scheduler-frontend.js';

const ALICE = ['somebody is signed in', { username: 'alice' }] as const;
const BOB = ['there is an account', { username: 'bob' }] as const;
const ROADM = ['there is a device', { name: 'ROADM 1', type: 'ROADM' }] as const;
const ILA = [
  'there is a device',
  { name: 'ILA 1', type: 'ILA', ip_address: '192.0.2.2', polatis_name: 'PA-2', ingress: '2', egress: '34' },
] as const;

const onDay = (name: string, date: string, status: CartItem['status'] = 'PENDING'): CartItem => ({
  ...{ device_type: name.split(' ')[0] ?? '', device_name: name, status },
  ...{ start_time: `${date}T00:01:00.000Z`, end_time: `${date}T23:59:00.000Z` },
});

const cart = (items: readonly CartItem[], message = '', collaborators: readonly string[] = []) => ({
  ...{ user_id: told('userId', 7), message, bookings: items, collaborators },
});

const WEEK_BOOKING = {
  booking_id: integer(31),
  user_id: integer(7),
  username: string('alice'),
  owner_username: string('alice'),
  device_id: integer(5),
  device_type: string('ROADM'),
  device_name: string('ROADM 1'),
  start_time: instant('2026-11-27T00:01:00.000Z'),
  end_time: instant('2026-11-27T23:59:00.000Z'),
  status: oneOf('PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED'),
  grouped_booking_id: string('0123456789'),
  collaborators: eachLike('bob'),
  is_collaborator: boolean(false),
};

const GROUP = {
  grouped_booking_id: string('0123456789'),
  owner_id: integer(7),
  owner_username: string('alice'),
  collaborators: eachLike('bob'),
  start_date: day('2026-11-27'),
  end_date: day('2026-11-28'),
  created_at: instant('2026-11-23T09:00:00.000Z'),
  status: oneOf('PENDING', 'APPROVED', 'DECLINED', 'CANCELLED', 'EXPIRED'),
  devices: eachLike({
    ...{ device_id: integer(5), device_name: string('ROADM 1'), device_type: string('ROADM') },
    dates: eachLike(day('2026-11-27')),
  }),
  device_count: integer(1),
  booking_ids: eachLike(integer(31)),
  owner_booking_ids: eachLike(integer(31)),
  is_owner: boolean(true),
  is_collaborator: boolean(false),
};

const booked = { status: 200, body: { count: integer(1) } };

export const dayGrid = (pact: PactOf): void => {
  it('lists the devices that can be booked', () =>
    pact.exchange(
      'the devices of the grid',
      {
        given: [ROADM, ['a device is to be maintained', { device: 'ROADM 1' }], ALICE],
        request: { method: 'GET', path: '/api/devices', as: 'alice' },
        reply: {
          status: 200,
          body: eachLike({
            id: integer(5),
            deviceType: string('ROADM'),
            deviceName: string('ROADM 1'),
            ip_address: string('192.0.2.1'),
            polatis_name: string('PA-1'),
            status: oneOf('Available', 'Maintenance', 'Unavailable'),
            maintenance_start: string('All Day/2026-12-02'),
            maintenance_end: string('All Day/2026-12-03'),
            In_Port: integer(1),
            Out_Port: integer(33),
          }),
        },
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, 'alice').devices()).to.deep.equal([
          {
            ...{ id: 5, type: 'ROADM', name: 'ROADM 1', address: '192.0.2.1', patch: 'PA-1', status: 'Available' },
            ...{ maintenance: ['All Day/2026-12-02', 'All Day/2026-12-03'], ports: [1, 33] },
          },
        ]);
      },
    ));

  it('lists devices of which little is known, with null for what nobody knows', () =>
    pact.exchange(
      'the devices of the grid, without address, patch and maintenance',
      {
        given: [['there is a device', { ip_address: '', polatis_name: '', ingress: '', egress: '' }], ALICE],
        request: { method: 'GET', path: '/api/devices', as: 'alice' },
        reply: {
          status: 200,
          body: eachLike({
            ...{ id: integer(5), deviceType: string('ROADM'), deviceName: string('ROADM 1') },
            ...{ ip_address: nullValue(), polatis_name: nullValue(), status: string('Available') },
            ...{ maintenance_start: nullValue(), maintenance_end: nullValue(), In_Port: 0, Out_Port: 0 },
          }),
        },
      },
      async (url) => {
        const [device] = await new SchedulerFrontend(url, 'alice').devices();
        expect(device).to.deep.include({ address: null, patch: null, maintenance: [null, null], ports: [0, 0] });
      },
    ));

  it('shows the week', () =>
    pact.exchange(
      'a week of bookings',
      {
        given: [BOB, ROADM, ALICE, ['somebody has booked', { collaborators: ['bob'] }]],
        request: { method: 'GET', path: '/bookings/for-week', query: { start: '2026-11-23' }, as: 'alice' },
        reply: { status: 200, body: eachLike(WEEK_BOOKING) },
      },
      async (url) => {
        const [booking] = await new SchedulerFrontend(url, 'alice').week('2026-11-23');
        expect(booking).to.deep.include({ owner: 'alice', session: '01234567', collaborators: ['bob'] });
        expect(booking?.from).to.equal('2026-11-27T00:01:00.000Z');
      },
    ));

  it('shows a week in which nothing is booked, from any weekday on', () =>
    pact.exchange(
      'a week without bookings',
      {
        given: [ALICE],
        request: { method: 'GET', path: '/bookings/for-week', query: { start: '2026-11-22' }, as: 'alice' },
        reply: { status: 200, body: [] },
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, 'alice').week('2026-11-22')).to.deep.equal([]);
      },
    ));

  it('shows the sessions and the past topologies of the user', () =>
    pact.exchange(
      'the booking groups of a user',
      {
        given: [
          BOB,
          ROADM,
          ALICE,
          ['somebody has booked', { days: ['2026-11-27', '2026-11-28'], collaborators: ['bob'] }],
        ],
        request: {
          ...{ method: 'GET', path: toldPath('/bookings/user/${userId}', { userId: 7 }), as: 'alice' },
          query: { grouped: 'true' },
        },
        reply: { status: 200, body: eachLike(GROUP) },
      },
      async (url) => {
        const [group] = await new SchedulerFrontend(url, 'alice').groups(7);
        expect(group).to.deep.include({ days: '2026-11-27 to 2026-11-28', bookingIds: [31], isOwner: true });
        expect(group?.devices).to.deep.equal([{ id: 5, name: 'ROADM 1', type: 'ROADM', dates: ['2026-11-27'] }]);
      },
    ));

  it('shows somebody the sessions that they share', () =>
    pact.exchange(
      'the booking groups of a collaborator',
      {
        given: [
          ...([['there is an account', { username: 'alice' }], ROADM] as const),
          ['somebody is signed in', { username: 'bob' }],
          ['somebody has booked', { username: 'alice', collaborators: ['bob'] }],
        ],
        request: {
          ...{ method: 'GET', path: toldPath('/bookings/user/${bobId}', { bobId: 8 }), as: 'bob' },
          query: { grouped: 'true' },
        },
        reply: { status: 200, body: eachLike({ ...GROUP, is_owner: false, is_collaborator: true }) },
      },
      async (url) => {
        const [group] = await new SchedulerFrontend(url, 'bob').groups(8);
        expect(group).to.deep.include({ isOwner: false, isCollaborator: true, ownBookingIds: [31] });
      },
    ));

  const submits = (
    description: string,
    items: readonly CartItem[],
    message = '',
    collaborators: readonly string[] = [],
  ) =>
    pact.exchange(
      description,
      {
        given: [BOB, ROADM, ILA, ALICE],
        request: { method: 'POST', path: '/bookings', as: 'alice', body: cart(items, message, collaborators) },
        reply: booked,
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, 'alice').book(7, message, items, collaborators)).to.equal(1);
      },
    );

  it('submits the cart: one device, one day', () => submits('book a day', [onDay('ILA 1', '2026-11-27')]));

  it('submits the cart: two devices, two days, with message and collaborator', () =>
    submits(
      'book two devices on two days with a collaborator',
      ['2026-11-26', '2026-11-27'].flatMap((date) => [onDay('ROADM 1', date), onDay('ILA 1', date)]),
      'need this for the demo',
      ['bob'],
    ));

  it('submits one device twice, picked port row by port row', () =>
    submits('book a device twice in one request', [onDay('ROADM 1', '2026-11-27'), onDay('ROADM 1', '2026-11-27')]));

  it('submits the cart anyway, over somebody else', () =>
    pact.exchange(
      'book over somebody',
      {
        given: [BOB, ROADM, ALICE, ['somebody has booked', { username: 'bob' }]],
        request: {
          ...{ method: 'POST', path: '/bookings', as: 'alice' },
          body: cart([onDay('ROADM 1', '2026-11-27', 'CONFLICTING')], 'short slot is enough'),
        },
        reply: booked,
      },
      async (url) => {
        const items = [onDay('ROADM 1', '2026-11-27', 'CONFLICTING')];
        expect(await new SchedulerFrontend(url, 'alice').book(7, 'short slot is enough', items, [])).to.equal(1);
      },
    ));

  it('tells a slot that somebody has apart from other refusals', async () => {
    const taken = [onDay('ROADM 1', '2026-11-27')];
    await pact.exchange(
      'book what somebody has',
      {
        given: [BOB, ROADM, ALICE, ['somebody has booked', { username: 'bob' }]],
        request: { method: 'POST', path: '/bookings', as: 'alice', body: cart(taken) },
        reply: {
          ...{ status: 409, headers: { 'Content-Type': 'application/problem+json' } },
          body: { detail: string('ROADM 1 is already booked by bob.') },
        },
      },
      async (url) => {
        const refusal: unknown = await new SchedulerFrontend(url, 'alice').book(7, '', taken, []).catch(String);
        expect(refusal).to.equal('Error: Selections conflict with existing bookings.');
      },
    );
  });
};

export const favourites = (pact: PactOf): void => {
  const booking = [ROADM, ALICE, 'somebody has booked'] as const;
  const kept = [...booking, 'somebody has a favourite'] as const;
  const answered = { status: 200, body: like({}) };
  const toldDevice = { device_id: told('deviceId', 5), device_name: 'ROADM 1', device_type: 'ROADM' };
  const device = { device_id: 5, device_name: 'ROADM 1', device_type: 'ROADM' };

  it('lists favourites', () =>
    pact.exchange(
      'the favourites of a user',
      {
        given: kept,
        request: { method: 'GET', path: toldPath('/bookings/favorites/${userId}', { userId: 7 }), as: 'alice' },
        reply: {
          status: 200,
          body: eachLike({
            ...{ id: integer(3), name: string('ring'), grouped_booking_id: string('0123456789') },
            device_snapshot: eachLike({
              ...{ device_id: integer(5), device_name: string('ROADM 1'), device_type: string('ROADM') },
            }),
            updated_at: instant('2026-11-23T09:00:00.000Z'),
          }),
        },
      },
      async (url) => {
        const [favourite] = await new SchedulerFrontend(url, 'alice').favourites(7);
        expect(favourite).to.deep.include({ id: 3, name: 'ring', groupId: '0123456789' });
      },
    ));

  it('keeps a group as a favourite, with a name or without', async () => {
    const form = {
      ...{ user_id: told('userId', 7), grouped_booking_id: told('groupId', 'abc'), device_snapshot: [toldDevice] },
    };
    await pact.exchange(
      'keep a favourite under a name',
      {
        given: booking,
        request: { method: 'POST', path: '/bookings/favorites', as: 'alice', body: { ...form, name: 'p2p setup' } },
        reply: answered,
      },
      (url) => new SchedulerFrontend(url, 'alice').saveFavourite(7, 'abc', [device], 'p2p setup'),
    );
    await pact.exchange(
      'keep a favourite without a name',
      {
        given: booking,
        request: { method: 'POST', path: '/bookings/favorites', as: 'alice', body: form },
        reply: answered,
      },
      (url) => new SchedulerFrontend(url, 'alice').saveFavourite(7, 'abc', [device]),
    );
  });

  it('renames and removes a favourite, and reads JSON afterwards', async () => {
    const path = toldPath('/bookings/favorites/${favouriteId}', { favouriteId: 3 });
    await pact.exchange(
      'rename a favourite',
      { given: kept, request: { method: 'PUT', path, as: 'alice', body: { name: 'renamed' } }, reply: answered },
      (url) => new SchedulerFrontend(url, 'alice').renameFavourite(3, 'renamed'),
    );
    await pact.exchange(
      'rename a favourite to nothing',
      { given: kept, request: { method: 'PUT', path, as: 'alice', body: { name: '' } }, reply: answered },
      (url) => new SchedulerFrontend(url, 'alice').renameFavourite(3, ''),
    );
    await pact.exchange(
      'remove a favourite',
      { given: kept, request: { method: 'DELETE', path, as: 'alice' }, reply: answered },
      (url) => new SchedulerFrontend(url, 'alice').removeFavourite(3),
    );
  });
};

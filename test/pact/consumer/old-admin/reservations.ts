import { expect } from 'chai';
import { boolean, eachLike, instant, integer, like, oneOf, string, toldPath } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { OldAdmin } from './old-admin.js';

const ADMIN = ['somebody is signed in', { username: 'kim', role: 'Admin' }] as const;
const BOOKED: readonly Given[] = [
  ...(['there is a device', ['there is an account', { username: 'alice' }], ADMIN] as const),
  'somebody has booked',
];
const CONTENDED: readonly Given[] = [
  ...BOOKED,
  ['there is an account', { username: 'bob' }],
  ['somebody has booked', { username: 'bob', contending: true }],
];

const times = { start_time: instant('2026-11-27T00:01:00.000Z'), end_time: instant('2026-11-27T23:59:00.000Z') };
const RECORD = {
  ...{ booking_id: integer(31), user_id: integer(7), username: string('alice') },
  ...{ device_type: string('ROADM'), device_name: string('ROADM 1'), ip_address: string('192.0.2.1') },
  ...{ ...times, comment: string('First light') },
};

export const reservations = (pact: PactOf): void => {
  it('lists what is to be decided, and every ten seconds again', async () => {
    const request = { method: 'GET', path: '/admin/bookings/pending', as: 'kim' } as const;
    await pact.exchange(
      'the bookings to decide',
      {
        ...{ given: BOOKED, request },
        reply: { status: 200, body: eachLike({ ...RECORD, status: 'PENDING' }) },
      },
      async (url) => {
        const [booking] = await new OldAdmin(url, 'kim').undecided();
        expect(booking).to.include({ id: 31, user: 'alice (7)', device: 'ROADM ROADM 1', button: 'Confirm' });
      },
    );
    await pact.exchange(
      'no bookings to decide',
      { given: [ADMIN], request, reply: { status: 200, body: [] } },
      async (url) => {
        expect(await new OldAdmin(url, 'kim').undecided()).to.deep.equal([]);
      },
    );
  });

  it('lists all records, whatever became of them', () =>
    pact.exchange(
      'all bookings',
      {
        given: [...BOOKED, ['the booking was decided', { verdict: 'CANCELLED' }]],
        request: { method: 'GET', path: '/admin/bookings/all', as: 'kim' },
        reply: { status: 200, body: eachLike({ ...RECORD, status: 'CANCELLED' }) },
      },
      async (url) => {
        expect((await new OldAdmin(url, 'kim').records())[0]).to.include({ id: 31, comment: 'First light' });
      },
    ));

  const decides = (description: string, given: readonly Given[], status: 'CONFIRMED' | 'REJECTED') =>
    pact.exchange(
      description,
      {
        given,
        request: {
          ...{ method: 'PUT', path: toldPath('/admin/bookings/${bookingId}', { bookingId: 31 }), as: 'kim' },
          body: { status },
        },
        reply: { status: 200, body: like({}) },
      },
      async (url) => {
        expect(await new OldAdmin(url, 'kim').decide(31, status)).to.equal(true);
      },
    );
  it('confirms a booking', () => decides('confirm a booking', BOOKED, 'CONFIRMED'));
  it('rejects a booking', () => decides('reject a booking', BOOKED, 'REJECTED'));
  it('resolves what two contend for', () => decides('reject a booking that contends', CONTENDED, 'REJECTED'));

  it('draws the schedule of a week that begins on a Sunday', () =>
    pact.exchange(
      'a week of bookings from a Sunday on',
      {
        given: BOOKED,
        request: { method: 'GET', path: '/bookings/for-week', query: { start: '2026-11-22' }, as: 'kim' },
        reply: {
          status: 200,
          body: eachLike({
            ...{ booking_id: integer(31), user_id: integer(7), username: string('alice') },
            ...{ owner_username: string('alice'), device_id: integer(5), device_type: string('ROADM') },
            ...{ device_name: string('ROADM 1'), ...times, grouped_booking_id: string('0123456789') },
            status: oneOf('PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED'),
            ...{ collaborators: [], is_collaborator: boolean(false) },
          }),
        },
      },
      async (url) => {
        const [booking] = await new OldAdmin(url, 'kim').schedule('2026-11-22');
        expect(booking).to.include({ device: 'ROADM ROADM 1', owner: 'alice', isCollaborator: false });
      },
    ));
};

import { expect } from 'chai';
import { Refused } from '../json-api.js';
import { like, string, told, toldPath } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { SchedulerFrontend } from './scheduler-frontend.js';

const ALICE = ['somebody is signed in', { username: 'alice' }] as const;
const BOB = ['there is an account', { username: 'bob' }] as const;
const BOOKED: readonly Given[] = [BOB, 'there is a device', ALICE, 'somebody has booked'];

/** The group that is told is the last one: alice's. */
const OVER_BOB: readonly Given[] = [
  ...([BOB, 'there is a device', ALICE] as const),
  ['somebody has booked', { username: 'bob', days: ['2026-11-28'] }],
  'somebody has booked',
];

const answered = { status: 200, body: like({}) };
const userId = told('userId', 7);
const groupPath = (action = '') => toldPath(`/api/bookings/group/\${groupId}${action}`, { groupId: 'abc' });
const newDates = { start_date: '2026-12-07', end_date: '2026-12-08' };

export const myBookings = (pact: PactOf): void => {
  it('cancels a group, with a body on DELETE', () =>
    pact.exchange(
      'cancel a group',
      {
        given: BOOKED,
        request: { method: 'DELETE', path: groupPath(), as: 'alice', body: { user_id: userId } },
        reply: answered,
      },
      (url) => new SchedulerFrontend(url, 'alice').cancel('abc', 7),
    ));

  it('extends a group', () =>
    pact.exchange(
      'extend a group',
      {
        given: BOOKED,
        request: {
          ...{ method: 'PATCH', path: groupPath('/extend'), as: 'alice' },
          body: { user_id: userId, new_end_date: '2026-11-30' },
        },
        reply: answered,
      },
      (url) => new SchedulerFrontend(url, 'alice').extend('abc', 7, '2026-11-30'),
    ));

  it('shows in words that days are taken to which a group is to extend', async () => {
    const detail = 'ROADM 1 is already booked by bob.';
    await pact.exchange(
      'extend a group over somebody',
      {
        given: OVER_BOB,
        request: {
          ...{ method: 'PATCH', path: groupPath('/extend'), as: 'alice' },
          body: { user_id: userId, new_end_date: '2026-11-28' },
        },
        reply: {
          ...{ status: 409, headers: { 'Content-Type': 'application/problem+json' } },
          body: { detail: string(detail) },
        },
      },
      async (url) => {
        const trying = new SchedulerFrontend(url, 'alice').extend('abc', 7, '2026-11-28');
        const refused: unknown = await trying.catch((error: unknown) => error);
        expect(refused).to.be.instanceOf(Refused).with.property('message', detail);
      },
    );
  });

  it('rebooks a group', () =>
    pact.exchange(
      'rebook a group',
      {
        given: BOOKED,
        request: {
          ...{ method: 'POST', path: groupPath('/rebook'), as: 'alice' },
          body: { user_id: userId, ...newDates, message: '' },
        },
        reply: answered,
      },
      (url) => new SchedulerFrontend(url, 'alice').rebook('abc', 7, '2026-12-07', '2026-12-08'),
    ));

  it('shows in words that days are taken on which a group is to be booked again', async () => {
    const detail = 'ROADM 1 is already booked by bob.';
    const days = ['2026-11-28', '2026-11-28'] as const;
    await pact.exchange(
      'rebook a group over somebody',
      {
        given: OVER_BOB,
        request: {
          ...{ method: 'POST', path: groupPath('/rebook'), as: 'alice' },
          body: { user_id: userId, start_date: days[0], end_date: days[1], message: '' },
        },
        reply: {
          ...{ status: 409, headers: { 'Content-Type': 'application/problem+json' } },
          body: { detail: string(detail) },
        },
      },
      async (url) => {
        const trying = new SchedulerFrontend(url, 'alice').rebook('abc', 7, ...days);
        const refused: unknown = await trying.catch((error: unknown) => error);
        expect(refused).to.be.instanceOf(Refused).with.property('message', detail);
      },
    );
  });

  it('rebooks for a collaborator what somebody shares with them', () =>
    pact.exchange(
      'rebook for oneself',
      {
        given: [
          ...([['there is an account', { username: 'alice' }], 'there is a device'] as const),
          ['somebody is signed in', { username: 'bob' }],
          ['somebody has booked', { username: 'alice', collaborators: ['bob'] }],
        ],
        request: {
          ...{ method: 'POST', path: toldPath('/bookings/rebook/${bookingId}', { bookingId: 31 }), as: 'bob' },
          body: {
            ...{ user_id: told('bobId', 8), ...newDates },
            ...{ booking_ids: told('bookingIds', [31]), message: 'second run' },
          },
        },
        reply: answered,
      },
      (url) =>
        new SchedulerFrontend(url, 'bob').rebookForMyself(
          8,
          [31],
          newDates.start_date,
          newDates.end_date,
          'second run',
        ),
    ));

  it('says who shares a group', () =>
    pact.exchange(
      'edit the collaborators of a group',
      {
        given: BOOKED,
        request: {
          ...{ method: 'PATCH', as: 'alice' },
          path: toldPath('/api/bookings/${bookingId}/collaborators', { bookingId: 31 }),
          body: { owner_id: userId, collaborators: ['bob'], booking_ids: told('bookingIds', [31]) },
        },
        reply: answered,
      },
      (url) => new SchedulerFrontend(url, 'alice').setCollaborators(7, [31], ['bob']),
    ));
};

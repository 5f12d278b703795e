import { expect } from 'chai';
import { boolean, eachLike, instant, integer, string, toldPath } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { SchedulerFrontend } from './scheduler-frontend.js';

const CONTENDED: readonly Given[] = [
  'there is a device',
  ['there is an account', { username: 'alice' }],
  ['there is an account', { username: 'bob' }],
  ['somebody is signed in', { username: 'kim', role: 'Approver' }],
  ['somebody has booked', { username: 'bob' }],
  ['somebody has booked', { username: 'alice', contending: true, collaborators: ['bob'] }],
];

const asked = { as: 'kim', headers: { 'Content-Type': 'application/json' } };
const device = { name: string('ROADM 1'), deviceType: string('ROADM') };
const times = { start_time: instant('2026-11-27T00:01:00.000Z'), end_time: instant('2026-11-27T23:59:00.000Z') };

export const conflictsPage = (pact: PactOf): void => {
  it('lists what people contend for', () =>
    pact.exchange(
      'bookings that contend',
      {
        given: CONTENDED,
        request: { method: 'GET', path: '/admin/v2/bookings', query: { status: 'CONFLICTING' }, ...asked },
        reply: {
          status: 200,
          body: {
            items: eachLike({
              ...{ booking_id: integer(32), device, user: { username: string('alice') } },
              ...{ collaborators: eachLike('bob'), ...times, status: 'CONFLICTING' },
            }),
          },
        },
      },
      async (url) => {
        const [conflict] = await new SchedulerFrontend(url, 'kim').conflicts();
        expect(conflict).to.deep.include({ id: 32, device: 'ROADM ROADM 1', user: 'alice', collaborators: 1 });
      },
    ));

  it('shows one of them, with the others', () =>
    pact.exchange(
      'a booking that contends',
      {
        given: CONTENDED,
        request: { method: 'GET', path: toldPath('/admin/v2/bookings/${bookingId}', { bookingId: 32 }), ...asked },
        reply: {
          status: 200,
          body: {
            ...{ device: { ...device, interchangeable: boolean(true) }, user: { username: string('alice') }, ...times },
            conflicts: eachLike({ user: { username: string('bob') } }),
          },
        },
      },
      async (url) => {
        const conflict = await new SchedulerFrontend(url, 'kim').conflict(32);
        expect(conflict).to.deep.include({ user: 'alice', others: ['bob'], interchangeable: true });
      },
    ));
};

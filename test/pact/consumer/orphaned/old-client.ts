import { expect } from 'chai';
import { day, eachLike, instant, integer, like, oneOf, regex, string, told, toldPath } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { OrphanedPages } from './orphaned-pages.js';

const ALICE = ['somebody is signed in', { username: 'alice' }] as const;
const BOOKED: readonly Given[] = ['there is a device', ALICE, 'somebody has booked'];

const answered = { status: 200, body: like({}) };
const minutes = (example: string) => regex(/^\d\d:\d\d$/, example);

export const oldClient = (pact: PactOf): void => {
  it('lists the bookings of a user one by one', () =>
    pact.exchange(
      'the bookings of a user, one by one',
      {
        given: BOOKED,
        request: { method: 'GET', path: toldPath('/bookings/user/${userId}', { userId: 7 }), as: 'alice' },
        reply: {
          status: 200,
          body: eachLike({
            ...{ booking_id: integer(31), device_type: string('ROADM'), device_name: string('ROADM 1') },
            ...{ ip_address: string('192.0.2.1'), start_time: instant('2026-11-27T00:01:00.000Z') },
            end_time: instant('2026-11-27T23:59:00.000Z'),
            status: oneOf('PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED'),
          }),
        },
      },
      async (url) => {
        const [booking] = await new OrphanedPages(url, 'alice').bookings(7);
        expect(booking).to.include({ id: 31, device: 'ROADM ROADM 1', status: 'PENDING' });
      },
    ));

  it('books a segment of a day, in the time of the lab', () => {
    const segment = {
      ...{ device_type: 'ROADM', device_name: 'ROADM 1', status: 'PENDING' },
      ...{ start_time: '2026-11-27 07:00:00', end_time: '2026-11-27 12:00:00' },
    };
    return pact.exchange(
      'book a segment of a day',
      {
        given: ['there is a device', ALICE],
        request: {
          ...{ method: 'POST', path: '/bookings', as: 'alice' },
          body: { user_id: told('userId', 7), message: '', bookings: [segment] },
        },
        reply: { status: 200, body: { message: string('Booked'), count: 1 } },
      },
      async (url) => {
        expect(await new OrphanedPages(url, 'alice').book(7, [segment])).to.equal('Booked');
      },
    );
  });

  it('cancels one booking', () =>
    pact.exchange(
      'cancel a booking',
      {
        given: BOOKED,
        request: {
          ...{ method: 'PUT', path: toldPath('/api/bookings/${bookingId}/cancel', { bookingId: 31 }), as: 'alice' },
          body: { user_id: told('userId', 7) },
        },
        reply: answered,
      },
      (url) => new OrphanedPages(url, 'alice').cancel(31, 7),
    ));

  it('removes a booking that is over', () =>
    pact.exchange(
      'remove a cancelled booking',
      {
        given: [...BOOKED, ['the booking was decided', { verdict: 'CANCELLED' }]],
        request: { method: 'DELETE', path: toldPath('/bookings/${bookingId}', { bookingId: 31 }), as: 'alice' },
        reply: answered,
      },
      (url) => new OrphanedPages(url, 'alice').remove(31),
    ));

  /** The page sent no session, as the route was open then; a lab tells nobody who has not signed in. */
  it('asks what stands in the way of devices', () =>
    pact.exchange(
      'what stands in the way of devices',
      {
        given: BOOKED,
        request: {
          ...{ method: 'POST', path: '/check-conflicts', as: 'alice' },
          body: { device_ids: told('deviceIds', [5]), start: '2026-11-27T00:00:00', end: '2026-11-28T23:59:59' },
        },
        reply: {
          status: 200,
          body: eachLike({
            device_id: integer(5),
            conflicts: eachLike({
              ...{ date: day('2026-11-27'), start_time: minutes('00:01'), end_time: minutes('23:59') },
              conflict_type: string('booking'),
            }),
          }),
        },
      },
      async (url) => {
        const found = await new OrphanedPages(url, 'alice').conflicts(
          [5],
          '2026-11-27T00:00:00',
          '2026-11-28T23:59:59',
        );
        expect(found).to.deep.equal([{ device: 5, conflicts: ['2026-11-27 00:01 23:59 booking'] }]);
      },
    ));
};

import { expect } from 'chai';
import { integer, told } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { OrphanedPages } from './orphaned-pages.js';

const APPROVER = ['somebody is signed in', { username: 'kim', role: 'Approver' }] as const;
const BOOKED: readonly Given[] = [
  ...(['there is a device', ['there is an account', { username: 'alice' }], APPROVER] as const),
  'somebody has booked',
];
const CONTENDED: readonly Given[] = [
  ...BOOKED,
  ['the booking was decided', { verdict: 'REJECTED' }],
  ['there is an account', { username: 'bob' }],
  ['somebody has booked', { username: 'bob' }],
];

export const decisions = (pact: PactOf): void => {
  const decides = (
    description: string,
    given: readonly Given[],
    [path, body]: readonly [path: string, body: object],
    act: (pages: OrphanedPages) => Promise<object>,
  ) =>
    pact.exchange(
      description,
      {
        given,
        request: { method: 'POST', path: `/admin/v2/bookings/${path}`, as: 'kim', body },
        reply: { status: 200, body: { succeeded: [integer(31)], failed: [] } },
      },
      async (url) => {
        expect(await act(new OrphanedPages(url, 'kim'))).to.deep.equal({ succeeded: [31], failed: 0 });
      },
    );
  const several = (comment: string) => ({ booking_ids: told('bookingIds', [31]), comment });

  it('approves several bookings', () =>
    decides('approve bookings', BOOKED, ['approve', several('ok')], (pages) => pages.approve([31], 'ok')));

  it('declines several bookings', () =>
    decides('decline bookings', BOOKED, ['decline', several('device needed')], (pages) =>
      pages.decline([31], 'device needed'),
    ));

  it('resolves a conflict', () =>
    decides(
      'resolve a conflict',
      CONTENDED,
      ['conflicts/resolve', { resolution: [{ booking_id: told('bookingId', 31), status: 'CONFIRMED' }] }],
      (pages) => pages.resolve(31),
    ));
};

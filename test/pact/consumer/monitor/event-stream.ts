import { expect } from 'chai';
import { boolean, eachLike, instant, integer, oneOf, string } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { LabMonitor } from './lab-monitor.js';

const ALICE = ['there is an account', { username: 'alice' }] as const;
const MONITOR = ['there is an account', { username: 'monitor', role: 'Approver' }] as const;

const watches = (event: string): Given => ['somebody watches the live stream', { username: 'monitor', event }];

const AT = '2026-11-23T09:00:00.000Z';

const BOOKING = {
  ...{ booking_id: integer(31), device_id: integer(5), device_type: string('ROADM'), device_name: string('ROADM 1') },
  ...{ start_time: instant('2026-11-27T00:01:00.000Z'), end_time: instant('2026-11-27T23:59:00.000Z') },
  status: oneOf('PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED'),
};

const GROUP = { at: instant(AT), group_id: string('abc'), owner_id: integer(7), bookings: eachLike(BOOKING) };

const SLOT = '#31 ROADM ROADM 1 (5) 2026-11-27T00:01:00.000Z to 2026-11-27T23:59:00.000Z PENDING';

export const eventStream = (pact: PactOf): void => {
  const hears = (event: string, given: readonly Given[], data: object, line: string) => {
    it(`hears ${event}`, () =>
      pact.message(`the stream sends ${event}`, { given, event, data }, (kind, content) => {
        expect(kind).to.equal(event);
        expect(LabMonitor.lineFor(kind, content)).to.equal(line);
      }));
  };

  hears(
    'booking.created',
    ['there is a device', ALICE, MONITOR, watches('booking.created'), 'somebody has booked'],
    { ...GROUP, type: 'booking.requested' },
    `${AT} user 7 booked ${SLOT}`,
  );
  hears(
    'approval.needed',
    [
      ...(['there is a device', ALICE, MONITOR, watches('approval.needed')] as const),
      ['somebody has booked', { message: 'First light' }],
    ],
    { ...GROUP, type: 'booking.requested', message: string('First light') },
    `${AT} 1 booking of abc for: First light`,
  );
  for (const [verdict, type] of [
    ['CONFIRMED', 'booking.confirmed'],
    ['REJECTED', 'booking.rejected'],
    ['CANCELLED', 'booking.cancelled'],
  ] as const) {
    it(`hears booking.changed when a booking is ${verdict.toLowerCase()}`, () =>
      pact.message(
        `the stream sends booking.changed when a booking is ${verdict.toLowerCase()}`,
        {
          given: [
            ...(['there is a device', ALICE, MONITOR, 'somebody has booked', watches('booking.changed')] as const),
            ['the booking was decided', { verdict }],
          ],
          event: 'booking.changed',
          data: { ...GROUP, type, bookings: eachLike({ ...BOOKING, status: verdict }) },
        },
        (event, content) => {
          const line = LabMonitor.lineFor(event, content);
          expect(line).to.equal(`${AT} ${type}: ${SLOT.replace('PENDING', verdict)}`);
        },
      ));
  }
  hears(
    'device.changed',
    ['there is a device', MONITOR, watches('device.changed'), 'a device was changed'],
    {
      ...{ type: 'device.changed', at: instant(AT) },
      device: { id: integer(5), type: string('ROADM'), name: string('ROADM 1'), status: string('in_maintenance') },
    },
    `${AT} device.changed: ROADM ROADM 1 (5) is in_maintenance`,
  );
  hears(
    'power.changed',
    ['there is a device', 'there is a PDU', MONITOR, watches('power.changed'), 'an outlet was switched'],
    {
      ...{
        at: instant(AT),
        pdu: string('PDU1'),
        outlet: integer(1),
        device: { id: integer(5), name: string('ROADM 1') },
      },
      ...{ before: oneOf('on', 'off'), after: oneOf('off', 'on'), confirmed: boolean(true) },
    },
    `${AT} PDU1 outlet 1 (ROADM 1): on to off, confirmed`,
  );
};

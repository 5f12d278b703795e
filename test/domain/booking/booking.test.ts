import { expect } from 'chai';
import fc from 'fast-check';
import {
  DomainError,
  groupStatusOf,
  HOLDING_STATUSES,
  holds,
  parseBookingStatus,
  statusAt,
  TERMINAL_STATUSES,
  type BookingStatus,
} from '../../../domain/index.js';

const statuses: readonly BookingStatus[] = [...HOLDING_STATUSES, ...TERMINAL_STATUSES];

describe('A booking status', () => {
  it('holds the device or is terminal', () => {
    expect(statuses.filter(holds)).to.deep.equal(['PENDING', 'CONFLICTING', 'CONFIRMED']);
    expect(statuses.filter((status) => !holds(status))).to.deep.equal(['REJECTED', 'CANCELLED', 'EXPIRED']);
  });

  it('is EXPIRED from the instant at which a holding booking ends, and otherwise what it is', () => {
    const end = 1000;
    for (const status of statuses) {
      expect(statusAt(status, end, end - 1)).to.equal(status);
      for (const now of [end, end + 1]) {
        expect(statusAt(status, end, now), status).to.equal(holds(status) ? 'EXPIRED' : status);
      }
    }
  });

  it('is read in any case, DECLINED as REJECTED', () => {
    const words = fc.constantFrom<readonly [string, BookingStatus]>(
      ...statuses.map((status): readonly [string, BookingStatus] => [status, status]),
      ['DECLINED', 'REJECTED'],
    );
    const written = words.chain(([word, status]) => fc.tuple(fc.mixedCase(fc.constant(word)), fc.constant(status)));
    fc.assert(
      fc.property(written, ([word, status]) => {
        expect(parseBookingStatus(word)).to.equal(status);
        expect(parseBookingStatus(` ${word}\n`)).to.equal(status);
      }),
    );
  });

  it('is refused in any other word, with the words that are allowed', () => {
    for (const word of ['', 'BANANA', 'null', 'PENDING,CONFIRMED', 'constructor', '__PROTO__', 'APPROVED']) {
      expect(() => parseBookingStatus(word), word)
        .to.throw(DomainError)
        .that.includes({
          kind: 'invalid',
          code: 'booking.unknown-status',
          message:
            `'${word}' is not a booking status. Allowed: ` +
            'PENDING, CONFLICTING, CONFIRMED, REJECTED, CANCELLED, EXPIRED, DECLINED.',
        });
    }
  });
});

describe('A group of bookings', () => {
  /** The rule as it is written: the first line that has any of its statuses in the group. */
  const inThisOrder = [
    { any: ['PENDING', 'CONFLICTING'], is: 'PENDING' },
    { any: ['CONFIRMED'], is: 'APPROVED' },
    { any: ['EXPIRED'], is: 'EXPIRED' },
    { any: ['REJECTED'], is: 'DECLINED' },
    { any: ['CANCELLED'], is: 'CANCELLED' },
  ];

  it('is called by the first of its statuses that counts, for every mixture there is', () => {
    for (let mixture = 1; mixture < 1 << statuses.length; mixture += 1) {
      const members = statuses.filter((_, index) => mixture & (1 << index));
      const rule = inThisOrder.find(({ any }) => any.some((status) => members.includes(status as BookingStatus)));
      expect(groupStatusOf(members), members.join()).to.equal(rule?.is);
      expect(groupStatusOf([...members, ...members].reverse()), members.join()).to.equal(rule?.is);
    }
  });

  it('is left standing when a part of it is cancelled', () => {
    expect(groupStatusOf(['CANCELLED', 'CONFIRMED', 'CANCELLED'])).to.equal('APPROVED');
  });
});

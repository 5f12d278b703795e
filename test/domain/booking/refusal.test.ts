import { expect } from 'chai';
import { BookingRefused, DomainError, type Refusal } from '../../../domain/index.js';

const refusal = (kind: Refusal['kind'], code: string, detail: string): Refusal => ({
  kind,
  code,
  detail,
  deviceId: 1,
  deviceType: 'ROADM',
  deviceName: 'ROADM 1',
  slot: { start: 0, end: 1 },
  holders: [],
  maintenance: [],
  alternatives: [],
});

const invalid = refusal('invalid', 'booking.too-long', 'Too long.');
const conflict = refusal('conflict', 'booking.taken', 'Taken by ada.');
const unavailable = refusal('unavailable', 'booking.maintenance', 'Under maintenance.');

describe('A refused request', () => {
  it('is known by what the requester can mend, then by who was first, then by the device', () => {
    const known = (...refusals: Refusal[]) => {
      const { kind, code } = new BookingRefused(refusals, []);
      return [kind, code];
    };
    expect(known(unavailable, conflict, invalid)).to.deep.equal(['invalid', 'booking.too-long']);
    expect(known(unavailable, conflict)).to.deep.equal(['conflict', 'booking.taken']);
    expect(known(unavailable)).to.deep.equal(['unavailable', 'booking.maintenance']);
  });

  it('says all reasons in one sentence after the other, each once', () => {
    const refused = new BookingRefused([unavailable, conflict, conflict, invalid], []);
    expect(refused).to.be.instanceOf(DomainError);
    expect(refused.message).to.equal('Under maintenance. Taken by ada. Too long.');
    expect(refused.refusals).to.have.lengthOf(4);
  });

  it('says five sentences of many, and how many more there are', () => {
    const many = [1, 2, 3, 4, 5, 6, 7].map((n) => refusal('conflict', 'booking.taken', `Reason ${n}.`));
    expect(new BookingRefused(many, []).message).to.equal(
      'Reason 1. Reason 2. Reason 3. Reason 4. Reason 5. And 2 more reasons.',
    );
    expect(new BookingRefused(many.slice(0, 6), []).message).to.match(/Reason 5\. And 1 more reason\.$/);
  });
});

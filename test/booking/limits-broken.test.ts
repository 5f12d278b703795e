import { expect } from 'chai';
import { HOUR } from '../../domain/index.js';
import { limitsBroken } from '../torture/limits.js';
import type { BookingRecord } from '../torture/records.js';

const LIMITS = { maxDeviceHours: 5, maxGroups: 2, turnaroundMinutes: 30 };
const NOW = 0;

const booking = (id: number, startHour: number, hours: number, other: Partial<BookingRecord> = {}): BookingRecord => ({
  ...{ id, groupId: `group ${id}`, deviceId: 1, ownerId: id, status: 'PENDING', mark: '', collaborators: 0 },
  ...{ startsAt: startHour * HOUR, endsAt: (startHour + hours) * HOUR },
  ...other,
});

const broken = (...records: BookingRecord[]) =>
  limitsBroken({ bookings: new Map(records.map((record) => [record.id, record])), now: NOW }, LIMITS, new Set([1]));

describe('what the torture holds against a lab with limits', () => {
  it('is nothing where they are kept, to the minute', () => {
    expect(broken(booking(1, 1, 5), booking(2, 6.5, 1), booking(3, 7, 1, { ownerId: 2 }))).to.deep.equal([]);
  });

  it('is more hours or groups than one person may hold, of bookings that hold', () => {
    expect(broken(booking(1, 1, 3), booking(2, 9, 3, { ownerId: 1 }))).to.have.length(1);
    const three = [1, 2, 3].map((id) => booking(id, 3 * id, 1, { ownerId: 1 }));
    expect(broken(...three)).to.have.length(1);
    expect(broken(...three.slice(1), booking(1, 1, 1, { ownerId: 1, status: 'CANCELLED' }))).to.deep.equal([]);
    expect(broken(...three.slice(1), booking(1, -3, 1, { ownerId: 1 }))).to.deep.equal([]);
  });

  it('is two people who stand closer than they may on a device whose rows stay', () => {
    const close = [booking(1, 1, 1), booking(2, 2.25, 1)] as const;
    expect(broken(...close)).to.have.length(1);
    expect(broken(close[0], { ...close[1], ownerId: 1 })).to.deep.equal([]);
    expect(broken(...close.map((record) => ({ ...record, deviceId: 2 })))).to.deep.equal([]);
    // Who contends stands in the same slot.
    expect(broken(booking(1, 1, 2), booking(2, 2, 2, { status: 'CONFLICTING' }))).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { DEVICE_STATUSES, isBookable, thingOf, type DeviceStatus, type ThingRow } from '../../../domain/index.js';

const row = (id: number, status: DeviceStatus = 'active', schedulable = true): ThingRow => ({
  id,
  type: 'ROADM',
  name: 'ROADM 1',
  status,
  schedulable,
});

const withStatuses = (...statuses: DeviceStatus[]) => thingOf(statuses.map((status, index) => row(index + 1, status)));

describe('A thing', () => {
  it('is one row, or all port rows of one type and name under the lowest of their ids', () => {
    expect(thingOf([row(4)])).to.deep.equal({
      id: 4,
      rowIds: [4],
      type: 'ROADM',
      name: 'ROADM 1',
      status: 'active',
      schedulable: true,
    });
    expect(thingOf([row(12), row(3), row(7)])).to.deep.include({ id: 3, rowIds: [3, 7, 12] });
  });

  it('is written as its first row is', () => {
    const rows = [
      { ...row(2), name: 'roadm 1' },
      { ...row(1), name: 'ROADM 1' },
    ];
    expect(thingOf(rows).name).to.equal('ROADM 1');
  });

  it('is not there without rows', () => {
    expect(() => thingOf([])).to.throw(RangeError);
  });

  it('is as good as its worst installed row, whatever their order', () => {
    const worstFirst: readonly DeviceStatus[] = ['in_maintenance', 'unavailable', 'active'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...DEVICE_STATUSES), { minLength: 1, maxLength: 5 }), (statuses) => {
        const thing = withStatuses(...statuses);
        const worst = worstFirst.find((status) => statuses.includes(status));
        expect(thing.status).to.equal(worst ?? statuses[0]);
        expect(thingOf(statuses.map((status, index) => row(index + 1, status)).reverse())).to.deep.equal(thing);
      }),
    );
  });

  it('can be booked only when it is active and its type is schedulable', () => {
    expect(DEVICE_STATUSES.filter((status) => isBookable(withStatuses(status)))).to.deep.equal(['active']);
    expect(isBookable(thingOf([row(1, 'active', false)]))).to.be.false;
    expect(isBookable(withStatuses('active', 'in_maintenance'))).to.be.false;
    expect(isBookable(withStatuses('active', 'unavailable'))).to.be.false;
    expect(isBookable(withStatuses('spare', 'active'))).to.be.true;
  });
});

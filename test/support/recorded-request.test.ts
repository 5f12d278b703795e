import { expect } from 'chai';
import { filled, missingFields, movedDates } from './recorded-request.js';

describe('the replay of recorded requests', () => {
  it('misses fields wherever they are', () => {
    const reply = {
      count: 0,
      list: [
        { a: 1, inner: [{ b: null }] },
        { a: 2, inner: [] },
      ],
      any: { x: { s: 1 } },
    };
    const here = ['count', 'list[].a', 'list[].inner[].b', 'any.*.s', 'list[]', 'list[].inner[].b.beyond'];
    expect(missingFields(reply, here)).to.deep.equal([]);
    const gone = ['total', 'list[].c', 'list[].inner[].c', 'any.*.t', 'count[]', 'list.a', '[].a', 'any[].s'];
    expect(missingFields(reply, gone)).to.deep.equal(gone);
  });

  it('does not take an empty list for one that has the fields', () => {
    expect(missingFields({ items: [] }, ['items[].id'])).to.deep.equal(['items[].id']);
    expect(missingFields([], ['[].id'])).to.deep.equal(['[].id']);
    expect(missingFields({ items: [] }, ['items[].id'], new Set(['items[]']))).to.deep.equal([]);
    expect(missingFields({ by: {} }, ['by.*.id'])).to.deep.equal(['by.*.id']);
  });

  it('moves dates by whole weeks, within winter and within summer', () => {
    expect(movedDates('2026-11-27T00:01:00.000Z')).to.equal('2027-11-26T00:01:00.000Z');
    expect(movedDates('All Day/2026-12-02')).to.equal('All Day/2027-12-01');
    expect(movedDates('/bookings/for-week?start=2026-07-05')).to.equal('/bookings/for-week?start=2027-07-04');
  });

  it('puts numbers and lists where placeholders are, and texts into texts', () => {
    const values: Record<string, unknown> = { id: 7, ids: [1, 2], name: 'ada' };
    const request = { path: '/users/${id}/as/${name}', body: { id: '${id}', ids: '${ids}', all: ['${id}'], no: null } };
    expect(filled(request, (name) => values[name])).to.deep.equal({
      path: '/users/7/as/ada',
      body: { id: 7, ids: [1, 2], all: [7], no: null },
    });
  });
});

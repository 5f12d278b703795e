import { expect } from 'chai';
import { Cells, textIn } from '../../adapters/snmp/cells.js';

const cellsOf = (columns: Readonly<Record<string, Readonly<Record<string, number>>>>): Cells => {
  const cells = new Cells();
  for (const [oid, rows] of Object.entries(columns)) cells.putColumn(oid, new Map(Object.entries(rows)));
  return cells;
};

describe('What a PDU says in numbers', () => {
  it('is worth as much as it says itself', () => {
    const cells = cellsOf({ value: { '1.1': 7467, '1.2': 32 }, digits: { '1.1': 3, '1.2': 1 } });
    const quantity = { oid: 'value', digits: 'digits' };
    expect(cells.allMeasured(quantity)).to.deep.equal([7.467, 3.2]);
  });

  it('is nothing when it does not say how much it is worth', () => {
    const cells = cellsOf({ value: { '1.1': 7467 } });
    expect(cells.allMeasured({ oid: 'value', digits: 'digits' })).to.deep.equal([]);
  });

  it('is nothing below zero, but for what can be below zero', () => {
    const cells = cellsOf({ value: { 1: -1, 2: -410, 3: 5 } });
    expect(cells.allMeasured({ oid: 'value', times: 0.1 })).to.deep.equal([0.5]);
    expect(cells.allMeasured({ oid: 'value', times: 0.1, signed: true })).to.deep.equal([-0.1, -41, 0.5]);
  });

  it('is in degrees Celsius, by the scale of its own row, of its unit, or of all', () => {
    const cells = cellsOf({ value: { '1.1': 680, '2.1': 200 }, scale: { 1: 1, 2: 0 } });
    const fahrenheit = { oid: 'scale', is: [1] };
    expect(cells.allMeasured({ oid: 'value', times: 0.1, fahrenheit })).to.deep.equal([20, 20]);
    cells.putSingle('scale.0', 1);
    expect(cells.measured({ oid: 'value', times: 0.1, fahrenheit: { oid: 'scale.0', is: [1] } }, '1.1')).to.equal(20);
  });

  it('is taken of working sensors only', () => {
    const cells = cellsOf({ value: { 1: 231, 2: 0, 3: 9 }, status: { 1: 2, 2: 4 } });
    const only = [{ oid: 'status', is: [1, 2] }];
    expect(cells.allMeasured({ oid: 'value', times: 0.1, only })).to.deep.equal([23.1]);
  });

  it('has names without the zeros and control characters that devices put there', () => {
    expect(textIn(Buffer.from('core\u0000\u0000'))).to.equal('core');
    expect(textIn(Buffer.from('two\r\nlines'))).to.equal('two lines');
    expect(textIn(Buffer.from(' \u0000'))).to.equal(null);
    expect(textIn(7)).to.equal('7');
    expect(textIn(null)).to.equal(null);
  });
});

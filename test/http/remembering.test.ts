import { expect } from 'chai';
import { remembering } from '../../adapters/http/shared/remembering.js';

describe('remembering', () => {
  it('answers as the function does, and asks it once for each value', () => {
    const asked: number[] = [];
    const half = remembering((value: number) => {
      asked.push(value);
      return value / 2;
    });
    expect([4, 2, 4, 0, 0].map(half)).to.deep.equal([2, 1, 2, 0, 0]);
    expect(asked).to.deep.equal([4, 2, 0]);
  });
});

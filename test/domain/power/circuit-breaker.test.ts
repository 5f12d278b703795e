import { expect } from 'chai';
import { afterFailure, closedBreaker, mayAsk, type Breaker } from '../../../domain/index.js';

const after = (failures: number, now: number): Breaker => {
  let breaker = closedBreaker;
  for (let n = 0; n < failures; n += 1) breaker = afterFailure(breaker, now);
  return breaker;
};

describe('a circuit breaker', () => {
  it('lets ask until a PDU has not answered three times in a row', () => {
    expect([0, 1, 2, 3].map((failures) => mayAsk(after(failures, 1000), 1000))).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
  });

  it('lets one question through when the rest is over, and rests twice as long after each failure, up to a minute', () => {
    const rests = [3, 4, 5, 6, 7, 8, 50].map((failures) => after(failures, 0).openUntil);
    expect(rests).to.deep.equal([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
    expect(mayAsk(after(3, 0), 4_999)).to.equal(false);
    expect(mayAsk(after(3, 0), 5_000)).to.equal(true);
  });

  it('is not kept open for long by a clock that was set back', () => {
    expect(mayAsk(after(3, 10_000_000), 0)).to.equal(true);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { betaCumulative, betaQuantile, intervalOf } from '../../../domain/index.js';

const parameter = fc.double({ min: 2, max: 400, noNaN: true });
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });

/** Simpson's rule over a density that is divided by its own integral: no gamma function is needed. */
const integrated = (x: number, a: number, b: number): number => {
  const peak = a + b > 2 ? (a - 1) / (a + b - 2) : 0.5;
  const logAt = (t: number) => (a - 1) * Math.log(Math.max(t, 1e-300)) + (b - 1) * Math.log(Math.max(1 - t, 1e-300));
  const top = Math.max(logAt(Math.min(Math.max(peak, 1e-9), 1 - 1e-9)), logAt(0.5));
  const integral = (from: number, to: number) => {
    const steps = 4000;
    const width = (to - from) / steps;
    let sum = 0;
    for (let step = 0; step <= steps; step += 1) {
      const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2;
      sum += weight * Math.exp(logAt(from + step * width) - top);
    }
    return (sum * width) / 3;
  };
  return integral(0, x) / (integral(0, x) + integral(x, 1));
};

describe('beta distributions', () => {
  it('have the cumulative probabilities that numeric integration finds', () => {
    fc.assert(
      fc.property(parameter, parameter, share, (a, b, x) => {
        expect(betaCumulative(x, a, b)).to.be.closeTo(integrated(x, a, b), 1e-6);
      }),
      { numRuns: 300 },
    );
  });

  it('have quantiles below which just that share lies, also where the density has no top', () => {
    const any = fc.double({ min: 0.05, max: 20_000, noNaN: true });
    fc.assert(
      fc.property(any, any, share, (a, b, wanted) => {
        const x = betaQuantile(wanted, a, b);
        expect(x).to.be.within(0, 1);
        // Where all lies closer to an end than numbers can tell, there is nothing to look up.
        if (x > 1e-12 && x < 1 - 1e-9) expect(betaCumulative(x, a, b)).to.be.closeTo(wanted, 1e-5);
      }),
      { numRuns: 1000 },
    );
  });

  it('have quantiles that rise with the share', () => {
    fc.assert(
      fc.property(parameter, parameter, share, share, (a, b, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(betaQuantile(low, a, b)).to.be.at.most(betaQuantile(high, a, b) + 1e-9);
      }),
    );
  });

  it('have known quantiles', () => {
    expect(betaQuantile(0.3, 1, 1)).to.be.closeTo(0.3, 1e-6);
    expect(betaQuantile(0.5, 7, 7)).to.be.closeTo(0.5, 1e-6);
    expect(betaQuantile(0.1, 1, 9)).to.be.closeTo(1 - 0.9 ** (1 / 9), 1e-6);
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).to.deep.equal([0, 1]);
  });

  it('give intervals that narrow with the number of observations, and none around certainty', () => {
    const width = (worth: number) => {
      const [low, high] = intervalOf({ mean: 0.7, worth }, 0.8);
      return high - low;
    };
    expect(width(10)).to.be.above(width(100)).and.below(0.5);
    expect(width(10_000)).to.be.below(0.02);
    expect(intervalOf({ mean: 0, worth: 5 }, 0.8)).to.deep.equal([0, 0]);
  });
});

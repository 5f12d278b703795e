/** Lanczos' approximation, g = 7, of nine terms. */
const LANCZOS = [
  0.999_999_999_999_809_9, 676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_1,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
];

const MOST_TERMS = 500;
const MOST_STEPS = 80;
const CLOSE = 1e-14;
const TINY = 1e-300;

/** ln Γ(x) for x > 0. */
const logGamma = (x: number): number => {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const sum = LANCZOS.reduce((total, term, index) => (index === 0 ? term : total + term / (shifted + index)), 0);
  const base = shifted + 7.5;
  return Math.log(Math.sqrt(2 * Math.PI) * sum) + (shifted + 0.5) * Math.log(base) - base;
};

/** The continued fraction of the incomplete beta function, by Lentz' method; converges where x < (a + 1) / (a + b + 2). */
const fraction = (x: number, a: number, b: number): number => {
  const awayFromZero = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const change = d * c;
    result *= change;
    if (Math.abs(change - 1) < CLOSE) break;
  }
  return result;
};

const cumulative = (x: number, a: number, b: number, logBeta: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta);
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
};

const logBetaOf = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** P(X <= x) for X ~ Beta(a, b); a, b > 0. */
export const betaCumulative = (x: number, a: number, b: number): number => cumulative(x, a, b, logBetaOf(a, b));

/** The x with P(X <= x) = `share` for X ~ Beta(a, b): Newton's steps, halving wherever one would leave the bracket. */
export const betaQuantile = (share: number, a: number, b: number): number => {
  if (share <= 0) return 0;
  if (share >= 1) return 1;
  const logBeta = logBetaOf(a, b);
  let [low, high] = [0, 1];
  let x = a / (a + b);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const error = cumulative(x, a, b, logBeta) - share;
    if (error > 0) high = x;
    else low = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
    const newton = x - error / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-10 * x || high - low < TINY) return next;
    x = next;
  }
  return x;
};

/** What is believed about a probability: a Beta distribution, as its mean and how many observations it is worth. */
export interface Belief {
  readonly mean: number;
  readonly worth: number;
}

/** The middle share of the belief, 0.8 for eight tenths. */
export const intervalOf = ({ mean, worth }: Belief, share: number): readonly [number, number] => {
  if (mean <= 0 || mean >= 1) return [mean, mean];
  const [a, b] = [mean * worth, (1 - mean) * worth];
  return [betaQuantile((1 - share) / 2, a, b), betaQuantile((1 + share) / 2, a, b)];
};

export const varianceOf = ({ mean, worth }: Belief): number => (mean * (1 - mean)) / (worth + 1);

/** The Beta distribution of that mean and variance; at least as wide as a single observation leaves it. */
export const beliefWith = (mean: number, variance: number): Belief => ({
  mean,
  worth: Math.max(1, (mean * (1 - mean)) / Math.max(variance, TINY) - 1),
});

/** Lanczos' approximation, g = 7, of nine terms. */
const LANCZOS = [
  0.999_999_999_999_809_9, 676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_1,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
];

const MOST_TERMS = 500;
const MOST_STEPS = 80;
/** Where a continued fraction, and where a quantile is close enough. */
const CLOSE = 1e-12;
const CLOSE_QUANTILE = 1e-8;
const TINY = 1e-300;

/** ln Γ(x) for x > 0. */
const logGamma = (x: number): number => {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  let sum = LANCZOS[0] ?? 0;
  for (let index = 1; index < LANCZOS.length; index += 1) sum += (LANCZOS[index] ?? 0) / (shifted + index);
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

/** The standard normal quantile to three decimals, and the beta quantile near it (Abramowitz and Stegun 26.2.23, 26.5.22). */
const guessedQuantile = (share: number, a: number, b: number): number => {
  if (a < 1 || b < 1) return a / (a + b);
  const t = Math.sqrt(-2 * Math.log(Math.min(share, 1 - share)));
  const size = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  const y = share > 0.5 ? -size : size;
  const lambda = (y * y - 3) / 6;
  const [p, q] = [1 / (2 * a - 1), 1 / (2 * b - 1)];
  const h = 2 / (p + q);
  const w = (y * Math.sqrt(Math.max(h + lambda, 0))) / h - (q - p) * (lambda + 5 / 6 - 2 / (3 * h));
  return a / (a + b * Math.exp(2 * w));
};

/** The x with P(X <= x) = `share` for X ~ Beta(a, b): Newton's steps, halving wherever one would leave the bracket. */
export const betaQuantile = (share: number, a: number, b: number): number => {
  if (share <= 0) return 0;
  if (share >= 1) return 1;
  const logBeta = logBetaOf(a, b);
  let [low, high] = [0, 1];
  let x = guessedQuantile(share, a, b);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const error = cumulative(x, a, b, logBeta) - share;
    if (error > 0) high = x;
    else low = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
    const newton = x - error / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    // Newton's error is squared in each step.
    if (Math.abs(next - x) <= Math.sqrt(CLOSE_QUANTILE) * Math.min(x, 1 - x) * 0.01 || high - low < TINY) return next;
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

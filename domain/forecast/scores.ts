/** One forecast and what became of it. */
export interface Outcome {
  readonly probability: number;
  readonly free: boolean;
}

/** One of ten bins of probability. */
export interface ReliabilityBin {
  readonly count: number;
  /** Mean of the probabilities, and share that was free; 0 in an empty bin. */
  readonly forecast: number;
  readonly observed: number;
}

const BINS = 10;
/** A forecast of 0 or 1 that is wrong costs a lot, and not everything. */
const SURE = 1e-4;

const meanOf = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0) / Math.max(items.length, 1);

/** Mean squared difference of probability and outcome (Brier 1950); 0 is best, a coin gets 0.25. */
export const brierScore = (outcomes: readonly Outcome[]): number =>
  meanOf(outcomes, ({ probability, free }) => (probability - (free ? 1 : 0)) ** 2);

/** Mean of minus the logarithm of the probability of what happened. */
export const logLoss = (outcomes: readonly Outcome[]): number =>
  meanOf(outcomes, ({ probability, free }) => {
    const sure = Math.min(Math.max(probability, SURE), 1 - SURE);
    return -Math.log(free ? sure : 1 - sure);
  });

/** By how much of the reference's score a score is better: 1 is perfect, 0 no better, negative worse. */
export const skillOver = (reference: number, score: number): number => (reference === 0 ? 0 : 1 - score / reference);

/** Outcomes by decile of probability. */
export const reliability = (outcomes: readonly Outcome[]): readonly ReliabilityBin[] => {
  const bins = Array.from({ length: BINS }, (): Outcome[] => []);
  for (const outcome of outcomes) bins[Math.min(Math.floor(outcome.probability * BINS), BINS - 1)]?.push(outcome);
  return bins.map((bin) => ({
    count: bin.length,
    forecast: meanOf(bin, (outcome) => outcome.probability),
    observed: meanOf(bin, (outcome) => (outcome.free ? 1 : 0)),
  }));
};

/** Expected calibration error: how far bins are off, each by its share of the forecasts. */
export const calibrationError = (outcomes: readonly Outcome[]): number =>
  reliability(outcomes).reduce(
    (sum, { count, forecast, observed }) =>
      sum + (count / Math.max(outcomes.length, 1)) * Math.abs(forecast - observed),
    0,
  );

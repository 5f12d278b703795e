import { load, type Sample, type Target } from './load.js';
import { MOST_LANES, type MeasuredRow } from './measured-lab.js';

const ROUND_MS = 300;
const ROUNDS = 5;
const WARM_UP_ROUND_MS = 500;
const MOST_WARM_UP_ROUNDS = 12;
/** How often it may fail to get faster before it is warm. */
const PATIENCE = 2;

/** Times in milliseconds. */
export interface Figures {
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

export interface Measurement {
  readonly server: Figures;
  readonly floor: Figures;
}

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** The smallest of the numbers that a share of them does not exceed. */
const quantile = (numbers: readonly number[], share: number): number =>
  ascending(numbers)[Math.max(0, Math.ceil(numbers.length * share) - 1)] ?? Number.NaN;

const figuresOf = (samples: readonly Sample[]): Figures => {
  const latencies = samples.flatMap((sample) => sample.latencies);
  const elapsed = samples.reduce((sum, sample) => sum + sample.elapsed, 0);
  return {
    // The median of the rounds: one that something else on the machine disturbed does not count.
    cpu: quantile(
      samples.map((sample) => sample.cpuEach),
      0.5,
    ),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    perSecond: (latencies.length * 1000) / elapsed,
  };
};

/** Server and floor take turns, so that both meet the same weather on the machine. */
const inTurns = async (server: Target, floor: Target, lanes: number): Promise<Measurement> => {
  const samples = { server: [] as Sample[], floor: [] as Sample[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.server.push(await load(server, lanes, ROUND_MS));
    samples.floor.push(await load(floor, lanes, ROUND_MS));
  }
  return { server: figuresOf(samples.server), floor: figuresOf(samples.floor) };
};

/** Until it gets no faster: a request is fully compiled only after some thousands. */
const warmUp = async (target: Target): Promise<void> => {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0, disappointments = 0; round < MOST_WARM_UP_ROUNDS && disappointments < PATIENCE; round += 1) {
    const { cpuEach } = await load(target, MOST_LANES, WARM_UP_ROUND_MS);
    if (cpuEach > best * 0.97) disappointments += 1;
    best = Math.min(best, cpuEach);
  }
};

/** A row, asked one request at a time and then several. */
export const measure = async ({ server, floor }: MeasuredRow): Promise<{ one: Measurement; eight: Measurement }> => {
  for (const target of [server, floor]) await warmUp(target);
  return { one: await inTurns(server, floor, 1), eight: await inTurns(server, floor, MOST_LANES) };
};

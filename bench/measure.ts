import { load, type Sample, type Target } from './load.js';
import { MOST_LANES, type MeasuredRow } from './measured-lab.js';

const ROUND_MS = 200;
const ROUNDS = 5;

/** A short request is compiled in full only after some thousands; a long one has loops in it that are sooner. */
const WARM_REQUESTS = 6000;
const WARM_UP_ROUND_MS = 500;
const MOST_WARM_UP_ROUNDS = { server: 8, floor: 2 };

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

const warmUp = async (target: Target, mostRounds: number): Promise<void> => {
  for (let round = 0, sent = 0; round < mostRounds && sent < WARM_REQUESTS; round += 1) {
    sent += (await load(target, MOST_LANES, WARM_UP_ROUND_MS)).latencies.length;
  }
};

/** A row, asked one request at a time and then several. */
export const measure = async ({ server, floor }: MeasuredRow): Promise<{ one: Measurement; eight: Measurement }> => {
  await warmUp(server, MOST_WARM_UP_ROUNDS.server);
  await warmUp(floor, MOST_WARM_UP_ROUNDS.floor);
  return { one: await inTurns(server, floor, 1), eight: await inTurns(server, floor, MOST_LANES) };
};

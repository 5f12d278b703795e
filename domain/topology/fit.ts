import { DAY, HOUR } from '../shared/index.js';
import type { LabWindow } from './lab-window.js';
import type { LogicalNode } from './logical-topology.js';
import type { FitWeights, ScoreTerm } from './resolution.js';
import { wishesOf, type WaysOf } from './wants.js';

/** What the parts of a fit count where a question says nothing else. */
export const DEFAULT_WEIGHTS: FitWeights = { preference: 1, waste: 0.5, reliability: 0.5, slack: 0.25, rarity: 0.25 };

/** What is known for or against a device that does not say. */
const UNKNOWN_GRADE = 0.5;

const inThousandths = (score: number): number => Math.round(score * 1000) / 1000;

/** How well devices fit one node: a weighted mean of what is wished for and what spares the lab. */
export interface FitScale {
  readonly fitOf: (place: number) => number;
  readonly termsOf: (place: number) => ScoreTerm[];
}

/**
 * @param strands links that will end at the node: ports beyond these and those asked for would go to waste.
 */
export const fitScale = (
  { requirements, preferences }: Pick<LogicalNode, 'requirements' | 'preferences'>,
  strands: number,
  lab: LabWindow,
  ways: WaysOf,
  weights: FitWeights,
): FitScale => {
  const { devices, typeOf, mostPorts, reliability, modelOf, modelSize } = lab.index;
  const wishes = wishesOf(preferences, ways);
  const needed = Math.max(requirements.ports ?? 0, strands);
  const surplus = (place: number) => Math.max(0, devices[place]!.ports.length - needed);
  const waste = (place: number) => 1 - surplus(place) / Math.max(1, mostPorts[typeOf[place]!]!);
  const slack = (place: number) => Math.min(1, lab.slackOf(place) / DAY);
  const rarity = (place: number) => 1 - 1 / Math.max(1, modelSize[modelOf[place]!]!);
  const sum =
    weights.preference * wishes.length + weights.waste + weights.reliability + weights.slack + weights.rarity || 1;

  const fitOf = (place: number): number => {
    let points = 0;
    for (const { grade } of wishes) points += weights.preference * (grade(devices[place]!) ?? UNKNOWN_GRADE);
    points += weights.waste * waste(place) + weights.reliability * reliability[place]!;
    points += weights.slack * slack(place) + weights.rarity * rarity(place);
    return points / sum;
  };

  const termsOf = (place: number): ScoreTerm[] => {
    const device = devices[place]!;
    const free = lab.slackOf(place);
    const term = (name: string, weight: number, score: number, detail: string): ScoreTerm => ({
      name,
      weight: weight / sum,
      score,
      detail,
    });
    return [
      ...wishes.map(({ name, grade, wanted, found }) =>
        term(
          name,
          weights.preference,
          grade(device) ?? UNKNOWN_GRADE,
          `${found(device)}, ${wanted} would be preferred`,
        ),
      ),
      term('waste', weights.waste, waste(place), `${surplus(place)} ports more than needed`),
      term(
        'reliability',
        weights.reliability,
        reliability[place]!,
        `${device.ok} good uses, ${device.faults} faults: ${inThousandths(reliability[place]!)} expected`,
      ),
      term(
        'slack',
        weights.slack,
        slack(place),
        free === Infinity ? 'nothing booked around it' : `${Math.floor(free / HOUR)} h to the next booking`,
      ),
      term('rarity', weights.rarity, rarity(place), `${modelSize[modelOf[place]!]!} of its model`),
    ];
  };
  return { fitOf, termsOf };
};

import type { PlantDevice } from './plant.js';

/** How many uses the rate of the type counts for beside a device's own. */
const PRIOR_USES = 10;
/** What is assumed of types nobody has used: this many uses, of which all but one part in twenty went well. */
const BASE_USES = 20;
const BASE_RATE = 0.95;

/** A Beta distribution of the share of uses that go well. */
export interface Belief {
  readonly good: number;
  readonly bad: number;
}

export const rateOfType = (devices: Iterable<Pick<PlantDevice, 'ok' | 'faults'>>): number => {
  let [good, all] = [BASE_RATE * BASE_USES, BASE_USES];
  for (const { ok, faults } of devices) {
    good += ok;
    all += ok + faults;
  }
  return good / all;
};

/** What is believed of a device: its own uses, shrunk towards the rate of its type. */
export const beliefOf = ({ ok, faults }: Pick<PlantDevice, 'ok' | 'faults'>, typeRate: number): Belief => ({
  good: typeRate * PRIOR_USES + ok,
  bad: (1 - typeRate) * PRIOR_USES + faults,
});

export const meanOf = ({ good, bad }: Belief): number => good / (good + bad);

/** Expected share of uses that go well, for every device, by its place. */
export const expectedReliability = (devices: readonly PlantDevice[], ofType: readonly Int32Array[]): Float64Array => {
  const means = new Float64Array(devices.length);
  for (const places of ofType) {
    const members = Array.from(places, (place) => devices[place]!);
    const rate = rateOfType(members);
    members.forEach((device, at) => (means[places[at]!] = meanOf(beliefOf(device, rate))));
  }
  return means;
};

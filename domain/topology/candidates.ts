import { groupBy, nameKey } from '../shared/index.js';
import { DEFAULT_WEIGHTS, fitScale, type FitScale } from './fit.js';
import type { LabWindow } from './lab-window.js';
import type { LogicalNode, LogicalTopology } from './logical-topology.js';
import type { FitWeights, ReasonCode, ReasonCounts } from './resolution.js';
import { missedBy, wishesOf, type WaysOf } from './wants.js';

/** The devices that one node could be, each on its own, by their places in ascending order. */
export interface Candidates {
  readonly places: Int32Array;
  readonly fits: Float64Array;
  readonly reasons: ReasonCounts;
  /** Those that only a booking or maintenance keeps out. */
  readonly blocked: Int32Array;
  readonly scale: FitScale;
}

const BLOCK_CODES = { 4: 'C4', 5: 'C5', 6: 'C6' } as const;

/** How many links end at each node. */
export const strandsAt = ({ nodes, edges }: LogicalTopology): number[] => {
  const count = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { source, target, multiplicity } of edges) {
    for (const end of [source, target]) count.set(end, (count.get(end) ?? 0) + multiplicity);
  }
  return nodes.map(({ id }) => count.get(id) ?? 0);
};

/** Finds candidates by C1 to C6; nodes that ask for the same share the work. */
export class CandidateFinder {
  readonly #lab: LabWindow;
  readonly #ways: WaysOf;
  readonly #weights: FitWeights;
  readonly #known = new Map<string, Candidates>();

  constructor(lab: LabWindow, weights: Partial<FitWeights> = {}) {
    this.#lab = lab;
    this.#ways = groupBy(lab.index.plant.inline, (way) => way.deviceId);
    this.#weights = { ...DEFAULT_WEIGHTS, ...weights };
  }

  of(node: LogicalNode, strands: number): Candidates {
    const { type, requirements, preferences } = node;
    const key = JSON.stringify([nameKey(type), requirements, preferences, strands]);
    let shared = this.#known.get(key);
    if (!shared) {
      shared = this.#search(node, strands);
      this.#known.set(key, shared);
    }
    return node.pin === null && node.exclude.length === 0 ? shared : this.#narrowed(shared, node);
  }

  #search(node: LogicalNode, strands: number): Candidates {
    const { index } = this.#lab;
    const type = index.types.get(nameKey(node.type));
    const members = type === undefined ? new Int32Array(0) : index.ofType[type]!;
    const reasons: Partial<Record<ReasonCode, number>> = {};
    const count = (code: ReasonCode, times = 1) => {
      if (times > 0) reasons[code] = (reasons[code] ?? 0) + times;
    };
    count('C1', index.devices.length - members.length);
    const scale = fitScale(node, strands, this.#lab, this.#ways, this.#weights);
    const wishes = wishesOf(node.requirements, this.#ways);
    const places: number[] = [];
    const blocked: number[] = [];
    for (const place of members) {
      const missed = missedBy(index.devices[place]!, wishes);
      const block = missed === null ? this.#lab.blockOf(place) : 0;
      if (missed !== null) count(missed);
      else if (block === 0) places.push(place);
      else {
        count(BLOCK_CODES[block]);
        if (block !== 6) blocked.push(place);
      }
    }
    return {
      places: Int32Array.from(places),
      fits: Float64Array.from(places, scale.fitOf),
      reasons,
      blocked: Int32Array.from(blocked),
      scale,
    };
  }

  #narrowed(shared: Candidates, { pin, exclude }: LogicalNode): Candidates {
    const { devices } = this.#lab.index;
    const excluded = new Set(exclude);
    const isMeant = (place: number) => {
      const { id } = devices[place]!;
      return (pin === null || id === pin) && !excluded.has(id);
    };
    const kept = [...shared.places.keys()].filter((at) => isMeant(shared.places[at]!));
    const elsewhere = shared.places.length - kept.length;
    return {
      ...shared,
      places: Int32Array.from(kept, (at) => shared.places[at]!),
      fits: Float64Array.from(kept, (at) => shared.fits[at]!),
      blocked: shared.blocked.filter(isMeant),
      reasons: elsewhere > 0 ? { ...shared.reasons, C3: elsewhere } : shared.reasons,
    };
  }
}

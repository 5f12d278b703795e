import {
  advise,
  earliest,
  indexPlant,
  plantOf,
  resolve,
  type Advice,
  type DeviceChances,
  type Earliest,
  type EarliestTerms,
  type LabPart,
  type LogicalTopology,
  type PlantIndex,
  type Resolution,
  type ResolveTerms,
  type TopologyOption,
  type Turnarounds,
} from '../../domain/index.js';

/** A lab that arrives in parts, and is laid out when it is first asked about. */
export class LaidOutLab {
  readonly #turnarounds: Turnarounds;
  #parts: LabPart[] = [];
  #index: PlantIndex | null = null;

  constructor(turnarounds: Turnarounds) {
    this.#turnarounds = turnarounds;
  }

  add(part: LabPart): void {
    this.#parts.push(part);
  }

  resolve(topology: LogicalTopology, terms: ResolveTerms): Resolution {
    return resolve(this.#plant(), topology, terms);
  }

  earliest(topology: LogicalTopology, terms: EarliestTerms): Earliest {
    return earliest(this.#plant(), topology, terms);
  }

  advise(
    topology: LogicalTopology,
    options: readonly TopologyOption[],
    terms: ResolveTerms,
    chances: ReadonlyMap<number, DeviceChances>,
  ): Advice[] {
    const plant = this.#plant();
    return options.map((option) => advise(plant, topology, option, terms, chances));
  }

  #plant(): PlantIndex {
    this.#index ??= indexPlant(plantOf(this.#parts, this.#turnarounds));
    this.#parts = [];
    return this.#index;
  }
}

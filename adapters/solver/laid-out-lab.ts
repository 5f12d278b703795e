import {
  adviseOn,
  earliestTopology,
  indexPlant,
  plantOf,
  resolveTopology,
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
    return resolveTopology(topology, this.#laidOut(), terms);
  }

  earliest(topology: LogicalTopology, terms: EarliestTerms): Earliest {
    return earliestTopology(topology, this.#laidOut(), terms);
  }

  advise(
    topology: LogicalTopology,
    options: readonly TopologyOption[],
    terms: ResolveTerms,
    chances: ReadonlyMap<number, DeviceChances>,
  ): Advice[] {
    const index = this.#laidOut();
    return options.map((option) => adviseOn(option, topology, index, terms, chances));
  }

  #laidOut(): PlantIndex {
    this.#index ??= indexPlant(plantOf(this.#parts, this.#turnarounds));
    this.#parts = [];
    return this.#index;
  }
}

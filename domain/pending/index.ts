import { DomainError } from '../shared/index.js';
import type {
  Advice,
  DeviceChances,
  Earliest,
  EarliestTerms,
  LogicalTopology,
  Plant,
  Resolution,
  ResolveTerms,
  TopologyOption,
} from '../topology/index.js';
import type { TimeSlot } from '../shared/index.js';

const notYet = () => new DomainError('unavailable', 'topology.not-yet', 'Not yet.');

export type PlantIndex = Plant;
export const indexPlant = (plant: Plant): PlantIndex => plant;
export const parseTopology = (_nodes: unknown, _edges: unknown): LogicalTopology => {
  throw notYet();
};
export const resolve = (_plant: PlantIndex, _topology: LogicalTopology, _terms: ResolveTerms): Resolution => {
  throw notYet();
};
export const earliest = (_plant: PlantIndex, _topology: LogicalTopology, _terms: EarliestTerms): Earliest => {
  throw notYet();
};
export const advise = (
  _plant: PlantIndex,
  _topology: LogicalTopology,
  _option: TopologyOption,
  _terms: ResolveTerms,
  _chances: ReadonlyMap<number, DeviceChances>,
): Advice => {
  throw notYet();
};
export const checkOption = (
  _plant: Plant,
  _topology: LogicalTopology,
  _option: TopologyOption,
  _window: TimeSlot,
): string[] => {
  throw notYet();
};

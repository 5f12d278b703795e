export { ADVICE_WEIGHTS, adviseOn } from './advice.js';
export { faultsOfOption, OptionChecker } from './check-option.js';
export { earliestWindow } from './earliest-window.js';
export { earliestTopology } from './earliest.js';
export { DEFAULT_WEIGHTS } from './fit.js';
export {
  LINK_KINDS,
  type FirmwareRange,
  type LinkKind,
  type LogicalEdge,
  type LogicalNode,
  type LogicalTopology,
  type Quantity,
  type Wants,
} from './logical-topology.js';
export { MOST_EDGES, MOST_NODES, parseTopology, type DrawingMistake } from './parse-topology.js';
export {
  indexPlant,
  type Bundle,
  type PlantIndex,
  type PortTable,
  type SlotTable,
  type WayTable,
} from './plant-index.js';
export {
  SWITCH_LOSS_DB,
  type DirectWire,
  type HeldPort,
  type HeldTrunk,
  type InlineWay,
  type PatchSwitch,
  type PatchWire,
  type Plant,
  type PlantDevice,
  type PlantPort,
  type PortEnd,
  type Trunk,
  type TrunkEnd,
  type WireDirection,
} from './plant.js';
export type {
  Advice,
  AdviceScore,
  OtherDevice,
  DeviceChances,
  Earliest,
  EarliestTerms,
  FitWeights,
  Hop,
  Infeasible,
  NodeChoice,
  Quota,
  ReasonCode,
  ReasonCounts,
  Relaxation,
  Resolution,
  Resolved,
  ResolveTerms,
  Route,
  ScoreTerm,
  TopologyOption,
} from './resolution.js';
export { resolveTopology } from './resolve.js';

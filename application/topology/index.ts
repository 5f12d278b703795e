export { BookTopology, type TopologyBookingWork, type TopologyOrder } from './book-topology.js';
export type { BookedTopology } from './kept-topology.js';
export { mostOf, type Lacking } from './most-of-topology.js';
export { KeepTopologies, type Drawing } from './keep-topologies.js';
export { mappingIdOf } from './mapping-id.js';
export { ForecastOutlook } from './forecast-outlook.js';
export type * from './ports.js';
export {
  ResolveTopology,
  type DeviceNames,
  type EarliestTopologyQuestion,
  type EarliestView,
  type NodeAvailability,
  type ResolutionView,
  type Suggestion,
  type SuggestionsView,
} from './resolve-topology.js';
export { ReviewTopologies, type DrawingReader } from './review-topologies.js';
export { TopologyLab, type AskedLab, type DeviceName } from './topology-lab.js';
export { TopologyRefused } from './topology-refused.js';

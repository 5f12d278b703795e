export { declaredPorts, kindOfPort } from './device-ports.js';
export {
  plantOf,
  RelevantThings,
  thingIdsOf,
  type LabPart,
  type PastUse,
  type PlantRow,
  type SlotTriples,
  type Turnarounds,
} from './lab-record.js';
export {
  mistakesInLink,
  socketsOf,
  takenSockets,
  type LinkField,
  type LinkMistake,
  type Socket,
  type WiredRow,
} from './link-rules.js';
export {
  isAtSwitch,
  LINK_DIRECTIONS,
  FIBRE_KINDS,
  portLabel,
  type Link,
  type LinkDirection,
  type LinkEnd,
  type LinkFacts,
  type FibreKind,
} from './link.js';
export { Wiring, type CrossConnect, type Trace, type TraceEnd, type TraceHop } from './trace.js';

export { afterFailure, closedBreaker, FAILURES_TO_OPEN, mayAsk, type Breaker } from './circuit-breaker.js';
export {
  defaultPowerPolicy,
  modeOf,
  OUTLET_MODES,
  type Automation,
  type OutletMode,
  type PowerPolicy,
} from './outlet-mode.js';
export type { OutletState } from './outlet.js';
export {
  governingNeed,
  hasSlotNow,
  keepingNeed,
  needOf,
  needsOf,
  slotBeganSince,
  type BookedTime,
  type PowerNeed,
} from './power-need.js';
export { nextChange, planFor, setFor, type PlannedChange } from './power-plan.js';
export { wishesFor, type Feed, type HandSwitch, type ManualHold, type PoweredDevice, type Wish } from './power-wish.js';

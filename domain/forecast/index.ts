export { betaCumulative, betaQuantile, intervalOf, type Belief } from './beta.js';
export {
  asKnownAt,
  heldSlot,
  holdsAt,
  seenWhenBooked,
  type BookingHistory,
  type ObservedDevice,
  type PastBooking,
} from './booking-history.js';
export { CancellationModel, lifeTables, type LifeTable } from './cancellation.js';
export { forecastDevice, type DeviceForecast, type KnownSchedule } from './device-forecast.js';
export { FillUp } from './fill-up.js';
export {
  ForecastModel,
  type Blocker,
  type ForecastNumbers,
  type ForecastParts,
  type ForecastQuestion,
} from './forecast-model.js';
export { Occupancy, type OccupancySettings, type WindowSums } from './occupancy.js';
export {
  brierScore,
  calibrationError,
  logLoss,
  reliability,
  skillOver,
  type Outcome,
  type ReliabilityBin,
} from './scores.js';
export { tunedOccupancy, type MeasuredSkill, type TunedOccupancy } from './tuning.js';
export {
  reliabilityOf,
  usualPlan,
  verdictsOn,
  walkForward,
  type JudgedForecast,
  type Verdict,
  type WalkForwardPlan,
} from './walk-forward.js';
export { countWindows, type WindowCounts } from './window-counts.js';
export {
  CELLS,
  cellOf,
  LENGTH_CLASSES,
  lengthClassOf,
  lengthInWords,
  windowGrid,
  type WindowGrid,
} from './window-grid.js';

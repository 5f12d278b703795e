export { ForecastAvailability, HISTORY_DAYS, type ForecastOfDevice } from './forecast-availability.js';
export type * from './ports.js';

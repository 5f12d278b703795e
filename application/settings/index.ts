export { ChangeSettings } from './change-settings.js';
export { LiveSettings } from './live-settings.js';
export type * from './ports.js';

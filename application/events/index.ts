export { Bell } from './bell.js';
export type * from './ports.js';
export { RingingWork } from './ringing-work.js';

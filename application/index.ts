export * from './booking/index.js';
export * from './events/index.js';
export * from './identity/index.js';
export * from './inventory/index.js';
export * from './jobs/index.js';
export * from './notification/index.js';
export { SYSTEM } from './shared/audit-actor.js';
export type * from './shared/ports.js';
export type { Stores } from './stores.js';

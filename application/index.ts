export * from './booking/index.js';
export * from './identity/index.js';
export * from './inventory/index.js';
export type * from './shared/ports.js';

export * from './booking/index.js';
export * from './events/index.js';
export * from './identity/index.js';
export * from './inventory/index.js';
export * from './notification/index.js';
export * from './shared/index.js';

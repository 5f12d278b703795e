export { LinksByDriver } from './links-by-driver.js';
export type * from './ports.js';

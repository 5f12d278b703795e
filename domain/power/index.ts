export type { OutletState } from './outlet.js';

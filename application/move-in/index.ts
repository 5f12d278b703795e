export { MoveIn, notEmpty, type MoveOutcome, type MoveReport } from './move-in.js';
export type { OldOutlet, OldPdu } from './move-pdus.js';
export type { MovedAccount, MovedLab } from './moved-lab.js';
export type { MovedBooking } from './rules/index.js';
export { planMove, type MovePlan, type MoveTerms, type OldHome } from './plan-move.js';
export * from './ports.js';

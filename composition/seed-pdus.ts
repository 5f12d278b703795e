import { SYSTEM, type PduForm } from '../application/index.js';
import type { Lab } from './compose.js';

/** Registers PDUs in a lab that has none yet; from then on the control panel is where they are kept. */
export const seedPdus = async (lab: Lab, pdus: readonly PduForm[]): Promise<void> => {
  if (pdus.length > 0) await lab.keepPdus.addFirst(SYSTEM, pdus);
};

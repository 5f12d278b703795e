import type { FamilyProfile } from '../profile.js';
import { apcRpdu } from './apc-rpdu.js';
import { apcRpdu2 } from './apc-rpdu2.js';
import { apcSpdu } from './apc-spdu.js';
import { cyberpowerEpdu } from './cyberpower-epdu.js';
import { cyberpowerEpdu2 } from './cyberpower-epdu2.js';
import { eatonEpdu } from './eaton-epdu.js';
import { gudeEpc } from './gude-epc.js';
import { raritanPdu2 } from './raritan-pdu2.js';
import { raritanPx1 } from './raritan-px1.js';
import { servertechSentry3 } from './servertech-sentry3.js';
import { servertechSentry4 } from './servertech-sentry4.js';
import { vertivGeist } from './vertiv-geist.js';

/** Every family there is a driver for. Devices that serve several generations of tables get the first that fits. */
export const families: readonly FamilyProfile[] = [
  raritanPdu2,
  raritanPx1,
  apcRpdu2,
  apcRpdu,
  apcSpdu,
  servertechSentry3,
  servertechSentry4,
  eatonEpdu,
  cyberpowerEpdu2,
  cyberpowerEpdu,
  vertivGeist,
  gudeEpc,
];

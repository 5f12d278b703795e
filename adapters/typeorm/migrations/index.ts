import { Foundation1763856000000 } from './0001-foundation.js';
import { Scheduling1763863200000 } from './0002-scheduling.js';
import { Events1763900000000 } from './0003-events.js';
import { Inventory1763950000000 } from './0004-inventory.js';
import { Administration1763960000000 } from './0005-administration.js';
import { DeviceCare1763962000000 } from './0006-device-care.js';
import { Topology1763970000000 } from './0007-topology.js';
import { Power1763980000000 } from './0008-power.js';
import { Notifications1763990000000 } from './0009-notifications.js';
import { WordsOfPower1764000000000 } from './0010-words-of-power.js';

/** In the order in which they run. */
export const migrations = [
  Foundation1763856000000,
  Scheduling1763863200000,
  Events1763900000000,
  Inventory1763950000000,
  Administration1763960000000,
  DeviceCare1763962000000,
  Topology1763970000000,
  Power1763980000000,
  Notifications1763990000000,
  WordsOfPower1764000000000,
];

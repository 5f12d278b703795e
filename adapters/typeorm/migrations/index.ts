import { Foundation1763856000000 } from './0001-foundation.js';
import { Scheduling1763863200000 } from './0002-scheduling.js';
import { Events1763900000000 } from './0003-events.js';
import { Topology1763970000000 } from './0006-topology.js';

/** In the order in which they run. */
export const migrations = [
  Foundation1763856000000,
  Scheduling1763863200000,
  Events1763900000000,
  Topology1763970000000,
];

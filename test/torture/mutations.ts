import { accountMutations } from './account-mutations.js';
import { bookingMutations } from './booking-mutations.js';
import { decisionMutations } from './decision-mutations.js';
import { deviceMutations } from './device-mutations.js';
import { groupMutations } from './group-mutations.js';
import type { Mutation } from './mutation.js';

/** Every way there is to change the lab. Whoever builds another adds it to one of these tables, or a table of its own. */
export const mutations: readonly Mutation[] = [
  ...bookingMutations,
  ...groupMutations,
  ...decisionMutations,
  ...deviceMutations,
  ...accountMutations,
];

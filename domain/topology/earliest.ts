import { invalid, lengthOf } from '../shared/index.js';
import { earliestWindow } from './earliest-window.js';
import type { LogicalTopology } from './logical-topology.js';
import type { PlantIndex } from './plant-index.js';
import type { Earliest, EarliestTerms } from './resolution.js';
import { resolveTopology } from './resolve.js';

/**
 * The earliest window in which the whole topology can be built, whichever devices it takes, with the best options for
 * it. When there is none, why it cannot be built at the beginning of the search.
 * @throws DomainError `topology.no-room` when `within` is shorter than `length`.
 */
export const earliestTopology = (topology: LogicalTopology, index: PlantIndex, terms: EarliestTerms): Earliest => {
  const { within, length, ...rest } = terms;
  if (!(length > 0 && length <= lengthOf(within))) {
    throw invalid('topology.no-room', 'The time to search in is shorter than the time asked for.');
  }
  const window = earliestWindow(topology, index, terms);
  const from = { start: within.start, end: within.start + length };
  const resolution = resolveTopology(topology, index, { ...rest, window: window ?? from });
  if (resolution.status === 'infeasible') return { status: 'none', infeasible: resolution };
  return { status: 'found', window: window ?? from, options: resolution.options };
};

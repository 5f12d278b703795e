import { isoOf } from '../shared/index.js';
import { CandidateFinder } from './candidates.js';
import { OptionChecker } from './check-option.js';
import { infeasible, overPolicy } from './infeasible.js';
import { LabWindow } from './lab-window.js';
import type { LogicalTopology } from './logical-topology.js';
import { shownOption } from './options.js';
import type { PlantIndex } from './plant-index.js';
import type { Rival } from './relaxation.js';
import type { Resolution, ResolveTerms, TopologyOption } from './resolution.js';
import { bestMapping, prepare } from './solve.js';

const DEFAULT_OPTIONS = 3;
const DEFAULT_BUDGET = 800;
const DEFAULT_GAP = 0.005;
/** Two options have at most this share of their nodes on the same devices. */
const LIKENESS = 0.7;
/** How much longer to look before giving up without any option. */
const PATIENCE = 4;

/**
 * The best ways to build the topology with devices that are free over the window, or why there is none.
 *
 * Deterministic: the same question has the same answer, on every machine. Every option has passed an independent check.
 * @throws Error when an option fails that check: the fault is the resolver's, and nothing wrong may be booked.
 */
export const resolveTopology = (topology: LogicalTopology, index: PlantIndex, terms: ResolveTerms): Resolution => {
  const refused = overPolicy(topology, terms);
  if (refused) return refused;
  const { options: most = DEFAULT_OPTIONS, nodeBudget: budget = DEFAULT_BUDGET, gap = DEFAULT_GAP } = terms;
  const lab = new LabWindow(index, terms.window);
  const prepared = prepare(topology, lab, new CandidateFinder(lab, terms.weights), terms, most);
  const rivals: Rival[] = [];
  const shown: TopologyOption[] = [];
  const likeness = Math.floor(LIKENESS * topology.nodes.length);
  for (let rank = 1; rank <= most; rank += 1) {
    // What differs from the first is not worth as much effort as it.
    const limits = rank === 1 ? { budget, gap } : { budget: Math.ceil(budget / 2), gap, sweeps: 1 };
    let found = bestMapping(prepared, rivals, limits);
    if (!found.best && found.truncated && rank === 1) {
      found = bestMapping(prepared, rivals, { budget: budget * PATIENCE, gap });
    }
    if (!found.best) {
      if (rank === 1) return infeasible(topology, index, terms, prepared, !found.truncated);
      break;
    }
    rivals.push({ places: found.best.places, most: likeness });
    shown.push(shownOption(prepared, found, found.best, gap));
  }
  const options = ranked(shown);
  const checker = new OptionChecker(topology, index.plant, terms);
  for (const option of options) {
    const faults = checker.faultsOf(option);
    if (faults.length > 0) {
      throw new Error(`resolved for ${isoOf(terms.window.start)} to something impossible: ${faults.join('; ')}`);
    }
  }
  return { status: 'resolved', options };
};

/** The best first; a bound of an option that comes later holds for the first one too, as long as it is above. */
const ranked = (found: readonly TopologyOption[]): TopologyOption[] => {
  const inOrder = [...found].sort((a, b) => b.score - a.score);
  const first = inOrder[0]?.score ?? 0;
  return inOrder.map((option, at) => ({ ...option, rank: at + 1, behindFirst: first - option.score }));
};

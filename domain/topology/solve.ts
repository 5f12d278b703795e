import type { CandidateFinder } from './candidates.js';
import { filteredDomains, prunedDomains, type Domains } from './domains.js';
import type { LabWindow } from './lab-window.js';
import { Links } from './links.js';
import type { LogicalTopology } from './logical-topology.js';
import { problemOf, type Problem } from './problem.js';
import { Relaxation, type Rival } from './relaxation.js';
import type { ResolveTerms } from './resolution.js';
import { RoutePlanner } from './routes.js';
import { EQUAL, Search, type Found, type Mapping } from './search.js';
import { wiringOf } from './wiring.js';

/** A problem made ready: what can be said of it before any search. */
export interface Prepared {
  readonly problem: Problem;
  readonly links: Links;
  readonly planner: RoutePlanner;
  readonly domains: Domains;
}

export interface SolveLimits {
  readonly budget: number;
  readonly gap: number;
  /** How often all nodes are placed anew, block by block, while that helps. Default 2. */
  readonly sweeps?: number;
}

/** @param options how many options will be asked for. */
export const prepare = (
  topology: LogicalTopology,
  lab: LabWindow,
  finder: CandidateFinder,
  terms: Pick<ResolveTerms, 'quota' | 'trunkHops' | 'inlineElements'>,
  options = 1,
): Prepared => {
  const problem = problemOf(topology, lab, finder, terms);
  const wiring = wiringOf(lab, problem.hops, problem.inline);
  const links = new Links(problem, wiring);
  const domains = prunedDomains(problem, links, filteredDomains(problem, links), options - 1);
  return { problem, links, planner: new RoutePlanner(problem, wiring), domains };
};

/** Whether the nodes alone are more than the quota has room for. */
const isOverQuota = ({ allowance }: Problem): boolean =>
  allowance.total < 0 || [...allowance.ofType.values()].some((left) => left < 0);

const NOTHING: Found = { best: null, bound: -Infinity, truncated: false, spent: 0 };

const searched = (
  { problem, links, planner }: Prepared,
  domains: Omit<Domains, 'fallen'>,
  relaxation: Relaxation,
  rivals: readonly Rival[],
  limits: SolveLimits & { isEnough?: boolean },
  best: Mapping | null,
): Found => new Search(problem, links, planner, domains, relaxation, rivals, limits, best).run();

/** Any option at all: the question behind "is it possible?". */
export const anyMapping = (prepared: Prepared, budget: number): Found => {
  const { problem, links, domains } = prepared;
  if (isOverQuota(problem) || domains.places.some((domain) => domain.length === 0)) return NOTHING;
  const relaxation = new Relaxation(problem, links, domains, []);
  relaxation.improve(0, 0);
  return searched(prepared, domains, relaxation, [], { budget, gap: 0, isEnough: true }, null);
};

const MOST_ROUNDS = 60;
const LEAST_ROUNDS = 12;
/** Steps of arithmetic that the bound may cost. */
const BOUND_WORK = 6e6;

const roundsFor = ({ places }: Domains, groups: number, bonds: number): number => {
  const work = bonds * groups * groups + 3 * places.reduce((sum, domain) => sum + domain.length, 0);
  return Math.round(Math.min(MOST_ROUNDS, Math.max(LEAST_ROUNDS, BOUND_WORK / Math.max(1, work))));
};

/** The best option that differs from the earlier ones. */
export const bestMapping = (prepared: Prepared, rivals: readonly Rival[], limits: SolveLimits): Found => {
  const { problem, links, domains } = prepared;
  if (isOverQuota(problem) || domains.places.some((domain) => domain.length === 0)) return NOTHING;
  const relaxation = new Relaxation(problem, links, domains, rivals);
  const rounds = roundsFor(domains, links.groups, problem.strands.length);
  relaxation.improve(2, 0);
  if (relaxation.bound === -Infinity) return NOTHING;

  const size = domains.places.length;
  const dive = { budget: Math.min(limits.budget, 4 * size + 20), gap: limits.gap };
  const first = searched(prepared, domains, relaxation, rivals, dive, null);
  if (!first.truncated) return first;
  relaxation.improve(rounds, first.best?.score ?? relaxation.bound * 0.97);

  let { best } = first;
  let { spent } = first;
  const isNear = () => best !== null && relaxation.bound <= best.score + Math.max(EQUAL, limits.gap * best.score);
  const go = (budget: number): Found => {
    const found = searched(prepared, domains, relaxation, rivals, { ...limits, budget }, best);
    best = found.best;
    spent += found.spent;
    return found;
  };
  const second = go(Math.min(limits.budget, 10 * size + 50));
  if (!second.truncated) return { ...second, spent };
  if (!isNear()) best = clustered(prepared, rivals, best);
  if (best !== null && !isNear()) best = improved(prepared, rivals, best, isNear, limits.sweeps ?? 2);
  if (isNear()) return { best, bound: relaxation.bound, truncated: false, spent };
  const last = go(Math.max(0, limits.budget - spent));
  return { best, bound: Math.min(last.bound, relaxation.bound), truncated: last.truncated, spent };
};

/** Neighbourhoods of switches that are tried as places for a whole topology. */
const MOST_CLUSTERS = 6;
const CLUSTER_ROUNDS = 8;

/** Builds the whole topology around one patch switch after the other, where the relaxation has most hope for it. */
const clustered = (prepared: Prepared, rivals: readonly Rival[], start: Mapping | null): Mapping | null => {
  const { problem, links, domains } = prepared;
  const { switches } = problem.lab.index;
  if (switches.length < 3) return start;
  const around = [...switches.keys()].flatMap((centre) => {
    const some = within(domains, links.groupsAround(centre), links);
    if (some.places.some((places) => places.length === 0)) return [];
    const relaxation = new Relaxation(problem, links, some, rivals);
    relaxation.improve(0, 0);
    return [{ some, relaxation, hope: relaxation.bound }];
  });
  around.sort((a, b) => b.hope - a.hope);
  let best = start;
  for (const { some, relaxation } of around.slice(0, MOST_CLUSTERS)) {
    relaxation.improve(CLUSTER_ROUNDS, best?.score ?? 0);
    if (best && relaxation.bound <= best.score + EQUAL) continue;
    const budget = 3 * problem.topology.nodes.length + 20;
    best = searched(prepared, some, relaxation, rivals, { budget, gap: 0 }, best).best;
  }
  return best;
};

const within = (domains: Domains, isNear: Uint8Array, { groupOf }: Links): Omit<Domains, 'fallen'> => {
  const kept = domains.places.map((places) => {
    const found: number[] = [];
    for (let at = 0; at < places.length; at += 1) if (isNear[groupOf[places[at]!]!] === 1) found.push(at);
    return found;
  });
  return {
    places: domains.places.map((places, node) => Int32Array.from(kept[node]!, (at) => places[at]!)),
    values: domains.values.map((values, node) => Float64Array.from(kept[node]!, (at) => values[at]!)),
    twins: kept.map((found) => new Int32Array(found.length).fill(-1)),
  };
};

const BLOCK = 8;
const BLOCK_BUDGET = 60;
const BLOCK_ROUNDS = 8;

/** Frees a few neighbouring nodes at a time and places them anew, until that helps no more. */
const improved = (
  prepared: Prepared,
  rivals: readonly Rival[],
  start: Mapping,
  isNear: () => boolean,
  sweeps: number,
): Mapping => {
  const { problem, links, domains } = prepared;
  let best = start;
  let stale = 0;
  const blocks = blocksOf(problem);
  for (let at = 0; stale < blocks.length && at < sweeps * blocks.length; at += 1) {
    const free = blocks[at % blocks.length]!;
    const only = domains.places.map((domain, node) => (free.has(node) ? -1 : domain.indexOf(best.places[node]!)));
    const some = {
      places: domains.places.map((domain, node) => (only[node]! < 0 ? domain : Int32Array.of(domain[only[node]!]!))),
      values: domains.values.map((value, node) => (only[node]! < 0 ? value : Float64Array.of(value[only[node]!]!))),
      twins: domains.twins.map((twin, node) => (only[node]! < 0 ? twin : Int32Array.of(-1))),
    };
    const relaxation = new Relaxation(problem, links, some, rivals);
    relaxation.improve(BLOCK_ROUNDS, best.score);
    const found =
      relaxation.bound <= best.score + EQUAL
        ? best
        : searched(prepared, some, relaxation, rivals, { budget: BLOCK_BUDGET, gap: 0 }, best).best;
    stale += 1;
    if (!found || found.score <= best.score + EQUAL) continue;
    best = found;
    stale = 0;
    if (isNear()) break;
  }
  return best;
};

/** Each node with its nearest, and all nodes that could be the same devices. */
const blocksOf = ({ topology, strands, candidates }: Problem): Set<number>[] => {
  const neighbours = topology.nodes.map(() => new Set<number>());
  for (const { source, target } of strands) {
    neighbours[source]!.add(target);
    neighbours[target]!.add(source);
  }
  const near = topology.nodes.map((_, node) => {
    const block = new Set([node]);
    for (const member of block) {
      for (const next of neighbours[member]!) if (block.size < BLOCK) block.add(next);
    }
    return block;
  });
  const alike = new Map<number, number[]>();
  candidates.forEach(({ places }, node) => {
    const [first = -1] = places;
    alike.set(first, [...(alike.get(first) ?? []), node]);
  });
  const types = [...alike.values()].flatMap((nodes) =>
    Array.from(
      { length: Math.ceil(nodes.length / BLOCK) },
      (_, at) => new Set(nodes.slice(at * BLOCK, (at + 1) * BLOCK)),
    ),
  );
  return [...near.filter((_, node) => node % 2 === 0), ...types];
};

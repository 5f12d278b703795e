import { lengthOf, type Instant } from '../shared/index.js';
import type { Candidates } from './candidates.js';
import { freeFrom, type LabWindow } from './lab-window.js';
import { Occupancy } from './occupancy.js';
import { LINK_SHARE, NODE_SHARE } from './problem.js';
import type { NodeChoice, OtherDevice, ReasonCounts, ScoreTerm, TopologyOption } from './resolution.js';
import type { Found, Mapping } from './search.js';
import { shownRoute } from './shown-route.js';
import type { Prepared } from './solve.js';

const MOST_OTHERS = 3;

/** When the first device that only bookings or maintenance keep out is free for as long as the window; null for none. */
export const nextFreeOf = ({ blocked }: Candidates, { index, window }: LabWindow): Instant | null => {
  let earliest = Infinity;
  for (const place of blocked) {
    earliest = Math.min(earliest, freeFrom([index.busy, index.maintenance], place, window.start, lengthOf(window)));
  }
  return earliest === Infinity ? null : earliest;
};

/** Why devices fell, with what only shows beside the neighbours of a node. */
export const reasonsOf = ({ problem, domains }: Prepared, node: number): ReasonCounts => ({
  ...problem.candidates[node]!.reasons,
  ...domains.fallen[node],
});

const worstLoss = (chosen: readonly ScoreTerm[], other: readonly ScoreTerm[]): OtherDevice['loses'] => {
  let loses: OtherDevice['loses'] = null;
  chosen.forEach(({ name, weight, score }, at) => {
    const by = weight * (score - other[at]!.score);
    if (by > 1e-9 && by > (loses?.by ?? 0)) loses = { term: name, by };
  });
  return loses;
};

/** The best candidates but the chosen one, by fit and then by id. */
const nextBest = ({ places, fits }: Candidates, chosen: number): number[] => {
  const best: number[] = [];
  for (let at = 0; at < places.length; at += 1) {
    if (places[at] === chosen) continue;
    let into = best.length;
    while (into > 0 && fits[best[into - 1]!]! < fits[at]!) into -= 1;
    if (into >= MOST_OTHERS) continue;
    best.splice(into, 0, at);
    if (best.length > MOST_OTHERS) best.pop();
  }
  return best;
};

/** Edges that find no route when the node is another device and all else stays. */
const brokenBy = (prepared: Prepared, mapping: Mapping, node: number, place: number): string[] => {
  const { problem, planner, links } = prepared;
  const taken = new Occupancy(problem, links.wiring);
  mapping.places.forEach((other, at) => (taken.usedDevice[other] = Number(at !== node)));
  taken.usedDevice[place] = 1;
  const own = problem.strands.filter(({ source, target }) => source === node || target === node);
  problem.strands.forEach((strand, at) => {
    if (!own.includes(strand)) taken.take(mapping.routes[at]!);
  });
  const at = (end: number) => (end === node ? place : mapping.places[end]!);
  const broken = new Set<string>();
  for (const strand of own) {
    const route = planner.routes(strand, at(strand.source), at(strand.target), taken).next().value;
    if (route) taken.take(route);
    else broken.add(problem.topology.edges[strand.edge]!.id);
  }
  return [...broken];
};

const chosenNode = (prepared: Prepared, mapping: Mapping, node: number, used: ReadonlySet<number>): NodeChoice => {
  const { problem } = prepared;
  const { devices } = problem.lab.index;
  const candidates = problem.candidates[node]!;
  const { scale, places, fits } = candidates;
  const place = mapping.places[node]!;
  const terms = scale.termsOf(place);
  const fit = scale.fitOf(place);
  return {
    nodeId: problem.topology.nodes[node]!.id,
    deviceId: devices[place]!.id,
    fit,
    terms,
    candidates: places.length,
    reasons: reasonsOf(prepared, node),
    nextFree: nextFreeOf(candidates, problem.lab),
    alternatives: nextBest(candidates, place).map((at) => {
      const other = places[at]!;
      return {
        deviceId: devices[other]!.id,
        fit: fits[at]!,
        difference: fits[at]! - fit,
        loses: worstLoss(terms, scale.termsOf(other)),
        available: !used.has(other),
        breaks: brokenBy(prepared, mapping, node, other),
      };
    }),
  };
};

/** Mean fit and mean link of an option in one number. */
const totalScore = (fits: readonly { fit: number; weight: number }[], links: readonly { score: number }[]): number => {
  const weight = fits.reduce((sum, item) => sum + item.weight, 0);
  const fit = fits.reduce((sum, item) => sum + item.fit * item.weight, 0) / weight;
  const link = links.length === 0 ? 1 : links.reduce((sum, item) => sum + item.score, 0) / links.length;
  return NODE_SHARE * fit + LINK_SHARE * link;
};

/** An answer of the search with its reasons; ranks are given later. */
export const shownOption = (prepared: Prepared, found: Found, mapping: Mapping, tolerance: number): TopologyOption => {
  const { problem } = prepared;
  const { devices, ways } = problem.lab.index;
  const inline = mapping.routes.flatMap((route) => route.ways.map((entry) => ways.device[entry >> 1]!));
  const used = new Set([...mapping.places, ...inline]);
  const nodes = problem.topology.nodes.map((_, node) => chosenNode(prepared, mapping, node, used));
  const routes = problem.strands.map((strand, at) => shownRoute(problem, strand, mapping.routes[at]!));
  const score = totalScore(
    nodes.map(({ fit }, at) => ({ fit, weight: problem.topology.nodes[at]!.weight })),
    routes,
  );
  const bound = Math.max(score, found.bound + problem.offset);
  const gap = (bound - score) / bound;
  const proved = gap <= tolerance + 1e-7;
  return {
    rank: 1,
    nodes,
    routes,
    deviceIds: [...used].map((place) => devices[place]!.id).sort((a, b) => a - b),
    score,
    bound,
    gap,
    proved,
    truncated: found.truncated && !proved,
    behindFirst: 0,
  };
};

import { inWords, isoOf, lengthOf, nameKey, type TimeSlot } from '../shared/index.js';
import { CandidateFinder } from './candidates.js';
import { earliestWindow } from './earliest-window.js';
import { LabWindow } from './lab-window.js';
import type { LogicalNode, LogicalTopology, Wants } from './logical-topology.js';
import { Matching } from './matching.js';
import { nextFreeOf, reasonsOf } from './options.js';
import type { PlantIndex } from './plant-index.js';
import type { Infeasible, ReasonCounts, Relaxation, ResolveTerms } from './resolution.js';
import { anyMapping, prepare, type Prepared } from './solve.js';

/** Search nodes that one question may cost while an explanation is put together. */
const PROBE_BUDGET = 2000;
/** Questions that one explanation may ask. */
const MOST_PROBES = 300;
const MOST_RELAXATIONS = 5;
/** How far ahead a time is looked for that would do. */
const SHIFT_HORIZON = 60 * 86_400_000;

type Verdict = 'possible' | 'impossible' | 'unknown';

/** The part of a topology with these nodes and edges; edges without both ends are left out. */
const partOf = ({ nodes, edges }: LogicalTopology, keptNodes: ReadonlySet<string>, keptEdges: ReadonlySet<string>) => ({
  nodes: nodes.filter(({ id }) => keptNodes.has(id)),
  edges: edges.filter(({ id, source, target }) => keptEdges.has(id) && keptNodes.has(source) && keptNodes.has(target)),
});

/** Asks about changed topologies on one plant. */
class Probe {
  readonly #finder: CandidateFinder;
  readonly #lab: LabWindow;
  readonly #terms: ResolveTerms;
  #left = MOST_PROBES;

  constructor(index: PlantIndex, terms: ResolveTerms) {
    this.#lab = new LabWindow(index, terms.window);
    this.#finder = new CandidateFinder(this.#lab, terms.weights);
    this.#terms = terms;
  }

  ask(topology: LogicalTopology): Verdict {
    if (topology.nodes.length === 0) return 'possible';
    this.#left -= 1;
    if (this.#left < 0) return 'unknown';
    const found = anyMapping(prepare(topology, this.#lab, this.#finder, this.#terms), PROBE_BUDGET);
    if (found.best) return 'possible';
    return found.truncated ? 'unknown' : 'impossible';
  }
}

/** What asks for more than the policy gives anybody, whatever the lab has; null when nothing does. */
export const overPolicy = ({ nodes }: LogicalTopology, { window, quota = {} }: ResolveTerms): Infeasible | null => {
  const { longest = Infinity, until = Infinity } = quota;
  const details = [
    ...(lengthOf(window) > longest ? [`a booking may last at most ${Math.round(longest / 3_600_000)} h`] : []),
    ...(window.end > until ? [`a booking may end no later than ${isoOf(until)}`] : []),
  ];
  if (details.length === 0) return null;
  return {
    status: 'infeasible',
    proved: true,
    nodes: [],
    edges: [],
    detail: `The policy does not allow it: ${details.join('; ')}.`,
    reasons: Object.fromEntries(nodes.map(({ id }): [string, ReasonCounts] => [id, { C12: 1 }])),
    nextFree: {},
    shortage: null,
    surplus: {},
    relaxations: [],
  };
};

/** Drops one element after the other as long as the rest stays impossible: what is left is irreducible. */
const conflictSet = (topology: LogicalTopology, probe: Probe, start: Iterable<string>) => {
  const nodes = new Set(start);
  const edges = new Set(topology.edges.map(({ id }) => id));
  let isCertain = true;
  const stays = () => {
    const verdict = probe.ask(partOf(topology, nodes, edges));
    if (verdict === 'unknown') isCertain = false;
    return verdict === 'impossible';
  };
  for (const part of halves([...nodes].reverse())) {
    if (!part.every((id) => nodes.has(id))) continue;
    for (const id of part) nodes.delete(id);
    if (nodes.size === 0 || !stays()) for (const id of part) nodes.add(id);
  }
  for (const { id } of partOf(topology, nodes, edges).edges) {
    edges.delete(id);
    if (!stays()) edges.add(id);
  }
  const part = partOf(topology, nodes, edges);
  return { nodes: part.nodes.map(({ id }) => id), edges: part.edges.map(({ id }) => id), isCertain };
};

/** First big parts, then their halves, down to single elements: most of a big topology has nothing to do with it. */
const halves = (ids: readonly string[]): string[][] => {
  const parts: string[][] = [];
  for (let size = Math.ceil(ids.length / 2); ids.length > 3 && size > 1; size = Math.ceil(size / 2)) {
    for (let at = 0; at < ids.length; at += size) parts.push(ids.slice(at, at + size));
  }
  return [...parts, ...ids.map((id) => [id])];
};

/** Nodes that are too many for the devices there are for them, by Hall's theorem. */
const shortageOf = ({ problem }: Prepared): Infeasible['shortage'] => {
  const { devices } = problem.lab.index;
  const domains = problem.candidates.map(({ places }) => places);
  const short = new Matching(domains, devices.length).complete();
  if (!short) return null;
  return {
    nodes: short.nodes.map((node) => problem.topology.nodes[node]!.id),
    deviceIds: short.places.map((place) => devices[place]!.id).sort((a, b) => a - b),
  };
};

/** The surroundings of a node that its neighbours leave no device, where these alone cannot be built; else all nodes. */
const suspectsIn = (topology: LogicalTopology, { domains }: Prepared, probe: Probe): string[] => {
  const all = topology.nodes.map(({ id }) => id);
  const lost = all[domains.places.findIndex((places) => places.length === 0)];
  if (lost === undefined) return all;
  const near = new Set([lost]);
  for (const { source, target } of topology.edges) if (source === lost || target === lost) near.add(source).add(target);
  const part = partOf(topology, near, new Set(topology.edges.map(({ id }) => id)));
  return probe.ask(part) === 'impossible' ? all.filter((id) => near.has(id)) : all;
};

/** Why a topology that cannot be built cannot: what stands against itself, and what would help. */
export const infeasible = (
  topology: LogicalTopology,
  index: PlantIndex,
  terms: ResolveTerms,
  prepared: Prepared,
  proved: boolean,
): Infeasible => {
  const { problem } = prepared;
  const probe = new Probe(index, terms);
  const bare = topology.nodes.filter((_, node) => problem.candidates[node]!.places.length === 0);
  const shortage = bare.length > 0 ? null : shortageOf(prepared);
  const ids = topology.nodes.map(({ id }) => id);
  const conflict =
    !proved || terms.explained === false
      ? { nodes: ids, edges: topology.edges.map(({ id }) => id), isCertain: false }
      : bare.length > 0
        ? { nodes: [bare[0]!.id], edges: [], isCertain: true }
        : conflictSet(topology, probe, shortage?.nodes ?? suspectsIn(topology, prepared, probe));
  const nodeOf = new Map(ids.map((id, node) => [id, node]));
  const surplus = surplusOf(prepared);
  const inConflict = bare.length > 0 ? bare.map(({ id }) => id) : conflict.nodes;
  const shown = [...new Set([...inConflict, ...Object.keys(surplus)])];
  return {
    status: 'infeasible',
    proved,
    nodes: conflict.nodes,
    edges: conflict.edges,
    detail: detailOf(topology, prepared, conflict, shortage, proved),
    reasons: Object.fromEntries(shown.map((id) => [id, reasonsOf(prepared, nodeOf.get(id)!)])),
    nextFree: Object.fromEntries(
      shown.map((id) => [id, nextFreeOf(problem.candidates[nodeOf.get(id)!]!, problem.lab)]),
    ),
    ...{ shortage, surplus },
    relaxations: terms.explained === false ? [] : relaxationsOf(topology, index, terms, probe, conflict),
  };
};

const WORDS: Readonly<Record<string, string>> = {
  'C2.ports': 'have too few ports',
  'C2.vendor': 'are of another vendor',
  'C2.model': 'are of another model',
  'C2.site': 'are at another site',
  'C2.firmware': 'have other firmware',
  'C2.tags': 'have other tags',
  'C2.quantity': 'have other figures',
  C3: 'are excluded or not the one that it is pinned to',
  C4: 'are booked then',
  C5: 'are in maintenance then',
  C6: 'cannot be booked',
  C8: 'cannot be joined to a neighbour',
  C9: 'have too few wired ports',
};

const inReasons = (reasons: ReasonCounts): string =>
  inWords(
    Object.entries(reasons)
      .filter(([code]) => code !== 'C1')
      .map(([code, count]) => `${count} ${WORDS[code] ?? code}`),
  );

const noneFor = (prepared: Prepared, node: number): string => {
  const { topology, lab } = prepared.problem;
  const { id, type } = topology.nodes[node]!;
  const reasons = inReasons(reasonsOf(prepared, node));
  if (!lab.index.types.has(nameKey(type))) return `The lab has no device of type ${type} for ${id}.`;
  return `No ${type} can be ${id}: ${reasons === '' ? 'the quota leaves no room for it' : reasons}.`;
};

const MOST_NAMES = 12;

const surplusOf = (prepared: Prepared): Record<string, string> => {
  const { topology, lab, candidates } = prepared.problem;
  const { devices } = lab.index;
  const domains = candidates.map(({ places }) => places);
  return Object.fromEntries(
    [...new Matching(domains, devices.length).surplus()].map(([node, places]): [string, string] => {
      const { id } = topology.nodes[node]!;
      if (places.length === 0) return [id, noneFor(prepared, node)];
      const names = places.slice(0, MOST_NAMES).map((place) => devices[place]!.name);
      const rest = places.length > MOST_NAMES ? [`${places.length - MOST_NAMES} more`] : [];
      return [id, `Other nodes need all devices that could be ${id}: ${inWords([...names, ...rest])}.`];
    }),
  );
};

const detailOf = (
  topology: LogicalTopology,
  prepared: Prepared,
  conflict: { nodes: readonly string[]; edges: readonly string[]; isCertain: boolean },
  shortage: Infeasible['shortage'],
  proved: boolean,
): string => {
  if (!proved) return 'No way was found within the effort allowed, and none was ruled out. Try a smaller topology.';
  const { problem } = prepared;
  const [only] = conflict.nodes;
  if (conflict.nodes.length === 1 && only !== undefined && conflict.edges.length === 0) {
    const at = topology.nodes.findIndex(({ id }) => id === only);
    return noneFor(prepared, at);
  }
  if (problem.allowance.total < 0 || [...problem.allowance.ofType.values()].some((left) => left < 0)) {
    return `The quota has no room for ${inWords(conflict.nodes)} together.`;
  }
  if (shortage && conflict.edges.length === 0) {
    const names = shortage.deviceIds.map((id) => problem.lab.index.devices[problem.lab.index.placeOf.get(id)!]!.name);
    const choice = names.length === 0 ? 'no device is left' : `there is only ${inWords(names.slice(0, 12))}`;
    return `For ${inWords(shortage.nodes)} together ${choice}.`;
  }
  const links = conflict.edges.length === 0 ? '' : ` with the links ${inWords(conflict.edges)}`;
  const less = conflict.isCertain ? '; without any one of these the rest of them can be built' : '';
  const lost = topology.nodes.findIndex(
    ({ id }, at) => conflict.nodes.includes(id) && prepared.domains.places[at]!.length === 0,
  );
  const because =
    lost < 0 ? '' : ` Of the devices for ${topology.nodes[lost]!.id}, ${inReasons(reasonsOf(prepared, lost))}.`;
  return `${inWords(conflict.nodes)}${links} cannot be built together${less}.${because}`;
};

const withNode = (topology: LogicalTopology, changed: LogicalNode): LogicalTopology => ({
  ...topology,
  nodes: topology.nodes.map((node) => (node.id === changed.id ? changed : node)),
});

/** Single changes to what stands against itself, the cheapest first; each is tried on the whole topology. */
const relaxationsOf = (
  topology: LogicalTopology,
  index: PlantIndex,
  terms: ResolveTerms,
  probe: Probe,
  conflict: { nodes: readonly string[]; edges: readonly string[] },
): Relaxation[] => {
  const found: Relaxation[] = [];
  const offer = (kind: Relaxation['kind'], change: string, detail: string, changed: LogicalTopology) => {
    if (found.length >= MOST_RELAXATIONS || probe.ask(changed) !== 'possible') return;
    found.push({ kind, change, detail, window: null });
  };
  const inConflict = topology.nodes.filter(({ id }) => conflict.nodes.includes(id));
  for (const node of inConflict) {
    for (const name of Object.keys(node.requirements) as (keyof Wants)[]) {
      const { [name]: dropped, ...requirements } = node.requirements;
      if (dropped === undefined) continue;
      const change = `${node.id}.requirements.${name}`;
      offer(
        'drop-requirement',
        change,
        `Do not insist on ${name} at ${node.id}.`,
        withNode(topology, { ...node, requirements }),
      );
    }
    if (node.alike !== null) {
      const changed = withNode(topology, { ...node, alike: null });
      offer('drop-requirement', `${node.id}.alike`, `Let ${node.id} be of another model.`, changed);
    }
    if (node.pin !== null || node.exclude.length > 0) {
      const changed = withNode(topology, { ...node, pin: null, exclude: [] });
      offer('unpin', `${node.id}.pin`, `Let ${node.id} be any device.`, changed);
    }
  }
  for (const edge of topology.edges.filter(({ id }) => conflict.edges.includes(id))) {
    const limits = { maxLossDb: null, minLengthKm: null, maxLengthKm: null, kinds: null };
    const isLimited = Object.keys(limits).some((name) => edge[name as keyof typeof limits] !== null);
    const edges = topology.edges.map((other) => (other === edge ? { ...edge, ...limits } : other));
    const change = `${edge.id}.requirements`;
    if (isLimited) offer('drop-requirement', change, `Accept any route for ${edge.id}.`, { ...topology, edges });
  }
  const shift = shiftOf(topology, index, terms);
  if (shift && found.length < MOST_RELAXATIONS) {
    const detail = `Book from ${isoOf(shift.start)} to ${isoOf(shift.end)} instead.`;
    found.push({ kind: 'shift', change: `start_time=${isoOf(shift.start)}`, detail, window: shift });
  }
  for (const id of conflict.edges) {
    const edges = topology.edges.filter((other) => other.id !== id);
    offer('drop-edge', id, `Leave out the link ${id}.`, { ...topology, edges });
  }
  for (const id of conflict.nodes) {
    const nodes = new Set(topology.nodes.map((node) => node.id).filter((other) => other !== id));
    const changed = partOf(topology, nodes, new Set(topology.edges.map((edge) => edge.id)));
    if (changed.nodes.length > 0) offer('drop-node', id, `Leave out ${id} and its links.`, changed);
  }
  return found;
};

const shiftOf = (topology: LogicalTopology, index: PlantIndex, terms: ResolveTerms): TimeSlot | null => {
  const { window, quota = {} } = terms;
  const end = Math.min(window.start + SHIFT_HORIZON, quota.until ?? Infinity);
  if (end - window.start < lengthOf(window)) return null;
  const within = { start: window.start, end };
  return earliestWindow(topology, index, { ...terms, within, length: lengthOf(window) });
};

import { groupBy, HOUR, lengthOf, nameKey } from '../shared/index.js';
import { strandsAt, type CandidateFinder, type Candidates } from './candidates.js';
import type { LabWindow } from './lab-window.js';
import { LINK_KINDS, type LinkKind, type LogicalEdge, type LogicalTopology } from './logical-topology.js';
import { SWITCH_LOSS_DB } from './plant.js';
import type { PlantIndex } from './plant-index.js';
import type { Quota, ResolveTerms } from './resolution.js';

/** Shares of nodes and links in the score. */
export const NODE_SHARE = 0.7;
export const LINK_SHARE = 0.3;

/** One of the links that an edge stands for, between nodes known by their places in the topology. */
export interface Strand {
  readonly edge: number;
  readonly number: number;
  readonly source: number;
  readonly target: number;
  readonly duplex: boolean;
  /** Bit k stands for LINK_KINDS[k]. */
  readonly kinds: number;
  readonly maxLoss: number;
  readonly minLength: number;
  readonly maxLength: number;
  /** Other strands join the same two nodes and ask for something else. */
  readonly isMixed: boolean;
  /** A patch between any two ports of one switch keeps its limits. */
  readonly isPatchSafe: boolean;
  /** Some route without inline elements might not keep its limits. */
  readonly isLimited: boolean;
}

/** How many devices may be booked beside those that nodes become. */
export interface Allowance {
  readonly total: number;
  /** By type number; what is left out has no limit of its own. */
  readonly ofType: ReadonlyMap<number, number>;
}

/** A topology and a plant at one time, as numbers. */
export interface Problem {
  readonly topology: LogicalTopology;
  readonly lab: LabWindow;
  readonly candidates: readonly Candidates[];
  /** What a candidate adds to the score, beside its links. */
  readonly values: readonly Float64Array[];
  readonly strands: readonly Strand[];
  readonly strandsAt: readonly number[];
  /** What a perfect link adds to the score. */
  readonly linkWeight: number;
  /** What the score has in any case: nothing is lost on links where there are none. */
  readonly offset: number;
  readonly hops: number;
  readonly inline: number;
  readonly allowance: Allowance;
  /** Nodes with one number above -1 need devices of one model. */
  readonly alike: Int32Array;
  /** Whether it matters which of several like ports or trunks a link takes. */
  readonly picky: boolean;
}

export const bitOf = (kind: LinkKind): number => 1 << LINK_KINDS.indexOf(kind);

export const kindsOf = (kinds: readonly LinkKind[] | null): number =>
  (kinds ?? LINK_KINDS).reduce((bits, kind) => bits | bitOf(kind), 0);

/** Score of a link by its kind, with the number of trunks or inline elements in it. */
export const linkScore = (kind: LinkKind, steps: number, loss: number, maxLoss: number): number => {
  if (kind === 'direct') return 1;
  if (kind === 'patch') return 0.95;
  if (kind === 'trunk') return 0.8 - 0.15 * (steps - 1);
  const used = Number.isFinite(maxLoss) && maxLoss > 0 ? Math.min(1, Math.max(0, loss / maxLoss)) : 0;
  return 0.9 - 0.1 * steps - 0.1 * used;
};

const allowanceOf = (
  quota: Quota,
  { nodes }: LogicalTopology,
  { types }: PlantIndex,
  milliseconds: number,
): Allowance => {
  const { devices = Infinity, deviceHours = Infinity, ofType = {} } = quota;
  const byHours = Math.floor((deviceHours * HOUR) / milliseconds + 1e-9);
  const left = new Map<number, number>();
  for (const [name, limit] of Object.entries(ofType)) {
    const type = types.get(nameKey(name));
    const taken = nodes.filter((node) => nameKey(node.type) === nameKey(name)).length;
    if (type !== undefined) left.set(type, limit - taken);
  }
  return { total: Math.min(devices, byHours) - nodes.length, ofType: left };
};

const worst = (numbers: Float64Array): number => numbers.reduce((most, number) => Math.max(most, number), 0);

/** Whether one port, trunk or element can do for a link what another like it cannot. */
const isPicky = (strands: readonly Strand[], { ports, ways }: PlantIndex, inline: number): boolean => {
  const isCrossing = (way: number) => {
    const [a, b] = [ports.switchOf[ways.portA[way]!]!, ports.switchOf[ways.portB[way]!]!];
    return a < 0 || a !== b;
  };
  const hasCrossings = inline > 0 && [...ways.id.keys()].some(isCrossing);
  return strands.some(({ isLimited, maxLoss, maxLength, kinds }) => {
    const hasLimit = Number.isFinite(maxLoss) || Number.isFinite(maxLength);
    return (
      isLimited || (hasLimit && (kinds & bitOf('inline')) !== 0 && (hasCrossings || (kinds & bitOf('patch')) === 0))
    );
  });
};

/** The most that routes without inline elements lose, and how long they are. */
const worstCase = ({ ports, bundles }: PlantIndex, hops: number) => {
  const trunks = bundles.flatMap((bundle) => bundle.trunks);
  const trunkLoss = Math.max(0, ...trunks.map((trunk) => trunk.lossDb));
  const trunkLength = Math.max(0, ...trunks.map((trunk) => trunk.lengthKm));
  const patch = { loss: 2 * worst(ports.loss) + SWITCH_LOSS_DB, length: 2 * worst(ports.length) };
  const trunk = { loss: patch.loss + hops * (trunkLoss + SWITCH_LOSS_DB), length: patch.length + hops * trunkLength };
  return { patch, trunk };
};

const strandsOf = (
  edges: readonly LogicalEdge[],
  place: ReadonlyMap<string, number>,
  index: PlantIndex,
  hops: number,
): Strand[] => {
  const { patch, trunk } = worstCase(index, hops);
  const keeps = (edge: LogicalEdge, { loss, length }: { loss: number; length: number }) =>
    (edge.minLengthKm ?? 0) <= 0 && loss <= (edge.maxLossDb ?? Infinity) && length <= (edge.maxLengthKm ?? Infinity);
  const asks = (edge: LogicalEdge) => [edge.direction === 'both' || edge.source, kindsOf(edge.kinds)].join();
  const byEnds = groupBy(edges, ({ source, target }) => [source, target].sort().join('\0'));
  const mixed = new Set([...byEnds.values()].filter((group) => new Set(group.map(asks)).size > 1).flat());
  return edges.flatMap((edge, at) =>
    Array.from({ length: edge.multiplicity }, (_, number) => ({
      edge: at,
      number,
      source: place.get(edge.source)!,
      target: place.get(edge.target)!,
      duplex: edge.direction === 'both',
      kinds: kindsOf(edge.kinds),
      maxLoss: edge.maxLossDb ?? Infinity,
      minLength: edge.minLengthKm ?? 0,
      maxLength: edge.maxLengthKm ?? Infinity,
      isMixed: mixed.has(edge),
      isPatchSafe: (kindsOf(edge.kinds) & bitOf('patch')) !== 0 && keeps(edge, patch),
      isLimited: !keeps(edge, trunk),
    })),
  );
};

export const problemOf = (
  topology: LogicalTopology,
  lab: LabWindow,
  finder: CandidateFinder,
  terms: Pick<ResolveTerms, 'quota' | 'trunkHops' | 'inlineElements'>,
): Problem => {
  const { nodes, edges } = topology;
  const { trunkHops: hops = 3, inlineElements: inline = 2, quota = {} } = terms;
  const place = new Map(nodes.map(({ id }, at) => [id, at]));
  const strands = strandsOf(edges, place, lab.index, hops);
  const counts = strandsAt(topology);
  const candidates = nodes.map((node, at) => finder.of(node, counts[at]!));
  const weight = nodes.reduce((sum, node) => sum + node.weight, 0);
  const labels = [...new Set(nodes.map((node) => node.alike))];
  return {
    topology,
    lab,
    candidates,
    values: candidates.map(({ fits }, at) => fits.map((fit) => (NODE_SHARE * nodes[at]!.weight * fit) / weight)),
    strands,
    strandsAt: counts,
    linkWeight: strands.length > 0 ? LINK_SHARE / strands.length : 0,
    offset: strands.length > 0 ? 0 : LINK_SHARE,
    hops,
    inline,
    allowance: allowanceOf(quota, topology, lab.index, lengthOf(lab.window)),
    alike: Int32Array.from(nodes, ({ alike }) => (alike === null ? -1 : labels.indexOf(alike))),
    picky: isPicky(strands, lab.index, inline),
  };
};

import type {
  Infeasible,
  Instant,
  LogicalTopology,
  ReasonCounts,
  Resolution,
  TopologyOption,
} from '../../domain/index.js';

/** Why a node is left out. */
export interface Lacking {
  readonly detail: string;
  readonly reasons: ReasonCounts;
  /** When the first blocked device for it is free for as long. */
  readonly nextFree: Instant | null;
}

/** How often a reason is looked for, and how often after that whether a part is possible. */
const MOST_REASONS = 4;
const MOST_PARTS = 120;

/**
 * What can be built of a topology together, and what is left out of it: the later nodes rather than the earlier ones.
 * Where very much stands against each other, more is left out than would have to be.
 * @param ask resolves a part for one option; with a reason, or not.
 */
export const mostOf = async (
  topology: LogicalTopology,
  ask: (part: LogicalTopology, explained: boolean) => Promise<Resolution>,
): Promise<{ readonly option: TopologyOption | null; readonly out: ReadonlyMap<string, Lacking> }> => {
  const out = new Map<string, Lacking>();
  const rest = () => without(topology, new Set(out.keys()));
  const leaveOut = (ids: readonly string[], { detail, surplus, reasons, nextFree }: Infeasible) => {
    for (const id of ids) {
      out.set(id, { detail: surplus[id] ?? detail, reasons: reasons[id] ?? {}, nextFree: nextFree[id] ?? null });
    }
  };
  let why: Infeasible | null = null;
  for (let turn = 0; turn < MOST_REASONS && rest().nodes.length > 0; turn += 1) {
    const resolution = await ask(rest(), true);
    if (resolution.status === 'resolved') return { option: resolution.options[0] ?? null, out };
    why = resolution;
    const surplus = Object.keys(why.surplus);
    leaveOut(surplus.length > 0 ? surplus : whoGivesWay(rest(), why), why);
  }
  if (why === null) return { option: null, out };

  // Many reasons: from here on what fits is added part by part, big ones first.
  const last = why;
  const wanted = rest().nodes.map(({ id }) => id);
  const kept = new Set<string>();
  const all = new Set(topology.nodes.map(({ id }) => id));
  let option: TopologyOption | null = null;
  let left = MOST_PARTS;
  const add = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    left -= 1;
    const others = new Set([...all].filter((id) => !kept.has(id) && !ids.includes(id)));
    const resolution = left < 0 ? last : await ask(without(topology, others), false);
    if (resolution.status === 'resolved') {
      for (const id of ids) kept.add(id);
      option = resolution.options[0] ?? null;
    } else if (left < 0 || ids.length === 1) leaveOut(ids, last);
    else {
      const half = Math.ceil(ids.length / 2);
      await add(ids.slice(0, half));
      await add(ids.slice(half));
    }
  };
  await add(wanted);
  return { option, out };
};

/** The last of the nodes that the trouble is about. */
const whoGivesWay = (
  { nodes, edges }: LogicalTopology,
  { nodes: ids, edges: edgeIds }: Pick<Infeasible, 'nodes' | 'edges'>,
): string[] => {
  const joined = edges.filter(({ id }) => edgeIds.includes(id)).map(({ target }) => target);
  const concerned = ids.length > 0 ? ids : joined;
  const inOrder = nodes.map(({ id }) => id).filter((id) => concerned.includes(id));
  return (inOrder.length > 0 ? inOrder : nodes.map(({ id }) => id)).slice(-1);
};

/** The topology without these nodes and their edges. */
export const without = ({ nodes, edges }: LogicalTopology, ids: ReadonlySet<string>): LogicalTopology => ({
  nodes: nodes.filter(({ id }) => !ids.has(id)),
  edges: edges.filter(({ source, target }) => !ids.has(source) && !ids.has(target)),
});

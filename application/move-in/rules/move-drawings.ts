import { REVIEW_STATUSES, type SavedTopology, type TopologyReview, type User } from '../../../domain/index.js';
import type { MoveLog } from './move-log.js';
import { listIn } from './old-json.js';
import type { OldLab, OldTopology } from './old-lab.js';
import { utcOf } from './old-times.js';

interface OldNode {
  readonly id?: unknown;
  readonly data?: unknown;
}

interface OldEdge {
  readonly source?: unknown;
  readonly target?: unknown;
}

export type DrawingOddity = 'empty' | 'edge-to-nothing' | 'plain-nodes';

/** What is unusual about a drawing; nothing of it keeps it from moving. */
export const oddityOf = ({ nodes, edges }: Pick<OldTopology, 'nodes' | 'edges'>): DrawingOddity[] => {
  const drawn = (listIn(nodes) ?? []) as readonly OldNode[];
  const ids = new Set(drawn.map(({ id }) => id));
  const loose = ((listIn(edges) ?? []) as readonly OldEdge[]).some(
    ({ source, target }) => !ids.has(source) || !ids.has(target),
  );
  return [
    ...(drawn.length === 0 ? (['empty'] as const) : []),
    ...(loose ? (['edge-to-nothing'] as const) : []),
    ...(drawn.some(({ data }) => data === undefined) ? (['plain-nodes'] as const) : []),
  ];
};

const oddities: Readonly<Record<DrawingOddity, string>> = {
  empty: 'has no nodes; kept as it is',
  'edge-to-nothing': 'has a link to a node that is not there; kept as it was drawn',
  'plain-nodes': 'was drawn in the plain form; kept as it is',
};

/** Saved topologies, exactly as they were drawn, with their reviews. */
export const moveDrawings = (
  old: Pick<OldLab, 'topology_table' | 'topology_review'>,
  people: readonly User[],
  log: MoveLog,
): { readonly topologies: readonly SavedTopology[]; readonly reviews: readonly TopologyReview[] } => {
  const users = new Set(people.map(({ id }) => id));
  const topologies = old.topology_table.flatMap((row): SavedTopology[] => {
    const { id, name, user_id: ownerId } = row;
    const [nodes, edges] = [listIn(row.nodes), listIn(row.edges)];
    if (!users.has(ownerId) || nodes === null || edges === null) {
      log.refuse(
        'topology_table',
        id,
        'topology.unreadable',
        `there is no user ${ownerId}, or its nodes and edges are no lists`,
      );
      return [];
    }
    log.take('topology_table', id);
    for (const oddity of oddityOf(row)) log.note('topology_table', id, `topology.${oddity}`, oddities[oddity]);
    const written = { createdAt: utcOf(row.created_at), updatedAt: utcOf(row.updated_at) };
    return [{ ...{ id, name, ownerId, collaboratorIds: [], nodes, edges }, ...written }];
  });
  const owners = new Map(topologies.map(({ id, ownerId }) => [id, ownerId]));
  const reviews = new Map<number, TopologyReview>();
  for (const row of old.topology_review) {
    const submittedBy = owners.get(row.topology_id);
    if (submittedBy === undefined) {
      log.refuse('topology_review', row.id, 'review.no-topology', `there is no topology ${row.topology_id}`);
      continue;
    }
    const status = REVIEW_STATUSES.find((known) => known === row.status.trim().toLowerCase());
    log.take('topology_review', row.id);
    if (status !== row.status)
      log.change('topology_review', row.id, 'review.status', `'${row.status}' is ${status ?? 'submitted'}`);
    if (row.last_checked_at !== null || row.resolved_by !== null || row.notes !== null) {
      log.change(
        'topology_review',
        row.id,
        'review.trimmed',
        'when it was last checked, who resolved it and its notes have no place',
      );
    }
    reviews.set(row.topology_id, {
      ...{
        topologyId: row.topology_id,
        status: status ?? 'submitted',
        submittedBy,
        submittedAt: utcOf(row.created_at),
      },
      resolvedAt: row.resolved_at === null ? null : utcOf(row.resolved_at),
      conflictCount: row.conflict_count,
    });
  }
  return { topologies, reviews: [...reviews.values()] };
};

import type { EntityManager } from 'typeorm';
import type {
  NewTopology,
  ReviewListing,
  TopologyLists,
  TopologyRepository,
} from '../../../application/topology/ports.js';
import type { Instant, ReviewStatus, SavedTopology, TopologyReview } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts, isMysql, marks, rowsOf } from '../sql.js';
import {
  topologyCollaboratorSchema,
  topologyReviewSchema,
  topologySchema,
  type TopologyReviewRow,
  type TopologyRow,
} from './schemas.js';

const TOPOLOGIES = `SELECT id, name, owner_id AS ownerId, nodes, edges, created_at AS createdAt, updated_at AS updatedAt
  FROM topologies`;

const REVIEWS = `topology_reviews.topology_id AS topologyId, topology_reviews.status AS status,
  topology_reviews.submitted_by AS submittedBy, topology_reviews.submitted_at AS submittedAt,
  topology_reviews.resolved_at AS resolvedAt, topology_reviews.conflict_count AS conflictCount`;

const withCollaborators = async (manager: EntityManager, rows: readonly TopologyRow[]): Promise<SavedTopology[]> => {
  const collaborators = new Map<number, number[]>(rows.map(({ id }) => [id, []]));
  for (const part of inParts([...collaborators.keys()])) {
    const found = await rowsOf<{ topologyId: number; userId: number }>(
      manager,
      `SELECT topology_id AS topologyId, user_id AS userId FROM topology_collaborators
        WHERE topology_id IN (${marks(part)}) ORDER BY user_id`,
      part,
    );
    for (const { topologyId, userId } of found) collaborators.get(topologyId)?.push(userId);
  }
  return rows.map((row) => ({
    ...row,
    nodes: JSON.parse(row.nodes) as unknown[],
    edges: JSON.parse(row.edges) as unknown[],
    collaboratorIds: collaborators.get(row.id) ?? [],
  }));
};

const findTopology = async (manager: EntityManager, id: number): Promise<SavedTopology | null> => {
  const rows = await rowsOf<TopologyRow>(manager, `${TOPOLOGIES} WHERE id = ?`, [id]);
  return (await withCollaborators(manager, rows))[0] ?? null;
};

export class TypeormTopologies implements TopologyRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  find(id: number): Promise<SavedTopology | null> {
    return findTopology(this.#manager, id);
  }

  async add({ name, ownerId, collaboratorIds, nodes, edges }: NewTopology, at: Instant): Promise<SavedTopology> {
    const drawn = { nodes: JSON.stringify(nodes), edges: JSON.stringify(edges) };
    const row = { name, ownerId, ...drawn, createdAt: at, updatedAt: at };
    const { identifiers } = await this.#manager.getRepository(topologySchema).insert(row);
    const id = Number(identifiers[0]?.id);
    await this.#share(id, collaboratorIds);
    const inOrder = [...new Set(collaboratorIds)].sort((a, b) => a - b);
    return { id, name, ownerId, collaboratorIds: inOrder, nodes, edges, createdAt: at, updatedAt: at };
  }

  async update(id: number, { name, collaboratorIds, nodes, edges }: NewTopology, at: Instant): Promise<void> {
    const drawn = { nodes: JSON.stringify(nodes), edges: JSON.stringify(edges) };
    await this.#manager.getRepository(topologySchema).update({ id }, { name, ...drawn, updatedAt: at });
    await this.#share(id, collaboratorIds);
  }

  async remove(id: number): Promise<void> {
    await this.#manager.getRepository(topologyCollaboratorSchema).delete({ topologyId: id });
    await this.#manager.getRepository(topologyReviewSchema).delete({ topologyId: id });
    await this.#manager.getRepository(topologySchema).delete({ id });
  }

  async claimReview(topologyId: number): Promise<TopologyReview | null> {
    const lock = isMysql(this.#manager) ? ' FOR UPDATE' : '';
    const sql = `SELECT ${REVIEWS} FROM topology_reviews WHERE topology_id = ?${lock}`;
    const [row] = await rowsOf<TopologyReviewRow>(this.#manager, sql, [topologyId]);
    return row ?? null;
  }

  async saveReview(review: TopologyReview): Promise<void> {
    await this.#manager.getRepository(topologyReviewSchema).upsert(review, ['topologyId']);
  }

  async #share(topologyId: number, userIds: readonly number[]): Promise<void> {
    const collaborators = this.#manager.getRepository(topologyCollaboratorSchema);
    await collaborators.delete({ topologyId });
    if (userIds.length > 0) await collaborators.insert([...new Set(userIds)].map((userId) => ({ topologyId, userId })));
  }
}

export class TypeormTopologyLists implements TopologyLists {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: number): Promise<SavedTopology | null> {
    return this.#database.read((manager) => findTopology(manager, id));
  }

  ofUser(userId: number): Promise<SavedTopology[]> {
    return this.#database.read(async (manager) =>
      withCollaborators(
        manager,
        await rowsOf<TopologyRow>(
          manager,
          `${TOPOLOGIES}
            WHERE owner_id = ? OR id IN (SELECT topology_id FROM topology_collaborators WHERE user_id = ?)
            ORDER BY created_at DESC, id DESC`,
          [userId, userId],
        ),
      ),
    );
  }

  reviews(statuses: readonly ReviewStatus[] | null): Promise<ReviewListing[]> {
    if (statuses?.length === 0) return Promise.resolve([]);
    return this.#database.read((manager) =>
      rowsOf<ReviewListing>(
        manager,
        `SELECT ${REVIEWS}, topologies.name AS topologyName, users.username AS submitterName,
                topologies.updated_at AS changedAt
           FROM topology_reviews
           JOIN topologies ON topologies.id = topology_reviews.topology_id
           JOIN users ON users.id = topology_reviews.submitted_by
          ${statuses === null ? '' : `WHERE topology_reviews.status IN (${marks(statuses)})`}
          ORDER BY topology_reviews.submitted_at DESC, topology_reviews.topology_id DESC`,
        statuses ?? [],
      ),
    );
  }
}

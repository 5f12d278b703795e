import {
  forbidden,
  isAdmin,
  notFound,
  submittedReview,
  type Actor,
  type Instant,
  type SavedTopology,
} from '../../domain/index.js';
import { collaboratorsNamed, requesterOf, type UserFinder } from '../booking/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import type { TopologyLists, TopologyStores, TopologyWork } from './ports.js';

/** What somebody drew. */
export interface Drawing {
  readonly name: string;
  readonly nodes: readonly unknown[];
  readonly edges: readonly unknown[];
  /** Usernames in any letter case; null leaves them as they are. */
  readonly collaborators: readonly string[] | null;
}

const unknownTopology = () => notFound('topology.not-found', 'Topology not found');

const shares = (topology: SavedTopology, { id, role }: Actor): boolean =>
  topology.ownerId === id || topology.collaboratorIds.includes(id) || isAdmin(role);

/** Keeps the networks that people draw. Whoever shares one may read and change it; its owner decides who that is. */
export class KeepTopologies {
  readonly #work: TopologyWork;
  readonly #lists: TopologyLists;
  readonly #users: UserFinder;
  readonly #clock: Clock;

  constructor(work: TopologyWork, lists: TopologyLists, users: UserFinder, clock: Clock) {
    this.#work = work;
    this.#lists = lists;
    this.#users = users;
    this.#clock = clock;
  }

  /**
   * The topologies that a user owns or shares, the newest first.
   * @throws DomainError `topology.not-yours` for somebody else's, unless an administrator asks.
   */
  async list(actor: Actor, userId: number | null): Promise<SavedTopology[]> {
    if (userId !== null && userId !== actor.id && !isAdmin(actor.role)) {
      throw forbidden('topology.not-yours', "Cannot access another user's topologies");
    }
    return this.#lists.ofUser(userId ?? actor.id);
  }

  /** @throws DomainError `topology.not-found`, `topology.not-yours`. */
  async find(actor: Actor, id: number): Promise<SavedTopology> {
    const topology = await this.#lists.find(id);
    if (!topology) throw unknownTopology();
    if (!shares(topology, actor)) throw forbidden('topology.not-yours', "Cannot access another user's topology");
    return topology;
  }

  /**
   * Saves a new one, for review as well.
   * @throws DomainError `topology.not-yours` for somebody else, `identity.unknown-user`, `booking.unknown-collaborator`.
   */
  async add(actor: Actor, drawing: Drawing, userId: number | null): Promise<SavedTopology> {
    if (userId !== null && userId !== actor.id && !isAdmin(actor.role)) {
      throw forbidden('topology.not-yours', 'Cannot create topology for another user');
    }
    const owner = await requesterOf(actor, userId, this.#users);
    return this.#work.run(async (stores) => {
      const company = await collaboratorsNamed(drawing.collaborators ?? [], owner, stores.users);
      const collaboratorIds = company.map(({ id }) => id);
      const now = this.#clock.now();
      const topology = await stores.topologies.add({ ...drawing, ownerId: owner.id, collaboratorIds }, now);
      await stores.topologies.saveReview(submittedReview(topology.id, actor.id, now));
      await record(stores, actor, 'topology.saved', topology, now);
      return topology;
    });
  }

  /** @throws DomainError `topology.not-found`, `topology.not-yours`, `booking.unknown-collaborator`. */
  change(actor: Actor, id: number, drawing: Drawing): Promise<void> {
    return this.#work.run(async (stores) => {
      const before = await stores.topologies.find(id);
      if (!before) throw unknownTopology();
      if (!shares(before, actor)) throw forbidden('topology.not-yours', "Cannot update another user's topology");
      const mayShare = before.ownerId === actor.id || isAdmin(actor.role);
      if (drawing.collaborators !== null && !mayShare) {
        throw forbidden('topology.not-yours', 'Only the owner of a topology decides who shares it.');
      }
      const owner = { id: before.ownerId };
      const collaboratorIds =
        drawing.collaborators === null
          ? before.collaboratorIds
          : (await collaboratorsNamed(drawing.collaborators, owner, stores.users)).map((user) => user.id);
      const now = this.#clock.now();
      // What was drawn anew is to be looked at anew.
      await stores.topologies.claimReview(id);
      await stores.topologies.saveReview(submittedReview(id, actor.id, now));
      await stores.topologies.update(id, { ...drawing, ownerId: before.ownerId, collaboratorIds }, now);
      await record(stores, actor, 'topology.changed', { id, name: drawing.name }, now);
    });
  }

  /** @throws DomainError `topology.not-found`, `topology.not-yours`. */
  remove(actor: Actor, id: number): Promise<void> {
    return this.#work.run(async (stores) => {
      const topology = await stores.topologies.find(id);
      if (!topology) throw unknownTopology();
      if (topology.ownerId !== actor.id && !isAdmin(actor.role)) {
        throw forbidden('topology.not-yours', "Cannot delete another user's topology");
      }
      await stores.topologies.remove(id);
      await record(stores, actor, 'topology.removed', topology, this.#clock.now());
    });
  }
}

const record = (
  { audit }: Pick<TopologyStores, 'audit'>,
  actor: Actor,
  action: 'topology.saved' | 'topology.changed' | 'topology.removed',
  { id, name }: Pick<SavedTopology, 'id' | 'name'>,
  at: Instant,
): Promise<void> =>
  audit.append({
    ...{ at, actor: auditActorOf(actor), action },
    entityType: 'topology',
    entityId: String(id),
    entityLabel: name,
    message: `${actor.username} ${action.slice('topology.'.length)} topology ${name}`,
    metadata: {},
  });

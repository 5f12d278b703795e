import {
  assertMay,
  conflict,
  invalid,
  inWords,
  mistakesInLink,
  notFound,
  takenSockets,
  type Actor,
  type Device,
  type Hold,
  type Instant,
  type Link,
  type LinkFacts,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announceFibre, bookingsOver, fibreInUse, isRewired } from './fibre-in-use.js';
import type { PlantStores, PlantWork } from './ports.js';
import { wiredRows } from './wired-rows.js';

const unknownLink = () => notFound('link.not-found', 'Link not found');

const spelled = (field: string, detail: string): string => `${field} ${detail}`;

/** Adds, changes and removes pieces of fixed fibre. */
export class KeepLinks {
  readonly #work: PlantWork;
  readonly #clock: Clock;

  constructor(work: PlantWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /**
   * @throws DomainError `link.unknown-device`, `link.impossible` with everything that is wrong, `link.port-in-use`,
   * `link.duplicate`.
   */
  add(actor: Actor, facts: LinkFacts): Promise<Link> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      await claimEnds([facts], stores);
      await assertPossible(facts, null, stores);
      const now = this.#clock.now();
      const link = await stores.links.add(facts, now);
      await recordLink(stores, actor, 'link.added', link, { after: facts }, now);
      return link;
    });
  }

  /**
   * Live bookings that use the fibre stay; they are named, and those whose they are are told.
   * @throws DomainError `link.not-found`, and as `add`.
   */
  change(
    actor: Actor,
    id: number,
    facts: LinkFacts,
  ): Promise<{ readonly link: Link; readonly affected: readonly Hold[] }> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const found = await stores.links.find(id);
      if (!found) throw unknownLink();
      const rows = wiredRows(await claimEnds([found, facts], stores));
      const before = await stores.links.find(id);
      if (!before) throw unknownLink();
      await assertPossible(facts, id, stores);
      const now = this.#clock.now();
      await stores.links.update(id, facts, now);
      const link: Link = { ...facts, id, createdAt: before.createdAt, updatedAt: now };
      const uses = isRewired(before, facts) ? await fibreInUse([before], rows, stores, now) : [];
      await announceFibre(stores, 'fibre.changed', actor, uses, rows, now);
      const affected = bookingsOver(uses);
      await recordLink(stores, actor, 'link.changed', link, { before, after: facts, ...affectedIds(affected) }, now);
      return { link, affected };
    });
  }

  /**
   * @returns live bookings that use the fibre, which stay; those whose they are are told.
   * @throws DomainError `link.not-found`.
   */
  remove(actor: Actor, id: number): Promise<readonly Hold[]> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const found = await stores.links.find(id);
      if (!found) throw unknownLink();
      const rows = wiredRows(await claimEnds([found], stores));
      const link = await stores.links.find(id);
      if (!link) throw unknownLink();
      await stores.links.remove(id);
      const now = this.#clock.now();
      const uses = await fibreInUse([link], rows, stores, now);
      await announceFibre(stores, 'fibre.removed', actor, uses, rows, now);
      const affected = bookingsOver(uses);
      await recordLink(stores, actor, 'link.removed', link, { before: link, ...affectedIds(affected) }, now);
      return affected;
    });
  }
}

/**
 * Claims the things at the ends of links, so that nobody wires, books or removes them meanwhile. Ends that are on no
 * row of the inventory stay unclaimed: whoever writes finds them missing.
 */
const claimEnds = async (links: readonly LinkFacts[], { devices }: Pick<PlantStores, 'devices'>): Promise<Device[]> => {
  const rows: Device[] = [];
  for (const id of new Set(links.flatMap(({ a, b }) => [a.deviceId, b.deviceId]))) {
    const row = await devices.find(id);
    if (row) rows.push(row);
  }
  return devices.claimThings(rows);
};

/** @param id the link that is changed; null for a new one. */
const assertPossible = async (facts: LinkFacts, id: number | null, stores: PlantStores): Promise<void> => {
  const rows = wiredRows(await claimEnds([facts], stores));
  const [rowA, rowB] = [rows.get(facts.a.deviceId), rows.get(facts.b.deviceId)];
  if (!rowA || !rowB) {
    const missing = [facts.a.deviceId, facts.b.deviceId].filter((deviceId) => !rows.has(deviceId));
    const names = [...new Set(missing)].map((deviceId) => `device ${deviceId}`);
    throw invalid('link.unknown-device', `Unknown: ${inWords(names)}.`, { device_ids: missing });
  }
  const mistakes = mistakesInLink(facts, rowA, rowB);
  if (mistakes.length > 0) {
    const detail = mistakes.map((mistake) => spelled(mistake.field, mistake.detail)).join('; ');
    throw invalid('link.impossible', `This link cannot be: ${detail}.`, { mistakes });
  }
  const others = (await stores.links.ofRows([...rows.keys()])).filter((other) => other.id !== id);
  const taken = takenSockets(facts, others, (rowId) => rows.get(rowId)?.thingId ?? rowId);
  if (taken.length > 0) {
    const detail = taken.map(({ socket, by }) => {
      const row = rows.get(facts[socket.side].deviceId);
      return `${row?.name ?? ''} ${socket.label} is used by link ${by.label ?? by.id}`;
    });
    throw conflict('link.port-in-use', `${inWords(detail)}.`, { link_ids: [...new Set(taken.map(({ by }) => by.id))] });
  }
};

const affectedIds = (affected: readonly Hold[]) =>
  affected.length === 0 ? {} : { affectedIds: affected.map(({ bookingId }) => bookingId) };

const recordLink = (
  { audit }: Pick<PlantStores, 'audit'>,
  actor: Actor,
  action: 'link.added' | 'link.changed' | 'link.removed',
  link: Link,
  metadata: Readonly<Record<string, unknown>>,
  at: Instant,
): Promise<void> =>
  audit.append({
    ...{ at, actor: auditActorOf(actor), action, metadata },
    entityType: 'link',
    entityId: String(link.id),
    entityLabel: link.label,
    message: `${actor.username} ${action.slice('link.'.length)} link ${link.label ?? link.id}`,
  });

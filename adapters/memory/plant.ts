import type { CrossConnectRepository, GroupConnect, HeldConnect } from '../../application/booking/ports.js';
import type { LinkRepository, PlantReader, PlantRow } from '../../application/plant/ports.js';
import {
  groupBy,
  holds,
  invalid,
  nameKey,
  overlaps,
  type Instant,
  type Link,
  type LinkFacts,
  type TimeSlot,
} from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

const byId = (links: Iterable<Link>): Link[] => [...links].sort((a, b) => a.id - b.id);

export class MemoryLinks implements LinkRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async find(id: number): Promise<Link | null> {
    return this.#tables.links.get(id) ?? null;
  }

  async ofRows(rowIds: readonly number[]): Promise<Link[]> {
    const wanted = new Set(rowIds);
    return byId(this.#tables.links.values()).filter(({ a, b }) => wanted.has(a.deviceId) || wanted.has(b.deviceId));
  }

  async labelled(labels: readonly string[]): Promise<Link[]> {
    const wanted = new Set<string | null>(labels);
    return byId(this.#tables.links.values()).filter(({ label }) => label !== null && wanted.has(label));
  }

  async add(facts: LinkFacts, at: Instant): Promise<Link> {
    this.#refuseDuplicate(facts, null);
    const link: Link = { ...facts, id: this.#nextId(), createdAt: at, updatedAt: at };
    this.#tables.links.set(link.id, link);
    return link;
  }

  async update(id: number, facts: LinkFacts, at: Instant): Promise<void> {
    const before = this.#tables.links.get(id);
    if (!before) return;
    this.#refuseDuplicate(facts, id);
    this.#tables.links.set(id, { ...facts, id, createdAt: before.createdAt, updatedAt: at });
  }

  async remove(id: number): Promise<void> {
    this.#tables.links.delete(id);
  }

  #refuseDuplicate({ label }: LinkFacts, ownId: number | null): void {
    if (label === null) return;
    if ([...this.#tables.links.values()].some((other) => other.label === label && other.id !== ownId)) {
      throw invalid('link.duplicate', `Link '${label}' already exists`);
    }
  }
}

/** Cross-connects of the tables that `current` names: a transaction's own copy, or what was last committed. */
export class MemoryCrossConnects implements CrossConnectRepository {
  readonly #current: () => Tables;
  readonly #nextId: NextId;

  constructor(current: () => Tables, nextId: NextId = () => 0) {
    this.#current = current;
    this.#nextId = nextId;
  }

  async ofGroup(groupId: string): Promise<GroupConnect[]> {
    return [...this.#current().crossConnects.values()].filter((connect) => connect.groupId === groupId);
  }

  async add(connects: readonly GroupConnect[]): Promise<void> {
    for (const connect of connects) this.#current().crossConnects.set(this.#nextId(), connect);
  }

  async held(switchIds: readonly number[] | null, window: TimeSlot): Promise<HeldConnect[]> {
    const { bookings, crossConnects } = this.#current();
    const holding = groupBy(
      [...bookings.values()].filter(({ status, slot }) => holds(status) && overlaps(slot, window)),
      ({ groupId, deviceId }) => `${deviceId}/${groupId}`,
    );
    const slotsOf = (thingId: number, groupId: string) =>
      (holding.get(`${thingId}/${groupId}`) ?? []).map((booking) => booking.slot);
    return [...crossConnects.values()]
      .filter(({ switchId }) => switchIds === null || switchIds.includes(switchId))
      .flatMap((connect) =>
        slotsOf(connect.fromThingId, connect.groupId).flatMap((from) =>
          slotsOf(connect.toThingId, connect.groupId)
            .filter((to) => overlaps(from, to))
            .map((to) => ({
              ...connect,
              slot: { start: Math.max(from.start, to.start), end: Math.min(from.end, to.end) },
            })),
        ),
      );
  }
}

export class MemoryPlantReader implements PlantReader {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async rows(): Promise<PlantRow[]> {
    const { devices, deviceTypes, manufacturers, sites, tags, deviceTags } = this.#lab.tables;
    const things = groupBy(devices.values(), ({ typeId, name }) => `${typeId}/${nameKey(name)}`);
    const leadOf = new Map(
      [...things.values()].flatMap((rows) => {
        const lead = Math.min(...rows.map(({ id }) => id));
        return rows.map(({ id }) => [id, lead] as const);
      }),
    );
    return [...devices.values()]
      .sort((a, b) => a.id - b.id)
      .map(({ id, oiId, name, typeId, manufacturerId, model, siteId, status, ports }) => ({
        ...{ id, thingId: leadOf.get(id) ?? id, oiId, name, model, status, ports },
        type: deviceTypes.get(typeId)?.name ?? '',
        manufacturer: manufacturers.get(manufacturerId ?? 0)?.name ?? null,
        site: sites.get(siteId ?? 0)?.name ?? null,
        schedulable: deviceTypes.get(typeId)?.schedulable ?? false,
        tags: (deviceTags.get(id) ?? [])
          .flatMap((tagId) => tags.get(tagId)?.name ?? [])
          .sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1)),
      }));
  }

  async links(): Promise<Link[]> {
    return byId(this.#lab.tables.links.values());
  }
}

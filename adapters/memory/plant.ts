import type { CrossConnectRepository, GroupConnect, HeldConnect } from '../../application/booking/ports.js';
import type { LinkRepository, PlantReader } from '../../application/plant/ports.js';
import {
  groupBy,
  holds,
  invalid,
  nameKey,
  overlaps,
  type Instant,
  type Link,
  type LinkFacts,
  type PastUse,
  type PlantRow,
  type SlotTriples,
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

  async rowsOfThings(thingIds: readonly number[]): Promise<PlantRow[]> {
    const rows = rowsIn(this.#tables);
    const keys = new Set(rows.filter(({ id }) => thingIds.includes(id)).map(({ thingKey }) => thingKey));
    return rows.filter(({ thingKey }) => keys.has(thingKey));
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

/** By id. */
const rowsIn = (tables: Tables): PlantRow[] => {
  const { devices, deviceTypes, manufacturers, sites, tags, deviceTags } = tables;
  return [...devices.values()]
    .sort((a, b) => a.id - b.id)
    .map(({ id, oiId, name, typeId, manufacturerId, model, siteId, status, ports }) => ({
      ...{ id, thingKey: `${typeId}/${nameKey(name)}`, oiId, name, model, status, ports },
      type: deviceTypes.get(typeId)?.name ?? '',
      manufacturer: manufacturers.get(manufacturerId ?? 0)?.name ?? null,
      site: sites.get(siteId ?? 0)?.name ?? null,
      schedulable: deviceTypes.get(typeId)?.schedulable ?? false,
      tags: (deviceTags.get(id) ?? [])
        .flatMap((tagId) => tags.get(tagId)?.name ?? [])
        .sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1)),
    }));
};

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

  async rowsAfter(after: number, limit: number): Promise<PlantRow[]> {
    return rowsIn(this.#lab.tables)
      .filter(({ id }) => id > after)
      .slice(0, limit);
  }

  async linksAfter(after: number, limit: number): Promise<Link[]> {
    return byId(this.#lab.tables.links.values())
      .filter(({ id }) => id > after)
      .slice(0, limit);
  }

  async busy(thingIds: readonly number[], window: TimeSlot): Promise<SlotTriples> {
    const wanted = new Set(thingIds);
    const busy = [...this.#lab.tables.bookings.values()].filter(
      ({ deviceId, status, slot }) => wanted.has(deviceId) && holds(status) && overlaps(slot, window),
    );
    return triplesOf(busy);
  }

  async maintenance(window: TimeSlot): Promise<SlotTriples> {
    return triplesOf([...this.#lab.tables.maintenance.values()].filter(({ slot }) => overlaps(slot, window)));
  }

  async pastUses(thingIds: readonly number[], { start, end }: TimeSlot): Promise<PastUse[]> {
    const { bookings, maintenance, devices } = this.#lab.tables;
    const keyOf = (id: number) => {
      const device = devices.get(id);
      return device && `${device.typeId}/${nameKey(device.name)}`;
    };
    const used = [...bookings.values()].filter(
      ({ status, slot }) => (status === 'CONFIRMED' || status === 'EXPIRED') && slot.end > start && slot.end <= end,
    );
    return thingIds.flatMap((thingId) => {
      const own = used.filter(({ deviceId }) => deviceId === thingId);
      const failed = own.filter(({ slot, createdAt }) =>
        [...maintenance.values()].some(
          (window) =>
            keyOf(window.deviceId) === keyOf(thingId) && overlaps(window.slot, slot) && window.createdAt > createdAt,
        ),
      );
      return own.length === 0 ? [] : [{ thingId, ok: own.length - failed.length, faults: failed.length }];
    });
  }
}

const triplesOf = (items: readonly { readonly deviceId: number; readonly slot: TimeSlot }[]): SlotTriples =>
  Float64Array.from(
    [...items]
      .sort((a, b) => a.deviceId - b.deviceId || a.slot.start - b.slot.start)
      .flatMap(({ deviceId, slot }) => [deviceId, slot.start, slot.end]),
  );

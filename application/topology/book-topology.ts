import {
  BookingRefused,
  faultsOfOption,
  conflict,
  DomainError,
  invalid,
  inWords,
  MINUTE,
  plantOf,
  type Actor,
  type LogicalTopology,
  type ResolveTerms,
  type TimeSlot,
  type TopologyOption,
  type User,
} from '../../domain/index.js';
import {
  assertUsableKey,
  bookItems,
  collaboratorsNamed,
  explainingRefusals,
  keepRefusal,
  requesterOf,
  unknownDevices,
  wantedItems,
  type BookingStores,
  type BookingTerms,
  type CalendarReader,
  type GrantedRequest,
  type IdempotencyKey,
  type UserFinder,
} from '../booking/index.js';
import type { PlantStores } from '../plant/index.js';
import type { IdSource, UnitOfWork } from '../shared/ports.js';
import { crossConnectsOf } from './cross-connects.js';
import { keptTopology, refusalOf, repeatedTopology, type BookedTopology } from './kept-topology.js';
import { assignmentsOf } from './mapping-id.js';
import { earliestWithin, type DeviceNames } from './resolve-topology.js';
import type { AskedLab, TopologyLab } from './topology-lab.js';
import { TopologyRefused } from './topology-refused.js';

/**
 * A drawing to be booked over a slot: as the mapping with that id, or with these devices for its nodes; null leaves it
 * to the resolver.
 */
export interface TopologyOrder {
  /** For whom; null is the actor. */
  readonly userId: number | null;
  readonly topology: LogicalTopology;
  readonly slot: TimeSlot;
  /** An option that was answered before. */
  readonly mappingId: string | null;
  /** Devices, by any of their rows, for some nodes or all; the rest is found. */
  readonly assignments: Readonly<Record<string, number>> | null;
  readonly message: string;
  /** Usernames in any letter case. */
  readonly collaborators: readonly string[];
}

/** How often the topology is resolved anew when others were faster, before the last of them is blamed. */
const MOST_ATTEMPTS = 6;

class KeyIsNew extends Error {}

/** A transaction that books devices and fibre. */
export type TopologyBookingWork = UnitOfWork<BookingStores & PlantStores>;

/** Books a whole drawing, devices and fibre, as one group: all of it or nothing. */
export class BookTopology {
  readonly #work: TopologyBookingWork;
  readonly #lab: TopologyLab;
  readonly #calendars: CalendarReader;
  readonly #users: UserFinder;
  readonly #ids: IdSource;
  readonly #terms: BookingTerms;

  constructor(
    work: TopologyBookingWork,
    lab: TopologyLab,
    calendars: CalendarReader,
    users: UserFinder,
    ids: IdSource,
    terms: BookingTerms,
  ) {
    this.#work = work;
    this.#lab = lab;
    this.#calendars = calendars;
    this.#users = users;
    this.#ids = ids;
    this.#terms = terms;
  }

  /**
   * @param once makes a repetition of the same request get the first answer again, a refusal as well as a booking.
   * @throws TopologyRefused with the smallest reason, and the earliest time; BookingRefused with every reason when the
   * devices that were chosen are not free; other DomainErrors for unknown nodes, devices, users or collaborators.
   * Nothing was written then.
   */
  async execute(actor: Actor, order: TopologyOrder, once: IdempotencyKey | null = null): Promise<BookedTopology> {
    if (once) assertUsableKey(once);
    const first = once && (await this.#first(actor, once));
    if (first) return first;
    const owner = await requesterOf(actor, order.userId, this.#users);
    const isChosen = order.mappingId !== null;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(actor, owner, order, once);
      } catch (error) {
        if (isChosen || attempt === MOST_ATTEMPTS || !wasTooLate(error)) return this.#refuse(actor, once, error);
      }
    }
  }

  /** Keeps what was thrown as the answer, and throws it; unless the same request was answered otherwise before. */
  async #refuse(actor: Actor, once: IdempotencyKey | null, error: unknown): Promise<BookedTopology> {
    const refusal = once && refusalOf(error);
    const first = refusal && (await keepRefusal(this.#work, actor, once, refusal, this.#lab.clock.now()));
    if (first) return repeatedTopology(first, once);
    throw error;
  }

  /** What this key was answered with; null when it is new. */
  async #first(actor: Actor, once: IdempotencyKey): Promise<BookedTopology | null> {
    try {
      return await this.#work.run(async ({ keptAnswers }) => {
        const kept = await keptAnswers.take(actor.id, once.key, once.fingerprint, this.#lab.clock.now());
        // Taken only to look: the key belongs to whoever books.
        if (!kept) throw new KeyIsNew();
        return repeatedTopology(kept, once);
      });
    } catch (error) {
      if (error instanceof KeyIsNew) return null;
      throw error;
    }
  }

  /** Resolves on what is committed, and books what was found if it is still true then. */
  async #attempt(
    actor: Actor,
    owner: Pick<User, 'id' | 'username' | 'role'>,
    order: TopologyOrder,
    once: IdempotencyKey | null,
  ): Promise<BookedTopology> {
    const { slot } = order;
    const found = await this.#lab.ask(owner, order.topology, slot.end, async (lab) => {
      const topology = pinned(order, lab);
      const resolution = await lab.solver.resolve(topology, { ...lab.termsFor(slot), options: 1 });
      if (resolution.status === 'infeasible') {
        throw new TopologyRefused(resolution, await earliestSlot(lab, topology, slot), lab.names);
      }
      const [option] = resolution.options;
      if (!option) throw new Error('a resolved topology has an option');
      return { option, names: lab.names, topology };
    });
    return explainingRefusals(this.#calendars, () =>
      this.#work.run((stores) => this.#book(actor, owner, order, found, once, stores)),
    );
  }

  async #book(
    actor: Actor,
    owner: Pick<User, 'id' | 'username' | 'role'>,
    { slot, message, collaborators }: TopologyOrder,
    found: { readonly option: TopologyOption; readonly names: DeviceNames; readonly topology: LogicalTopology },
    once: IdempotencyKey | null,
    stores: BookingStores & PlantStores,
  ): Promise<BookedTopology> {
    const { option, topology } = found;
    const kept = once && (await stores.keptAnswers.take(actor.id, once.key, once.fingerprint, this.#lab.clock.now()));
    if (kept) return repeatedTopology(kept, once);
    const company = await collaboratorsNamed(collaborators, owner, stores.users);
    const groupId = this.#ids.next();
    const fibre = crossConnectsOf(groupId, option);
    const items = option.deviceIds.map((id) => ({ device: { id }, ...slot, consent: false, uncontended: true }));
    const bookings = await bookItems(
      stores,
      {
        ...{ actor, owner, groupId, comment: message, event: 'booking.requested', fibre },
        items: () => wantedItems(items, stores.calendars),
        joins: () => Promise.resolve([]),
        collaboratorIds: company.map(({ id }) => id),
      },
      this.#terms,
      this.#lab.clock,
    );
    const switchIds = fibre.map(({ switchId }) => switchId);
    await assertStillPossible(topology, option, { window: slot, now: this.#lab.clock.now() }, switchIds, stores);
    const granted: GrantedRequest = {
      groupId,
      bookings: bookings.map(({ id, deviceId, slot: booked, status }) => ({ id, deviceId, slot: booked, status })),
    };
    const names = new Map([...found.names].filter(([id]) => namedIn(option).has(id)));
    const booked: BookedTopology = { ...granted, option, names };
    if (once) await stores.keptAnswers.fill(actor.id, once.key, keptTopology(booked));
    return booked;
  }
}

/** The topology with the devices that were chosen for its nodes. */
const pinned = (
  { mappingId, assignments }: TopologyOrder,
  { topology, thingOf }: Pick<AskedLab, 'topology' | 'thingOf'>,
): LogicalTopology => {
  const chosen = mappingId === null ? new Map(Object.entries(assignments ?? {})) : assignmentsOf(topology, mappingId);
  const known = new Set(topology.nodes.map(({ id }) => id));
  const strangers = [...chosen.keys()].filter((nodeId) => !known.has(nodeId));
  if (strangers.length > 0) {
    throw invalid('topology.unknown-node', `There is no node ${inWords(strangers.slice(0, 5))} in this topology.`);
  }
  const unknown = [...chosen.values()].filter((deviceId) => thingOf(deviceId) === null);
  if (unknown.length > 0) throw unknownDevices(unknown.map((id) => ({ id })));
  return {
    ...topology,
    nodes: topology.nodes.map((node) => {
      const deviceId = chosen.get(node.id);
      return deviceId === undefined ? node : { ...node, pin: thingOf(deviceId) };
    }),
  };
};

const earliestSlot = async (lab: AskedLab, topology: LogicalTopology, slot: TimeSlot): Promise<TimeSlot | null> => {
  const length = slot.end - slot.start;
  const start = Math.max(slot.start, Math.ceil(lab.now / MINUTE) * MINUTE);
  if (start + length > lab.horizon) return null;
  const earliest = await earliestWithin(lab, topology, length, { start, end: lab.horizon });
  return earliest.status === 'found' ? earliest.window : null;
};

/** Somebody else booked, or rewired, what had been found free. */
const wasTooLate = (error: unknown): boolean =>
  (error instanceof BookingRefused && error.kind !== 'invalid') ||
  (error instanceof DomainError && ['topology.port-taken', 'topology.rewired'].includes(error.code));

/**
 * Fibre may have been moved, and switches taken out of service, since the topology was resolved. The devices and
 * switches are claimed by now, so that nobody does so any more.
 */
const assertStillPossible = async (
  topology: LogicalTopology,
  option: TopologyOption,
  terms: Pick<ResolveTerms, 'window' | 'now'>,
  switchIds: readonly number[],
  { links, calendars }: Pick<BookingStores & PlantStores, 'links' | 'calendars'>,
): Promise<void> => {
  const rows = await links.rowsOfThings([...new Set([...option.deviceIds, ...switchIds])]);
  const wires = await links.ofRows(rows.map(({ id }) => id));
  const switches = [...(await calendars.read([...new Set(switchIds)], terms.window)).values()];
  const blocked = switches.flatMap(({ thing, holds, maintenance }) =>
    [...holds, ...maintenance].flatMap(({ slot }) => [thing.id, slot.start, slot.end]),
  );
  const plant = plantOf([{ rows, links: wires, maintenance: Float64Array.from(blocked) }]);
  if (faultsOfOption(topology, plant, terms, option).length > 0) {
    throw conflict(
      'topology.rewired',
      'The fibre or the devices were changed meanwhile. Please resolve the topology again.',
    );
  }
};

const namedIn = ({ deviceIds, nodes, routes }: TopologyOption): Set<number> =>
  new Set([
    ...deviceIds,
    ...nodes.flatMap(({ alternatives }) => alternatives.map(({ deviceId }) => deviceId)),
    ...routes.flatMap(({ hops }) =>
      hops.flatMap((hop) => (hop.via === 'switch' ? [hop.switchId] : hop.via === 'inline' ? [hop.deviceId] : [])),
    ),
  ]);

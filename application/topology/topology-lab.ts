import {
  HOUR,
  hasQuotas,
  holds,
  horizonOf,
  invalid,
  lengthOf,
  limitsFor,
  MINUTE,
  nameKey,
  RelevantThings,
  type Actor,
  type HeldTime,
  type Instant,
  type LabPart,
  type LogicalTopology,
  type Quota,
  type ResolveTerms,
  type SlotTriples,
  type TimeSlot,
  type Turnarounds,
} from '../../domain/index.js';
import type { BookingListings, BookingTerms, CrossConnectReader } from '../booking/index.js';
import { readLab, type PlantReader } from '../plant/index.js';
import type { Clock } from '../shared/ports.js';
import type { SolverCase, TopologySolver } from './ports.js';

/**
 * Where there is little to choose from, a search is short and finding anything is hard: it may look further then. The
 * answer depends on the size of the lab, and never on the speed of the machine.
 */
const FEW_ROWS = 1000;
const PATIENT_BUDGET = 5000;

/** What a device is called. */
export interface DeviceName {
  readonly name: string;
  readonly type: string;
}

/** The lab, read for one topology and ready to be asked about it. */
export interface AskedLab {
  readonly solver: SolverCase;
  readonly now: Instant;
  /** The last instant at which this person's bookings may end. */
  readonly horizon: Instant;
  /** Terms for this person over a window. */
  readonly termsFor: (window: TimeSlot) => ResolveTerms;
  /** By thing id. */
  readonly names: ReadonlyMap<number, DeviceName>;
  /** The thing of any row; null where there is none. */
  readonly thingOf: (rowId: number) => number | null;
  /** As it was drawn, with things for whatever rows it names. */
  readonly topology: LogicalTopology;
}

/** Reads the lab for questions about topologies, under the rules that bookings are made by. */
export class TopologyLab {
  readonly #plant: PlantReader;
  readonly #crossConnects: CrossConnectReader;
  readonly #listings: Pick<BookingListings, 'heldBy' | 'ofUser'>;
  readonly #solver: TopologySolver;
  readonly #clock: Clock;
  readonly #terms: BookingTerms;

  constructor(
    plant: PlantReader,
    crossConnects: CrossConnectReader,
    listings: Pick<BookingListings, 'heldBy' | 'ofUser'>,
    solver: TopologySolver,
    clock: Clock,
    terms: BookingTerms,
  ) {
    this.#plant = plant;
    this.#crossConnects = crossConnects;
    this.#listings = listings;
    this.#solver = solver;
    this.#clock = clock;
    this.#terms = terms;
  }

  /** The one that its answers go by. */
  get clock(): Clock {
    return this.#clock;
  }

  /**
   * @param until when the window ends that is asked for; null when one is looked for.
   * @throws DomainError `booking.in-past` for a time that is over.
   */
  async ask<Answer>(
    actor: Pick<Actor, 'id' | 'role'>,
    topology: LogicalTopology,
    until: Instant | null,
    question: (lab: AskedLab) => Promise<Answer>,
  ): Promise<Answer> {
    const { policy, zone } = this.#terms;
    const now = this.#clock.now();
    if (until !== null && until <= now) {
      throw invalid('booking.in-past', 'That time is over; only what is to come can be booked.');
    }
    const limits = limitsFor(policy, '', actor.role);
    const types = [...new Set(topology.nodes.map(({ type }) => type))];
    // All of it is booked for one time, and so the strictest type counts.
    const ofTypes = types.map((type) => limitsFor(policy, type, actor.role));
    const horizon = Math.min(...ofTypes.map((own) => horizonOf(own, now, zone)));
    const maxDays = Math.min(...ofTypes.map((own) => own.maxDays));
    // From yesterday on: how long a device has been free before a window counts too.
    const window = { start: now - 24 * HOUR, end: Math.max(horizon, until ?? horizon) };
    const names = new Map<number, DeviceName>();
    const things = new RelevantThings(types);
    const lab = noting(readLab(this.#plant, this.#crossConnects, { things, window, now }), names);
    const turnarounds = this.#turnarounds(actor);
    const own = await this.#ownSlots(actor, turnarounds, window);
    const solver = await this.#solver.open(after({ own }, lab), turnarounds, { nodes: topology.nodes.length });
    try {
      const held = hasQuotas(policy) ? await this.#listings.heldBy(actor.id, now) : [];
      const hasAllGroups = new Set(held.map(({ groupId }) => groupId)).size >= (limits.maxGroups ?? Infinity);
      return await question({
        ...{ solver, now, horizon, names },
        thingOf: (rowId) => things.thingOf(rowId),
        topology: withThings(topology, (rowId) => things.thingOf(rowId) ?? rowId),
        termsFor: (slot) => {
          const quota: Quota = {
            longest: zone.addDays(slot.start, maxDays) - slot.start,
            until: horizon,
            ...(limits.maxDeviceHours !== undefined && {
              deviceHours: Math.max(0, limits.maxDeviceHours - hoursOf(held)),
            }),
            ofType: devicesLeft(policy, held, lengthOf(slot)),
            ...(hasAllGroups && { devices: 0 }),
          };
          return { window: slot, now, quota, ...(names.size <= FEW_ROWS && { nodeBudget: PATIENT_BUDGET }) };
        },
      });
    } finally {
      solver.close();
    }
  }

  /** What somebody has themselves, where that makes a difference: a turnaround is kept between two people. */
  async #ownSlots({ id }: Pick<Actor, 'id'>, { usual, byType }: Turnarounds, window: TimeSlot): Promise<SlotTriples> {
    if (usual === 0 && Object.values(byType).every((gap) => gap === 0)) return new Float64Array();
    const bookings = (await this.#listings.ofUser(id)).filter(
      ({ ownerId, slot, status }) => ownerId === id && holds(status) && slot.end > window.start,
    );
    return Float64Array.from(bookings.flatMap(({ deviceId, slot }) => [deviceId, slot.start, slot.end]));
  }

  #turnarounds({ role }: Pick<Actor, 'role'>): Turnarounds {
    const { policy } = this.#terms;
    const of = (type: string) => (limitsFor(policy, type, role).turnaroundMinutes ?? 0) * MINUTE;
    const types = Object.keys(policy.deviceTypes ?? {});
    return { usual: of(''), byType: Object.fromEntries(types.map((type) => [nameKey(type), of(type)])) };
  }
}

const hoursOf = (held: readonly HeldTime[]): number => held.reduce((sum, { slot }) => sum + lengthOf(slot), 0) / HOUR;

/** How many devices of each type with a limit of its own somebody may have for so long, beside what they hold. */
const devicesLeft = (
  { deviceTypes = {} }: BookingTerms['policy'],
  held: readonly HeldTime[],
  length: number,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(deviceTypes).flatMap(([type, { maxDeviceHours }]) => {
      if (maxDeviceHours === undefined) return [];
      const hours = hoursOf(held.filter((item) => nameKey(item.type) === nameKey(type)));
      return [[type, Math.max(0, Math.floor((maxDeviceHours - hours) / (length / HOUR)))]];
    }),
  );

const withThings = ({ nodes, edges }: LogicalTopology, thingOf: (rowId: number) => number): LogicalTopology => ({
  nodes: nodes.map((node) => ({
    ...node,
    pin: node.pin === null ? null : thingOf(node.pin),
    exclude: node.exclude.map(thingOf),
  })),
  edges,
});

const after = async function* (first: LabPart, others: AsyncIterable<LabPart>): AsyncGenerator<LabPart> {
  yield first;
  yield* others;
};

/** Passes the parts on, and notes what things are called on the way. */
const noting = async function* (
  parts: AsyncIterable<LabPart>,
  names: Map<number, DeviceName>,
): AsyncGenerator<LabPart> {
  for await (const part of parts) {
    for (const { id, name, type } of part.rows ?? []) names.set(id, { name, type });
    yield part;
  }
};

import {
  HOUR,
  invalid,
  MINUTE,
  nameKey,
  type Actor,
  type Advice,
  type Earliest,
  type Infeasible,
  type Instant,
  type LogicalTopology,
  type Resolution,
  type TimeSlot,
  type TopologyOption,
} from '../../domain/index.js';
import { mostOf, without, type Lacking } from './most-of-topology.js';
import type { AskedLab, DeviceName, TopologyLab } from './topology-lab.js';
import type { DeviceOutlook } from './ports.js';

/** What the devices of an answer are called, by their ids. */
export type DeviceNames = ReadonlyMap<number, DeviceName>;

/** An answer of the resolver, with the names of the devices in it. */
export interface ResolutionView {
  readonly resolution: Resolution;
  readonly names: DeviceNames;
}

/** An option as a configuration to choose. */
export interface Suggestion {
  readonly option: TopologyOption;
  readonly advice: Advice;
  /** The first start, from the wanted one on, at which the topology is possible. */
  readonly earliest: Instant | null;
}

/** Options judged as configurations, the one that is recommended first; or why there is none. */
export type SuggestionsView =
  | { readonly suggestions: readonly Suggestion[]; readonly infeasible: null; readonly names: DeviceNames }
  | { readonly suggestions: readonly []; readonly infeasible: Infeasible; readonly names: DeviceNames };

/** The first window of a topology, with the names of the devices in it. */
export interface EarliestView {
  readonly earliest: Earliest;
  readonly names: DeviceNames;
}

/** What becomes of one node of a drawing. */
export type NodeAvailability =
  | { readonly status: 'available'; readonly deviceId: number; readonly device: DeviceName | null }
  | ({ readonly status: 'unavailable' } & Lacking)
  | { readonly status: 'unknown' };

/** For how many minutes a topology is wanted. Null is from now on, and as far ahead as the lab allows. */
export interface EarliestTopologyQuestion {
  readonly minutes: number;
  /** Not before; now when null or past. */
  readonly from: Instant | null;
  /** How many lab days from now to look ahead; the policy's horizon when null or further. */
  readonly horizonDays: number | null;
}

/** Says which real devices can be a drawn network, when, and why. */
export class ResolveTopology {
  readonly #lab: TopologyLab;
  readonly #outlook: DeviceOutlook;

  constructor(lab: TopologyLab, outlook: DeviceOutlook) {
    this.#lab = lab;
    this.#outlook = outlook;
  }

  /**
   * Which devices could be it over that window, as of what is committed; nothing is held for anybody.
   * @param options how many, at most 5; 3 unless given.
   * @throws DomainError `booking.in-past`, `topology.too-long`, `topology.busy`.
   */
  resolve(actor: Actor, topology: LogicalTopology, window: TimeSlot, options = 3): Promise<ResolutionView> {
    return this.#lab.ask(actor, topology, window.end, async ({ solver, names, termsFor, topology: drawn }) => ({
      resolution: await solver.resolve(drawn, { ...termsFor(window), options }),
      names,
    }));
  }

  /** Options judged as configurations, the most recommended first. @throws DomainError as `resolve` does. */
  suggest(actor: Actor, topology: LogicalTopology, window: TimeSlot): Promise<SuggestionsView> {
    return this.#lab.ask(actor, topology, window.end, async (lab): Promise<SuggestionsView> => {
      const { solver, names, now, termsFor } = lab;
      const terms = termsFor(window);
      const resolution = await solver.resolve(lab.topology, terms);
      if (resolution.status === 'infeasible') return { suggestions: [], infeasible: resolution, names };
      const { options } = resolution;
      const deviceIds = [...new Set(options.flatMap((option) => option.deviceIds))];
      const chances = await this.#outlook.chancesOf(deviceIds, window, now);
      const advice = await solver.advise(lab.topology, options, terms, chances);
      const suggestions = options.flatMap((option, index): Suggestion[] => {
        const judged = advice[index];
        // Every option is possible in the window itself.
        return judged ? [{ option, advice: judged, earliest: window.start }] : [];
      });
      return {
        suggestions: suggestions.sort((a, b) => b.advice.recommendation - a.advice.recommendation),
        infeasible: null,
        names,
      };
    });
  }

  /**
   * The earliest window of that length in which the whole topology is possible.
   * @throws DomainError `booking.beyond-horizon` when even the first would end too late, and as `resolve` does.
   */
  earliest(actor: Actor, topology: LogicalTopology, question: EarliestTopologyQuestion): Promise<EarliestView> {
    return this.#lab.ask(actor, topology, null, async (lab) => {
      const { now, horizon, names } = lab;
      const length = question.minutes * MINUTE;
      const start = Math.max(question.from ?? 0, Math.ceil(now / MINUTE) * MINUTE);
      const furthest =
        question.horizonDays === null ? horizon : Math.min(horizon, now + question.horizonDays * 24 * HOUR);
      if (start + length > furthest) {
        throw invalid('booking.beyond-horizon', 'The topology would end after the last time that can be booked.');
      }
      return { earliest: await earliestWithin(lab, lab.topology, length, { start, end: furthest }), names };
    });
  }

  /**
   * By node id, in the order in which they were drawn: whether it could be booked together with the other available ones.
   * @param wanted null is the hour from now on.
   * @throws DomainError as `resolve` does.
   */
  checkAvailability(
    actor: Actor,
    topology: LogicalTopology,
    wanted: TimeSlot | null,
  ): Promise<Map<string, NodeAvailability>> {
    const now = this.#lab.clock.now();
    const window = wanted ?? { start: now, end: now + HOUR };
    return this.#lab.ask(actor, topology, window.end, async ({ solver, names, termsFor, topology: drawn }) => {
      const types = new Set([...names.values()].map(({ type }) => nameKey(type)));
      const found = new Map<string, NodeAvailability>();
      for (const { id, type } of topology.nodes) if (!types.has(nameKey(type))) found.set(id, { status: 'unknown' });
      const ask = (part: LogicalTopology, explained: boolean) =>
        solver.resolve(part, { ...termsFor(window), options: 1, explained });
      const { option, out } = await mostOf(without(drawn, new Set(found.keys())), ask);
      for (const [id, lacking] of out) found.set(id, { status: 'unavailable', ...lacking });
      for (const { nodeId, deviceId } of option?.nodes ?? []) {
        found.set(nodeId, { status: 'available', deviceId, device: names.get(deviceId) ?? null });
      }
      return new Map(
        topology.nodes.flatMap(({ id }) => {
          const availability = found.get(id);
          return availability ? [[id, availability] as const] : [];
        }),
      );
    });
  }
}

/** Searches with little effort: it is a hint, and the answer is checked like any other. */
export const earliestWithin = (
  { solver, now, termsFor }: AskedLab,
  topology: LogicalTopology,
  length: number,
  within: TimeSlot,
): Promise<Earliest> => {
  const { window, ...terms } = termsFor({ start: within.start, end: within.start + length });
  return solver.earliest(topology, { ...terms, now, within, length: window.end - window.start, options: 1 });
};

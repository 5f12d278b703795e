import {
  DAY,
  earliestCommon,
  freeSlots,
  groupBy,
  horizonOf,
  inWords,
  invalid,
  isBookable,
  lengthOf,
  limitsFor,
  MINUTE,
  nameKey,
  notFound,
  timeSlot,
  type Instant,
  type Thing,
  type TimeSlot,
} from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { BookingTerms } from './booking-terms.js';
import type { CalendarReader } from './ports.js';
import { unknownDevices } from './wanted-items.js';

const MOST_DAYS = 400;

export interface EarliestQuestion {
  readonly deviceIds: readonly number[];
  readonly types: readonly { readonly type: string; readonly count: number }[];
  readonly minutes: number;
  /** Not before; now when null or past. */
  readonly from: Instant | null;
  /** How many lab days from now to look ahead; the policy's horizon when null or further. */
  readonly horizonDays: number | null;
}

export type EarliestAnswer =
  | { readonly slot: TimeSlot; readonly deviceIds: readonly number[] }
  | { readonly slot: null; readonly reasons: readonly string[] };

/** When devices are free: one by one, or together. */
export class FindFreeTime {
  readonly #calendars: CalendarReader;
  readonly #clock: Clock;
  readonly #terms: BookingTerms;

  constructor(calendars: CalendarReader, clock: Clock, terms: BookingTerms) {
    this.#calendars = calendars;
    this.#clock = clock;
    this.#terms = terms;
  }

  /**
   * The maximal free slots of one device of at least so many minutes; none while the device is not bookable.
   * @throws DomainError `device.not-found`, `slot.invalid`, `range.too-long` beyond 400 days.
   */
  async ofDevice(deviceId: number, from: Instant, to: Instant, minutes: number): Promise<TimeSlot[]> {
    const window = timeSlot(from, to);
    if (lengthOf(window) > MOST_DAYS * DAY) {
      throw invalid('range.too-long', `Please ask for at most ${MOST_DAYS} days at once.`);
    }
    const [thing] = await this.#calendars.things([{ id: deviceId }]);
    if (!thing) throw notFound('device.not-found', 'Device not found');
    if (!isBookable(thing)) return [];
    const blocks = (await this.#calendars.blocked([thing.id], window, this.#gapOf(thing))).get(thing.id) ?? [];
    return freeSlots(window, minutes * MINUTE, blocks);
  }

  /** The earliest slot, to the minute, in which all the devices and enough of every type are free together. */
  async earliest({ deviceIds, types, minutes, from, horizonDays }: EarliestQuestion): Promise<EarliestAnswer> {
    if (deviceIds.length === 0 && types.length === 0) throw invalid('booking.no-items', 'No devices were named.');
    const { zone, policy } = this.#terms;
    const now = this.#clock.now();
    const start = Math.max(now, from ?? now);
    const length = minutes * MINUTE;
    const furthest = Math.min(horizonDays ?? policy.horizonDays, policy.horizonDays);
    const end = horizonOf({ ...policy, horizonDays: furthest }, now, zone);

    const references = [...new Set(deviceIds)].map((id) => ({ id }));
    const found = await this.#calendars.things(references);
    const strangers = references.filter((_, index) => !found[index]);
    if (strangers.length > 0) throw unknownDevices(strangers);
    const fixed = distinct(found.filter((thing) => thing !== null));
    const choices = await this.#choices(types, fixed);

    const reasons = [
      ...fixed
        .filter((thing) => !isBookable(thing))
        .map((thing) => `${thing.name} cannot be booked: it is ${thing.status}.`),
      ...choices
        .filter(({ count, things }) => things.length < count)
        .map(({ type, count, things }) => `Only ${things.length} of ${count} bookable devices of type ${type} exist.`),
      ...(zone.daysBetween(start, start + length) > policy.maxDays
        ? [`A booking may last at most ${policy.maxDays} days.`]
        : []),
      ...(minutes < (policy.minMinutes ?? 0) ? [`A booking lasts at least ${policy.minMinutes ?? 0} minutes.`] : []),
      ...(start + length > end ? [`Bookings may end at most ${furthest} days from now.`] : []),
    ];
    if (reasons.length > 0) return { slot: null, reasons };

    const window = { start, end };
    const everybody = distinct([...fixed, ...choices.flatMap(({ things }) => things)]);
    const blocked = new Map<number, TimeSlot[]>();
    for (const [gap, things] of groupBy(everybody, (thing) => this.#gapOf(thing))) {
      const ids = things.map((thing) => thing.id);
      for (const [id, blocks] of await this.#calendars.blocked(ids, window, gap)) blocked.set(id, blocks);
    }
    const busy = ({ id }: Thing) => ({ id, blocks: blocked.get(id) ?? [] });
    const answer = earliestCommon(
      window,
      length,
      fixed.map(busy),
      choices.map(({ count, things }) => ({ count, devices: things.map(busy) })),
    );
    if (answer) return answer;
    const names = [...fixed.map((thing) => thing.name), ...choices.map(({ type, count }) => `${count} x ${type}`)];
    return {
      slot: null,
      reasons: [`${inWords(names)} are not free together for ${minutes} minutes before the horizon.`],
    };
  }

  /** Milliseconds that stay free between two people on the device. */
  #gapOf({ type }: Thing): number {
    return (limitsFor(this.#terms.policy, type, 'User').turnaroundMinutes ?? 0) * MINUTE;
  }

  /** Bookable devices of each wanted type, without those that are wanted by id anyway. */
  async #choices(
    types: EarliestQuestion['types'],
    fixed: readonly Thing[],
  ): Promise<{ type: string; count: number; things: Thing[] }[]> {
    const taken = new Set(fixed.map((thing) => thing.id));
    const counts = new Map<string, { type: string; count: number }>();
    for (const { type, count } of types) {
      const sum = (counts.get(nameKey(type))?.count ?? 0) + count;
      counts.set(nameKey(type), { type, count: sum });
    }
    const choices: { type: string; count: number; things: Thing[] }[] = [];
    for (const { type, count } of counts.values()) {
      const things = await this.#calendars.ofType(type);
      if (things.length === 0) throw invalid('device.unknown-type', `There is no device of type '${type}'.`);
      choices.push({ type, count, things: things.filter((thing) => isBookable(thing) && !taken.has(thing.id)) });
    }
    return choices;
  }
}

const distinct = (things: readonly Thing[]): Thing[] => [...new Map(things.map((thing) => [thing.id, thing])).values()];

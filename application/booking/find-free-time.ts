import {
  checkRequest,
  DAY,
  earliestCommon,
  freeSlots,
  groupBy,
  hasQuotas,
  horizonOf,
  inWords,
  invalid,
  isBookable,
  isoOf,
  lengthOf,
  limitsFor,
  MINUTE,
  nameKey,
  notFound,
  startsTooLong,
  timeSlot,
  Today,
  whyNotBookable,
  type Actor,
  type BookingLimits,
  type Instant,
  type Thing,
  type TimeSlot,
} from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { BookingTerms } from './booking-terms.js';
import type { BookingListings, CalendarReader } from './ports.js';
import { unknownDevices } from './wanted-items.js';

const MOST_DAYS = 400;

/**
 * Since when, and for how long, these devices and so many of these types are wanted together. Null is now, and as far
 * ahead as the lab allows.
 */
export interface EarliestQuestion {
  readonly deviceIds: readonly number[];
  readonly types: readonly { readonly type: string; readonly count: number }[];
  readonly minutes: number;
  /** Not before; now when null or past. */
  readonly from: Instant | null;
  /** How many lab days from then on to look ahead; the policy's horizon when null or further. */
  readonly horizonDays: number | null;
}

/** The first slot that all of it is free in, with the devices that it takes; or why there is none. */
export type EarliestAnswer =
  | { readonly slot: TimeSlot; readonly deviceIds: readonly number[] }
  | { readonly slot: null; readonly reasons: readonly string[] };

/** When devices are free for somebody: one by one, or together. */
export class FindFreeTime {
  readonly #calendars: CalendarReader;
  readonly #listings: Pick<BookingListings, 'heldBy'>;
  readonly #clock: Clock;
  readonly #terms: BookingTerms;

  constructor(calendars: CalendarReader, listings: Pick<BookingListings, 'heldBy'>, clock: Clock, terms: BookingTerms) {
    this.#calendars = calendars;
    this.#listings = listings;
    this.#clock = clock;
    this.#terms = terms;
  }

  /**
   * The maximal free slots of one device of at least so many minutes that could be asked for: from now on, and no
   * further than the horizon. Where nothing can be, `reasons` say why.
   * @throws DomainError `device.not-found`, `slot.invalid`, `range.too-long` beyond 400 days.
   */
  async ofDevice(
    actor: Actor,
    deviceId: number,
    from: Instant,
    to: Instant,
    minutes: number,
  ): Promise<{ readonly slots: readonly TimeSlot[]; readonly reasons: readonly string[] }> {
    if (lengthOf(timeSlot(from, to)) > MOST_DAYS * DAY) {
      throw invalid('range.too-long', `Please ask for at most ${MOST_DAYS} days at once.`);
    }
    const [thing] = await this.#calendars.things([{ id: deviceId }]);
    if (!thing) throw notFound('device.not-found', 'Device not found');
    const now = this.#clock.now();
    const limits = this.#limitsOf(thing, actor);
    const window = { start: Math.max(from, now), end: Math.min(to, horizonOf(limits, now, this.#terms.zone)) };
    if (!isBookable(thing)) return { slots: [], reasons: [whyNotBookable(thing)] };
    if (window.start >= window.end) {
      const reason = `Bookings begin now and end at most ${limits.horizonDays} days from now.`;
      return { slots: [], reasons: [reason] };
    }
    const turnaround = { gap: gapOf(limits), userId: actor.id };
    const blocks = (await this.#calendars.blocked([thing.id], window, turnaround)).get(thing.id) ?? [];
    return { slots: freeSlots(window, minutes * MINUTE, blocks), reasons: [] };
  }

  /**
   * The earliest slot, to the minute, in which all the devices and enough of every type are free together, and which
   * keeps the policy for whoever asks.
   * @throws DomainError `booking.no-items`, `booking.unknown-device`, `device.unknown-type`.
   */
  async earliest(
    actor: Actor,
    { deviceIds, types, minutes, from, horizonDays }: EarliestQuestion,
  ): Promise<EarliestAnswer> {
    if (deviceIds.length === 0 && types.length === 0) throw invalid('booking.no-items', 'No devices were named.');
    const { zone } = this.#terms;
    const now = this.#clock.now();
    const start = Math.max(now, from ?? now);
    const length = minutes * MINUTE;

    const references = [...new Set(deviceIds)].map((id) => ({ id }));
    const found = await this.#calendars.things(references);
    const strangers = references.filter((_, index) => !found[index]);
    if (strangers.length > 0) throw unknownDevices(strangers);
    const fixed = distinct(found.filter((thing) => thing !== null));
    const choices = await this.#choices(types, fixed);
    const reasons = [
      ...fixed.filter((thing) => !isBookable(thing)).map(whyNotBookable),
      ...choices
        .filter(({ count, things }) => things.length < count)
        .map(({ type, count, things }) => `Only ${things.length} of ${count} bookable devices of type ${type} exist.`),
    ];
    if (reasons.length > 0) return { slot: null, reasons };

    const everybody = distinct([...fixed, ...choices.flatMap(({ things }) => things)]);
    const horizon = (thing: Thing) => {
      const limits = this.#limitsOf(thing, actor);
      const furthest = horizonOf(limits, now, zone);
      return horizonDays === null ? furthest : Math.min(furthest, zone.addDays(start, horizonDays));
    };
    const window = { start, end: Math.max(...everybody.map(horizon)) };
    const checks = await this.#policyChecks(actor, now);
    const trial = checks([...fixed, ...choices.flatMap(({ things, count }) => things.slice(0, count))], {
      start,
      end: start + length,
    });
    const answer =
      window.start + length > window.end ? null : await this.#search(actor, window, length, horizon, fixed, choices);
    if (!answer) {
      const names = [...fixed.map((thing) => thing.name), ...choices.map(({ type, count }) => `${count} x ${type}`)];
      const are = fixed.length + choices.length === 1 ? 'is not free' : 'are not free together';
      const nothing = `${inWords(names)} ${are} for ${minutes} minutes before ${isoOf(window.end)}.`;
      return { slot: null, reasons: trial.length > 0 ? trial : [nothing] };
    }
    const chosen = everybody.filter(({ id }) => answer.deviceIds.includes(id));
    const broken = checks(chosen, answer.slot);
    return broken.length > 0 ? { slot: null, reasons: broken } : answer;
  }

  async #search(
    actor: Actor,
    window: TimeSlot,
    length: number,
    horizon: (thing: Thing) => Instant,
    fixed: readonly Thing[],
    choices: readonly Choice[],
  ): Promise<{ readonly slot: TimeSlot; readonly deviceIds: readonly number[] } | null> {
    const everybody = distinct([...fixed, ...choices.flatMap(({ things }) => things)]);
    const blocked = new Map<number, TimeSlot[]>();
    for (const [gap, things] of groupBy(everybody, (thing) => gapOf(this.#limitsOf(thing, actor)))) {
      const ids = things.map((thing) => thing.id);
      const turnaround = { gap, userId: actor.id };
      for (const [id, blocks] of await this.#calendars.blocked(ids, window, turnaround)) blocked.set(id, blocks);
    }
    const noStarts = remembered((maxDays: number) => startsTooLong(window, length, maxDays, this.#terms.zone));
    const busy = (thing: Thing) => ({
      id: thing.id,
      blocks: [...(blocked.get(thing.id) ?? []), { start: horizon(thing), end: window.end + 1 }],
      noStarts: noStarts(this.#limitsOf(thing, actor).maxDays),
    });
    return earliestCommon(
      window,
      length,
      fixed.map(busy),
      choices.map(({ count, things }) => ({ count, devices: things.map(busy) })),
    );
  }

  /** What the policy has against the user having these devices in that slot, as sentences. */
  async #policyChecks(actor: Actor, now: Instant): Promise<(things: readonly Thing[], slot: TimeSlot) => string[]> {
    const { policy, zone } = this.#terms;
    const today = new Today(now, zone);
    const held = hasQuotas(policy) ? await this.#listings.heldBy(actor.id, now) : [];
    return (things, slot) => {
      const all = [...held, ...things.map(({ type }) => ({ groupId: '', type, slot }))];
      const broken = things.flatMap((thing) =>
        checkRequest({
          ...{
            slot,
            joint: slot,
            whole: slot,
            type: thing.type,
            limits: this.#limitsOf(thing, actor),
            today,
            others: [],
          },
          ...{ held: all, policy, role: actor.role },
        }).filter((check) => !check.ok),
      );
      return [...new Set(broken.map((check) => check.detail))];
    };
  }

  #limitsOf({ type }: Thing, { role }: Actor): BookingLimits {
    return limitsFor(this.#terms.policy, type, role);
  }

  /** Bookable devices of each wanted type, without those that are wanted by id anyway. */
  async #choices(types: EarliestQuestion['types'], fixed: readonly Thing[]): Promise<Choice[]> {
    const taken = new Set(fixed.map((thing) => thing.id));
    const choices: Choice[] = [];
    for (const wanted of groupBy(types, ({ type }) => nameKey(type)).values()) {
      const type = wanted[0]?.type ?? '';
      const things = await this.#calendars.ofType(type);
      if (things.length === 0) throw invalid('device.unknown-type', `There is no device of type '${type}'.`);
      choices.push({
        type,
        count: wanted.reduce((sum, { count }) => sum + count, 0),
        things: things.filter((thing) => isBookable(thing) && !taken.has(thing.id)),
      });
    }
    return choices;
  }
}

/** So many of these devices of one type. */
interface Choice {
  readonly type: string;
  readonly count: number;
  readonly things: readonly Thing[];
}

/** Milliseconds that stay free between two people. */
const gapOf = ({ turnaroundMinutes = 0 }: BookingLimits): number => turnaroundMinutes * MINUTE;

const distinct = (things: readonly Thing[]): Thing[] => [...new Map(things.map((thing) => [thing.id, thing])).values()];

const remembered = <Key, Value>(find: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? find(key);
    known.set(key, value);
    return value;
  };
};

import type { Role } from '../identity/index.js';
import { HOUR, isoOf, MINUTE, nameKey, overlaps, type Instant, type LabZone, type TimeSlot } from '../shared/index.js';
import { exceptionsFor, horizonOf, limitsFor, type BookingLimits, type BookingPolicy } from './booking-policy.js';
import type { EndedHold, Hold } from './calendar.js';

/** One rule held against one slot, whether it is kept or not. */
export interface PolicyCheck {
  readonly rule: string;
  readonly limit: string | number;
  readonly actual: string | number;
  readonly ok: boolean;
  /** Code of the refusal when it is not kept. */
  readonly code: string;
  /** Sentence for people when it is not kept. */
  readonly detail: string;
}

/** A rule held against one of the items that were asked for. */
export interface ItemCheck extends PolicyCheck {
  readonly deviceId: number;
  readonly deviceName: string;
  readonly slot: TimeSlot;
}

/** One booking that somebody holds, as the quotas count it. */
export interface HeldTime {
  readonly groupId: string;
  readonly type: string;
  readonly slot: TimeSlot;
}

/** The lab's today, found out once for all the slots of a request. */
export class Today {
  readonly now: Instant;
  readonly zone: LabZone;
  /** First instant of the lab date. */
  readonly midnight: Instant;
  /** Lab date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly nowText: string;
  readonly midnightText: string;
  readonly #horizons = new Map<number, { readonly at: Instant; readonly text: string }>();

  constructor(now: Instant, zone: LabZone) {
    this.now = now;
    this.zone = zone;
    this.midnight = zone.startOfDay(now);
    this.date = zone.dateOf(now);
    this.nowText = isoOf(now);
    this.midnightText = isoOf(this.midnight);
  }

  /** The last instant at which a booking may end. */
  horizon(limits: Pick<BookingLimits, 'horizonDays'>): { readonly at: Instant; readonly text: string } {
    const known = this.#horizons.get(limits.horizonDays);
    if (known) return known;
    const at = horizonOf(limits, this.now, this.zone);
    const horizon = { at, text: isoOf(at) };
    this.#horizons.set(limits.horizonDays, horizon);
    return horizon;
  }
}

/** What rules about when and how long may look at. */
export interface TimeFacts {
  readonly slot: TimeSlot;
  /** The slot with what its group holds already of the device right before and after it: long enough together. */
  readonly joint: TimeSlot;
  /** The same with what is asked for at once: not too long together, however it is put together. */
  readonly whole: TimeSlot;
  readonly limits: BookingLimits;
  readonly today: Today;
}

/** What rules about how much one person may have may look at. */
export interface QuotaFacts {
  /** Everything the requester would hold if all of the request were granted. */
  readonly held: readonly HeldTime[];
  readonly type: string;
  readonly policy: BookingPolicy;
  readonly role: Role;
}

/** What rules about other people's bookings may look at. */
export interface NeighbourFacts {
  readonly slot: TimeSlot;
  readonly limits: BookingLimits;
  /** Bookings of others on the device, around the slot; also those that are just over. */
  readonly others: readonly (Hold | EndedHold)[];
}

/** Everything that the limits of the lab are held against. */
export type PolicyFacts = TimeFacts & QuotaFacts & NeighbourFacts;

/** Holds one limit against what it is about; nothing when the lab has not set it. A new rule joins one of the lists. */
export type PolicyRule<Facts> = (facts: Facts) => PolicyCheck[];

const STARTS_TODAY = 'starts-today-or-later';

const inHundredths = (value: number): number => Math.ceil(value * 100) / 100;

const endsInFuture: PolicyRule<TimeFacts> = ({ slot, today }) => [
  {
    rule: 'ends-in-future',
    limit: today.nowText,
    actual: isoOf(slot.end),
    ok: slot.end > today.now,
    code: 'booking.in-past',
    detail: `The slot ended at ${isoOf(slot.end)}: bookings must end in the future.`,
  },
];

const startsTodayOrLater: PolicyRule<TimeFacts> = ({ slot, today }) => [
  {
    rule: STARTS_TODAY,
    limit: today.midnightText,
    actual: isoOf(slot.start),
    ok: slot.start >= today.midnight,
    code: 'booking.starts-in-past',
    detail: `The slot starts at ${isoOf(slot.start)}, before today (${today.date}).`,
  },
];

const minimumLength: PolicyRule<TimeFacts> = ({ joint, limits: { minMinutes } }) => {
  if (minMinutes === undefined) return [];
  const length = (joint.end - joint.start) / MINUTE;
  return [
    {
      rule: 'min-minutes',
      limit: minMinutes,
      actual: inHundredths(length),
      ok: length >= minMinutes,
      code: 'booking.too-short',
      detail: `A booking lasts at least ${minMinutes} minutes; this would be ${inHundredths(length)}.`,
    },
  ];
};

const maximumLength: PolicyRule<TimeFacts> = ({ whole, today: { zone }, limits: { maxDays } }) => {
  const length = zone.daysBetween(whole.start, whole.end);
  return [
    {
      rule: 'max-days',
      limit: maxDays,
      actual: inHundredths(length),
      ok: length <= maxDays,
      code: 'booking.too-long',
      detail: `A booking may last at most ${maxDays} days; this would be ${inHundredths(length)}.`,
    },
  ];
};

const withinHorizon: PolicyRule<TimeFacts> = ({ slot, today, limits }) => {
  const { at, text } = today.horizon(limits);
  return [
    {
      rule: 'horizon-days',
      limit: text,
      actual: isoOf(slot.end),
      ok: slot.end <= at,
      code: 'booking.beyond-horizon',
      detail: `Bookings may end at most ${limits.horizonDays} days from now (${text}).`,
    },
  ];
};

const hoursOf = (held: readonly HeldTime[]): number =>
  inHundredths(held.reduce((sum, { slot }) => sum + (slot.end - slot.start), 0) / HOUR);

const groupsOf = (held: readonly HeldTime[]): number => new Set(held.map(({ groupId }) => groupId)).size;

/** A quota of the lab or the role counts everything that is held, one of a device type only what is held of it. */
const quota =
  (
    key: 'maxDeviceHours' | 'maxGroups',
    count: (held: readonly HeldTime[]) => number,
    rule: string,
    code: string,
    what: string,
  ): PolicyRule<QuotaFacts> =>
  ({ held, type, policy, role }) => {
    const checkOf = (limit: number, counted: readonly HeldTime[], of: string): PolicyCheck => {
      const actual = count(counted);
      const detail = `One person may hold at most ${limit} ${what}${of} at a time; this would make ${actual}.`;
      return { rule, limit, actual, ok: actual <= limit, code, detail };
    };
    const general = limitsFor({ ...policy, deviceTypes: {} }, type, role)[key];
    const special = exceptionsFor(policy, type)[key];
    const ofType = () => held.filter((item) => nameKey(item.type) === nameKey(type));
    return [
      ...(general === undefined ? [] : [checkOf(general, held, '')]),
      ...(special === undefined ? [] : [checkOf(special, ofType(), ` of type ${type}`)]),
    ];
  };

const deviceHours = quota('maxDeviceHours', hoursOf, 'max-device-hours', 'booking.too-many-hours', 'device-hours');
const heldGroups = quota('maxGroups', groupsOf, 'max-groups', 'booking.too-many-groups', 'groups of bookings');

/** Others on the device whose bookings end or begin too close to the slot, without overlapping it. */
export const tooClose = ({ slot, others, limits }: NeighbourFacts): (Hold | EndedHold)[] => {
  const gap = (limits.turnaroundMinutes ?? 0) * MINUTE;
  const widened = { start: slot.start - gap, end: slot.end + gap };
  return others.filter((hold) => overlaps(hold.slot, widened) && !overlaps(hold.slot, slot));
};

const turnaround: PolicyRule<NeighbourFacts> = (facts) => {
  const { turnaroundMinutes = 0 } = facts.limits;
  if (turnaroundMinutes === 0) return [];
  const gaps = tooClose(facts).map(({ slot }) => Math.max(facts.slot.start - slot.end, slot.start - facts.slot.end));
  const smallest = Math.floor(Math.min(...gaps, turnaroundMinutes * MINUTE) / MINUTE);
  return [
    {
      rule: TURNAROUND,
      limit: turnaroundMinutes,
      actual: smallest,
      ok: gaps.length === 0,
      code: 'booking.turnaround',
      detail: `${turnaroundMinutes} minutes must stay free between two people, and only ${smallest} do.`,
    },
  ];
};

/** The rule that is about other people's bookings, and not about what was asked for alone. */
export const TURNAROUND = 'turnaround-minutes';

const TIME_RULES: readonly PolicyRule<TimeFacts>[] = [
  endsInFuture,
  startsTodayOrLater,
  minimumLength,
  maximumLength,
  withinHorizon,
];

const QUOTA_RULES: readonly PolicyRule<QuotaFacts>[] = [deviceHours, heldGroups];

const NEIGHBOUR_RULES: readonly PolicyRule<NeighbourFacts>[] = [turnaround];

const against =
  <Facts>(rules: readonly PolicyRule<Facts>[]) =>
  (facts: Facts): PolicyCheck[] =>
    rules.flatMap((rule) => rule(facts));

/** Rules about when and how long, which need nothing but the slot and the clock. */
export const checkTimes = against(TIME_RULES);

/** Rules about how much somebody may have; the same for every device of a type. */
export const checkQuotas = against(QUOTA_RULES);

/** Rules about the time between two people. */
export const checkTurnaround = against(NEIGHBOUR_RULES);

/** The whole trace of what was asked for: every rule that the lab has, kept or not. */
export const checkRequest = (facts: PolicyFacts): PolicyCheck[] => [
  ...checkTimes(facts),
  ...checkQuotas(facts),
  ...checkTurnaround(facts),
];

/** The same for a booking that is about to be confirmed: when it was asked for is no matter any more. */
export const checkApproval = (facts: PolicyFacts): PolicyCheck[] =>
  checkRequest(facts).filter(({ rule }) => rule !== STARTS_TODAY);

/** Whether a slot could be asked for at all, whoever else is there. */
export const keepsTimeRules = (slot: TimeSlot, limits: BookingLimits, today: Today): boolean =>
  checkTimes({ slot, joint: slot, whole: slot, limits, today }).every((check) => check.ok);

import type { Role } from '../identity/index.js';
import { isBookable, underMaintenance, whyNotBookable, type Thing } from '../inventory/index.js';
import {
  groupBy,
  inWords,
  invalid,
  MINUTE,
  overlaps,
  slotInWords,
  type Instant,
  type LabZone,
  type TimeSlot,
} from '../shared/index.js';
import type { HoldingStatus } from './booking.js';
import { limitsFor, type BookingLimits, type BookingPolicy } from './booking-policy.js';
import type { Calendar, EndedHold, Hold } from './calendar.js';
import { peakHolders } from './contention.js';
import {
  checkQuotas,
  checkTimes,
  checkTurnaround,
  Today,
  tooClose,
  TURNAROUND,
  type HeldTime,
  type ItemCheck,
  type PolicyCheck,
} from './policy-rules.js';
import type { Refusal } from './refusal.js';
import { stretchesOf, stretchOf } from './stretch.js';

/** One device in one slot, as asked for. */
export interface WantedItem {
  readonly thing: Thing;
  readonly slot: TimeSlot;
  /** The requester accepts to contend for the slot with those who hold it. */
  readonly consent: boolean;
  /** Whoever asks has no way to accept that. */
  readonly uncontended?: boolean;
}

/** A wanted item that may be had, and the status it gets. */
export interface Grant {
  readonly thing: Thing;
  readonly slot: TimeSlot;
  readonly status: HoldingStatus;
}

/**
 * What becomes of a request. The three lists are about its items; `policy` has every limit that was held against them.
 */
export interface Judgement {
  /** Items without a refusal; they may be written only when there are no refusals at all. */
  readonly grants: readonly Grant[];
  readonly refusals: readonly Refusal[];
  readonly policy: readonly ItemCheck[];
}

/** Time on a device. */
export interface DeviceTime {
  readonly deviceId: number;
  readonly slot: TimeSlot;
}

/** Who asks, when, and under which rules. */
export interface JudgementTerms {
  readonly requesterId: number;
  readonly role: Role;
  /** The group that the items join; null when they make a new one. */
  readonly groupId: string | null;
  /** What that group holds already. */
  readonly joined?: readonly DeviceTime[];
  /** What the requester holds already; read only where the policy has quotas. */
  readonly held: readonly HeldTime[];
  readonly now: Instant;
  readonly zone: LabZone;
  readonly policy: BookingPolicy;
  /** Whether a free slot of this device is confirmed at once rather than awaiting an approver. */
  readonly automatic: (thing: Thing) => boolean;
}

/**
 * Identical items count once; consent is given only when each of them gives it.
 * @throws DomainError `booking.items-overlap` when two items of one device overlap otherwise, naming all such devices.
 */
export const mergeItems = (items: readonly WantedItem[]): WantedItem[] => {
  const distinct = new Map<string, WantedItem>();
  for (const item of items) {
    const key = `${item.thing.id}/${item.slot.start}/${item.slot.end}`;
    const twin = distinct.get(key);
    distinct.set(key, twin ? { ...twin, consent: twin.consent && item.consent } : item);
  }
  const merged = [...distinct.values()];
  const byThingAndStart = merged.toSorted((a, b) => a.thing.id - b.thing.id || a.slot.start - b.slot.start);
  const overlapping = byThingAndStart
    .filter((item, index) => {
      const next = byThingAndStart[index + 1];
      return next?.thing.id === item.thing.id && overlaps(next.slot, item.slot);
    })
    .map((item) => item.thing);
  if (overlapping.length > 0) {
    const names = [...new Set(overlapping.map((thing) => thing.name))];
    throw invalid('booking.items-overlap', `Slots of this request for ${inWords(names)} overlap each other.`, {
      device_ids: [...new Set(overlapping.map((thing) => thing.id))],
    });
  }
  return merged;
};

const firstThree = <Held extends Hold | EndedHold>(holders: readonly Held[], say: (hold: Held) => string): string =>
  inWords([...holders.slice(0, 3).map(say), ...(holders.length > 3 ? [`${holders.length - 3} more`] : [])]);

const heldBy = (holders: readonly Hold[], zone: LabZone): string =>
  firstThree(holders, (hold) => `${hold.ownerUsername} (${hold.status}, ${slotInWords(hold.slot, zone)})`);

/** Their status is no matter: nobody contends for the time between two people. */
const heldAround = (neighbours: readonly (Hold | EndedHold)[], zone: LabZone): string =>
  firstThree(neighbours, (hold) => `${hold.ownerUsername} (${slotInWords(hold.slot, zone)})`);

type Reason = Pick<Refusal, 'kind' | 'code' | 'detail'> & Partial<Pick<Refusal, 'holders' | 'maintenance'>>;

const unavailable = (detail: string): Reason => ({ kind: 'unavailable', code: 'booking.device-unavailable', detail });

const calendarReasons = (
  { slot, consent, uncontended = false }: WantedItem,
  calendar: Calendar,
  terms: JudgementTerms,
  limits: BookingLimits,
): Reason[] => {
  const { thing } = calendar;
  const { zone } = terms;
  const reasons: Reason[] = [];
  if (!isBookable(thing)) reasons.push(unavailable(whyNotBookable(thing)));

  const maintenance = calendar.maintenance.filter((window) => overlaps(window.slot, slot));
  if (maintenance.length > 0) {
    const detail = underMaintenance(thing, maintenance, zone);
    reasons.push({ kind: 'unavailable', code: 'booking.maintenance', detail, maintenance });
  }

  const inTheWay = calendar.holds.filter((hold) => overlaps(hold.slot, slot));
  const own = inTheWay.filter((hold) => hold.ownerId === terms.requesterId);
  const others = inTheWay.filter((hold) => hold.ownerId !== terms.requesterId);
  if (own.length > 0) {
    const detail = `${thing.name} is already booked by you, ${slotInWords(own[0]?.slot ?? slot, zone)}.`;
    reasons.push({ kind: 'conflict', code: 'booking.own', detail, holders: own });
  }
  if (others.length > 0) {
    const taken = `${thing.name} is already booked by ${heldBy(others, zone)}`;
    if (peakHolders(slot, inTheWay) >= limits.maxContenders) {
      const detail = `${taken}; no more than ${limits.maxContenders} may contend for it.`;
      reasons.push({ kind: 'conflict', code: 'booking.full', detail, holders: others });
    } else if (!consent) {
      const detail = uncontended ? `${taken}.` : `${taken}. To contend for it, ask with status CONFLICTING.`;
      reasons.push({ kind: 'conflict', code: 'booking.taken', detail, holders: others });
    }
  }
  return reasons;
};

/** The calendar with those holds only that are less than `gap` milliseconds away from the slot. */
const near = ({ ended = [], ...calendar }: Calendar, { start, end }: TimeSlot, gap: number): Calendar => {
  const isNear = ({ slot }: { readonly slot: TimeSlot }) => overlaps(slot, { start: start - gap, end: end + gap });
  return { ...calendar, holds: calendar.holds.filter(isNear), ended: ended.filter(isNear) };
};

const stretchesByDevice = (taken: readonly DeviceTime[]): Map<number, TimeSlot[]> =>
  new Map(
    [...groupBy(taken, ({ deviceId }) => deviceId)].map(([deviceId, slots]) => [
      deviceId,
      stretchesOf(slots.map(({ slot }) => slot)),
    ]),
  );

/** A new group has no name yet: anything that no other group has stands for it. */
const asHeld = ({ thing, slot }: WantedItem, { groupId }: JudgementTerms): HeldTime => ({
  groupId: groupId ?? '',
  type: thing.type,
  slot,
});

const grantedStatus = (item: WantedItem, calendar: Calendar, terms: JudgementTerms): HoldingStatus => {
  if (calendar.holds.some((hold) => overlaps(hold.slot, item.slot))) return 'CONFLICTING';
  return terms.automatic(item.thing) ? 'CONFIRMED' : 'PENDING';
};

/**
 * Decides a request: what each item gets, or every reason why it cannot be had. Pure: the caller reads the calendars
 * (claimed, if it means to write) and writes the grants when nothing was refused.
 * @param items merged by `mergeItems`, so that no two overlap on one device.
 * @param calendars one for each thing of the items, read over all their slots and the policy's turnaround around them,
 * without holds that are over.
 */
export const judge = (
  items: readonly WantedItem[],
  calendars: ReadonlyMap<number, Calendar>,
  terms: JudgementTerms,
): Judgement => {
  const grants: Grant[] = [];
  const refusals: Refusal[] = [];
  const policy: ItemCheck[] = [];
  const today = new Today(terms.now, terms.zone);
  const held = [...terms.held, ...items.map((item) => asHeld(item, terms))];
  const inGroup = terms.joined ?? [];
  const joined = stretchesByDevice(inGroup);
  const asked = items.map(({ thing, slot }) => ({ deviceId: thing.id, slot }));
  const together = stretchesByDevice([...inGroup, ...asked]);
  const quotas = new Map<string, PolicyCheck[]>();
  const quotasOf = (type: string): PolicyCheck[] => {
    const known = quotas.get(type) ?? checkQuotas({ held, type, policy: terms.policy, role: terms.role });
    quotas.set(type, known);
    return known;
  };
  for (const item of items) {
    const { thing, slot } = item;
    const limits = limitsFor(terms.policy, thing.type, terms.role);
    const known = calendars.get(thing.id);
    const calendar = known && near(known, slot, (limits.turnaroundMinutes ?? 0) * MINUTE);
    const around = [...(calendar?.holds ?? []), ...(calendar?.ended ?? [])];
    const others = around.filter((hold) => hold.ownerId !== terms.requesterId);
    const joint = stretchOf(slot, joined.get(thing.id) ?? []);
    const whole = stretchOf(slot, together.get(thing.id) ?? []);
    const checks = [
      ...checkTimes({ slot, joint, whole, limits, today }),
      ...quotasOf(thing.type),
      ...checkTurnaround({ slot, limits, others }),
    ];
    policy.push(...checks.map((check) => ({ ...check, deviceId: thing.id, deviceName: thing.name, slot })));
    const reasons: Reason[] = checks
      .filter((check) => !check.ok)
      .map(({ rule, code, detail }) => {
        if (rule !== TURNAROUND) return { kind: 'invalid', code, detail };
        const holders = tooClose({ slot, others, limits });
        const who = `${thing.name} is held by ${heldAround(holders, terms.zone)}.`;
        return { kind: 'conflict', code, detail: `${detail} ${who}`, holders };
      });
    if (calendar) reasons.push(...calendarReasons(item, calendar, terms, limits));
    else reasons.push(unavailable(`${thing.name} cannot be booked: it has no calendar.`));
    if (calendar && reasons.length === 0) grants.push({ thing, slot, status: grantedStatus(item, calendar, terms) });
    for (const reason of reasons) {
      refusals.push({
        holders: [],
        maintenance: [],
        ...reason,
        deviceId: thing.id,
        deviceType: thing.type,
        deviceName: thing.name,
        slot,
        alternatives: [],
      });
    }
  }
  return { grants, refusals, policy };
};

import { isBookable, type Thing } from '../inventory/index.js';
import { invalid } from '../shared/index.js';
import type { Instant } from '../shared/index.js';
import type { LabZone } from '../shared/index.js';
import { inWords } from '../shared/index.js';
import { overlaps, sameSlot, type TimeSlot } from '../shared/index.js';
import type { HoldingStatus } from './booking.js';
import { checkPolicy, type BookingPolicy, type PolicyCheck } from './booking-policy.js';
import type { Calendar, Hold } from './calendar.js';
import { peakHolders } from './contention.js';
import type { Refusal } from './refusal.js';

/** One device in one slot, as asked for. */
export interface WantedItem {
  readonly thing: Thing;
  readonly slot: TimeSlot;
  /** The requester accepts to contend for the slot with those who hold it. */
  readonly consent: boolean;
}

/** A wanted item that may be had, and the status it gets. */
export interface Grant {
  readonly thing: Thing;
  readonly slot: TimeSlot;
  readonly status: HoldingStatus;
}

export interface Judgement {
  /** Items without a refusal; they may be written only when there are no refusals at all. */
  readonly grants: readonly Grant[];
  readonly refusals: readonly Refusal[];
  readonly policy: readonly PolicyCheck[];
}

/** Who asks, when, and under which rules. */
export interface JudgementTerms {
  readonly requesterId: number;
  readonly now: Instant;
  readonly zone: LabZone;
  readonly policy: BookingPolicy;
  /** Whether a free slot of this device is confirmed at once rather than awaiting an approver. */
  readonly automatic: (thing: Thing) => boolean;
}

/**
 * Identical items count once; consent is given only when each of them gives it.
 * @throws DomainError `booking.items-overlap` when two items of one device overlap otherwise.
 */
export const mergeItems = (items: readonly WantedItem[]): WantedItem[] => {
  const merged: WantedItem[] = [];
  const byThing = new Map<number, WantedItem[]>();
  for (const item of items) {
    const siblings = byThing.get(item.thing.id) ?? [];
    const twin = siblings.findIndex((other) => sameSlot(other.slot, item.slot));
    if (twin >= 0) {
      const other = siblings[twin];
      if (other && !item.consent) siblings[twin] = { ...other, consent: false };
      continue;
    }
    if (siblings.some((other) => overlaps(other.slot, item.slot))) {
      throw invalid('booking.items-overlap', `Two slots of this request for ${item.thing.name} overlap each other.`, {
        device_id: item.thing.id,
      });
    }
    siblings.push(item);
    byThing.set(item.thing.id, siblings);
  }
  for (const siblings of byThing.values()) merged.push(...siblings);
  return merged;
};

/** `2026-11-27 00:01 to 23:59`, in lab time, for people. */
const inLabTime = ({ start, end }: TimeSlot, zone: LabZone): string => {
  const [first, last] = [zone.dateOf(start), zone.dateOf(end)];
  return `${first} ${zone.timeOf(start)} to ${first === last ? '' : `${last} `}${zone.timeOf(end)}`;
};

const why = (thing: Thing): string =>
  thing.schedulable
    ? `${thing.name} cannot be booked: its status is ${thing.status}.`
    : `${thing.name} cannot be booked: devices of type ${thing.type} are not schedulable.`;

const heldBy = (holders: readonly Hold[], zone: LabZone): string =>
  inWords(holders.slice(0, 3).map((hold) => `${hold.ownerUsername} (${hold.status}, ${inLabTime(hold.slot, zone)})`)) +
  (holders.length > 3 ? ` and ${holders.length - 3} more` : '');

type Reason = Pick<Refusal, 'kind' | 'code' | 'detail'> & Partial<Pick<Refusal, 'holders' | 'maintenance'>>;

const calendarReasons = (item: WantedItem, calendar: Calendar, terms: JudgementTerms): Reason[] => {
  const { thing, slot } = item;
  const { zone } = terms;
  const reasons: Reason[] = [];
  if (!isBookable(thing)) reasons.push({ kind: 'unavailable', code: 'booking.device-unavailable', detail: why(thing) });

  const maintenance = calendar.maintenance.filter((window) => overlaps(window.slot, slot));
  if (maintenance.length > 0) {
    const spans = maintenance.map(
      (window) => `${inLabTime(window.slot, zone)}${window.reason ? ` (${window.reason})` : ''}`,
    );
    const detail = `${thing.name} is under maintenance ${inWords(spans)}.`;
    reasons.push({ kind: 'unavailable', code: 'booking.maintenance', detail, maintenance });
  }

  const inTheWay = calendar.holds.filter((hold) => overlaps(hold.slot, slot));
  const own = inTheWay.filter((hold) => hold.ownerId === terms.requesterId);
  const others = inTheWay.filter((hold) => hold.ownerId !== terms.requesterId);
  if (own.length > 0) {
    const detail = `${thing.name} is already booked by you, ${inLabTime(own[0]?.slot ?? slot, zone)}.`;
    reasons.push({ kind: 'conflict', code: 'booking.own', detail, holders: own });
  }
  if (others.length > 0) {
    const taken = `${thing.name} is already booked by ${heldBy(others, zone)}`;
    if (peakHolders(slot, inTheWay) >= terms.policy.maxContenders) {
      const detail = `${taken}; no more than ${terms.policy.maxContenders} may contend for it.`;
      reasons.push({ kind: 'conflict', code: 'booking.full', detail, holders: others });
    } else if (!item.consent) {
      const detail = `${taken}. To contend for it, ask with status CONFLICTING.`;
      reasons.push({ kind: 'conflict', code: 'booking.taken', detail, holders: others });
    }
  }
  return reasons;
};

const grantedStatus = (item: WantedItem, calendar: Calendar, terms: JudgementTerms): HoldingStatus => {
  if (calendar.holds.some((hold) => overlaps(hold.slot, item.slot))) return 'CONFLICTING';
  return terms.automatic(item.thing) ? 'CONFIRMED' : 'PENDING';
};

/**
 * Decides a request: what each item gets, or every reason why it cannot be had. Pure: the caller reads the calendars
 * (claimed, if it means to write) and writes the grants when nothing was refused.
 * @param items merged by `mergeItems`, so that no two overlap on one device.
 * @param calendars one for each thing of the items, read over all their slots, without holds that are over.
 */
export const judge = (
  items: readonly WantedItem[],
  calendars: ReadonlyMap<number, Calendar>,
  terms: JudgementTerms,
): Judgement => {
  const grants: Grant[] = [];
  const refusals: Refusal[] = [];
  const policy: PolicyCheck[] = [];
  for (const item of items) {
    const { thing, slot } = item;
    const calendar = calendars.get(thing.id) ?? { thing, holds: [], maintenance: [] };
    const checks = checkPolicy(slot, terms.policy, terms.now, terms.zone);
    policy.push(...checks);
    const reasons: Reason[] = [
      ...checks.filter((check) => !check.ok).map(({ code, detail }) => ({ kind: 'invalid' as const, code, detail })),
      ...calendarReasons(item, calendar, terms),
    ];
    if (reasons.length === 0) grants.push({ thing, slot, status: grantedStatus(item, calendar, terms) });
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

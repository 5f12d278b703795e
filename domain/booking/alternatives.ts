import { isBookable } from '../inventory/index.js';
import { DAY, lengthOf, MINUTE, overlaps, type Instant, type TimeSlot } from '../shared/index.js';
import { horizonOf, limitsFor } from './booking-policy.js';
import type { Calendar } from './calendar.js';
import { blocksAround, earliestFree, isFreeDuring } from './free-time.js';
import type { JudgementTerms, WantedItem } from './judgement.js';
import { keepsTimeRules, Today } from './policy-rules.js';
import type { Alternative } from './refusal.js';

/** At most so many alternatives are offered for one refused item. */
export const MOST_ALTERNATIVES = 3;

/**
 * What could be had instead of a refused item, checked against the calendars given: the same device at its earliest
 * free time from now and from the wanted start on, and other devices of the type in the wanted slot. Never empty when
 * the device is free for that long anywhere within the horizon or another device of its type is free.
 * @param own the calendar of the wanted device, read from now to the horizon.
 * @param peers calendars of the other devices of its type, read over the wanted slot, in the order of preference.
 * @param rest the other items of the request: an alternative does not run into them.
 */
export const alternativesTo = (
  item: WantedItem,
  own: Calendar,
  peers: readonly Calendar[],
  rest: readonly WantedItem[],
  terms: Pick<JudgementTerms, 'now' | 'zone' | 'policy' | 'role' | 'requesterId'>,
): Alternative[] => {
  const { now, zone } = terms;
  const limits = limitsFor(terms.policy, item.thing.type, terms.role);
  const gap = (limits.turnaroundMinutes ?? 0) * MINUTE;
  const today = new Today(now, zone);
  const keepsPolicy = (slot: TimeSlot) => keepsTimeRules(slot, limits, today);
  const until = horizonOf(limits, now, zone);
  const length = lengthOf(item.slot);
  const hopeless = !isBookable(own.thing) || length > (limits.maxDays + 1) * DAY;
  const blocks = [
    ...blocksAround(own, terms.requesterId, gap),
    ...rest.filter((other) => other.thing.id === own.thing.id).map((other) => other.slot),
  ];
  const earliestFrom = (start: Instant) =>
    hopeless || start >= until ? null : earliestFree({ start, end: until }, length, blocks, keepsPolicy);

  const nextMinute = Math.ceil(now / MINUTE) * MINUTE;
  const earliest = earliestFrom(nextMinute) ?? earliestFrom(now);
  const later = item.slot.start > nextMinute ? earliestFrom(item.slot.start) : null;
  const [soonest, ...times] = [earliest, later?.start === earliest?.start ? null : later]
    .filter((slot) => slot !== null)
    .map((slot) => ({ kind: 'time' as const, deviceId: own.thing.id, deviceName: own.thing.name, slot }));

  const spokenFor = new Set(rest.filter((other) => overlaps(other.slot, item.slot)).map((other) => other.thing.id));
  const isFree = ({ thing, ...calendar }: Calendar) =>
    thing.id !== item.thing.id &&
    isBookable(thing) &&
    !spokenFor.has(thing.id) &&
    isFreeDuring(item.slot, calendar, terms.requesterId, gap);
  const free: Calendar[] = [];
  for (const peer of keepsPolicy(item.slot) ? peers : []) {
    if (isFree(peer)) free.push(peer);
    if (free.length === MOST_ALTERNATIVES) break;
  }
  const [nearest, ...devices] = free.map(({ thing }) => ({
    kind: 'device' as const,
    deviceId: thing.id,
    deviceName: thing.name,
    slot: item.slot,
  }));

  // One of each kind first.
  return [soonest, nearest, ...times, ...devices].filter((found) => found !== undefined).slice(0, MOST_ALTERNATIVES);
};

import { isBookable } from '../inventory/index.js';
import { MINUTE } from '../shared/index.js';
import { lengthOf, overlaps, type TimeSlot } from '../shared/index.js';
import { checkPolicy, horizonOf } from './booking-policy.js';
import type { Calendar } from './calendar.js';
import { blocksOf, earliestFree } from './free-time.js';
import type { JudgementTerms, WantedItem } from './judgement.js';
import type { Alternative } from './refusal.js';

export const MOST_ALTERNATIVES = 3;

/**
 * What could be had instead of a refused item, checked against the calendars given: the same device at its earliest
 * free time and at the first free time from the wanted start on, and other devices of the type in the wanted slot.
 * Never empty when the device is free for that long anywhere within the horizon or another device of its type is free.
 * @param own the calendar of the wanted device, read from now to the horizon.
 * @param peers calendars of the other devices of its type, read over the wanted slot, in the order of preference.
 * @param rest the other items of the request: an alternative does not run into them.
 */
export const alternativesTo = (
  item: WantedItem,
  own: Calendar,
  peers: readonly Calendar[],
  rest: readonly WantedItem[],
  terms: Pick<JudgementTerms, 'now' | 'zone' | 'policy'>,
): Alternative[] => {
  const { now, zone, policy } = terms;
  const keepsPolicy = (slot: TimeSlot) => checkPolicy(slot, policy, now, zone).every((check) => check.ok);
  const slotsWanted = (thingId: number) =>
    rest.filter((other) => other.thing.id === thingId).map((other) => other.slot);

  const earliestFrom = (from: number): Alternative[] => {
    const until = horizonOf(policy, now, zone);
    if (!isBookable(own.thing) || from >= until) return [];
    const blocks = [...blocksOf(own), ...slotsWanted(own.thing.id)];
    const slot = earliestFree({ start: from, end: until }, lengthOf(item.slot), blocks);
    if (!slot || !keepsPolicy(slot)) return [];
    return [{ kind: 'time', deviceId: own.thing.id, deviceName: own.thing.name, slot }];
  };
  const thisMinute = Math.floor(now / MINUTE) * MINUTE;
  const earliest = earliestFrom(thisMinute);
  const later = item.slot.start > thisMinute ? earliestFrom(item.slot.start) : [];
  const times = later[0]?.slot.start === earliest[0]?.slot.start ? earliest : [...earliest, ...later];

  const devices = keepsPolicy(item.slot)
    ? peers
        .filter((peer) => peer.thing.id !== item.thing.id && isBookable(peer.thing))
        .filter(
          (peer) => ![...blocksOf(peer), ...slotsWanted(peer.thing.id)].some((block) => overlaps(block, item.slot)),
        )
        .slice(0, MOST_ALTERNATIVES)
        .map(({ thing }) => ({ kind: 'device' as const, deviceId: thing.id, deviceName: thing.name, slot: item.slot }))
    : [];

  // One of each kind first, then the remaining times, then the remaining devices.
  return [...times.slice(0, 1), ...devices.slice(0, 1), ...times.slice(1), ...devices.slice(1)].slice(
    0,
    MOST_ALTERNATIVES,
  );
};

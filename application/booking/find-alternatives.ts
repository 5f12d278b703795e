import {
  alternativesTo,
  groupBy,
  horizonOf,
  hullOf,
  limitsFor,
  MINUTE,
  widestTurnaround,
  type Alternative,
  type JudgementTerms,
  type Refusal,
  type TimeSlot,
  type WantedItem,
} from '../../domain/index.js';
import { withEnded, withoutOver } from './claim-calendars.js';
import type { CalendarReader } from './ports.js';

/** Nothing else is free for somebody who holds as much as they may. */
const QUOTAS = new Set(['booking.too-many-hours', 'booking.too-many-groups']);

/** Nobody reads further, and the search keeps the whole process busy. */
const MOST_ITEMS = 200;

const keyOf = (thingId: number, { start, end }: TimeSlot) => `${thingId}/${start}/${end}`;

/** The refusals with what could be had instead, as the calendars are now. */
export const withAlternatives = async (
  refusals: readonly Refusal[],
  items: readonly WantedItem[],
  calendars: CalendarReader,
  terms: JudgementTerms,
): Promise<Refusal[]> => {
  if (refusals.some((refusal) => QUOTAS.has(refusal.code))) return [...refusals];
  const refused = new Set(refusals.map(({ deviceId, slot }) => keyOf(deviceId, slot)));
  const wanted = items.filter(({ thing, slot }) => refused.has(keyOf(thing.id, slot))).slice(0, MOST_ITEMS);
  const found = new Map<string, Alternative[]>();
  for (const [type, ofType] of groupBy(wanted, (item) => item.thing.type)) {
    const alternatives = await alternativesOfType(type, ofType, items, calendars, terms);
    for (const [key, list] of alternatives) found.set(key, list);
  }
  return refusals.map((refusal) => ({
    ...refusal,
    alternatives: found.get(keyOf(refusal.deviceId, refusal.slot)) ?? [],
  }));
};

/** Two reads for all items of a type: the wanted devices up to the horizon, the others around the wanted slots. */
const alternativesOfType = async (
  type: string,
  wanted: readonly WantedItem[],
  items: readonly WantedItem[],
  calendars: CalendarReader,
  terms: JudgementTerms,
): Promise<Map<string, Alternative[]>> => {
  const { now, zone, policy } = terms;
  const gap = widestTurnaround(policy) * MINUTE;
  const readAround = async (ids: readonly number[], slots: readonly TimeSlot[]) => {
    const hull = hullOf(slots) ?? { start: now, end: now };
    const read = await calendars.read(ids, { start: hull.start - gap, end: hull.end + gap });
    const current = new Map([...read].map(([id, calendar]) => [id, withoutOver(calendar, now)]));
    return withEnded(current, calendars, policy, now);
  };
  const slots = wanted.map((item) => item.slot);
  const ahead = { start: now, end: horizonOf(limitsFor(policy, type, terms.role), now, zone) };
  const own = await readAround([...new Set(wanted.map((item) => item.thing.id))], [ahead, ...slots]);
  const peerIds = (await calendars.ofType(type)).map((thing) => thing.id);
  const peers = [...(await readAround(peerIds, slots)).values()];
  const found = new Map<string, Alternative[]>();
  for (const item of wanted) {
    const mine = own.get(item.thing.id);
    if (!mine) continue;
    const rest = items.filter((other) => other !== item);
    found.set(keyOf(item.thing.id, item.slot), alternativesTo(item, mine, peers, rest, terms));
  }
  return found;
};

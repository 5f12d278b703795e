import {
  alternativesTo,
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
import { withoutOver } from './claim-calendars.js';
import type { CalendarReader } from './ports.js';

/** Searching is only for people who read the answer; nobody reads the alternatives to hundreds of items. */
const MOST_ITEMS_WITH_ALTERNATIVES = 20;

const keyOf = ({ deviceId, slot }: { deviceId: number; slot: WantedItem['slot'] }) =>
  `${deviceId}/${slot.start}/${slot.end}`;

/** The refusals with what could be had instead, as the calendars are now. */
export const withAlternatives = async (
  refusals: readonly Refusal[],
  items: readonly WantedItem[],
  calendars: CalendarReader,
  terms: JudgementTerms,
): Promise<Refusal[]> => {
  const found = new Map<string, Alternative[]>();
  const { now, zone, policy } = terms;
  const gap = widestTurnaround(policy) * MINUTE;
  const around = ({ start, end }: TimeSlot) => ({ start: start - gap, end: end + gap });
  const refused = new Map(refusals.map((refusal) => [keyOf(refusal), refusal]));
  const wanted = items.filter((item) => refused.has(keyOf({ deviceId: item.thing.id, slot: item.slot })));
  for (const item of wanted.slice(0, MOST_ITEMS_WITH_ALTERNATIVES)) {
    const { horizonDays } = limitsFor(policy, item.thing.type, terms.role);
    const ahead = hullOf([item.slot, { start: now, end: horizonOf({ horizonDays }, now, zone) }]) ?? item.slot;
    const peers = await calendars.ofType(item.thing.type);
    const own = (await calendars.read([item.thing.id], around(ahead))).get(item.thing.id);
    if (!own) continue;
    const others = await calendars.read(
      peers.map((peer) => peer.id).filter((id) => id !== item.thing.id),
      around(item.slot),
    );
    const [mine, ...theirs] = [own, ...others.values()].map((calendar) => withoutOver(calendar, now));
    if (!mine) continue;
    const rest = items.filter((other) => other !== item);
    found.set(keyOf({ deviceId: item.thing.id, slot: item.slot }), alternativesTo(item, mine, theirs, rest, terms));
  }
  return refusals.map((refusal) => ({ ...refusal, alternatives: found.get(keyOf(refusal)) ?? [] }));
};

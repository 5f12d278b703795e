import type { Instant } from '../shared/index.js';
import type { PowerPolicy } from './outlet-mode.js';
import type { OutletState } from './outlet.js';
import { wishesFor, type Feed, type PoweredDevice, type Wish } from './power-wish.js';

/** What is to be so of an outlet from an instant on. */
export interface PlannedChange {
  readonly at: Instant;
  readonly device: PoweredDevice;
  readonly feed: Feed;
  readonly wish: Wish;
  /** What would be sent to the PDU then, if everything before went as planned; null when nothing has to be. */
  readonly set: 'on' | 'off' | null;
}

/**
 * What has to be sent so that the wish comes true. Only what is known to be on is switched off: what is unknown may be
 * in use in a way that nobody sees.
 */
export const setFor = ({ action }: Wish, state: OutletState): 'on' | 'off' | null => {
  if (action === 'on') return state === 'on' || state === 'transitioning' ? null : 'on';
  return action === 'off' && state === 'on' ? 'off' : null;
};

const instantsOf = (device: PoweredDevice, { byHand }: PowerPolicy): Instant[] => [
  ...device.needs.flatMap(({ on, kept, booking }) => [
    ...(on ? [on.start, booking.slot.start, on.end] : []),
    kept.start,
    kept.end,
  ]),
  ...device.maintenance.flatMap(({ slot }) => [slot.start, slot.end]),
  ...device.feeds.flatMap((feed) => [
    ...(feed.hold ? [feed.hold.until] : []),
    ...(feed.hand ? [feed.hand.at + byHand] : []),
  ]),
];

/** When the wishes for a device may change next; null when never. */
export const nextChange = (device: PoweredDevice, now: Instant, policy: PowerPolicy): Instant | null =>
  instantsOf(device, policy).reduce<Instant | null>(
    (next, at) => (at > now && (next === null || at < next) ? at : next),
    null,
  );

const same = (a: Wish | undefined, b: Wish): boolean => a?.action === b.action && a.bookingId === b.bookingId;

/**
 * What is and will be wished of the feeds of a device from now until an instant, by time: first how things are now, then
 * every change.
 * @param stateOf the last known state of a feed.
 */
export const planFor = (
  device: PoweredDevice,
  stateOf: (feed: Feed) => OutletState,
  now: Instant,
  until: Instant,
  policy: PowerPolicy,
): PlannedChange[] => {
  const changes: PlannedChange[] = [];
  const states = new Map(device.feeds.map((feed) => [feed, stateOf(feed)]));
  const last = new Map<Feed, Wish>();
  const later = instantsOf(device, policy).filter((at) => at > now && at < until);
  for (const at of [now, ...new Set(later.sort((a, b) => a - b))]) {
    for (const [feed, wish] of wishesFor(device, at, policy)) {
      if (same(last.get(feed), wish)) continue;
      last.set(feed, wish);
      const set = setFor(wish, states.get(feed) ?? 'unknown');
      if (set) states.set(feed, set);
      changes.push({ at, device, feed, wish, set });
    }
  }
  return changes;
};

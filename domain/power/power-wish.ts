import type { Instant, TimeSlot } from '../shared/index.js';
import type { OutletMode, PowerPolicy } from './outlet-mode.js';
import { governingNeed, keepingNeed, type PowerNeed } from './power-need.js';

/** Somebody wants an outlet to be left alone for a while. */
export interface ManualHold {
  readonly until: Instant;
  readonly reason: string;
  readonly by: string;
}

/** The last time that a person switched an outlet. */
export interface HandSwitch {
  readonly to: 'on' | 'off';
  readonly at: Instant;
  readonly by: string;
  /** The booking that the device was on for then; null when there was none. */
  readonly bookingId: number | null;
  /** What counted before, and counts again if this one fails; null as soon as it did not. */
  readonly before?: HandSwitch | null;
}

/** One outlet that feeds a device. */
export interface Feed {
  readonly pduId: number;
  readonly pduName: string;
  readonly outlet: number;
  readonly mode: OutletMode;
  readonly hold: ManualHold | null;
  readonly hand: HandSwitch | null;
}

/** A device with all that its power depends on. */
export interface PoweredDevice {
  /** The inventory row to which the outlets belong. */
  readonly id: number;
  readonly name: string;
  readonly needs: readonly PowerNeed[];
  /** Its status says so, whatever is announced. */
  readonly inMaintenance: boolean;
  readonly maintenance: readonly { readonly slot: TimeSlot; readonly reason: string }[];
  readonly feeds: readonly Feed[];
}

/** What should be so of an outlet, and why. `hold` is: as it is. */
export interface Wish {
  readonly action: 'on' | 'off' | 'hold';
  /** A sentence for people. */
  readonly reason: string;
  readonly bookingId: number | null;
}

/** `2026-11-25 09:00Z`. */
const timeText = (instant: Instant): string => `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')}Z`;

const whoseBooking = ({ booking }: PowerNeed): string => `booking ${booking.bookingId} of ${booking.ownerUsername}`;

const hold = (reason: string, bookingId: number | null = null): Wish => ({ action: 'hold', reason, bookingId });

/**
 * Whether what a person did last still counts: until another booking governs the device; without one, for a while, and
 * no longer than nobody had it in between.
 */
const handCounts = (hand: HandSwitch, needs: readonly PowerNeed[], now: Instant, policy: PowerPolicy): boolean => {
  const governing = governingNeed(needs, now);
  if (governing) return hand.bookingId === governing.booking.bookingId;
  const usedSince = needs.some(({ kept }) => kept.end > hand.at && kept.start <= now);
  return hand.bookingId === null && !usedSince && now < hand.at + policy.byHand;
};

const wishOfFeed = (feed: Feed, device: PoweredDevice, now: Instant, policy: PowerPolicy): Wish => {
  const governing = governingNeed(device.needs, now);
  const keeping = keepingNeed(device.needs, now);
  const bookingId = (governing ?? keeping)?.booking.bookingId ?? null;
  if (feed.hold && now < feed.hold.until) {
    return hold(`Held by ${feed.hold.by} until ${timeText(feed.hold.until)}: ${feed.hold.reason}`, bookingId);
  }
  const maintenance = device.maintenance.find(({ slot }) => slot.start <= now && now < slot.end);
  if (maintenance) {
    return hold(`${device.name} is under maintenance until ${timeText(maintenance.slot.end)}`, bookingId);
  }
  if (device.inMaintenance) return hold(`${device.name} is under maintenance`, bookingId);
  if (feed.mode === 'manual') return hold('Power of this outlet is switched by people only', bookingId);
  const hand = feed.hand && handCounts(feed.hand, device.needs, now, policy) ? feed.hand : null;
  if (hand?.to === 'off' && (governing || feed.mode === 'always_on')) {
    return hold(`${hand.by} switched it off at ${timeText(hand.at)}`, bookingId);
  }
  if (governing) {
    const { start, end } = governing.booking.slot;
    const when = now < start ? `starts at ${timeText(start)}` : `lasts until ${timeText(end)}`;
    return { action: 'on', reason: `${device.name}: ${whoseBooking(governing)} ${when}`, bookingId };
  }
  if (feed.mode === 'always_on') return { action: 'on', reason: `${device.name} is always on`, bookingId };
  if (keeping) {
    return hold(`${device.name}: ${whoseBooking(keeping)} is over; off at ${timeText(keeping.kept.end)}`, bookingId);
  }
  if (hand) {
    return hold(`${hand.by} switched it ${hand.to} at ${timeText(hand.at)}; left so for a while`);
  }
  const next = device.needs.find(({ on }) => on !== null && on.start > now);
  const until = next ? ` until ${whoseBooking(next)} at ${timeText(next.booking.slot.start)}` : '';
  return { action: 'off', reason: `Nobody needs ${device.name}${until}`, bookingId: null };
};

/**
 * What should be so of each feed of a device at that instant. An outlet is off only when every feed of its device may
 * be, so that a device with two power supplies never loses the one on which it counts.
 */
export const wishesFor = (device: PoweredDevice, now: Instant, policy: PowerPolicy): ReadonlyMap<Feed, Wish> => {
  const wishes = new Map(device.feeds.map((feed) => [feed, wishOfFeed(feed, device, now, policy)]));
  const kept = device.feeds.find((feed) => wishes.get(feed)?.action !== 'off');
  if (!kept) return wishes;
  const why = wishes.get(kept)?.reason ?? '';
  for (const [feed, wish] of wishes) {
    if (wish.action !== 'off') continue;
    wishes.set(feed, hold(`Its other feed, ${kept.pduName} outlet ${kept.outlet}, is not off: ${why}`));
  }
  return wishes;
};

import {
  hullOf,
  judge,
  MINUTE,
  widestTurnaround,
  type Actor,
  type Booking,
  type BookingEvent,
  type BookingPolicy,
  type Calendar,
  type Grant,
  type Instant,
  type JudgementTerms,
  type ItemCheck,
  type Refusal,
  type TimeSlot,
  type User,
  type WantedItem,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announce } from './announce.js';
import { joinedGroup, judgementTerms, type BookingTerms } from './booking-terms.js';
import { claimCalendars, withEnded, type ClaimedCalendars } from './claim-calendars.js';
import { assertFibreIsFree } from './hold-fibre.js';
import type { BookingStores, GroupConnect } from './ports.js';
import { unknownDevices } from './wanted-items.js';

/** What is to be booked, for whom, by whom. */
export interface ItemsOrder {
  readonly actor: Actor;
  readonly owner: Pick<User, 'id' | 'username' | 'role'>;
  /** Finds them: asked again once their calendars are claimed, since names may have changed hands until then. */
  readonly items: () => Promise<readonly WantedItem[]>;
  readonly groupId: string;
  /** What the group has already, asked once the calendars are claimed; nothing for a new one. */
  readonly joins: () => Promise<readonly Booking[]>;
  readonly comment: string;
  readonly collaboratorIds: readonly number[];
  /** How the bookings are told about. */
  readonly event: BookingEvent['type'];
  /** Cross-connects that the group gets; `as-before` for a group that may have some already. */
  readonly fibre: readonly GroupConnect[] | 'as-before';
}

/** Thrown to undo the transaction: some items cannot be had. Whoever catches it looks for alternatives. */
export class ItemsRefused extends Error {
  readonly items: readonly WantedItem[];
  readonly refusals: readonly Refusal[];
  readonly policy: readonly ItemCheck[];
  readonly terms: JudgementTerms;

  constructor(
    items: readonly WantedItem[],
    refusals: readonly Refusal[],
    policy: readonly ItemCheck[],
    terms: JudgementTerms,
  ) {
    super(`${refusals.length} refusal(s)`);
    this.items = items;
    this.refusals = refusals;
    this.policy = policy;
    this.terms = terms;
  }
}

const deeds: Partial<Record<BookingEvent['type'], string>> = {
  'booking.rebooked': 'booked again',
  'booking.extended': 'extended a group by',
};

/** Records that somebody asked for bookings; the invariant checker knows from this what belongs together. */
export const recordRequest = (
  { audit }: Pick<BookingStores, 'audit'>,
  { actor, owner, groupId, event }: Pick<ItemsOrder, 'actor' | 'owner' | 'groupId' | 'event'>,
  bookings: readonly Booking[],
  now: Instant,
): Promise<void> =>
  audit.append({
    at: now,
    actor: auditActorOf(actor),
    action: 'booking.requested',
    entityType: 'booking-group',
    entityId: groupId,
    entityLabel: null,
    message:
      `${actor.username} ${deeds[event] ?? 'requested'} ${bookings.length} booking(s)` +
      (actor.id === owner.id ? '' : ` for ${owner.username}`),
    metadata: { event, ownerId: owner.id, bookingIds: bookings.map((booking) => booking.id) },
  });

/**
 * The one place where wanted items become bookings: claims their calendars, judges, writes, and records who asked.
 * @throws ItemsRefused when any of them cannot be had; DomainError `booking.unknown-device` when a device was removed
 * between finding it and claiming it, `topology.port-taken` when somebody else holds a patch port of the group.
 */
export const bookItems = async (
  stores: BookingStores,
  order: ItemsOrder,
  bookingTerms: BookingTerms,
  clock: Clock,
): Promise<Booking[]> => {
  const { owner, groupId, comment, collaboratorIds } = order;
  const claimed = await claimItems(stores, order.items, bookingTerms.policy, clock);
  if (!claimed) return [];
  const { items, now } = claimed;
  const calendars = await withEnded(claimed.calendars, stores.calendars, bookingTerms.policy, now);
  const grants = grantsOrRefusal(
    items,
    calendars,
    await judgementTerms(bookingTerms, owner, joinedGroup(groupId, await order.joins(), now), now, stores.bookings),
  );
  const bookings = await stores.bookings.add(
    grants.map(({ thing, slot, status }) => ({
      groupId,
      deviceId: thing.id,
      ownerId: owner.id,
      slot,
      status,
      comment,
      createdAt: now,
    })),
    collaboratorIds,
  );
  await holdFibre(stores, order, bookings, now);
  await recordRequest(stores, order, bookings, now);
  await announce(stores, order.event, order.actor, bookings, calendars, now, comment);
  return bookings;
};

const holdFibre = async (
  stores: BookingStores,
  { groupId, fibre }: Pick<ItemsOrder, 'groupId' | 'fibre'>,
  bookings: readonly Booking[],
  now: Instant,
): Promise<void> => {
  if (fibre !== 'as-before' && fibre.length === 0) return;
  if (fibre !== 'as-before') await stores.crossConnects.add(fibre, now);
  const slots = bookings.map((booking) => booking.slot);
  await assertFibreIsFree(stores, groupId, slots);
};

const claimItems = async (
  stores: BookingStores,
  find: () => Promise<readonly WantedItem[]>,
  policy: BookingPolicy,
  clock: Clock,
): Promise<(ClaimedCalendars & { readonly items: readonly WantedItem[] }) | null> => {
  let items = await find();
  for (;;) {
    const window = lookAround(items, policy);
    if (!window) return null;
    const thingIds = new Set(items.map(({ thing }) => thing.id));
    const claimed = await claimCalendars(stores, [...thingIds], window, clock);
    items = await find();
    const strangers = items.filter(({ thing }) => thingIds.has(thing.id) && !claimed.calendars.has(thing.id));
    if (strangers.length > 0) throw unknownDevices(strangers.map(({ thing }) => thing));
    if (items.every(({ thing }) => thingIds.has(thing.id))) return { ...claimed, items };
  }
};

/** The time in which calendars matter to these items: their slots, and the turnaround around them. */
export const lookAround = (items: readonly WantedItem[], policy: BookingPolicy): TimeSlot | null => {
  const hull = hullOf(items.map((item) => item.slot));
  const gap = widestTurnaround(policy) * MINUTE;
  return hull && { start: hull.start - gap, end: hull.end + gap };
};

/** @throws ItemsRefused unless every item is granted. */
export const grantsOrRefusal = (
  items: readonly WantedItem[],
  calendars: ReadonlyMap<number, Calendar>,
  terms: JudgementTerms,
): readonly Grant[] => {
  const { grants, refusals, policy } = judge(items, calendars, terms);
  if (refusals.length > 0) throw new ItemsRefused(items, refusals, policy, terms);
  return grants;
};

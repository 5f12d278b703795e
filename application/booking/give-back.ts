import type { Actor, Booking } from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announce } from './announce.js';
import {
  ALL_TIME,
  claimCalendars,
  settleContention,
  type CalendarStores,
  type ClaimedCalendars,
} from './claim-calendars.js';
import type { BookingStores } from './ports.js';

/** What giving devices back reads and writes. */
export type GivingBackStores = CalendarStores & Pick<BookingStores, 'audit'>;

/**
 * Cancels bookings that hold, on calendars that were claimed for all time: others are re-evaluated, people are told, and
 * every one is audited.
 */
export const giveBack = async (
  stores: Omit<GivingBackStores, 'calendars'>,
  actor: Actor,
  holding: readonly Booking[],
  { calendars, now }: ClaimedCalendars,
  reason: string | null = null,
): Promise<void> => {
  const ids = new Set(holding.map((booking) => booking.id));
  const { id: by } = auditActorOf(actor);
  await stores.bookings.decide([...ids], 'CANCELLED', { by, at: now, comment: reason });
  await settleContention(stores, calendars, ids, now);
  const cancelled = holding.map((booking) => ({ ...booking, status: 'CANCELLED' as const }));
  await announce(stores, 'booking.cancelled', actor, cancelled, calendars, now, reason ?? '');
  for (const { id, groupId, status, ownerId } of holding) {
    await stores.audit.append({
      at: now,
      actor: auditActorOf(actor),
      action: 'booking.cancelled',
      entityType: 'booking',
      entityId: String(id),
      entityLabel: null,
      message: `${actor.username} cancelled booking ${id}${reason === null ? '' : `: ${reason}`}`,
      metadata: { groupId, before: status, ownerId, comment: reason },
    });
  }
};

/** What holds each of these things from now on, by thing id; things that nobody holds are left out. Claims them. */
export const holdingTheseThings = async (
  stores: GivingBackStores,
  thingIds: readonly number[],
  clock: Clock,
): Promise<ReadonlyMap<number, number>> => {
  const { calendars } = await claimCalendars(stores, thingIds, ALL_TIME, clock);
  return new Map([...calendars].map(([id, { holds }]) => [id, holds.length] as const).filter(([, held]) => held > 0));
};

/** Cancels everything that holds these things from now on, since they cannot be had any more. */
export const cancelWhatHolds = async (
  stores: GivingBackStores,
  actor: Actor,
  thingIds: readonly number[],
  reason: string,
  clock: Clock,
): Promise<void> => {
  const claimed = await claimCalendars(stores, thingIds, ALL_TIME, clock);
  const ids = [...claimed.calendars.values()].flatMap(({ holds }) => holds.map((hold) => hold.bookingId));
  if (ids.length > 0) await giveBack(stores, actor, await stores.bookings.withIds(ids), claimed, reason);
};

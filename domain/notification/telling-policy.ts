import type { LabEvent } from '../events/index.js';
import type { Channel } from './channel.js';
import { isPersonal } from './channel.js';

/** By which channels each type of event is told; types that are left out are told to nobody. */
export type TellingPolicy = Readonly<Partial<Record<string, readonly Channel[]>>>;

const everywhere: readonly Channel[] = ['in-app', 'email', 'booking-webhook'];
const personally: readonly Channel[] = ['in-app', 'email'];

/** By which channels people hear of each kind of event where the lab says nothing else. */
export const usualTelling = {
  'booking.requested': everywhere,
  'booking.rebooked': everywhere,
  'booking.extended': everywhere,
  'booking.confirmed': everywhere,
  'booking.rejected': everywhere,
  'booking.cancelled': everywhere,
  'booking.expires-soon': everywhere,
  'booking.contention-resolved': everywhere,
  'booking.contended': ['in-app'],
  'booking.expired': ['in-app'],
  'booking.deleted': personally,
  'booking.collaborators-changed': personally,
  'booking.collaborators-removed': personally,
  'maintenance.announced': everywhere,
  'maintenance.removed': personally,
  'fibre.changed': everywhere,
  'fibre.removed': everywhere,
  'approvals.pending': ['email', 'admin-webhook'],
  'power.trouble': ['in-app', 'admin-webhook'],
} as const satisfies TellingPolicy;

/** Somebody, or some room, that is to be told of one event once. */
export interface Recipient {
  readonly channel: Channel;
  /** 0 for a room. */
  readonly userId: number;
}

/** The user of a notification that goes to a room. */
export const NOBODY_IN_PARTICULAR = 0;

/** A window that hits nobody's booking is no news for a room. */
const isNews = (event: LabEvent): boolean => !('affected' in event) || event.affected.length > 0;

/**
 * Who hears of the event, and how.
 * @param people ids of those concerned who have an account now, and whether mail can reach them.
 * @param open channels that this lab has.
 */
export const recipientsOf = (
  event: LabEvent,
  policy: TellingPolicy,
  people: ReadonlyMap<number, { readonly email: string | null }>,
  open: ReadonlySet<Channel>,
): Recipient[] =>
  (policy[event.type] ?? [])
    .filter((channel) => open.has(channel))
    .flatMap((channel) => {
      if (!isPersonal(channel)) return isNews(event) ? [{ channel, userId: NOBODY_IN_PARTICULAR }] : [];
      return [...new Set(event.concerns)]
        .filter((id) => people.has(id) && (channel !== 'email' || people.get(id)?.email !== null))
        .map((userId) => ({ channel, userId }));
    });

import {
  groupBy,
  overlaps,
  portLabel,
  type Actor,
  type Calendar,
  type EventFibre,
  type FibreEvent,
  type Hold,
  type Instant,
  type Link,
  type LinkEnd,
  type LinkFacts,
  type WiredRow,
} from '../../domain/index.js';
import { ALL_TIME, eventBookingOf } from '../booking/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { PlantStores } from './ports.js';

/** Live bookings that have a piece of fibre between their devices. */
export interface FibreUse {
  readonly link: Link;
  readonly holds: readonly Hold[];
}

/** Whether light goes another way, or not as well, once the link is as the facts say. */
export const isRewired = (before: LinkFacts, after: LinkFacts): boolean =>
  (['kind', 'direction', 'strands', 'lengthKm', 'lossDb'] as const).some((fact) => before[fact] !== after[fact]) ||
  (['a', 'b'] as const).some((side) =>
    (['deviceId', 'port', 'inPort', 'outPort'] as const).some((part) => before[side][part] !== after[side][part]),
  );

const isConnected = (end: LinkEnd, { inPort, outPort }: { readonly inPort: number; readonly outPort: number }) =>
  end.inPort === inPort || end.outPort === outPort;

/** Holds of both things by one group at the same time; of the one, where both are one. */
const together = (one: readonly Hold[], other: readonly Hold[]): Hold[] => {
  const meets = (others: readonly Hold[]) => (hold: Hold) =>
    others.some(({ groupId, slot }) => groupId === hold.groupId && overlaps(slot, hold.slot));
  return [...one.filter(meets(other)), ...other.filter(meets(one))];
};

/**
 * The live bookings that use these links: of patches and trunks, those whose group has a way through the switch there;
 * of other fibre, those of one group that have both of its ends. The things at the ends are claimed by the caller.
 * @param links as they are before the change.
 * @param rows the rows at the ends.
 * @returns links that nobody uses are left out.
 */
export const fibreInUse = async (
  links: readonly Link[],
  rows: ReadonlyMap<number, WiredRow>,
  { calendars, crossConnects }: Pick<PlantStores, 'calendars' | 'crossConnects'>,
  now: Instant,
): Promise<FibreUse[]> => {
  const window = { start: now, end: ALL_TIME.end };
  const thingOf = ({ deviceId }: LinkEnd) => rows.get(deviceId)?.thingId ?? deviceId;
  const ends = links.flatMap(({ a, b }) => [a, b]);
  const switchIds = [...new Set(ends.filter(({ port }) => port === null).map(thingOf))];
  const held = switchIds.length === 0 ? [] : await crossConnects.held(switchIds, window);
  const things = [...ends.map(thingOf), ...held.flatMap(({ fromThingId, toThingId }) => [fromThingId, toThingId])];
  const read: ReadonlyMap<number, Calendar> = await calendars.read([...new Set(things)], window);
  const holdsOf = (thingId: number) => (read.get(thingId)?.holds ?? []).filter(({ slot }) => slot.end > now);
  return links.flatMap((link): FibreUse[] => {
    const used =
      link.kind === 'patch' || link.kind === 'trunk'
        ? held
            .filter((connect) =>
              [link.a, link.b].some(
                (end) => end.port === null && thingOf(end) === connect.switchId && isConnected(end, connect),
              ),
            )
            .flatMap(({ groupId, slot, fromThingId, toThingId }) =>
              [fromThingId, toThingId]
                .flatMap(holdsOf)
                .filter((hold) => hold.groupId === groupId && overlaps(hold.slot, slot)),
            )
        : together(holdsOf(thingOf(link.a)), holdsOf(thingOf(link.b)));
    return used.length === 0 ? [] : [{ link, holds: onceEach(used) }];
  });
};

/** By id of the booking. */
const onceEach = (holds: readonly Hold[]): Hold[] =>
  [...new Map(holds.map((hold) => [hold.bookingId, hold])).values()].sort((a, b) => a.bookingId - b.bookingId);

/** Every booking that uses any of the links, by id. */
export const bookingsOver = (uses: readonly FibreUse[]): Hold[] => onceEach(uses.flatMap(({ holds }) => holds));

/** Records for telling that fibre under live bookings was changed, one event a group. */
export const announceFibre = async (
  { events, bookings, calendars }: Pick<PlantStores, 'events' | 'bookings' | 'calendars'>,
  type: FibreEvent['type'],
  actor: Actor,
  uses: readonly FibreUse[],
  rows: ReadonlyMap<number, WiredRow>,
  at: Instant,
): Promise<void> => {
  const hit = await bookings.withIds(bookingsOver(uses).map(({ bookingId }) => bookingId));
  if (hit.length === 0) return;
  const named = await calendars.read([...new Set(hit.map(({ deviceId }) => deviceId))], { start: at, end: at + 1 });
  const placeOf = (end: LinkEnd) => `${rows.get(end.deviceId)?.name ?? `device ${end.deviceId}`} ${portLabel(end)}`;
  const fibreOf = ({ id, label, a, b }: Link): EventFibre => ({ id, label, a: placeOf(a), b: placeOf(b) });
  for (const [groupId, members] of groupBy(hit, (booking) => booking.groupId)) {
    const [first] = members;
    if (!first) continue;
    const collaboratorIds = [...new Set(members.flatMap((booking) => booking.collaboratorIds))];
    await events.append({
      ...{ at, type, groupId, ownerId: first.ownerId, collaboratorIds },
      actorId: auditActorOf(actor).id,
      concerns: [first.ownerId, ...collaboratorIds.filter((id) => id !== first.ownerId)],
      bookings: members.map((booking) => eventBookingOf(booking, named)),
      links: uses
        .filter(({ holds }) => holds.some((hold) => hold.groupId === groupId))
        .map(({ link }) => fibreOf(link)),
    });
  }
};

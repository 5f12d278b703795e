import type {
  BookingListing,
  BookingListings,
  BookingRepository,
  CalendarBook,
  CensusTaker,
  Decision,
  DeviceReference,
  Favourite,
  FavouriteLists,
  FavouriteRepository,
  KeptAnswer,
  KeptAnswers,
  NewBooking,
  Turnaround,
} from '../../application/booking/ports.js';
import {
  blocksAround,
  holds,
  isBookable,
  nameKey,
  overlaps,
  thingOf,
  type Booking,
  type BookingStatus,
  type Calendar,
  type Census,
  type Device,
  type EndedHold,
  type HeldTime,
  type Hold,
  type Instant,
  type Thing,
  type TimeSlot,
} from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

/** No user has this id. */
const NOBODY = 0;

const keyOf = (device: Device) => `${device.typeId}/${nameKey(device.name)}`;

const nameOf = ({ type, name }: { readonly type: string; readonly name: string }) =>
  JSON.stringify([nameKey(type), nameKey(name)]);

/** Every thing, by id. */
export const thingsIn = (tables: Tables): Thing[] => {
  const rows = new Map<string, Device[]>();
  for (const device of tables.devices.values()) rows.set(keyOf(device), [...(rows.get(keyOf(device)) ?? []), device]);
  return [...rows.values()]
    .map((devices) =>
      thingOf(
        devices.map(({ id, typeId, name, status }) => {
          const type = tables.deviceTypes.get(typeId);
          return { id, type: type?.name ?? '', name, status, schedulable: type?.schedulable ?? false };
        }),
      ),
    )
    .sort((a, b) => a.id - b.id);
};

/** Calendars of the tables that `current` names: a transaction's own copy, or what was last committed. */
export class MemoryCalendars implements CalendarBook {
  readonly #current: () => Tables;

  constructor(current: () => Tables) {
    this.#current = current;
  }

  async things(references: readonly DeviceReference[]): Promise<(Thing | null)[]> {
    const things = thingsIn(this.#current());
    const byRow = new Map(things.flatMap((thing) => thing.rowIds.map((id) => [id, thing] as const)));
    const byName = new Map(things.map((thing) => [nameOf(thing), thing]));
    return references.map(
      (reference) => ('id' in reference ? byRow.get(reference.id) : byName.get(nameOf(reference))) ?? null,
    );
  }

  async ofType(type: string): Promise<Thing[]> {
    return thingsIn(this.#current()).filter((thing) => nameKey(thing.type) === nameKey(type));
  }

  async read(thingIds: readonly number[], window: TimeSlot): Promise<Map<number, Calendar>> {
    const tables = this.#current();
    const wanted = new Set(thingIds);
    const calendars = new Map<number, Calendar>();
    for (const thing of thingsIn(tables)) {
      if (!wanted.has(thing.id)) continue;
      calendars.set(thing.id, {
        thing,
        holds: holdsOf(tables, thing.id, window),
        maintenance: [...tables.maintenance.values()]
          .filter(({ deviceId, slot }) => thing.rowIds.includes(deviceId) && overlaps(slot, window))
          .sort((a, b) => a.slot.start - b.slot.start || a.id - b.id),
      });
    }
    return calendars;
  }

  async blocked(
    thingIds: readonly number[],
    window: TimeSlot,
    { gap, userId }: Turnaround = { gap: 0, userId: NOBODY },
  ): Promise<Map<number, TimeSlot[]>> {
    const calendars = await this.read(thingIds, { start: window.start - gap, end: window.end + gap });
    const ended = await this.ended(thingIds, window.start - gap, window.start);
    const during = (slot: TimeSlot) => overlaps(slot, window);
    return new Map(
      [...calendars].map(([id, calendar]) => {
        const known = new Set(calendar.holds.map((hold) => hold.bookingId));
        const over = (ended.get(id) ?? []).filter((hold) => !known.has(hold.bookingId));
        const blocks = blocksAround({ ...calendar, ended: over }, userId, gap);
        return [id, blocks.filter(during)];
      }),
    );
  }

  async ended(thingIds: readonly number[], since: Instant, now: Instant): Promise<Map<number, EndedHold[]>> {
    const tables = this.#current();
    const found = new Map<number, EndedHold[]>();
    for (const booking of [...tables.bookings.values()].sort((a, b) => a.id - b.id)) {
      const { id: bookingId, groupId, deviceId, ownerId, slot, status } = booking;
      const isOver = (holds(status) || status === 'EXPIRED') && slot.end > since && slot.end <= now;
      if (!isOver || !thingIds.includes(deviceId)) continue;
      const hold = { bookingId, groupId, ownerId, ownerUsername: usernameOf(tables, ownerId), slot };
      found.set(deviceId, [...(found.get(deviceId) ?? []), { ...hold, status: 'EXPIRED' }]);
    }
    return found;
  }

  async withOver(before: Instant): Promise<number[]> {
    const over = [...this.#current().bookings.values()].filter(
      ({ status, slot }) => holds(status) && slot.end <= before,
    );
    return [...new Set(over.map((booking) => booking.deviceId))].sort((a, b) => a - b);
  }

  // One writer at a time: to be at work is to have the calendars.
  claim(thingIds: readonly number[], window: TimeSlot): Promise<Map<number, Calendar>> {
    return this.read(thingIds, window);
  }
}

const holdsOf = (tables: Tables, thingId: number, window: TimeSlot): Hold[] =>
  [...tables.bookings.values()]
    .sort((a, b) => a.id - b.id)
    .flatMap(({ id, groupId, deviceId, ownerId, slot, status }) =>
      deviceId === thingId && holds(status) && overlaps(slot, window)
        ? [{ bookingId: id, groupId, ownerId, ownerUsername: usernameOf(tables, ownerId), slot, status }]
        : [],
    );

export const usernameOf = (tables: Tables, id: number): string => tables.users.get(id)?.user.username ?? '';

const heldBy = (tables: Tables, userId: number, after: Instant): HeldTime[] =>
  [...tables.bookings.values()]
    .filter(({ ownerId, status, slot }) => ownerId === userId && holds(status) && slot.end > after)
    .map(({ groupId, deviceId, slot }) => {
      const type = tables.deviceTypes.get(tables.devices.get(deviceId)?.typeId ?? 0);
      return { groupId, type: type?.name ?? '', slot };
    });

export class MemoryBookings implements BookingRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async add(bookings: readonly NewBooking[], collaboratorIds: readonly number[]): Promise<Booking[]> {
    return bookings.map((booking) => {
      const added: Booking = {
        ...booking,
        id: this.#nextId(),
        collaboratorIds: [...collaboratorIds].sort((a, b) => a - b),
        updatedAt: booking.createdAt,
      };
      this.#tables.bookings.set(added.id, added);
      return added;
    });
  }

  async find(id: number): Promise<Booking | null> {
    return this.#tables.bookings.get(id) ?? null;
  }

  async withIds(ids: readonly number[]): Promise<Booking[]> {
    const found = [...new Set(ids)].sort((a, b) => a - b).map((id) => this.#tables.bookings.get(id));
    return found.filter((booking) => booking !== undefined);
  }

  async ofGroup(groupId: string): Promise<Booking[]> {
    return [...this.#tables.bookings.values()]
      .filter((booking) => booking.groupId === groupId)
      .sort((a, b) => a.id - b.id);
  }

  async setStatus(ids: readonly number[], status: BookingStatus, at: Instant): Promise<void> {
    this.#change(ids, { status, updatedAt: at });
  }

  async decide(ids: readonly number[], status: BookingStatus, decision: Decision): Promise<void> {
    this.#change(ids, { status, updatedAt: decision.at });
    for (const id of ids) this.#tables.decisions.set(id, decision);
  }

  async heldBy(userId: number, after: Instant): Promise<HeldTime[]> {
    return heldBy(this.#tables, userId, after);
  }

  async setEnd(id: number, end: Instant, at: Instant): Promise<void> {
    const booking = this.#tables.bookings.get(id);
    if (booking) this.#change([id], { slot: { start: booking.slot.start, end }, updatedAt: at });
  }

  async setCollaborators(ids: readonly number[], userIds: readonly number[]): Promise<void> {
    this.#change(ids, { collaboratorIds: [...userIds].sort((a, b) => a - b) });
  }

  async remove(id: number): Promise<void> {
    this.#tables.bookings.delete(id);
  }

  #change(ids: readonly number[], change: Partial<Booking>): void {
    for (const id of ids) {
      const booking = this.#tables.bookings.get(id);
      if (booking) this.#tables.bookings.set(id, { ...booking, ...change });
    }
  }
}

export class MemoryFavourites implements FavouriteRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async find(id: number): Promise<Favourite | null> {
    return this.#tables.favourites.get(id) ?? null;
  }

  async save(favourite: Pick<Favourite, 'userId' | 'groupId' | 'name' | 'devices'>, at: Instant): Promise<Favourite> {
    const before = [...this.#tables.favourites.values()].find(
      ({ userId, groupId }) => userId === favourite.userId && groupId === favourite.groupId,
    );
    const saved = { ...favourite, id: before?.id ?? this.#nextId(), createdAt: before?.createdAt ?? at, updatedAt: at };
    this.#tables.favourites.set(saved.id, saved);
    return saved;
  }

  async rename(id: number, name: string, at: Instant): Promise<void> {
    const favourite = this.#tables.favourites.get(id);
    if (favourite) this.#tables.favourites.set(id, { ...favourite, name, updatedAt: at });
  }

  async remove(id: number): Promise<void> {
    this.#tables.favourites.delete(id);
  }
}

export class MemoryFavouriteLists implements FavouriteLists {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async ofUser(userId: number): Promise<Favourite[]> {
    return [...this.#lab.tables.favourites.values()]
      .filter((favourite) => favourite.userId === userId)
      .sort((a, b) => a.id - b.id);
  }
}

export class MemoryKeptAnswers implements KeptAnswers {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async take(userId: number, key: string, fingerprint: string, at: Instant): Promise<KeptAnswer | null> {
    const kept = this.#tables.keptAnswers.get(`${userId}/${key}`);
    if (kept) return { fingerprint: kept.fingerprint, answer: kept.answer };
    this.#tables.keptAnswers.set(`${userId}/${key}`, { fingerprint, answer: null, at });
    return null;
  }

  async fill(userId: number, key: string, answer: string): Promise<void> {
    const kept = this.#tables.keptAnswers.get(`${userId}/${key}`);
    if (kept) this.#tables.keptAnswers.set(`${userId}/${key}`, { ...kept, answer });
  }

  async removeBefore(at: Instant): Promise<void> {
    for (const [key, kept] of this.#tables.keptAnswers) if (kept.at < at) this.#tables.keptAnswers.delete(key);
  }
}

export class MemoryBookingListings implements BookingListings {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async during(slot: TimeSlot): Promise<BookingListing[]> {
    return this.#listings((booking) => overlaps(booking.slot, slot));
  }

  async heldBy(userId: number, after: Instant): Promise<HeldTime[]> {
    return heldBy(this.#lab.tables, userId, after);
  }

  async withStatus(
    statuses: readonly BookingStatus[] | null,
    { limit, offset }: { readonly limit: number | null; readonly offset: number },
  ): Promise<BookingListing[]> {
    const latestFirst = this.#listings((booking) => statuses === null || statuses.includes(booking.status)).reverse();
    return latestFirst.slice(offset, limit === null ? undefined : offset + limit);
  }

  async ofUser(userId: number): Promise<BookingListing[]> {
    return this.#listings((booking) => booking.ownerId === userId || booking.collaboratorIds.includes(userId));
  }

  #listings(condition: (booking: Booking) => boolean): BookingListing[] {
    const { tables } = this.#lab;
    return [...tables.bookings.values()]
      .filter(condition)
      .sort((a, b) => a.slot.start - b.slot.start || a.id - b.id)
      .map((booking) => listingOf(tables, booking));
  }
}

/** A booking with the names that lists show. */
export const listingOf = (tables: Tables, booking: Booking): BookingListing => {
  const device = tables.devices.get(booking.deviceId);
  const gone = tables.goneNames.get(booking.deviceId);
  const { id, groupId, deviceId, ownerId, slot, status, comment, createdAt } = booking;
  return {
    ...{ id, groupId, deviceId, ownerId, slot, status, comment, createdAt },
    decidedAt: tables.decisions.get(id)?.at ?? null,
    decisionComment: tables.decisions.get(id)?.comment ?? null,
    deviceType: (device ? tables.deviceTypes.get(device.typeId)?.name : gone?.type) ?? '',
    deviceName: device?.name ?? gone?.name ?? '',
    managementIp: device?.managementIp ?? null,
    ownerUsername: usernameOf(tables, ownerId),
    collaborators: booking.collaboratorIds
      .map((userId) => usernameOf(tables, userId))
      .sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1)),
  };
};

export class MemoryCensusTaker implements CensusTaker {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async take(): Promise<Census> {
    const { tables } = this.#lab;
    const deeds = [...tables.audit.values()];
    return {
      bookings: [...tables.bookings.values()],
      things: thingsIn(tables).map((thing) => ({
        id: thing.id,
        rowIds: thing.rowIds,
        type: thing.type,
        bookable: isBookable(thing),
        changedAt: Math.max(...thing.rowIds.map((id) => tables.devices.get(id)?.updatedAt ?? 0)),
      })),
      windows: [...tables.maintenance.values()],
      requests: deeds
        .filter((deed) => deed.action === 'booking.requested')
        .map((deed) => ({ groupId: deed.entityId ?? '', bookingIds: deed.metadata.bookingIds as number[] })),
      extensions: deeds
        .filter((deed) => deed.action === 'booking.extended')
        .flatMap(({ at, metadata }) =>
          (metadata.before as { id: number; end: Instant }[]).map(({ id, end }) => ({ bookingId: id, from: end, at })),
        ),
      deletedIds: new Set(
        deeds.filter((deed) => deed.action === 'booking.deleted').map((deed) => Number(deed.entityId)),
      ),
    };
  }
}

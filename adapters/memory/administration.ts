import {
  SHORTEST_GROUP,
  type BookingFilter,
  type BookingOrder,
  type BookingOverview,
  type DeviceFilter,
  type DeviceHealth,
  type DeviceOverview,
  type DeviceUse,
  type Figures,
  type LabFigures,
  type Moments,
  type OverseenBooking,
  type OverseenDevice,
} from '../../application/administration/ports.js';
import type { Page } from '../../application/inventory/ports.js';
import {
  nameKey,
  overlaps,
  statusAt,
  type Booking,
  type BookingStatus,
  type Device,
  type DeviceStatus,
  type HealthSnapshot,
  type Instant,
  type TimeSlot,
} from '../../domain/index.js';
import { listingOf, usernameOf } from './booking.js';
import { byId, tagsOf } from './inventory.js';
import type { LabState, Tables } from './tables.js';

const contains = (text: string, part: string | null): boolean => part === null || nameKey(text).includes(nameKey(part));

/** What is not known comes first, as in every database. */
const inOrder = (a: string | number, b: string | number): number => (a === b ? 0 : a < b ? -1 : 1);

export class MemoryBookingOverview implements BookingOverview {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async page(
    filter: BookingFilter,
    { by, descending }: BookingOrder,
    { limit, offset }: Page,
    now: Instant,
  ): Promise<{ bookings: OverseenBooking[]; total: number }> {
    const found = this.#matching(filter, now);
    const keyOf = (booking: OverseenBooking): string | number => {
      const keys: Readonly<Record<BookingOrder['by'], string | number>> = {
        start_time: booking.slot.start,
        end_time: booking.slot.end,
        booking_id: booking.id,
        status: statusAt(booking.status, booking.slot.end, now),
        created_at: booking.createdAt,
        device_name: nameKey(booking.deviceName),
        device_type: nameKey(booking.deviceType),
        user_name: nameKey(booking.ownerUsername),
      };
      return keys[by];
    };
    found.sort((a, b) => (descending ? -1 : 1) * inOrder(keyOf(a), keyOf(b)) || a.id - b.id);
    return { bookings: found.slice(offset, offset + limit), total: found.length };
  }

  async after(id: number, filter: BookingFilter, limit: number, now: Instant): Promise<OverseenBooking[]> {
    return this.#matching(filter, now)
      .filter((booking) => booking.id > id)
      .slice(0, limit);
  }

  async find(id: number): Promise<OverseenBooking | null> {
    const booking = this.#lab.tables.bookings.get(id);
    return booking ? overseen(this.#lab.tables, booking) : null;
  }

  async during(deviceId: number, slot: TimeSlot, limit: number): Promise<DeviceUse[]> {
    return this.#uses(deviceId, (booking) => overlaps(booking.slot, slot))
      .sort((a, b) => a.slot.start - b.slot.start || a.id - b.id)
      .slice(0, limit);
  }

  async before(deviceId: number, end: Instant, limit: number): Promise<DeviceUse[]> {
    return this.#uses(deviceId, (booking) => booking.slot.end <= end)
      .sort((a, b) => b.slot.end - a.slot.end || b.id - a.id)
      .slice(0, limit);
  }

  #uses(deviceId: number, condition: (booking: Booking) => boolean): DeviceUse[] {
    const { tables } = this.#lab;
    return [...tables.bookings.values()]
      .filter((booking) => booking.deviceId === deviceId && condition(booking))
      .map(({ id, ownerId, slot, status }) => {
        return { id, ownerId, ownerUsername: usernameOf(tables, ownerId), slot, status };
      });
  }

  /** By id. */
  #matching(filter: BookingFilter, now: Instant): OverseenBooking[] {
    const { tables } = this.#lab;
    return byId(tables.bookings.values())
      .map((booking) => overseen(tables, booking))
      .filter((booking) => matches(booking, filter, now));
  }
}

const matches = (booking: OverseenBooking, filter: BookingFilter, now: Instant): boolean => {
  const { statuses, from, until, search, deviceType, deviceName, ownerName, notOwnedBy } = filter;
  const sought = search === null ? '' : nameKey(search);
  return (
    (statuses.length === 0 || statuses.includes(statusAt(booking.status, booking.slot.end, now))) &&
    (from === null || booking.slot.end > from) &&
    (until === null || booking.slot.start < until) &&
    contains(booking.deviceType, deviceType) &&
    contains(booking.deviceName, deviceName) &&
    contains(booking.ownerUsername, ownerName) &&
    booking.ownerId !== notOwnedBy &&
    ([booking.deviceType, booking.deviceName, booking.ownerUsername].some((text) => contains(text, search)) ||
      String(booking.id) === sought ||
      (sought.length >= SHORTEST_GROUP && booking.groupId.startsWith(sought)))
  );
};

const overseen = (tables: Tables, booking: Booking): OverseenBooking => ({
  ...listingOf(tables, booking),
  ownerRole: tables.users.get(booking.ownerId)?.user.role ?? 'User',
  deviceStatus: tables.devices.get(booking.deviceId)?.status ?? null,
  updatedAt: booking.updatedAt,
});

export class MemoryDeviceOverview implements DeviceOverview {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async page(
    { statuses, type, owner, tag }: DeviceFilter,
    { limit, offset }: Page,
  ): Promise<{ devices: OverseenDevice[]; total: number }> {
    const { tables } = this.#lab;
    const found = byId(tables.devices.values())
      .map((device) => overseenDevice(tables, device))
      .filter(
        (device) =>
          (statuses.length === 0 || statuses.includes(device.status)) &&
          (type === null || nameKey(device.type) === nameKey(type)) &&
          (owner === null || (device.owner !== null && contains(device.owner.username, owner))) &&
          (tag === null || device.tags.some((name) => nameKey(name) === nameKey(tag))),
      );
    return { devices: found.slice(offset, offset + limit), total: found.length };
  }
}

const overseenDevice = (tables: Tables, device: Device): OverseenDevice => {
  const { id, name, status, ownerId, rack, uPosition, updatedAt } = device;
  const site = tables.sites.get(device.siteId ?? 0);
  const owner = tables.users.get(ownerId ?? 0)?.user;
  return {
    ...{ id, name, status, rack, uPosition, updatedAt },
    type: tables.deviceTypes.get(device.typeId)?.name ?? '',
    owner: owner ? { id: owner.id, username: owner.username } : null,
    tags: tagsOf(tables, id).map((entry) => entry.name),
    site: site ? { id: site.id, name: site.name } : null,
    health: tables.deviceHealth.get(id) ?? null,
  };
};

/** Reports in the tables that `current` names: a transaction's own copy, or what was last committed. */
export class MemoryDeviceHealth implements DeviceHealth {
  readonly #current: () => Tables;

  constructor(current: () => Tables) {
    this.#current = current;
  }

  async read(deviceIds: readonly number[]): Promise<Map<number, HealthSnapshot>> {
    const { deviceHealth } = this.#current();
    return new Map(
      deviceIds.flatMap((id) => {
        const known = deviceHealth.get(id);
        return known ? [[id, known] as const] : [];
      }),
    );
  }

  async report(snapshot: HealthSnapshot): Promise<void> {
    this.#current().deviceHealth.set(snapshot.deviceId, snapshot);
  }
}

const HELD_OR_HAD: readonly BookingStatus[] = ['PENDING', 'CONFLICTING', 'CONFIRMED', 'EXPIRED'];

export class MemoryLabFigures implements LabFigures {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async count({ now, today, week, weekAgo, twoWeeksAgo }: Moments): Promise<Figures> {
    const { bookings, decisions, users, devices } = this.#lab.tables;
    const all = [...bookings.values()];
    const asOfNow = all.map((booking) => ({ ...booking, status: statusAt(booking.status, booking.slot.end, now) }));
    const undecided = asOfNow.filter(({ status }) => status === 'PENDING' || status === 'CONFLICTING');
    const decidedSince = asOfNow.filter(
      ({ id, status, slot }) =>
        (status === 'CONFIRMED' || status === 'REJECTED' || status === 'EXPIRED') &&
        slot.end > weekAgo &&
        (decisions.get(id)?.at ?? 0) > weekAgo,
    );
    const during = (slot: TimeSlot) =>
      asOfNow.filter((booking) => HELD_OR_HAD.includes(booking.status) && overlaps(booking.slot, slot)).length;
    const accounts = [...users.values()].map(({ user }) => user);
    const made = (after: Instant, until: Instant) =>
      accounts.filter(({ createdAt }) => createdAt > after && createdAt <= until).length;
    const byStatus = new Map<DeviceStatus, number>();
    for (const { status } of devices.values()) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    return {
      bookings: {
        undecided: undecided.length,
        contending: undecided.filter(({ status }) => status === 'CONFLICTING').length,
        overdue: undecided.filter(({ slot }) => slot.start <= now).length,
        undecidedWeekAgo: [...undecided, ...decidedSince].filter(({ createdAt }) => createdAt <= weekAgo).length,
        today: during(today),
        week: during(week),
      },
      accounts: {
        active: accounts.filter(({ status }) => status === 'active').length,
        madeThisWeek: made(weekAgo, now),
        madeTheWeekBefore: made(twoWeeksAgo, weekAgo),
      },
      devices: byStatus,
    };
  }
}

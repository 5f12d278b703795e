import {
  addToDate,
  assertMay,
  datesOf,
  forbidden,
  groupStatusOf,
  holds,
  may,
  notFound,
  statusAt,
  timeSlot,
  type Actor,
  type GroupStatus,
  type Instant,
  type LabZone,
} from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { BookingListing, BookingListings, UserFinder } from './ports.js';

/** One device of a group with the lab dates on which the group has it. */
export interface GroupDevice {
  readonly deviceId: number;
  readonly deviceName: string;
  readonly deviceType: string;
  /** `YYYY-MM-DD`, in order. */
  readonly dates: readonly string[];
}

/** A group of bookings as its people see it. Dates are days of the lab. */
export interface BookingGroupView {
  readonly groupId: string;
  readonly ownerId: number;
  readonly ownerUsername: string;
  readonly collaborators: readonly string[];
  readonly firstDate: string;
  readonly lastDate: string;
  readonly createdAt: Instant;
  readonly status: GroupStatus;
  readonly devices: readonly GroupDevice[];
  readonly bookingIds: readonly number[];
}

/** Bookings as people look at them. Status is as of now; nothing is written by looking. */
export class ViewBookings {
  readonly #listings: BookingListings;
  readonly #users: UserFinder;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(listings: BookingListings, users: UserFinder, clock: Clock, zone: LabZone) {
    this.#listings = listings;
    this.#users = users;
    this.#clock = clock;
    this.#zone = zone;
  }

  /** Every booking that touches the seven lab days from `date` (`YYYY-MM-DD`, any weekday) on. */
  async week(date: string): Promise<BookingListing[]> {
    const start = this.#zone.startOfDate(date);
    return this.#asOfNow(await this.#listings.during(timeSlot(start, this.#zone.startOfDate(addToDate(date, 7)))));
  }

  /** The user's own bookings and those they collaborate in, by start. */
  async ofUser(actor: Actor, userId: number): Promise<BookingListing[]> {
    await this.#assertMayRead(actor, userId);
    return this.#asOfNow(await this.#listings.ofUser(userId));
  }

  /** The same by group, newest group first. */
  async groupsOfUser(actor: Actor, userId: number): Promise<BookingGroupView[]> {
    const byGroup = new Map<string, BookingListing[]>();
    for (const listing of await this.ofUser(actor, userId)) {
      const members = byGroup.get(listing.groupId);
      if (members) members.push(listing);
      else byGroup.set(listing.groupId, [listing]);
    }
    return [...byGroup.values()]
      .map((members) => groupView(members, this.#zone))
      .sort((a, b) => b.createdAt - a.createdAt || (a.groupId < b.groupId ? -1 : 1));
  }

  /** Bookings that await a decision, the latest start first. Who may decide may see them. */
  async undecided(actor: Actor): Promise<BookingListing[]> {
    assertMay(actor, 'bookings:write');
    const listings = await this.#listings.withStatus(['PENDING', 'CONFLICTING'], { limit: null, offset: 0 });
    return this.#asOfNow(listings).filter((listing) => holds(listing.status));
  }

  /** Every booking, the latest start first. */
  async all(actor: Actor, page: { readonly limit: number | null; readonly offset: number }): Promise<BookingListing[]> {
    assertMay(actor, 'bookings:read');
    return this.#asOfNow(await this.#listings.withStatus(null, page));
  }

  async #assertMayRead(actor: Actor, userId: number): Promise<void> {
    if (userId === actor.id) return;
    if (!may(actor, 'bookings:read')) {
      throw forbidden('booking.not-yours', 'You can only see your own bookings.');
    }
    if (!(await this.#users.find(userId))) throw notFound('identity.unknown-user', 'User not found');
  }

  #asOfNow(listings: BookingListing[]): BookingListing[] {
    const now = this.#clock.now();
    return listings.map((listing) => {
      const status = statusAt(listing.status, listing.slot.end, now);
      return status === listing.status ? listing : { ...listing, status };
    });
  }
}

/** What was given up or refused is not what the group has, unless there is nothing else. */
const whatIsShown = (members: readonly BookingListing[]): readonly BookingListing[] => {
  const left = members.filter(({ status }) => status !== 'CANCELLED' && status !== 'REJECTED');
  return left.length > 0 ? left : members;
};

const groupView = (members: readonly BookingListing[], zone: LabZone): BookingGroupView => {
  const devices = new Map<number, { listing: BookingListing; dates: Set<string> }>();
  const collaborators = new Set<string>();
  for (const member of whatIsShown(members)) {
    const device = devices.get(member.deviceId) ?? { listing: member, dates: new Set() };
    for (const date of datesOf(member.slot, zone)) device.dates.add(date);
    devices.set(member.deviceId, device);
    for (const name of member.collaborators) collaborators.add(name);
  }
  const dates = [...devices.values()].flatMap((device) => [...device.dates]).sort();
  const [first] = members;
  if (!first) throw new RangeError('a group has at least one booking');
  return {
    groupId: first.groupId,
    ownerId: first.ownerId,
    ownerUsername: first.ownerUsername,
    collaborators: [...collaborators].sort(),
    firstDate: dates[0] ?? '',
    lastDate: dates[dates.length - 1] ?? '',
    createdAt: Math.min(...members.map((member) => member.createdAt)),
    status: groupStatusOf(members.map((member) => member.status)),
    devices: [...devices.values()].map(({ listing, dates: on }) => ({
      deviceId: listing.deviceId,
      deviceName: listing.deviceName,
      deviceType: listing.deviceType,
      dates: [...on].sort(),
    })),
    bookingIds: members.map((member) => member.id).sort((a, b) => a - b),
  };
};

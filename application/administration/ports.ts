import type { BookingStatus, DeviceStatus, HealthSnapshot, Instant, Role, TimeSlot } from '../../domain/index.js';
import type { BookingListing } from '../booking/ports.js';
import type { Named, Page } from '../inventory/ports.js';

/** Shorter beginnings of a group's identifier say nothing. */
export const SHORTEST_GROUP = 8;

/** Which bookings are asked for; null is any. Texts are parts of names, in any letter case. */
export interface BookingFilter {
  /** As of now; none named is any. */
  readonly statuses: readonly BookingStatus[];
  /** Bookings that end after this instant. */
  readonly from: Instant | null;
  /** Bookings that start before this instant. */
  readonly until: Instant | null;
  /**
   * Part of the name of its device, device type or owner; or its number; or how its group's identifier begins, which
   * pages show in capitals.
   */
  readonly search: string | null;
  readonly deviceType: string | null;
  readonly deviceName: string | null;
  readonly ownerName: string | null;
  /** Leaves out what this user owns. */
  readonly notOwnedBy: number | null;
}

/** By what bookings can be put in order. */
export const BOOKING_ORDERS = [
  'start_time',
  'end_time',
  'booking_id',
  'status',
  'created_at',
  'device_name',
  'device_type',
  'user_name',
] as const;

/** An order of bookings. */
export interface BookingOrder {
  readonly by: (typeof BOOKING_ORDERS)[number];
  readonly descending: boolean;
}

/** A booking as those see it who run the lab. `status` is as stored: a reader applies the clock. */
export interface OverseenBooking extends BookingListing {
  readonly ownerRole: Role;
  /** Null once the device left the inventory. */
  readonly deviceStatus: DeviceStatus | null;
  readonly updatedAt: Instant;
}

/** One of the bookings of a device; `status` is as stored. */
export interface DeviceUse {
  readonly id: number;
  readonly ownerId: number;
  readonly ownerUsername: string;
  readonly slot: TimeSlot;
  readonly status: BookingStatus;
}

/** Every booking of the lab as it is read, outside of any transaction. */
export interface BookingOverview {
  /** Bookings that are equal in the order come by id. @param now decides which are over. */
  page(
    filter: BookingFilter,
    order: BookingOrder,
    page: Page,
    now: Instant,
  ): Promise<{ readonly bookings: OverseenBooking[]; readonly total: number }>;
  /** At most `limit` of those with a higher id, by id: for reading all of them, a part at a time. */
  after(id: number, filter: BookingFilter, limit: number, now: Instant): Promise<OverseenBooking[]>;
  /** Null when there is no such booking. One whose device is gone keeps the names that it had. */
  find(id: number): Promise<OverseenBooking | null>;
  /** Bookings of a device that overlap the slot, whatever their status, by start and id; at most `limit`. */
  during(deviceId: number, slot: TimeSlot, limit: number): Promise<DeviceUse[]>;
  /** Bookings of a device that ended by then, the latest end first; at most `limit`. */
  before(deviceId: number, end: Instant, limit: number): Promise<DeviceUse[]>;
}

/** Which devices are asked for; null is any. Names in any letter case. */
export interface DeviceFilter {
  /** None named is any. */
  readonly statuses: readonly DeviceStatus[];
  /** The name of its type. */
  readonly type: string | null;
  /** Part of the name of the user who answers for it. */
  readonly owner: string | null;
  /** The name of one of its tags. */
  readonly tag: string | null;
}

/** A row of the inventory as those see it who run the lab. */
export interface OverseenDevice {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly status: DeviceStatus;
  readonly owner: { readonly id: number; readonly username: string } | null;
  /** By name. */
  readonly tags: readonly string[];
  readonly site: Named | null;
  readonly rack: string | null;
  readonly uPosition: number | null;
  readonly updatedAt: Instant;
  readonly health: HealthSnapshot | null;
}

/** Devices as those who run the lab look at them, outside of any transaction. */
export interface DeviceOverview {
  /** By id. */
  page(filter: DeviceFilter, page: Page): Promise<{ readonly devices: OverseenDevice[]; readonly total: number }>;
}

/** How devices are, as far as was reported. */
export interface DeviceHealthReader {
  /** The last report by device id; devices that nobody reported about are left out. */
  read(deviceIds: readonly number[]): Promise<Map<number, HealthSnapshot>>;
}

export interface DeviceHealth extends DeviceHealthReader {
  /** Takes the place of what was reported about that device before. */
  report(snapshot: HealthSnapshot): Promise<void>;
}

/** What is written for those who run the lab. */
export interface AdministrationStores {
  readonly deviceHealth: DeviceHealth;
}

/** Moments that the figures of the lab are counted between. */
export interface Moments {
  readonly now: Instant;
  /** Today, and seven days from today on, in lab days. */
  readonly today: TimeSlot;
  readonly week: TimeSlot;
  readonly weekAgo: Instant;
  readonly twoWeeksAgo: Instant;
}

/** How much there is of what those who run the lab care for, at one moment. */
export interface Figures {
  readonly bookings: {
    /** Those that await a decision and are not over. */
    readonly undecided: number;
    /** Of these, those that others contend for. */
    readonly contending: number;
    /** Of these, those that have begun. */
    readonly overdue: number;
    /** Those that awaited a decision a week ago, as far as they still do or somebody decided since. */
    readonly undecidedWeekAgo: number;
    /** Neither rejected nor given up. */
    readonly today: number;
    readonly week: number;
  };
  readonly accounts: {
    readonly active: number;
    readonly madeThisWeek: number;
    readonly madeTheWeekBefore: number;
  };
  readonly devices: ReadonlyMap<DeviceStatus, number>;
}

/** The figures of the lab, counted anew each time. */
export interface LabFigures {
  /** Read one after another: they need not be of the very same moment. */
  count(moments: Moments): Promise<Figures>;
}

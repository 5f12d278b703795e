import type { Device, DeviceFacts, DeviceStatus, DeviceType, Instant, MaintenanceWindow } from '../../domain/index.js';
import type { BookingStores } from '../booking/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/** Rows of one type and name in any letter case are one thing. */
export interface ThingName {
  readonly typeId: number;
  readonly name: string;
}

/** What no two devices may share. */
export type UniqueFact = 'oiId' | 'serialNumber';

export interface DeviceRepository {
  find(id: number): Promise<Device | null>;
  all(): Promise<Device[]>;
  /** @throws DomainError `device.duplicate` when another device has the same oi_id or serial number. */
  add(facts: DeviceFacts, at: Instant): Promise<Device>;
  /** @throws DomainError `device.duplicate`. */
  update(id: number, facts: DeviceFacts, at: Instant): Promise<void>;
  remove(id: number): Promise<void>;
  /**
   * The rows of these things, by id. Holds them, and the right to add rows to their types, until the work ends, so
   * that no booking is made meanwhile and no row joins or leaves unseen.
   */
  claimThings(names: readonly ThingName[]): Promise<Device[]>;
  withManagementIp(ip: string): Promise<Device[]>;
}

/** A list of named entries; names are unique in any letter case. */
export interface Catalogue<Entry, NewEntry> {
  all(): Promise<Entry[]>;
  named(name: string): Promise<Entry | null>;
  /** @throws DomainError `catalogue.duplicate-name`. */
  add(entry: NewEntry, at: Instant): Promise<Entry>;
}

export interface Named {
  readonly id: number;
  readonly name: string;
}

export type NewDeviceType = Omit<DeviceType, 'id'>;
export type NewNamed = Pick<Named, 'name'>;

export interface DeviceTags {
  /** Tag names by device id; devices without tags are left out. */
  all(): Promise<Map<number, string[]>>;
  /** Replaces the tags of a device. */
  set(deviceId: number, tagIds: readonly number[]): Promise<void>;
}

export type NewMaintenanceWindow = Omit<MaintenanceWindow, 'id'>;

export interface MaintenanceRepository {
  ofDevice(deviceId: number): Promise<MaintenanceWindow[]>;
  add(window: NewMaintenanceWindow): Promise<MaintenanceWindow>;
  remove(id: number): Promise<void>;
}

/** What device changes need to know and do about bookings. */
export interface ThingBookings {
  /** How many holding bookings of the thing end after that instant. */
  countHolding(thingId: number, after: Instant): Promise<number>;
  /** Moves every booking of one thing, and the fibre that goes with it, to another id, when its lead row changes. */
  move(fromThingId: number, toThingId: number): Promise<void>;
  /** Writes down what the thing was called, for the bookings that outlive it. */
  rememberName(thingId: number, type: string, name: string): Promise<void>;
}

export interface InventoryStores extends Pick<BookingStores, 'calendars' | 'bookings' | 'events'> {
  readonly devices: DeviceRepository;
  readonly deviceTypes: Catalogue<DeviceType, NewDeviceType>;
  readonly manufacturers: Catalogue<Named, NewNamed>;
  readonly sites: Catalogue<Named, NewNamed>;
  readonly tags: Catalogue<Named, NewNamed>;
  readonly deviceTags: DeviceTags;
  readonly maintenance: MaintenanceRepository;
  readonly thingBookings: ThingBookings;
  readonly audit: AuditTrail;
}

export type InventoryWork = UnitOfWork<InventoryStores>;

/** One inventory row as the first scheduler sees it. */
export interface DeviceListing {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly managementIp: string | null;
  readonly polatisName: string | null;
  readonly status: DeviceStatus;
  readonly inPort: number | null;
  readonly outPort: number | null;
  readonly maintenance: readonly MaintenanceWindow[];
}

export interface DeviceListings {
  /** By id. `schedulableOnly` leaves out devices of types that cannot be booked; status does not matter. */
  list(filter: { readonly schedulableOnly: boolean }): Promise<DeviceListing[]>;
  find(id: number): Promise<DeviceListing | null>;
}

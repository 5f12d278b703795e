import type {
  Attachment,
  Device,
  DeviceChange,
  DeviceFacts,
  DeviceStatus,
  DeviceType,
  Instant,
  MaintenanceWindow,
  Manufacturer,
  Site,
  Tag,
} from '../../domain/index.js';
import type { BookingStores } from '../booking/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';
import type { InventoryColumn, InventoryLine } from './inventory-row.js';

/** Rows of one type and name in any letter case are one thing. */
export interface ThingName {
  readonly typeId: number;
  readonly name: string;
}

/** What no two devices may share. */
export type UniqueFact = 'oiId' | 'serialNumber';

/** A fact that names an entry of a catalogue. */
export type CatalogueFact = 'typeId' | 'manufacturerId' | 'siteId';

/** Rows of the inventory, within a unit of work. */
export interface DeviceRepository {
  /** Null when there is no such row. It is not claimed by this: see `claimThings`. */
  find(id: number): Promise<Device | null>;
  /** By id. */
  all(): Promise<Device[]>;
  /** Devices of which that entry is said, by id. */
  referringTo(fact: CatalogueFact, entryId: number): Promise<Device[]>;
  /**
   * @param by who adds it; null for the lab itself.
   * @throws DomainError `device.duplicate` when another device has the same oi_id or serial number.
   */
  add(facts: DeviceFacts, at: Instant, by?: number | null): Promise<Device>;
  /** Its version rises. @throws DomainError `device.duplicate`. */
  update(id: number, facts: DeviceFacts, at: Instant, by?: number | null): Promise<void>;
  /** Something that belongs to the device was changed: its version rises. */
  touch(id: number, at: Instant, by: number | null): Promise<void>;
  /** Takes its tags, maintenance, links, health and the rows of its attachments away too; bookings are for the caller. */
  remove(id: number): Promise<void>;
  /**
   * The rows of these things, by id. Holds them, and the right to add rows to their types, until the work ends, so
   * that no booking is made meanwhile and no row joins or leaves unseen.
   */
  claimThings(names: readonly ThingName[]): Promise<Device[]>;
  /** By id; empty when no row has that very text. */
  withManagementIp(ip: string): Promise<Device[]>;
}

/** A list of named entries; names are unique in any letter case. */
export interface Catalogue<Entry, NewEntry> {
  /** By name. */
  all(): Promise<Entry[]>;
  /** In any letter case; null when there is none. */
  named(name: string): Promise<Entry | null>;
  /** The entry, which nobody else changes, removes or claims until the work ends. */
  claim(id: number): Promise<Entry | null>;
  /** @throws DomainError `catalogue.duplicate-name`. */
  add(entry: NewEntry, at: Instant): Promise<Entry>;
  /** @throws DomainError `catalogue.duplicate-name`. */
  update(id: number, entry: NewEntry, at: Instant): Promise<void>;
  /** Frees its name. Whether devices refer to it is for the caller, who claimed it. */
  remove(id: number): Promise<void>;
}

/** An entry of a catalogue. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

/** With the times at which it was written first and last. */
export type Dated<Entry> = Entry & { readonly createdAt: Instant; readonly updatedAt: Instant };

/** An entry to be; what is left out is null. */
export type NewEntryOf<Entry extends Named> = Pick<Entry, 'name'> & Partial<Omit<Entry, 'id' | 'name'>>;

/** A type before the lab gives it an id. */
export type NewDeviceType = Omit<DeviceType, 'id'>;

/** A manufacturer before the lab gives it an id. */
export type NewManufacturer = NewEntryOf<Manufacturer>;

/** A site before the lab gives it an id. */
export type NewSite = NewEntryOf<Site>;

/** A tag before the lab gives it an id. */
export type NewTag = NewEntryOf<Tag>;

/** An entry of a catalogue before the lab gives it an id. */
export type NewNamed = Pick<Named, 'name'>;

/** The lists that devices refer to, within a unit of work. */
export interface CatalogueStores {
  readonly deviceTypes: Catalogue<Dated<DeviceType>, NewDeviceType>;
  readonly manufacturers: Catalogue<Dated<Manufacturer>, NewManufacturer>;
  readonly sites: Catalogue<Dated<Site>, NewSite>;
  readonly tags: Catalogue<Dated<Tag>, NewTag>;
}

/** Which device has which tags, within a unit of work. */
export interface DeviceTags {
  /** Tag names by device id; devices without tags are left out. */
  all(): Promise<Map<number, string[]>>;
  /** The tags of one device, by name. */
  of(deviceId: number): Promise<Dated<Tag>[]>;
  /** Devices that have the tag, by id. */
  having(tagId: number): Promise<number[]>;
  /** Replaces the tags of a device. */
  set(deviceId: number, tagIds: readonly number[]): Promise<void>;
}

/** What was done to devices; nothing is ever taken out of it. */
export interface DeviceHistory {
  /** Written with the change itself; one without changed fields is an entry too. */
  add(change: DeviceChange): Promise<void>;
}

/** A paper before the lab gives it an id. */
export type NewAttachment = Omit<Attachment, 'id'>;

/** Papers of devices, within a unit of work. The files themselves are in the file vault. */
export interface AttachmentRepository {
  /** Null when there is none; its file is not looked for. */
  find(id: number): Promise<Attachment | null>;
  /** The oldest first. */
  ofDevice(deviceId: number): Promise<Attachment[]>;
  /** For a file that is in the vault already. */
  add(attachment: NewAttachment): Promise<Attachment>;
  /** The row alone: its file is removed once this is committed. */
  remove(id: number): Promise<void>;
}

/** A window before the lab gives it an id. */
export type NewMaintenanceWindow = Omit<MaintenanceWindow, 'id'>;

/** Maintenance windows, within a unit of work. */
export interface MaintenanceRepository {
  /** Of that one row, by start and id, also those that are over; empty for a row that is not there. */
  ofDevice(deviceId: number): Promise<MaintenanceWindow[]>;
  /** The window with its id, which no other ever gets. Windows may overlap each other and bookings. */
  add(window: NewMaintenanceWindow): Promise<MaintenanceWindow>;
  /** Nothing happens when it is gone already. */
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

/** What a deed about the inventory reads and writes. */
export interface InventoryStores
  extends CatalogueStores, Pick<BookingStores, 'calendars' | 'bookings' | 'events' | 'users'> {
  readonly devices: DeviceRepository;
  readonly deviceTags: DeviceTags;
  readonly deviceHistory: DeviceHistory;
  readonly attachments: AttachmentRepository;
  readonly maintenance: MaintenanceRepository;
  readonly thingBookings: ThingBookings;
  readonly audit: AuditTrail;
}

/** A transaction about the inventory. */
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

/** Devices as the scheduler lists them, outside of any transaction. */
export interface DeviceListings {
  /** By id. `schedulableOnly` leaves out devices of types that cannot be booked; status does not matter. */
  list(filter: { readonly schedulableOnly: boolean }): Promise<DeviceListing[]>;
  /** Of any type, bookable or not; null when there is no such row. */
  find(id: number): Promise<DeviceListing | null>;
}

/** One asset with everything that is shown of it. */
export interface Asset {
  readonly device: Device;
  readonly type: DeviceType;
  readonly manufacturer: Named | null;
  readonly site: Named | null;
  /** By name. */
  readonly tags: readonly Dated<Tag>[];
  readonly maintenance: readonly MaintenanceWindow[];
}

/** Which assets are asked for; null is any. */
export interface AssetFilter {
  readonly typeId: number | null;
  readonly manufacturerId: number | null;
  readonly siteId: number | null;
  readonly status: DeviceStatus | null;
  /** Those that have one of these tags; none named is any. */
  readonly tagIds: readonly number[];
  /**
   * Part of a name, number, label, address or place of it, or of the name of its type, manufacturer or site; in any
   * letter case.
   */
  readonly search: string | null;
}

/** By what assets can be put in order. */
export const ASSET_ORDERS = [
  'id',
  'oi_id',
  'name',
  'status',
  'device_type',
  'site',
  'rack',
  'created_at',
  'updated_at',
] as const;

/** An order of assets. */
export interface AssetOrder {
  readonly by: (typeof ASSET_ORDERS)[number];
  readonly descending: boolean;
}

/** Which part of a list: at most `limit` of it, after the first `offset`. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** How many assets there are, by the words that people know. */
export interface InventorySummary {
  readonly total: number;
  readonly byStatus: ReadonlyMap<string, number>;
  readonly byType: ReadonlyMap<string, number>;
  /** Null counts those that are nowhere. */
  readonly bySite: ReadonlyMap<string | null, number>;
}

/** The inventory as it is read, outside of any transaction. */
export interface AssetListings {
  /** Assets that are equal in the order come the newest first. */
  page(
    filter: AssetFilter,
    order: AssetOrder,
    page: Page,
  ): Promise<{ readonly assets: Asset[]; readonly total: number }>;
  /** Null when there is no such row. */
  find(id: number): Promise<Asset | null>;
  /** The one row with that very text; null when there is none. */
  withOiId(oiId: string): Promise<Asset | null>;
  /** By id. */
  all(): Promise<Asset[]>;
  /** Counts rows, also several of one thing. Names that no row has are left out. */
  summary(): Promise<InventorySummary>;
}

/** The catalogues as they are read, outside of any transaction; each by name. */
export interface CatalogueListings {
  /** Also those that cannot be booked. */
  deviceTypes(): Promise<Dated<DeviceType>[]>;
  /** Also those of which there is no device. */
  manufacturers(): Promise<Dated<Manufacturer>[]>;
  /** Also those at which nothing is. */
  sites(): Promise<Dated<Site>[]>;
  /** Also those that no device has. */
  tags(): Promise<Dated<Tag>[]>;
}

/** One field of one change; a change without fields is one entry too. Entries of one change have one `changeId`. */
export interface HistoryEntry extends Omit<DeviceChange, 'fields'> {
  readonly id: number;
  readonly changeId: number;
  readonly field: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** What happened to devices as it is read, outside of any transaction. */
export interface HistoryListings {
  /** The latest change first, each with its fields in order; also of a device that is gone. */
  ofDevice(deviceId: number, page: Page): Promise<HistoryEntry[]>;
}

/** Papers of devices, outside of any transaction. */
export interface AttachmentListings {
  /** Null when there is none; its file is not looked for. */
  find(id: number): Promise<Attachment | null>;
  /** The oldest first. */
  ofDevice(deviceId: number): Promise<Attachment[]>;
  /** Which of these names some attachment has. */
  vaultNamesAmong(names: readonly string[]): Promise<string[]>;
}

/** Keeps the content of files, under names that are made for it. */
export interface FileVault {
  /**
   * Keeps what the source gives, all of it or nothing, and for nobody else to read.
   * @param name letters, digits and hyphens.
   * @returns how many bytes that were. Rejects as the source does.
   */
  keep(name: string, content: AsyncIterable<Uint8Array>): Promise<number>;
  /** Null when there is no such file. */
  open(name: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Nothing happens when there is no such file. */
  remove(name: string): Promise<void>;
  /** Names of files kept before that instant. Forgets what was begun before it and never finished. */
  keptBefore(at: Instant): Promise<string[]>;
}

/** Tells what a file is from its first bytes, whatever it is called; `application/octet-stream` when they do not say. */
export interface ContentSniffer {
  /** Never throws for what it cannot tell. @param head the first bytes of the file, or all of it when it is short. */
  mimeTypeOf(head: Uint8Array): Promise<string>;
}

/** Reads and writes inventory files. What it writes it reads as it was. */
export interface InventoryFileFormat {
  /** @throws DomainError `import.unreadable`. */
  read(content: Uint8Array): { readonly columns: readonly string[]; readonly lines: readonly InventoryLine[] };
  /** A header and a line for each, in the order given; the header alone for none. */
  write(lines: readonly Readonly<Record<InventoryColumn, string>>[]): string;
}

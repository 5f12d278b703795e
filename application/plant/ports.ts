import type { Instant, Link, LinkFacts, PastUse, PlantRow, SlotTriples, TimeSlot } from '../../domain/index.js';
import type { DeviceRepository } from '../inventory/ports.js';
import type { BookingRepository, CalendarBook, CrossConnectRepository } from '../booking/ports.js';
import type { EventLog } from '../events/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/**
 * The lab as it is wired, as last committed. Read in pages, so that others get their turn in between: the embedded
 * database answers with the whole process.
 */
export interface PlantReader {
  /** The next rows with a higher id, by id; at most `limit`. */
  rowsAfter(id: number, limit: number): Promise<PlantRow[]>;
  /** The next links with a higher id, by id; at most `limit`. */
  linksAfter(id: number, limit: number): Promise<Link[]>;
  /** When holding bookings have these things, as far as that touches the window: by thing id. */
  busy(thingIds: readonly number[], window: TimeSlot): Promise<SlotTriples>;
  /** Maintenance of the whole lab that touches the window: by row id. */
  maintenance(window: TimeSlot): Promise<SlotTriples>;
  /**
   * How often these things were used between two instants, and in how many of those uses maintenance came that was not
   * known when they were booked. Things that were not used are left out.
   */
  pastUses(thingIds: readonly number[], between: TimeSlot): Promise<PastUse[]>;
}

/** Links inside a unit of work. Who changes one claims the things at its ends first. */
export interface LinkRepository {
  /** Null when there is none. */
  find(id: number): Promise<Link | null>;
  /** Links with an end on any of these inventory rows, by id. */
  ofRows(rowIds: readonly number[]): Promise<Link[]>;
  /** Every row of these things, by id: as it is now, in this unit of work. */
  rowsOfThings(thingIds: readonly number[]): Promise<PlantRow[]>;
  /** By id; numbers of no link are left out. */
  labelled(labels: readonly string[]): Promise<Link[]>;
  /** @throws DomainError `link.duplicate` when another link has the label. */
  add(facts: LinkFacts, at: Instant): Promise<Link>;
  /** @throws DomainError `link.duplicate`. */
  update(id: number, facts: LinkFacts, at: Instant): Promise<void>;
  /** Cross-connects over it stay. Nothing happens when it is gone already. */
  remove(id: number): Promise<void>;
}

/** What a deed about links reads and writes. */
export interface PlantStores {
  readonly links: LinkRepository;
  readonly devices: DeviceRepository;
  readonly calendars: CalendarBook;
  readonly bookings: BookingRepository;
  readonly crossConnects: CrossConnectRepository;
  readonly events: EventLog;
  readonly audit: AuditTrail;
}

/** A transaction about links. */
export type PlantWork = UnitOfWork<PlantStores>;

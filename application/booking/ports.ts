import type {
  Booking,
  BookingStatus,
  Calendar,
  Census,
  EndedHold,
  CrossConnect,
  HeldTime,
  HoldingStatus,
  Instant,
  Thing,
  TimeSlot,
  User,
} from '../../domain/index.js';
import type { EventLog } from '../events/ports.js';
import type { UserRepository } from '../identity/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/** How a request names a device: by the id of any of its rows, or by type and name in any letter case. */
export type DeviceReference = { readonly id: number } | { readonly type: string; readonly name: string };

/** Time that must stay free between two people. */
export interface Turnaround {
  /** Milliseconds. */
  readonly gap: number;
  /** For whom the look is made: none is needed between two of their own bookings. */
  readonly userId: number;
}

/** Finds things and reads their calendars. */
export interface CalendarReader {
  /** The thing for each reference, in order; null where there is none. */
  things(references: readonly DeviceReference[]): Promise<(Thing | null)[]>;
  /** Every thing of that type (in any letter case), by id. */
  ofType(type: string): Promise<Thing[]>;
  /** What holds these things at any time during `window`, by thing id. Ids of no thing are left out. */
  read(thingIds: readonly number[], window: TimeSlot): Promise<Map<number, Calendar>>;
  /**
   * Every slot in which these things are held or under maintenance during `window`, by thing id; for long looks ahead.
   */
  blocked(thingIds: readonly number[], window: TimeSlot, turnaround?: Turnaround): Promise<Map<number, TimeSlot[]>>;
  /** Bookings of these things that ended after `since` and until `now`, by thing id; things without are left out. */
  ended(thingIds: readonly number[], since: Instant, now: Instant): Promise<Map<number, EndedHold[]>>;
}

export interface CalendarBook extends CalendarReader {
  /**
   * As `read`, but the calendars belong to this unit of work until it ends: nobody else claims them meanwhile, on
   * any server process, and what is returned includes everything that was committed before.
   */
  claim(thingIds: readonly number[], window: TimeSlot): Promise<Map<number, Calendar>>;
  /** Things with a holding booking that ended before that instant, by id. */
  withOver(before: Instant): Promise<number[]>;
}

/** A booking before the lab gives it an id. */
export interface NewBooking {
  readonly groupId: string;
  readonly deviceId: number;
  readonly ownerId: number;
  readonly slot: TimeSlot;
  readonly status: HoldingStatus;
  readonly comment: string;
  readonly createdAt: Instant;
}

/** Who decided about a booking, when, and what they said. */
export interface Decision {
  /** Null when the lab did it by itself. */
  readonly by: number | null;
  readonly at: Instant;
  readonly comment: string | null;
}

/** Bookings, within a unit of work. */
export interface BookingRepository {
  /** Writes them with these collaborators; answers them with ids, in the same order. */
  add(bookings: readonly NewBooking[], collaboratorIds: readonly number[]): Promise<Booking[]>;
  /** As stored, whether or not its time is over; null when there is no such booking. */
  find(id: number): Promise<Booking | null>;
  /** Those that there are, by id. */
  withIds(ids: readonly number[]): Promise<Booking[]>;
  /** By id; empty when there is no such group. */
  ofGroup(groupId: string): Promise<Booking[]>;
  /** What the lab does by itself: no decision is written down. Ids of no booking are passed over. */
  setStatus(ids: readonly number[], status: BookingStatus, at: Instant): Promise<void>;
  /** A person's decision: status, who, when and what they said about it. */
  decide(ids: readonly number[], status: BookingStatus, decision: Decision): Promise<void>;
  /**
   * What the user holds that ends after that instant. Nobody else books for the same user until this work ends, so
   * that two requests cannot both fit into what is left of a quota.
   */
  heldBy(userId: number, after: Instant): Promise<HeldTime[]>;
  /** Moves the end alone; whether the calendar allows it is for the caller, who claimed it. */
  setEnd(id: number, end: Instant, at: Instant): Promise<void>;
  /** Replaces the collaborators of each of these bookings. */
  setCollaborators(ids: readonly number[], userIds: readonly number[]): Promise<void>;
  /** For good, with its collaborators. Nothing happens when it is gone already. */
  remove(id: number): Promise<void>;
}

/** A way through a patch switch that belongs to a booking group: part of a link between two of its devices. */
export interface GroupConnect extends CrossConnect {
  readonly groupId: string;
  /** The link, as its topology names it. */
  readonly edgeId: string;
  /** Counts from 0 where several links go side by side. */
  readonly strand: number;
  /** Things at the ends of the fibre, of the group both of them. */
  readonly fromThingId: number;
  readonly toThingId: number;
}

/** A cross-connect and a time in which its ports are held: while bookings of the group hold both of its things. */
export interface HeldConnect extends GroupConnect {
  readonly slot: TimeSlot;
}

/** What live bookings hold of patch switches, outside of any transaction. */
export interface CrossConnectReader {
  /**
   * What is held at any time during `window` of these switches, or of all of them. Whether a cross-connect is held
   * follows from the bookings of its group alone.
   */
  held(switchIds: readonly number[] | null, window: TimeSlot): Promise<HeldConnect[]>;
}

/** Cross-connects inside a unit of work. Who adds some claims the calendars of their switches first. */
export interface CrossConnectRepository extends CrossConnectReader {
  /** In the order in which they were added, held or not. */
  ofGroup(groupId: string): Promise<GroupConnect[]>;
  /** Writes them without a look at who holds the ports: that is for the caller. @param at when they were made. */
  add(connects: readonly GroupConnect[], at: Instant): Promise<void>;
}

/** The first answer to a request that carried an idempotency key. */
export interface KeptAnswer {
  /** Digest of the request, so that a key is not used for two different ones. */
  readonly fingerprint: string;
  /** What was answered, as JSON text; null while the first request is still at work in this very transaction. */
  readonly answer: string | null;
}

/** Answers to requests with an idempotency key, within a unit of work. */
export interface KeptAnswers {
  /**
   * Takes the key for this user: null when it was free, else what is kept under it. Of two transactions that take one
   * key at the same time, the second waits for the first to end.
   */
  take(userId: number, key: string, fingerprint: string, at: Instant): Promise<KeptAnswer | null>;
  /** For a key that this work has taken; kept only if the work is committed. @param answer JSON text. */
  fill(userId: number, key: string, answer: string): Promise<void>;
  /** Forgets keys that were taken before that instant: they are free again. */
  removeBefore(at: Instant): Promise<void>;
}

/** A device of a favourite as it was when it was saved; applying the favourite looks the device up anew. */
export interface FavouriteDevice {
  readonly deviceId: number;
  readonly deviceName: string;
  readonly deviceType: string;
}

/** A group of bookings that a user wants to find again. */
export interface Favourite {
  readonly id: number;
  readonly userId: number;
  readonly groupId: string;
  readonly name: string;
  readonly devices: readonly FavouriteDevice[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Favourites as they are read, outside of any transaction. */
export interface FavouriteLists {
  /** By id. */
  ofUser(userId: number): Promise<Favourite[]>;
}

/** Groups that people keep for another time, within a unit of work. */
export interface FavouriteRepository {
  /** Anybody's; null when there is none of that id. */
  find(id: number): Promise<Favourite | null>;
  /** One for each user and group: saves a new one, or replaces name and devices of the one that is there. */
  save(favourite: Pick<Favourite, 'userId' | 'groupId' | 'name' | 'devices'>, at: Instant): Promise<Favourite>;
  /** Leaves everything but the name as it is by then; nothing happens to one that is gone. */
  rename(id: number, name: string, at: Instant): Promise<void>;
  /** Nothing happens when it is gone already. The bookings of its group stay. */
  remove(id: number): Promise<void>;
}

/** What a deed about bookings reads and writes. */
export interface BookingStores {
  readonly calendars: CalendarBook;
  readonly bookings: BookingRepository;
  readonly keptAnswers: KeptAnswers;
  readonly favourites: FavouriteRepository;
  readonly crossConnects: CrossConnectRepository;
  readonly users: UserRepository;
  readonly audit: AuditTrail;
  readonly events: EventLog;
}

/** A transaction about bookings. */
export type BookingWork = UnitOfWork<BookingStores>;

/** A booking with the names that lists show. `status` is as stored: a reader applies the clock. */
export interface BookingListing {
  readonly id: number;
  readonly groupId: string;
  readonly deviceId: number;
  readonly deviceType: string;
  readonly deviceName: string;
  readonly managementIp: string | null;
  readonly ownerId: number;
  readonly ownerUsername: string;
  readonly slot: TimeSlot;
  readonly status: BookingStatus;
  readonly comment: string;
  /** When a person decided about it or gave it up, and what they said; null where nobody did. */
  readonly decidedAt: Instant | null;
  readonly decisionComment: string | null;
  /** Usernames, in alphabetical order. */
  readonly collaborators: readonly string[];
  readonly createdAt: Instant;
}

/** What lists of bookings read, outside of any transaction. */
export interface BookingListings {
  /** Every booking, whatever its status, that overlaps the slot, by start and id. */
  during(slot: TimeSlot): Promise<BookingListing[]>;
  /** Bookings of these statuses as stored, the latest start first; `limit` null is all of them. */
  withStatus(
    statuses: readonly BookingStatus[] | null,
    page: { readonly limit: number | null; readonly offset: number },
  ): Promise<BookingListing[]>;
  /** What the user holds that ends after that instant. */
  heldBy(userId: number, after: Instant): Promise<HeldTime[]>;
  /** Every booking that the user owns or collaborates in, by start and id. */
  ofUser(userId: number): Promise<BookingListing[]>;
}

/** Reads everything that the invariants speak about, as of one moment. */
export interface CensusTaker {
  /** Reads the whole lab: for checks now and then, not for requests. */
  take(): Promise<Census>;
}

/** Finds people by their ids. */
export interface UserFinder {
  /** Also somebody whose account is disabled; null when there is no such user. */
  find(id: number): Promise<User | null>;
}

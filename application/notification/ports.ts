import type { Channel, Instant, Invitation, Message, Recipient, Role, TimeSlot, User } from '../../domain/index.js';
import type { EventLog, RecordedEvent } from '../events/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/** Waiting to be sent, sent (in-app: there to be read), or given up until a person has it sent again. */
export const NOTIFICATION_STATES = ['waiting', 'sent', 'dead'] as const;

/** How far a notification is. */
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

/** A notification before it has an id. */
export interface NewNotification extends Recipient {
  readonly eventId: number;
  /** The event's. */
  readonly type: string;
  /** What it says, in one line of at most 1000 characters. */
  readonly text: string;
  readonly link: string;
  readonly state: NotificationState;
  readonly createdAt: Instant;
}

/** That somebody, or some room, is told of one event. */
export interface Notification extends NewNotification {
  readonly id: number;
  /** How many attempts to send it have failed. */
  readonly attempts: number;
  /** Not to be sent before. */
  readonly dueAt: Instant;
  readonly lastError: string | null;
  readonly sentAt: Instant | null;
  readonly readAt: Instant | null;
}

/** What became of an attempt to send; `claimedUntil` is when the claim ends under which it was made. */
export type Outcome =
  | { readonly id: number; readonly state: 'sent'; readonly at: Instant }
  | {
      readonly id: number;
      readonly state: 'waiting';
      readonly claimedUntil: Instant;
      readonly dueAt: Instant;
      /** Whether this counts as an attempt that failed; not so for one that was not made. */
      readonly failed: boolean;
      readonly error: string | null;
    }
  | { readonly id: number; readonly state: 'dead'; readonly claimedUntil: Instant; readonly error: string };

/** What is to be told to whom, within a unit of work. */
export interface Outbox {
  /**
   * Events that nobody was told of yet, by id. Whoever asks is alone with them until the work ends: another who asks
   * meanwhile waits, on any server process.
   */
  untold(limit: number): Promise<RecordedEvent[]>;
  /** Gives the events their places behind all others, in this order: from now on they are told. */
  place(eventIds: readonly number[]): Promise<void>;
  /** Adds those whose event, channel and user are not together in the box already. */
  add(notifications: readonly NewNotification[]): Promise<void>;
  /**
   * The first that are due on the channel, by id; nobody else gets them before `until`, and everybody may afterwards.
   * Passes over those that another work is about to get.
   */
  claim(channel: Channel, limit: number, now: Instant, until: Instant): Promise<Notification[]>;
  /**
   * Writes down what became of them. What was sent is so whoever sent it, and stays so; anything else is written only
   * while nobody else has claimed it.
   */
  settle(outcomes: readonly Outcome[]): Promise<void>;
  /** Those events that there are. */
  eventsWith(ids: readonly number[]): Promise<RecordedEvent[]>;
  /** On any channel and of anybody; null when there is none. */
  find(id: number): Promise<Notification | null>;
  /** Has it sent as if it were new. */
  renew(id: number, at: Instant): Promise<void>;
  /** Has all that were given up on the channel, or on any, sent as if they were new. @returns how many. */
  renewDead(channel: Channel | null, at: Instant): Promise<number>;
  /** The first time counts; for one that was read already nothing changes. */
  markRead(id: number, at: Instant): Promise<void>;
  /** Forgets what was sent, or given up, before that instant. */
  removeBefore(at: Instant): Promise<void>;
  /** Whether this is the first time that the key is taken. Of two who take it at once, one is the first. */
  once(key: string, at: Instant): Promise<boolean>;
}

/** Who is told, within a unit of work. */
export interface People {
  /** Those that there are and whose accounts are not disabled. */
  withIds(ids: readonly number[]): Promise<User[]>;
  /** Those whose accounts are not disabled, by id. */
  withRoles(roles: readonly Role[]): Promise<User[]>;
}

/** Part of a list of notifications, and how many there are in all. */
export interface NotificationPage {
  readonly items: readonly Notification[];
  /** Of all pages. */
  readonly total: number;
}

/** How much is still to be told. */
export interface Backlog {
  /** Events that nobody was told of yet. */
  readonly untold: number;
  readonly waiting: number;
  readonly dead: number;
  /** When the oldest of those that are untold or waiting was written; null when there is none. */
  readonly since: Instant | null;
}

/** Notifications as they are looked at, outside of any transaction. The newest come first. */
export interface NotificationListings {
  /** Whether an event waits to be told, or a notification is due on one of the channels. */
  anythingDue(now: Instant, channels: readonly Channel[]): Promise<{ readonly untold: boolean; readonly due: boolean }>;
  /** Of all channels together, as of now. */
  backlog(): Promise<Backlog>;
  /** What the user finds on their page. */
  ofUser(
    userId: number,
    page: { readonly unread: boolean; readonly limit: number; readonly offset: number },
  ): Promise<NotificationPage>;
  /** Everybody's, on every channel; null is any state. */
  withState(
    state: NotificationState | null,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<NotificationPage>;
}

/** A message on its way to its reader. */
export interface Letter {
  /** Of the notification: the same when it is sent again. */
  readonly id: number;
  readonly message: Message;
  /** To whom; null for a room. */
  readonly to: User | null;
  /** The person whom it is about, if anybody. */
  readonly about: User | null;
}

/** What the other side made of a letter. */
export type Delivery =
  /** It is there. `pause`: nothing more for so long, in milliseconds. */
  | { readonly kind: 'delivered'; readonly pause?: number }
  /** It will never take it. */
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'later';
      readonly reason: string;
      /** Milliseconds, where it said how long to wait. */
      readonly after?: number;
      /** Whether others must wait as well: it cannot be reached, or it wants nothing for a while. */
      readonly everybody: boolean;
    };

/** One way to reach people outside. */
export interface Notifier {
  /** How many letters it takes at once. */
  readonly lanes: number;
  /** Resolves within ten seconds, whatever the other side does. */
  send(letter: Letter): Promise<Delivery>;
  /** Gives connections back, once nothing more is to be sent. */
  close(): Promise<void>;
}

/** A booking as it stands in a calendar feed. */
export interface FeedEntry extends Pick<Invitation, 'bookingId' | 'sequence' | 'changedAt'> {
  /** Null for what is over: nobody waits for a decision about it any more. */
  readonly status: Invitation['status'] | null;
  readonly createdAt: Instant;
  readonly slot: TimeSlot;
  readonly summary: string;
  readonly description: string;
}

/** Calendars as programs exchange them. */
export interface CalendarFormat {
  /** One booking for one reader's calendar. */
  invitation(
    invitation: Invitation,
    organizer: string,
    attendee: { readonly name: string; readonly email: string },
  ): string;
  /**
   * A whole calendar as iCalendar text, in the order of the entries.
   * @param name what it is called.
   */
  feed(name: string, entries: readonly FeedEntry[]): string;
}

/** The channels out of the lab that there are. */
export type Notifiers = ReadonlyMap<Channel, Notifier>;

/** What telling people reads and writes. */
export interface NotificationStores {
  readonly outbox: Outbox;
  readonly people: People;
  readonly events: EventLog;
  readonly audit: AuditTrail;
}

/** A transaction about notifications. */
export type NotificationWork = UnitOfWork<NotificationStores>;

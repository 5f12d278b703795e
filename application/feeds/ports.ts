import type { BookingStatus, Instant, TimeSlot } from '../../domain/index.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/** What a token opens: calendars of its owner, of one device or of the lab, or the live stream as its owner sees it. */
export type TokenScope = 'user' | 'device' | 'lab' | 'live';

/** A right to read without a session, for programs that know an address only. */
export interface AccessToken {
  readonly id: number;
  /** Of the secret, which is nowhere kept. */
  readonly digest: string;
  readonly userId: number;
  readonly scope: TokenScope;
  /** For scope `device` only. */
  readonly deviceId: number | null;
  readonly createdAt: Instant;
  /** Null for one that is good until it is revoked. */
  readonly expiresAt: Instant | null;
}

/** Tokens for feeds and streams, within a unit of work. They are kept as digests. */
export interface AccessTokens {
  /** The token with its id. @param token whose digest no other has. */
  add(token: Omit<AccessToken, 'id'>): Promise<AccessToken>;
  /** Also one that is over; null when there is none. */
  find(id: number): Promise<AccessToken | null>;
  /** By id. */
  ofUser(userId: number): Promise<AccessToken[]>;
  /** From the commit on it opens nothing. Nothing happens when it is gone already. */
  remove(id: number): Promise<void>;
  /** Forgets those that expire by that instant; those without an end stay. */
  removeOver(now: Instant): Promise<void>;
}

/** Tokens as they are used, outside of any transaction. */
export interface AccessTokenDirectory {
  /** Null when there is none or its time is over. */
  withDigest(digest: string, now: Instant): Promise<AccessToken | null>;
  /** By id. */
  ofUser(userId: number): Promise<AccessToken[]>;
}

/** A booking as calendars show it. `status` is as stored. */
export interface FeedBooking {
  readonly id: number;
  readonly deviceType: string;
  readonly deviceName: string;
  readonly ownerUsername: string;
  readonly slot: TimeSlot;
  readonly status: BookingStatus;
  readonly comment: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** What calendar feeds are made of: bookings that end after an instant, by start and id. */
export interface FeedSource {
  /** Of all devices. */
  after(since: Instant): Promise<FeedBooking[]>;
  /** Empty for the id of any other row. @param deviceId that of the thing, which `device` answers. */
  ofDevice(deviceId: number, since: Instant): Promise<FeedBooking[]>;
  /** Those that the user owns or collaborates in. */
  ofUser(userId: number, since: Instant): Promise<FeedBooking[]>;
  /** What the device is called; null when there is none. Any of its rows names it. */
  device(deviceId: number): Promise<{ readonly id: number; readonly name: string } | null>;
}

/** What a deed about tokens reads and writes. */
export interface FeedStores {
  readonly accessTokens: AccessTokens;
  readonly audit: AuditTrail;
}

/** A transaction about tokens. */
export type FeedWork = UnitOfWork<FeedStores>;

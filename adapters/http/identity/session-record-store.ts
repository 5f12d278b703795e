import session from 'express-session';
import type { SessionRecords, TokenDigest } from '../../../application/identity/index.js';
import type { Clock } from '../../../application/shared/ports.js';
import { DAY, type Instant } from '../../../domain/index.js';

declare module 'express-session' {
  interface SessionData {
    userId: number;
  }
}

export const SESSION_LIFETIME = 7 * DAY;

/**
 * Keeps express sessions as session records. There is no `touch`: a session lasts from sign-in for its lifetime, so
 * that reading never writes.
 */
export class SessionRecordStore extends session.Store {
  readonly #records: SessionRecords;
  readonly #digest: TokenDigest;
  readonly #clock: Clock;

  constructor(records: SessionRecords, digest: TokenDigest, clock: Clock) {
    super();
    this.#records = records;
    this.#digest = digest;
    this.#clock = clock;
  }

  override get(sid: string, callback: (error: unknown, session?: session.SessionData | null) => void): void {
    const now = this.#clock.now();
    this.#records.find(this.#digest(sid), now).then((record) => {
      callback(null, record && { cookie: cookieUntil(record.expiresAt, now), userId: record.userId });
    }, callback);
  }

  override set(
    sid: string,
    { userId }: Partial<session.SessionData>,
    callback: (error?: unknown) => void = ignore,
  ): void {
    // Somebody's sign-in failed half-way: there is nobody whose session this could be.
    if (userId === undefined) {
      callback();
      return;
    }
    const now = this.#clock.now();
    const record = { id: this.#digest(sid), userId, createdAt: now, expiresAt: now + SESSION_LIFETIME };
    this.#records.save(record).then(() => {
      callback();
    }, callback);
  }

  override destroy(sid: string, callback: (error?: unknown) => void = ignore): void {
    this.#records.remove(this.#digest(sid)).then(() => {
      callback();
    }, callback);
  }
}

const ignore = (): void => undefined;

const cookieUntil = (expiresAt: Instant, now: Instant): session.Cookie => {
  const cookie = new session.Cookie();
  cookie.originalMaxAge = SESSION_LIFETIME;
  cookie.maxAge = expiresAt - now;
  return cookie;
};

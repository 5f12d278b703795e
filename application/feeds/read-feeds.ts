import {
  DAY,
  holds,
  notFound,
  sequenceOf,
  statusAt,
  type Instant,
  type LabZone,
  type User,
} from '../../domain/index.js';
import type { EventHistory } from '../events/ports.js';
import type { TokenDigest, UserDirectory } from '../identity/ports.js';
import type { CalendarFormat, FeedEntry } from '../notification/ports.js';
import type { Clock } from '../shared/ports.js';
import type { AccessToken, AccessTokenDirectory, FeedBooking, FeedSource, TokenScope } from './ports.js';

/** What ended longer ago is left out, in days. */
const LOOK_BACK = 31;

/** A calendar that a token opens. */
export interface Feed {
  /** Stays the same as long as the text does. */
  readonly version: string;
  /** Made only when it is asked for. */
  text(): Promise<string>;
}

/** Calendars for programs that know an address and a secret. */
export class ReadFeeds {
  readonly #tokens: AccessTokenDirectory;
  readonly #users: UserDirectory;
  readonly #source: FeedSource;
  readonly #events: EventHistory;
  readonly #format: CalendarFormat;
  readonly #digest: TokenDigest;
  readonly #clock: Clock;
  readonly #zone: LabZone;
  readonly #labName: string;

  constructor(
    tokens: AccessTokenDirectory,
    users: UserDirectory,
    source: FeedSource,
    events: EventHistory,
    format: CalendarFormat,
    digest: TokenDigest,
    clock: Clock,
    lab: { readonly zone: LabZone; readonly name: string },
  ) {
    this.#tokens = tokens;
    this.#users = users;
    this.#source = source;
    this.#events = events;
    this.#format = format;
    this.#digest = digest;
    this.#clock = clock;
    this.#zone = lab.zone;
    this.#labName = lab.name;
  }

  /** The token and its owner as of now; null when it opens nothing, or not that. */
  async opened(
    secret: string,
    scope: TokenScope,
  ): Promise<{ readonly token: AccessToken; readonly user: User } | null> {
    const token = await this.#tokens.withDigest(this.#digest(secret), this.#clock.now());
    if (token?.scope !== scope) return null;
    const user = await this.#users.find(token.userId);
    return user?.status === 'active' ? { token, user } : null;
  }

  /** What the token's owner has. */
  async ofUser(secret: string): Promise<Feed> {
    const { user } = await this.#open(secret, 'user');
    return this.#feed(
      `${this.#labName}: ${user.username}`,
      (since) => this.#source.ofUser(user.id, since),
      (booking) => ({
        summary: nameOf(booking),
        description: [ownerLine(booking), booking.comment].filter((line) => line !== '').join('\n'),
      }),
    );
  }

  /** What one device has been booked for. @throws DomainError `token.unknown`, also for a token of another device. */
  async ofDevice(secret: string, deviceId: number): Promise<Feed> {
    const { token } = await this.#open(secret, 'device');
    const device = await this.#source.device(deviceId);
    if (device?.id !== token.deviceId) throw unknownToken();
    return this.#feed(
      `${this.#labName}: ${device.name}`,
      (since) => this.#source.ofDevice(device.id, since),
      (booking) => ({ summary: `${nameOf(booking)}: ${booking.ownerUsername}`, description: ownerLine(booking) }),
    );
  }

  /** What everybody has, as the week view shows it. */
  async ofLab(secret: string): Promise<Feed> {
    await this.#open(secret, 'lab');
    return this.#feed(
      this.#labName,
      (since) => this.#source.after(since),
      (booking) => ({ summary: `${nameOf(booking)}: ${booking.ownerUsername}`, description: ownerLine(booking) }),
    );
  }

  async #open(secret: string, scope: TokenScope) {
    const opened = await this.opened(secret, scope);
    if (!opened) throw unknownToken();
    return opened;
  }

  async #feed(
    name: string,
    read: (since: Instant) => Promise<FeedBooking[]>,
    words: (booking: FeedBooking) => Pick<FeedEntry, 'summary' | 'description'>,
  ): Promise<Feed> {
    const now = this.#clock.now();
    const today = this.#zone.dateOf(now);
    // Read before the bookings are: they may be newer than their version then, but never older.
    const version = await this.#events.version();
    return {
      version: `${version}-${today}`,
      text: async () => {
        const bookings = await read(this.#zone.startOfDate(today) - LOOK_BACK * DAY);
        return this.#format.feed(
          name,
          bookings.map((booking) => ({ ...entryOf(booking, now), ...words(booking) })),
        );
      },
    };
  }
}

const unknownToken = () => notFound('token.unknown', 'This address is unknown or has been revoked.');

const nameOf = ({ deviceName }: FeedBooking): string => (deviceName === '' ? 'a device that is gone' : deviceName);

const ownerLine = ({ ownerUsername, deviceType }: FeedBooking): string =>
  [deviceType, `booked by ${ownerUsername}`].filter((part) => part !== '').join(', ');

const entryOf = (
  { id, slot, status, createdAt, updatedAt }: FeedBooking,
  now: Instant,
): Omit<FeedEntry, 'summary' | 'description'> => ({
  ...{ bookingId: id, slot, createdAt, changedAt: updatedAt, sequence: sequenceOf(createdAt, updatedAt) },
  status: shownAs(statusAt(status, slot.end, now)),
});

const shownAs = (status: FeedBooking['status']): FeedEntry['status'] => {
  if (status === 'CONFIRMED') return 'CONFIRMED';
  if (holds(status)) return 'TENTATIVE';
  return status === 'EXPIRED' ? null : 'CANCELLED';
};

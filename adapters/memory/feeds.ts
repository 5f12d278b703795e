import type {
  AccessToken,
  AccessTokenDirectory,
  AccessTokens,
  FeedBooking,
  FeedSource,
} from '../../application/feeds/index.js';
import { nameKey, type Booking, type Instant } from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

const ofUser = ({ accessTokens }: Tables, userId: number): AccessToken[] =>
  [...accessTokens.values()].filter((token) => token.userId === userId).sort((a, b) => a.id - b.id);

const isOver = ({ expiresAt }: AccessToken, now: Instant): boolean => expiresAt !== null && expiresAt <= now;

export class MemoryAccessTokens implements AccessTokens {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async add(token: Omit<AccessToken, 'id'>): Promise<AccessToken> {
    const added = { ...token, id: this.#nextId() };
    this.#tables.accessTokens.set(added.id, added);
    return added;
  }

  async find(id: number): Promise<AccessToken | null> {
    return this.#tables.accessTokens.get(id) ?? null;
  }

  async ofUser(userId: number): Promise<AccessToken[]> {
    return ofUser(this.#tables, userId);
  }

  async remove(id: number): Promise<void> {
    this.#tables.accessTokens.delete(id);
  }

  async removeOver(now: Instant): Promise<void> {
    for (const token of this.#tables.accessTokens.values()) {
      if (isOver(token, now)) this.#tables.accessTokens.delete(token.id);
    }
  }
}

export class MemoryAccessTokenDirectory implements AccessTokenDirectory {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async withDigest(digest: string, now: Instant): Promise<AccessToken | null> {
    const found = [...this.#lab.tables.accessTokens.values()].find((token) => token.digest === digest);
    return found && !isOver(found, now) ? found : null;
  }

  async ofUser(userId: number): Promise<AccessToken[]> {
    return ofUser(this.#lab.tables, userId);
  }
}

export class MemoryFeedSource implements FeedSource {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async after(since: Instant): Promise<FeedBooking[]> {
    return this.#where(since, () => true);
  }

  async ofDevice(deviceId: number, since: Instant): Promise<FeedBooking[]> {
    return this.#where(since, (booking) => booking.deviceId === deviceId);
  }

  async ofUser(userId: number, since: Instant): Promise<FeedBooking[]> {
    return this.#where(since, ({ ownerId, collaboratorIds }) => ownerId === userId || collaboratorIds.includes(userId));
  }

  async device(deviceId: number): Promise<{ id: number; name: string } | null> {
    const { devices } = this.#lab.tables;
    const row = devices.get(deviceId);
    if (!row) return null;
    const rows = [...devices.values()].filter(
      (other) => other.typeId === row.typeId && nameKey(other.name) === nameKey(row.name),
    );
    return { id: Math.min(...rows.map(({ id }) => id)), name: row.name };
  }

  #where(since: Instant, condition: (booking: Booking) => boolean): FeedBooking[] {
    const { bookings, users, devices, deviceTypes, goneNames } = this.#lab.tables;
    return [...bookings.values()]
      .filter((booking) => booking.slot.end > since && condition(booking))
      .sort((a, b) => a.slot.start - b.slot.start || a.id - b.id)
      .map(({ id, deviceId, ownerId, slot, status, comment, createdAt, updatedAt }) => {
        const device = devices.get(deviceId);
        const names = device
          ? { type: deviceTypes.get(device.typeId)?.name ?? '', name: device.name }
          : (goneNames.get(deviceId) ?? { type: '', name: '' });
        return {
          ...{ id, slot, status, comment, createdAt, updatedAt, deviceType: names.type, deviceName: names.name },
          ownerUsername: users.get(ownerId)?.user.username ?? '',
        };
      });
  }
}

import { assertMay, may, nameKey, type Actor } from '../../domain/index.js';
import type { UserDirectory } from '../identity/ports.js';
import type { AssetListings } from '../inventory/ports.js';
import type { Clock } from '../shared/ports.js';
import type { TopologyLists } from '../topology/ports.js';
import type { BookingOverview } from './ports.js';

/** Where a search can look. */
export const SEARCH_SCOPES = ['bookings', 'devices', 'users', 'topologies'] as const;

/** One place where a search can look. */
export type SearchScope = (typeof SEARCH_SCOPES)[number];

/** Something that a search found, and what to show for it. */
export interface Found {
  readonly id: number;
  readonly label: string;
}

/** What a search found, by where it looked; empty where it did not look. */
export interface SearchResult {
  readonly bookings: readonly Found[];
  readonly devices: readonly Found[];
  /** With addresses for those who may see them. */
  readonly users: readonly (Found & { readonly email: string | null })[];
  readonly topologies: readonly Found[];
}

const MOST_EACH = 10;

/** Finds things of every kind by what they are called. */
export class SearchLab {
  readonly #bookings: Pick<BookingOverview, 'page'>;
  readonly #assets: Pick<AssetListings, 'page'>;
  readonly #users: Pick<UserDirectory, 'search'>;
  readonly #topologies: Pick<TopologyLists, 'reviews'>;
  readonly #clock: Clock;

  constructor(
    bookings: Pick<BookingOverview, 'page'>,
    assets: Pick<AssetListings, 'page'>,
    users: Pick<UserDirectory, 'search'>,
    topologies: Pick<TopologyLists, 'reviews'>,
    clock: Clock,
  ) {
    this.#bookings = bookings;
    this.#assets = assets;
    this.#users = users;
    this.#topologies = topologies;
    this.#clock = clock;
  }

  /** @param scopes which kinds to look for. */
  /**
   * E-mail addresses are shown to those only who may change users.
   * @throws DomainError `permission.denied` without `bookings:read`, `devices:read` and `users:read`.
   */
  async execute(actor: Actor, text: string, scopes: readonly SearchScope[]): Promise<SearchResult> {
    for (const capability of ['bookings:read', 'devices:read', 'users:read'] as const) assertMay(actor, capability);
    const among = async <T>(scope: SearchScope, look: () => Promise<T[]>): Promise<T[]> =>
      scopes.includes(scope) ? look() : [];
    return {
      bookings: await among('bookings', () => this.#bookingsLike(text)),
      devices: await among('devices', () => this.#devicesLike(text)),
      users: await among('users', () => this.#usersLike(text, may(actor, 'users:write'))),
      topologies: await among('topologies', () => this.#topologiesLike(text)),
    };
  }

  async #bookingsLike(search: string): Promise<Found[]> {
    const any = { statuses: [], from: null, until: null, deviceType: null, deviceName: null, ownerName: null };
    const { bookings } = await this.#bookings.page(
      { ...any, search, notOwnedBy: null },
      { by: 'start_time', descending: true },
      { limit: MOST_EACH, offset: 0 },
      this.#clock.now(),
    );
    return bookings.map(({ id, ownerUsername, deviceName }) => ({ id, label: `${ownerUsername} – ${deviceName}` }));
  }

  async #devicesLike(search: string): Promise<Found[]> {
    const any = { typeId: null, manufacturerId: null, siteId: null, status: null, tagIds: [] };
    const { assets } = await this.#assets.page(
      { ...any, search },
      { by: 'name', descending: false },
      { limit: MOST_EACH, offset: 0 },
    );
    return assets.map(({ device, type }) => ({ id: device.id, label: `${type.name} – ${device.name}` }));
  }

  async #usersLike(text: string, withAddress: boolean): Promise<(Found & { email: string | null })[]> {
    const users = await this.#users.search(text, MOST_EACH);
    return users.map(({ id, username, email }) => ({ id, label: username, email: withAddress ? email : null }));
  }

  async #topologiesLike(text: string): Promise<Found[]> {
    const part = nameKey(text);
    return (await this.#topologies.reviews(null))
      .filter(({ topologyName }) => nameKey(topologyName).includes(part))
      .slice(0, MOST_EACH)
      .map(({ topologyId, topologyName }) => ({ id: topologyId, label: topologyName }));
  }
}

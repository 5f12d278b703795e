import { forbidden, may, notFound, type Actor, type LabZone } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import type { BookingWork, Favourite, FavouriteDevice, FavouriteLists, UserFinder } from './ports.js';

/** Groups of bookings that their users want to find again, each user their own. */
export class KeepFavourites {
  readonly #work: BookingWork;
  readonly #lists: FavouriteLists;
  readonly #users: UserFinder;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(work: BookingWork, lists: FavouriteLists, users: UserFinder, clock: Clock, zone: LabZone) {
    this.#work = work;
    this.#lists = lists;
    this.#users = users;
    this.#clock = clock;
    this.#zone = zone;
  }

  /** @throws DomainError `favourite.not-yours` unless the actor may read everybody's bookings. */
  async list(actor: Actor, userId: number): Promise<Favourite[]> {
    if (userId !== actor.id) {
      if (!may(actor, 'bookings:read')) throw forbidden('favourite.not-yours', 'You can only see your own favourites.');
      if (!(await this.#users.find(userId))) throw notFound('identity.unknown-user', 'User not found');
    }
    return this.#lists.ofUser(userId);
  }

  /** One for each user and group: the same call edits the one that is there. A blank name is today's date. */
  async save(
    actor: Actor,
    favourite: { readonly groupId: string; readonly name: string; readonly devices: readonly FavouriteDevice[] },
    userId: number | null = null,
  ): Promise<Favourite> {
    if (userId !== null && userId !== actor.id) {
      if (!(await this.#users.find(userId))) throw notFound('identity.unknown-user', 'User not found');
      throw forbidden('favourite.not-yours', 'You can only save favourites of your own.');
    }
    const now = this.#clock.now();
    const { groupId, name, devices } = favourite;
    return this.#work.run(({ favourites }) =>
      favourites.save({ userId: actor.id, groupId, devices, name: this.#nameOr(name, now) }, now),
    );
  }

  /** @throws DomainError `favourite.not-found`, `favourite.not-yours`. */
  rename(actor: Actor, id: number, name: string): Promise<Favourite> {
    const now = this.#clock.now();
    return this.#work.run(async ({ favourites }) => {
      const favourite = owned(actor, await favourites.find(id));
      const renamed = { ...favourite, name: this.#nameOr(name, now), updatedAt: now };
      await favourites.rename(id, renamed.name, now);
      return renamed;
    });
  }

  /** @throws DomainError `favourite.not-found`, `favourite.not-yours`. */
  remove(actor: Actor, id: number): Promise<void> {
    return this.#work.run(async ({ favourites }) => {
      await favourites.remove(owned(actor, await favourites.find(id)).id);
    });
  }

  #nameOr(name: string, now: number): string {
    return name.trim() === '' ? this.#zone.dateOf(now) : name.trim();
  }
}

const owned = (actor: Actor, favourite: Favourite | null): Favourite => {
  if (!favourite) throw notFound('favourite.not-found', 'Favorite not found');
  if (favourite.userId !== actor.id) throw forbidden('favourite.not-yours', 'This favourite belongs to somebody else.');
  return favourite;
};

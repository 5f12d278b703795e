import {
  forbidden,
  invalid,
  judge,
  type Actor,
  type Booking,
  type Instant,
  type Judgement,
  type ItemCheck,
  type Refusal,
  type User,
} from '../../domain/index.js';
import type { Clock, IdSource } from '../shared/ports.js';
import { answeringOnce } from './answer-once.js';
import { bookItems, lookAround } from './book-items.js';
import { joinedGroup, judgementTerms, type BookingTerms, type JoinedGroup } from './booking-terms.js';
import { withEnded, withoutOver } from './claim-calendars.js';
import { collaboratorsNamed } from './collaborators.js';
import { withAlternatives } from './find-alternatives.js';
import type { GrantedRequest, IdempotencyKey } from './kept-answer.js';
import type {
  BookingListings,
  BookingRepository,
  BookingStores,
  BookingWork,
  CalendarReader,
  UserFinder,
} from './ports.js';
import { requesterOf } from './requester.js';
import { wantedItems, type RequestedItem } from './wanted-items.js';

/**
 * What somebody asks for, all or nothing. `userId` is for whom, null for themselves; `groupId` is the group that it
 * joins, null for a new one.
 */
export interface BookingRequest {
  /** For whom; null is the actor. */
  readonly userId: number | null;
  readonly items: readonly RequestedItem[];
  readonly message: string;
  /** Usernames in any letter case. */
  readonly collaborators: readonly string[];
  /** An own group that the new bookings join; null makes a new one. */
  readonly groupId: string | null;
}

/** What a request would get if it were made now. Nothing was written. */
export interface Preview {
  readonly ok: boolean;
  readonly grants: Judgement['grants'];
  readonly refusals: readonly Refusal[];
  readonly policy: readonly ItemCheck[];
}

/** Asks for devices in slots: all of it becomes holding bookings of one group, or nothing does. */
export class RequestBooking {
  readonly #work: BookingWork;
  readonly #calendars: CalendarReader;
  readonly #listings: Pick<BookingListings, 'heldBy'>;
  readonly #users: UserFinder;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #terms: BookingTerms;

  constructor(
    work: BookingWork,
    calendars: CalendarReader,
    listings: Pick<BookingListings, 'heldBy'>,
    users: UserFinder,
    clock: Clock,
    ids: IdSource,
    terms: BookingTerms,
  ) {
    this.#work = work;
    this.#calendars = calendars;
    this.#listings = listings;
    this.#users = users;
    this.#clock = clock;
    this.#ids = ids;
    this.#terms = terms;
  }

  /**
   * @param once makes a repetition of the same request get the first answer again, a refusal as well as a grant.
   * @throws BookingRefused with every reason, and alternatives that were free when it was answered; other DomainErrors
   * for unknown devices, users, collaborators or groups. Nothing was written then.
   */
  async execute(actor: Actor, request: BookingRequest, once: IdempotencyKey | null = null): Promise<GrantedRequest> {
    const owner = await requesterOf(actor, request.userId, this.#users);
    const desk = { work: this.#work, calendars: this.#calendars, clock: this.#clock };
    return answeringOnce(desk, actor, once, (stores) => this.#book(actor, owner, request, stores));
  }

  /** What `execute` would answer now; nothing is claimed and nothing written. */
  async preview(actor: Actor, request: BookingRequest): Promise<Preview> {
    const owner = await requesterOf(actor, request.userId, this.#users);
    if (request.collaborators.length > 0) {
      await this.#work.run(({ users }) => collaboratorsNamed(request.collaborators, owner, users));
    }
    const items = await wantedItems(request.items, this.#calendars);
    const now = this.#clock.now();
    const window = lookAround(items, this.#terms.policy) ?? { start: now, end: now };
    const found = await this.#calendars.read([...new Set(items.map(({ thing }) => thing.id))], window);
    const current = new Map([...found].map(([id, calendar]) => [id, withoutOver(calendar, now)]));
    const calendars = await withEnded(current, this.#calendars, this.#terms.policy, now);
    const group = await this.#joined(request.groupId, owner, now);
    const terms = await judgementTerms(this.#terms, owner, group, now, this.#listings);
    const { grants, refusals, policy } = judge(items, calendars, terms);
    if (refusals.length === 0) return { ok: true, grants, refusals, policy };
    return {
      ok: false,
      grants,
      refusals: await withAlternatives(refusals, items, this.#calendars, terms),
      policy,
    };
  }

  async #joined(groupId: string | null, owner: Pick<User, 'id'>, now: Instant): Promise<JoinedGroup | null> {
    if (groupId === null) return null;
    const members = await this.#work.run(({ bookings }) => groupToJoin(groupId, owner, bookings, now));
    return joinedGroup(groupId, members, now);
  }

  async #book(
    actor: Actor,
    owner: Pick<User, 'id' | 'username' | 'role'>,
    request: BookingRequest,
    stores: BookingStores,
  ): Promise<GrantedRequest> {
    const collaborators = await collaboratorsNamed(request.collaborators, owner, stores.users);
    const joins = () => groupToJoin(request.groupId, owner, stores.bookings, this.#clock.now());
    const groupId = request.groupId ?? this.#ids.next();
    const items = () => wantedItems(request.items, stores.calendars);
    const bookings = await bookItems(
      stores,
      {
        ...{ actor, owner, items, groupId, joins, comment: request.message, event: 'booking.requested' },
        collaboratorIds: collaborators.map(({ id }) => id),
        fibre: request.groupId === null ? [] : 'as-before',
      },
      this.#terms,
      this.#clock,
    );
    return { groupId, bookings: bookings.map(({ id, deviceId, slot, status }) => ({ id, deviceId, slot, status })) };
  }
}

/**
 * The bookings of the group that is joined; none for a new one.
 * @throws DomainError `booking.unknown-group`, `booking.not-owner`, or `booking.already-over` when nothing of it holds.
 */
const groupToJoin = async (
  groupId: string | null,
  owner: Pick<User, 'id'>,
  bookings: BookingRepository,
  now: Instant,
): Promise<Booking[]> => {
  if (groupId === null) return [];
  const members = await bookings.ofGroup(groupId);
  const [member] = members;
  if (!member) throw invalid('booking.unknown-group', 'Booking group not found.');
  if (member.ownerId !== owner.id)
    throw forbidden('booking.not-owner', 'Only the booking owner can add to this group.');
  if (joinedGroup(groupId, members, now).holding.length === 0)
    throw invalid('booking.already-over', 'Nothing of this booking group holds any more.');
  return members;
};

import {
  forbidden,
  invalid,
  judge,
  type Actor,
  type Judgement,
  type PolicyCheck,
  type Refusal,
  type User,
} from '../../domain/index.js';
import type { Clock, IdSource } from '../shared/ports.js';
import { bookItems, lookAround } from './book-items.js';
import { judgementTerms, type BookingTerms } from './booking-terms.js';
import { withoutOver } from './claim-calendars.js';
import { collaboratorsNamed } from './collaborators.js';
import { explainingRefusals } from './explain-refusals.js';
import { withAlternatives } from './find-alternatives.js';
import { assertUsableKey, repeated, type Answer, type GrantedRequest, type IdempotencyKey } from './kept-answer.js';
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

export interface Preview {
  readonly ok: boolean;
  readonly grants: Judgement['grants'];
  readonly refusals: readonly Refusal[];
  readonly policy: readonly PolicyCheck[];
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
    if (once) assertUsableKey(once);
    const owner = await requesterOf(actor, request.userId, this.#users);
    return explainingRefusals(
      this.#calendars,
      () => this.#work.run((stores) => this.#book(actor, owner, request, once, stores)),
      (refused) => (once ? this.#keep(actor, once, { refused }) : Promise.resolve(null)),
    );
  }

  /** What `execute` would answer now; nothing is claimed and nothing written. */
  async preview(actor: Actor, request: BookingRequest): Promise<Preview> {
    const owner = await requesterOf(actor, request.userId, this.#users);
    const items = await wantedItems(request.items, this.#calendars);
    const now = this.#clock.now();
    const window = lookAround(items, this.#terms.policy) ?? { start: now, end: now };
    const calendars = await this.#calendars.read([...new Set(items.map(({ thing }) => thing.id))], window);
    for (const [id, calendar] of calendars) calendars.set(id, withoutOver(calendar, now));
    const terms = await judgementTerms(this.#terms, owner, request.groupId, now, this.#listings);
    const { grants, refusals, policy } = judge(items, calendars, terms);
    if (refusals.length === 0) return { ok: true, grants, refusals, policy };
    return {
      ok: false,
      grants,
      refusals: await withAlternatives(refusals, items, this.#calendars, terms),
      policy,
    };
  }

  async #book(
    actor: Actor,
    owner: Pick<User, 'id' | 'username' | 'role'>,
    request: BookingRequest,
    once: IdempotencyKey | null,
    stores: BookingStores,
  ): Promise<GrantedRequest> {
    const kept = once && (await stores.keptAnswers.take(actor.id, once.key, once.fingerprint, this.#clock.now()));
    if (kept) return repeated(kept, once);

    const collaborators = await collaboratorsNamed(request.collaborators, owner, stores.users);
    const groupId = (await groupToJoin(request.groupId, owner, stores.bookings)) ?? this.#ids.next();
    const items = () => wantedItems(request.items, stores.calendars);
    const bookings = await bookItems(
      stores,
      {
        ...{ actor, owner, items, groupId, comment: request.message, event: 'booking.requested' },
        collaboratorIds: collaborators.map(({ id }) => id),
        fibre: request.groupId === null ? [] : 'as-before',
      },
      this.#terms,
      this.#clock,
    );
    const granted: GrantedRequest = {
      groupId,
      bookings: bookings.map(({ id, deviceId, slot, status }) => ({ id, deviceId, slot, status })),
    };
    if (once) await stores.keptAnswers.fill(actor.id, once.key, JSON.stringify({ granted } satisfies Answer));
    return granted;
  }

  /**
   * The transaction that refused was undone, and so the refusal is kept by one of its own. Between the two the same
   * request may have been answered otherwise: then that was the first answer.
   */
  async #keep(actor: Actor, once: IdempotencyKey, answer: Answer): Promise<GrantedRequest | null> {
    const kept = await this.#work.run(async ({ keptAnswers }) => {
      const first = await keptAnswers.take(actor.id, once.key, once.fingerprint, this.#clock.now());
      if (!first) await keptAnswers.fill(actor.id, once.key, JSON.stringify(answer));
      return first;
    });
    return kept && repeated(kept, once);
  }
}

const groupToJoin = async (
  groupId: string | null,
  owner: Pick<User, 'id'>,
  bookings: BookingRepository,
): Promise<string | null> => {
  if (groupId === null) return null;
  const [member] = await bookings.ofGroup(groupId);
  if (!member) throw invalid('booking.unknown-group', 'Booking group not found.');
  if (member.ownerId !== owner.id)
    throw forbidden('booking.not-owner', 'Only the booking owner can add to this group.');
  return groupId;
};

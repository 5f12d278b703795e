import {
  BookingRefused,
  forbidden,
  hullOf,
  inWords,
  invalid,
  judge,
  malformed,
  mergeItems,
  nameKey,
  timeSlot,
  type Actor,
  type Booking,
  type BookingPolicy,
  type Instant,
  type Judgement,
  type JudgementTerms,
  type LabZone,
  type PolicyCheck,
  type Refusal,
  type Role,
  type Thing,
  type User,
  type WantedItem,
} from '../../domain/index.js';
import type { UserRepository } from '../identity/ports.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock, IdSource } from '../shared/ports.js';
import { claimCalendars } from './claim-calendars.js';
import { withAlternatives } from './find-alternatives.js';
import type {
  BookingRepository,
  BookingStores,
  BookingWork,
  CalendarReader,
  DeviceReference,
  UserFinder,
} from './ports.js';
import { requesterOf } from './requester.js';

export interface RequestedItem {
  readonly device: DeviceReference;
  readonly start: Instant;
  readonly end: Instant;
  /** The client's wish to contend; the server decides what the booking becomes. */
  readonly consent: boolean;
}

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

/** A key by which a client may repeat a request without booking twice. */
export interface IdempotencyKey {
  readonly key: string;
  readonly fingerprint: string;
}

export interface GrantedRequest {
  readonly groupId: string;
  readonly bookings: readonly Pick<Booking, 'id' | 'deviceId' | 'slot' | 'status'>[];
}

export interface Preview {
  readonly ok: boolean;
  readonly grants: Judgement['grants'];
  readonly refusals: readonly Refusal[];
  readonly policy: readonly PolicyCheck[];
}

/** The lab's rules for asking, as configured. */
export interface BookingTerms {
  readonly zone: LabZone;
  readonly policy: BookingPolicy;
  /** Whether the approval policy confirms a free slot of this device at once for a requester of this role. */
  readonly automatic: (thing: Thing, role: Role) => boolean;
}

type Answer =
  | { readonly granted: GrantedRequest }
  | { readonly refused: { readonly refusals: readonly Refusal[]; readonly policy: readonly PolicyCheck[] } };

const MAX_KEY_LENGTH = 200;

/** Asks for devices in slots: all of it becomes holding bookings of one group, or nothing does. */
export class RequestBooking {
  readonly #work: BookingWork;
  readonly #calendars: CalendarReader;
  readonly #users: UserFinder;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #terms: BookingTerms;

  constructor(
    work: BookingWork,
    calendars: CalendarReader,
    users: UserFinder,
    clock: Clock,
    ids: IdSource,
    terms: BookingTerms,
  ) {
    this.#work = work;
    this.#calendars = calendars;
    this.#users = users;
    this.#clock = clock;
    this.#ids = ids;
    this.#terms = terms;
  }

  /**
   * @throws BookingRefused with every reason and alternatives that were free when it was answered; other DomainErrors
   * for unknown devices, users, collaborators or groups. Nothing was written then.
   */
  async execute(actor: Actor, request: BookingRequest, once: IdempotencyKey | null = null): Promise<GrantedRequest> {
    if (once && (once.key === '' || once.key.length > MAX_KEY_LENGTH)) {
      throw malformed('idempotency.malformed-key', `An Idempotency-Key has 1 to ${MAX_KEY_LENGTH} characters.`);
    }
    const requester = await requesterOf(actor, request.userId, this.#users);
    const now = this.#clock.now();
    const terms = this.#judgementTerms(requester, now);
    let wanted: WantedItem[] = [];
    try {
      const answer = await this.#work.run(async (stores): Promise<Answer> => {
        const kept = once && (await stores.keptAnswers.take(actor.id, once.key, once.fingerprint, now));
        if (kept) return sameAnswer(kept.fingerprint, kept.answer, once);

        const collaborators = await collaboratorsNamed(request.collaborators, requester, stores.users);
        const groupId = await groupToJoin(request.groupId, requester, stores.bookings);
        wanted = await wantedItems(request.items, stores.calendars);
        const window = hullOf(wanted.map((item) => item.slot)) ?? { start: now, end: now };
        const claimed = await claimCalendars(stores, [...new Set(wanted.map((item) => item.thing.id))], window, now);
        // A device may have been renamed or removed between finding it and claiming it: what was claimed counts.
        wanted = wanted.map((item) => {
          const calendar = claimed.get(item.thing.id);
          if (!calendar) throw unknownDevices([`${item.thing.type} ${item.thing.name}`]);
          return { ...item, thing: calendar.thing };
        });

        const { grants, refusals, policy } = judge(wanted, claimed, terms);
        if (refusals.length > 0) throw new BookingRefused(refusals, policy);

        const id = groupId ?? this.#ids.next();
        const added = await stores.bookings.add(
          grants.map(({ thing, slot, status }) => ({
            groupId: id,
            deviceId: thing.id,
            ownerId: requester.id,
            slot,
            status,
            comment: request.message,
            createdAt: now,
          })),
          collaborators.map((user) => user.id),
        );
        const granted: GrantedRequest = {
          groupId: id,
          bookings: added.map(({ id: bookingId, deviceId, slot, status }) => ({
            id: bookingId,
            deviceId,
            slot,
            status,
          })),
        };
        if (once) await stores.keptAnswers.fill(actor.id, once.key, JSON.stringify({ granted }));
        await recordRequest(stores, actor, requester, granted, now);
        return { granted };
      });
      if ('refused' in answer) throw new BookingRefused(answer.refused.refusals, answer.refused.policy);
      return answer.granted;
    } catch (error) {
      if (!(error instanceof BookingRefused) || wanted.length === 0) throw error;
      const refusals = await withAlternatives(error.refusals, wanted, this.#calendars, terms);
      if (once) await this.#keepRefusal(actor, once, { refused: { refusals, policy: error.policy } }, now);
      throw new BookingRefused(refusals, error.policy);
    }
  }

  /** What `execute` would answer now; nothing is claimed and nothing written. */
  async preview(actor: Actor, request: BookingRequest): Promise<Preview> {
    const requester = await requesterOf(actor, request.userId, this.#users);
    const now = this.#clock.now();
    const terms = this.#judgementTerms(requester, now);
    const wanted = await wantedItems(request.items, this.#calendars);
    const window = hullOf(wanted.map((item) => item.slot)) ?? { start: now, end: now };
    const read = await this.#calendars.read([...new Set(wanted.map((item) => item.thing.id))], window);
    for (const [id, calendar] of read) {
      read.set(id, { ...calendar, holds: calendar.holds.filter((hold) => hold.slot.end > now) });
    }
    const { grants, refusals, policy } = judge(wanted, read, terms);
    return {
      ok: refusals.length === 0,
      grants,
      refusals: refusals.length > 0 ? await withAlternatives(refusals, wanted, this.#calendars, terms) : [],
      policy,
    };
  }

  #judgementTerms(requester: Pick<User, 'id' | 'role'>, now: Instant): JudgementTerms {
    const { zone, policy, automatic } = this.#terms;
    return { requesterId: requester.id, now, zone, policy, automatic: (thing) => automatic(thing, requester.role) };
  }

  /** The same key gets the same refusal again, even when the slot has become free since. */
  #keepRefusal(actor: Actor, once: IdempotencyKey, answer: Answer, now: Instant): Promise<void> {
    return this.#work.run(async ({ keptAnswers }) => {
      const kept = await keptAnswers.take(actor.id, once.key, once.fingerprint, now);
      if (!kept) await keptAnswers.fill(actor.id, once.key, JSON.stringify(answer));
    });
  }
}

const sameAnswer = (fingerprint: string, answer: string | null, once: IdempotencyKey): Answer => {
  if (fingerprint !== once.fingerprint) {
    throw malformed('idempotency.key-reused', 'This Idempotency-Key was used for a different request.');
  }
  if (answer === null) throw new Error(`the answer kept under idempotency key ${once.key} is empty`);
  return JSON.parse(answer) as Answer;
};

const unknownDevices = (names: readonly string[]) =>
  invalid('booking.unknown-device', `Unknown device${names.length > 1 ? 's' : ''}: ${inWords(names)}.`, {
    devices: names,
  });

/** @throws DomainError `booking.no-items`, `booking.unknown-device` naming all of them, or `slot.invalid`. */
const wantedItems = async (items: readonly RequestedItem[], calendars: CalendarReader): Promise<WantedItem[]> => {
  if (items.length === 0) throw invalid('booking.no-items', 'No booking slots provided.');
  const things = await calendars.things(items.map((item) => item.device));
  const strangers = items
    .filter((_, index) => !things[index])
    .map(({ device }) => ('id' in device ? `device ${device.id}` : `${device.type} ${device.name}`));
  if (strangers.length > 0) throw unknownDevices([...new Set(strangers)]);
  return mergeItems(
    items.flatMap(({ start, end, consent }, index) => {
      const thing = things[index];
      return thing ? [{ thing, slot: timeSlot(start, end), consent }] : [];
    }),
  );
};

/** @throws DomainError `booking.unknown-collaborator` naming every unknown one, or `booking.own-collaborator`. */
export const collaboratorsNamed = async (
  usernames: readonly string[],
  owner: Pick<User, 'id'>,
  users: Pick<UserRepository, 'named'>,
): Promise<User[]> => {
  const wanted = [...new Map(usernames.map((name) => [nameKey(name), name.trim()])).values()].filter(
    (name) => name !== '',
  );
  if (wanted.length === 0) return [];
  const found = await users.named(wanted);
  const known = new Set(found.map((user) => nameKey(user.username)));
  const missing = wanted.filter((name) => !known.has(nameKey(name)));
  if (missing.length > 0) {
    throw invalid(
      'booking.unknown-collaborator',
      `Collaborator${missing.length > 1 ? 's' : ''} ${missing.join(', ')} not found.`,
      { usernames: missing },
    );
  }
  if (found.some((user) => user.id === owner.id)) {
    throw invalid('booking.own-collaborator', 'The owner of a booking cannot be its collaborator too.');
  }
  return found;
};

const groupToJoin = async (
  groupId: string | null,
  requester: Pick<User, 'id'>,
  bookings: BookingRepository,
): Promise<string | null> => {
  if (groupId === null) return null;
  const [member] = await bookings.ofGroup(groupId);
  if (!member) throw invalid('booking.unknown-group', 'Booking group not found.');
  if (member.ownerId !== requester.id)
    throw forbidden('booking.not-owner', 'Only the booking owner can add to this group.');
  return groupId;
};

const recordRequest = (
  { audit }: Pick<BookingStores, 'audit'>,
  actor: Actor,
  requester: Pick<User, 'id' | 'username'>,
  { groupId, bookings }: GrantedRequest,
  now: Instant,
) =>
  audit.append({
    at: now,
    actor: auditActorOf(actor),
    action: 'booking.requested',
    entityType: 'booking-group',
    entityId: groupId,
    entityLabel: null,
    message:
      `${actor.username} requested ${bookings.length} booking(s)` +
      (actor.id === requester.id ? '' : ` for ${requester.username}`),
    metadata: { ownerId: requester.id, bookingIds: bookings.map((booking) => booking.id) },
  });

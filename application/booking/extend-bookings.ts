import {
  beyondApprovalLimits,
  continuationOf,
  extensionOf,
  holds,
  invalid,
  may,
  mergeItems,
  statusAt,
  type Actor,
  type Booking,
  type Instant,
  type LabSettings,
  type User,
  type WantedItem,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import { announce } from './announce.js';
import { bookItems, grantsOrRefusal, recordRequest, type ItemsOrder } from './book-items.js';
import { joinedGroup, judgementTerms, type BookingTerms } from './booking-terms.js';
import { claimBookings, withEnded } from './claim-calendars.js';
import { explainingRefusals } from './explain-refusals.js';
import { bookingsNamed, bookingsOfGroup } from './find-bookings.js';
import { assertTakesPart } from './part-in-booking.js';
import { assertFibreIsFree } from './hold-fibre.js';
import type { BookingStores, BookingWork, CalendarReader, UserFinder } from './ports.js';
import { requesterOf } from './requester.js';
import { mayDecideOwn } from './self-approval.js';
import { unknownDevices } from './wanted-items.js';

/** Where they do not say who may decide about their own bookings, administrators may. */
export type ExtensionTerms = BookingTerms & Partial<Pick<LabSettings, 'selfApproval'>>;

/** Gives bookings more time. The added time is decided like a new request of the owner, without contention. */
export class ExtendBookings {
  readonly #work: BookingWork;
  readonly #calendars: CalendarReader;
  readonly #users: UserFinder;
  readonly #clock: Clock;
  readonly #terms: ExtensionTerms;

  constructor(work: BookingWork, calendars: CalendarReader, users: UserFinder, clock: Clock, terms: ExtensionTerms) {
    this.#work = work;
    this.#calendars = calendars;
    this.#users = users;
    this.#clock = clock;
    this.#terms = terms;
  }

  /**
   * Moves the end of a booking, or of several of its group, to a lab date at the same time of day. Where somebody has
   * to say yes to the added time of a confirmed booking, that time becomes a PENDING booking next to it instead; from
   * then on it is that one which is extended.
   * @returns the bookings that end later now, and those that were added.
   */
  async bookings(
    actor: Actor,
    id: number,
    among: readonly number[] | null,
    newEndDate: string,
    userId: number | null = null,
  ): Promise<Booking[]> {
    const requester = await requesterOf(actor, userId, this.#users);
    return explainingRefusals(this.#calendars, () =>
      this.#work.run(async (stores) => {
        const read = () => bookingsNamed(id, among, stores.bookings);
        const { calendars, now, bookings: named } = await claimBookings(stores, read, this.#clock);
        assertTakesPart(actor, requester, named, 'You do not have permission to extend these bookings.');
        assertHolding(named, now);
        const groupId = named[0]?.groupId ?? '';
        const members = await stores.bookings.ofGroup(groupId);
        const bookings = lastOfEach(named, joinedGroup(groupId, members, now).holding);
        const owner = await ownerOf(bookings, stores);
        const items = bookings.map((booking) => {
          const thing = calendars.get(booking.deviceId)?.thing;
          if (!thing) throw unknownDevices([{ id: booking.deviceId }]);
          const slot = continuationOf(booking, newEndDate, this.#terms.zone);
          return { thing, slot, consent: false };
        });
        const group = joinedGroup(groupId, members, now);
        const terms = await judgementTerms(this.#terms, owner, group, now, stores.bookings);
        const limits = await stores.users.approvalLimitsOf(actor.id);
        const around = await withEnded(calendars, stores.calendars, this.#terms.policy, now);
        const grants = grantsOrRefusal(items, around, terms);
        const together = [...group.holding, ...grants.map(({ thing, slot }) => ({ deviceId: thing.id, slot }))];
        const isWithinLimits = (booking: Booking) =>
          limits === null || beyondApprovalLimits(limits, booking, together, this.#terms.zone) === null;
        const changed: Booking[] = [];
        const added: Booking[] = [];
        for (const [index, booking] of bookings.entries()) {
          const grant = grants[index];
          if (!grant) continue;
          const staysConfirmed =
            this.#terms.automatic(grant.thing, owner.role) ||
            (this.#mayConfirm(actor, booking) && isWithinLimits(booking));
          if (booking.status === 'CONFIRMED' && !staysConfirmed) {
            const { deviceId, ownerId, comment, collaboratorIds } = booking;
            const { slot, status } = grant;
            const more = { groupId, deviceId, ownerId, comment, slot, status, createdAt: now };
            added.push(...(await stores.bookings.add([more], collaboratorIds)));
          } else {
            await stores.bookings.setEnd(booking.id, grant.slot.end, now);
            changed.push({ ...booking, slot: { start: booking.slot.start, end: grant.slot.end } });
          }
        }
        await assertFibreIsFree(
          stores,
          groupId,
          grants.map((grant) => grant.slot),
        );
        await announce(stores, 'booking.extended', actor, [...changed, ...added], calendars, now);
        await this.#record(actor, owner, bookings, added, newEndDate, now, stores);
        return [...changed, ...added];
      }),
    );
  }

  /**
   * Adds the days up to a lab date to what still holds of a group, repeating each device's last day.
   * @returns the bookings that were added.
   */
  async group(actor: Actor, groupId: string, newEndDate: string, userId: number | null = null): Promise<Booking[]> {
    const requester = await requesterOf(actor, userId, this.#users);
    return explainingRefusals(this.#calendars, () =>
      this.#work.run(async (stores) => {
        const read = () => bookingsOfGroup(groupId, stores.bookings);
        const { calendars, now, bookings } = await claimBookings(stores, read, this.#clock);
        const holding = bookings.filter(({ status, slot }) => holds(statusAt(status, slot.end, now)));
        const touched = holding.length > 0 ? holding : bookings;
        assertTakesPart(actor, requester, touched, 'You do not have permission to extend this booking group.');
        if (holding.length === 0)
          throw invalid('booking.already-over', 'Nothing of this booking group holds any more.');
        const owner = await ownerOf(bookings, stores);
        const items = mergeItems(
          extensionOf(holding, newEndDate, this.#terms.zone).map(({ deviceId, slot }): WantedItem => {
            const thing = calendars.get(deviceId)?.thing;
            if (!thing) throw unknownDevices([{ id: deviceId }]);
            return { thing, slot, consent: false, uncontended: true };
          }),
        );
        const collaboratorIds = [...new Set(holding.flatMap((booking) => booking.collaboratorIds))];
        const comment = holding[0]?.comment ?? '';
        // Claimed already, so that they stay what they are.
        const order: ItemsOrder = {
          ...{ actor, owner, items: () => Promise.resolve(items), groupId, comment, collaboratorIds },
          joins: () => Promise.resolve(bookings),
          event: 'booking.extended',
          fibre: 'as-before',
        };
        return bookItems(stores, order, this.#terms, this.#clock);
      }),
    );
  }

  /** Whether somebody could say yes to a booking if it was requested now; their limits aside. */
  #mayConfirm(actor: Actor, { ownerId }: Booking): boolean {
    const mayDecide = ownerId !== actor.id || mayDecideOwn(actor, this.#terms.selfApproval ?? 'admins');
    return may(actor, 'bookings:write') && mayDecide;
  }

  async #record(
    actor: Actor,
    owner: Pick<User, 'id' | 'username' | 'role'>,
    extended: readonly Booking[],
    added: readonly Booking[],
    newEndDate: string,
    now: Instant,
    stores: BookingStores,
  ): Promise<void> {
    const [first] = extended;
    if (!first) return;
    const { groupId } = first;
    if (added.length > 0) await recordRequest(stores, { actor, owner, groupId, event: 'booking.extended' }, added, now);
    await stores.audit.append({
      at: now,
      actor: auditActorOf(actor),
      action: 'booking.extended',
      entityType: 'booking-group',
      entityId: groupId,
      entityLabel: null,
      message: `${actor.username} extended ${extended.length} booking(s) to ${newEndDate}`,
      metadata: {
        before: extended.map(({ id, slot }) => ({ id, end: slot.end })),
        addedIds: added.map((booking) => booking.id),
      },
    });
  }
}

/** For each booking the last of those of the group that follow on it without a break, each once. */
const lastOfEach = (named: readonly Booking[], holding: readonly Booking[]): Booking[] => {
  const last = named.map((booking) => {
    let end = booking;
    for (;;) {
      const next = holding.find(({ deviceId, slot }) => deviceId === end.deviceId && slot.start === end.slot.end);
      if (!next) return end;
      end = next;
    }
  });
  return [...new Map(last.map((booking) => [booking.id, booking])).values()];
};

const assertHolding = (bookings: readonly Booking[], now: Instant): void => {
  const over = bookings.find(({ status, slot }) => !holds(statusAt(status, slot.end, now)));
  if (!over) return;
  const status = statusAt(over.status, over.slot.end, now).toLowerCase();
  throw invalid(
    'booking.already-over',
    `Booking ${over.id} is already ${status}: only what still holds can be extended.`,
  );
};

const ownerOf = async (bookings: readonly Booking[], { users }: Pick<BookingStores, 'users'>): Promise<User> => {
  const owner = await users.find(bookings[0]?.ownerId ?? 0);
  if (!owner) throw new Error('a booking has no owner');
  return owner;
};

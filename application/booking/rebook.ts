import { overlaps, repetitionOf, type Actor, type Booking } from '../../domain/index.js';
import type { Clock, IdSource } from '../shared/ports.js';
import { answeringOnce } from './answer-once.js';
import { bookItems, type ItemsOrder } from './book-items.js';
import type { BookingTerms } from './booking-terms.js';
import { bookingsNamed, bookingsOfGroup } from './find-bookings.js';
import { copiedFor } from './hold-fibre.js';
import type { GrantedRequest, IdempotencyKey } from './kept-answer.js';
import { assertTakesPart, ownsAll } from './part-in-booking.js';
import type { BookingStores, BookingWork, CalendarReader, UserFinder } from './ports.js';
import { requesterOf } from './requester.js';
import { wantedItems } from './wanted-items.js';

/** Lab dates, both included. */
export interface RebookRange {
  readonly startDate: string;
  readonly endDate: string;
}

/** Books a pattern of bookings again at other dates, as a new group of whoever asks. */
export class Rebook {
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

  /** A booking, or several of its group; of several that were cancelled in part, the rest. */
  bookings(
    actor: Actor,
    id: number,
    among: readonly number[] | null,
    range: RebookRange,
    message: string,
    userId: number | null = null,
    once: IdempotencyKey | null = null,
  ): Promise<GrantedRequest> {
    return this.#again(actor, userId, range, message, once, (stores) => bookingsNamed(id, among, stores.bookings));
  }

  /** A whole group; of one that was cancelled in part, the rest. */
  group(
    actor: Actor,
    groupId: string,
    range: RebookRange,
    message: string,
    userId: number | null = null,
    once: IdempotencyKey | null = null,
  ): Promise<GrantedRequest> {
    return this.#again(actor, userId, range, message, once, (stores) => bookingsOfGroup(groupId, stores.bookings));
  }

  async #again(
    actor: Actor,
    userId: number | null,
    { startDate, endDate }: RebookRange,
    message: string,
    once: IdempotencyKey | null,
    find: (stores: BookingStores) => Promise<Booking[]>,
  ): Promise<GrantedRequest> {
    const owner = await requesterOf(actor, userId, this.#users);
    const { zone } = this.#terms;
    const desk = { work: this.#work, calendars: this.#calendars, clock: this.#clock };
    return answeringOnce(desk, actor, once, async (stores) => {
      const named = await find(stores);
      const pattern = whatIsLeft(named);
      assertTakesPart(actor, owner, pattern, 'You do not have permission to rebook these devices.');
      const wanted = repetitionOf(pattern, startDate, endDate, zone).map(({ deviceId, slot: { start, end } }) => ({
        ...{ device: { id: deviceId }, start, end, consent: false, uncontended: true },
      }));
      // What was cancelled and booked once more is there twice, and merged.
      const items = () => wantedItems(wanted, stores.calendars);
      // The owner's company comes along; who books for themselves starts alone.
      const company = ownsAll(pattern, owner) ? pattern.flatMap((booking) => booking.collaboratorIds) : [];
      const groupId = this.#ids.next();
      const connects = await stores.crossConnects.ofGroup(pattern[0]?.groupId ?? '');
      const order: ItemsOrder = {
        ...{ actor, owner, items, groupId, comment: message, event: 'booking.rebooked' },
        joins: () => Promise.resolve([]),
        fibre: copiedFor(groupId, connects),
        collaboratorIds: [...new Set(company)],
      };
      return { groupId, bookings: await bookItems(stores, order, this.#terms, this.#clock) };
    });
  }
}

/**
 * What was given up or refused does not come back, unless all of it was; of what was asked for more than once, only the
 * last.
 */
const whatIsLeft = (members: readonly Booking[]): readonly Booking[] => {
  const kept = members.filter(({ status }) => status !== 'CANCELLED' && status !== 'REJECTED');
  const left = kept.length > 0 ? kept : members;
  const isAskedAgain = (booking: Booking) =>
    left.some(({ id, deviceId, slot }) => {
      return id > booking.id && deviceId === booking.deviceId && overlaps(slot, booking.slot);
    });
  return left.filter((booking) => !isAskedAgain(booking));
};

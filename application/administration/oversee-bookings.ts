import {
  addToDate,
  assertMay,
  DAY,
  holds,
  isBookable,
  may,
  notFound,
  overlaps,
  parseBookingStatus,
  statusAt,
  type Actor,
  type SelfApproval,
  type BookingStatus,
  type HealthSnapshot,
  type Instant,
  type LabZone,
  type TimeSlot,
} from '../../domain/index.js';
import { mayDecideOwn, type CalendarReader } from '../booking/index.js';
import type { Page } from '../inventory/ports.js';
import type { Clock } from '../shared/ports.js';
import type {
  BookingFilter,
  BookingOrder,
  BookingOverview,
  DeviceHealthReader,
  DeviceUse,
  OverseenBooking,
} from './ports.js';

/** What somebody asks for; what is left out is any. */
export interface BookingQuestion {
  /** Words as `parseBookingStatus` reads them. */
  readonly statuses?: readonly string[];
  /** Lab dates `YYYY-MM-DD`: bookings that touch any day from the first to the last. */
  readonly firstDate?: string;
  readonly lastDate?: string;
  readonly search?: string;
  readonly deviceType?: string;
  readonly deviceName?: string;
  readonly ownerName?: string;
  /** Only those that others contend for. */
  readonly contended?: boolean;
  /** Only those that the asker may decide about. */
  readonly awaitingAsker?: boolean;
}

/** A booking as of now. */
export interface ShownBooking extends OverseenBooking {
  readonly contended: boolean;
  /** Whether whoever looks at it may decide about it. */
  readonly awaitsAsker: boolean;
}

/** Somebody else's hold in the slot of a booking. */
export interface ContendingUse extends DeviceUse {
  readonly overlap: TimeSlot;
}

/** Everything that an approver should know of one booking before deciding it. */
export interface BookingDossier {
  readonly booking: ShownBooking;
  /** Whether another device of the same type could be had instead. */
  readonly interchangeable: boolean;
  /** What else holds the device in that slot. */
  readonly contenders: readonly ContendingUse[];
  /** The device around that slot, the booking itself included, by start. */
  readonly timeline: readonly DeviceUse[];
  readonly health: HealthSnapshot | null;
  /** Who had the device before, the latest first. */
  readonly history: readonly DeviceUse[];
}

/** What may change while the lab runs. */
export interface OversightTerms {
  readonly selfApproval: SelfApproval;
}

const UNDECIDED: readonly BookingStatus[] = ['PENDING', 'CONFLICTING'];

const AROUND = 7 * DAY;
const LONGEST_TIMELINE = 100;
const LONGEST_HISTORY = 20;

/** Few enough to be held in memory, many enough that asking costs little. */
const EXPORTED_AT_ONCE = 1000;

/** Bookings as those look at them who run the lab. Status is as of now; nothing is written by looking. */
export class OverseeBookings {
  readonly #bookings: BookingOverview;
  readonly #calendars: Pick<CalendarReader, 'ofType'>;
  readonly #health: DeviceHealthReader;
  readonly #clock: Clock;
  readonly #zone: LabZone;
  readonly #terms: OversightTerms;

  constructor(
    bookings: BookingOverview,
    calendars: Pick<CalendarReader, 'ofType'>,
    health: DeviceHealthReader,
    clock: Clock,
    zone: LabZone,
    terms: OversightTerms,
  ) {
    this.#bookings = bookings;
    this.#calendars = calendars;
    this.#health = health;
    this.#clock = clock;
    this.#zone = zone;
    this.#terms = terms;
  }

  /** @throws DomainError `booking.unknown-status`, `lab-time.malformed`. */
  async page(
    actor: Actor,
    question: BookingQuestion,
    order: BookingOrder,
    page: Page,
  ): Promise<{ readonly bookings: ShownBooking[]; readonly total: number }> {
    assertMay(actor, 'bookings:read');
    const filter = this.#filterOf(actor, question);
    if (!filter) return { bookings: [], total: 0 };
    const now = this.#clock.now();
    const { bookings, total } = await this.#bookings.page(filter, order, page, now);
    return { bookings: bookings.map((booking) => this.#shown(actor, booking, now)), total };
  }

  /**
   * Everything that a page is taken from, by id and a part at a time. Who may not have it is told before it begins.
   * @throws DomainError as `page` does.
   */
  export(actor: Actor, question: BookingQuestion): AsyncIterable<OverseenBooking[]> {
    assertMay(actor, 'bookings:export');
    return this.#parts(this.#filterOf(actor, question));
  }

  /** @throws DomainError `booking.not-found`. */
  async one(actor: Actor, id: number): Promise<BookingDossier> {
    assertMay(actor, 'bookings:read');
    const found = await this.#bookings.find(id);
    if (!found) throw notFound('booking.not-found', 'Booking not found');
    const now = this.#clock.now();
    const booking = this.#shown(actor, found, now);
    const { deviceId, slot } = booking;
    const around = { start: slot.start - AROUND, end: slot.end + AROUND };
    const asOfNow = (use: DeviceUse) => ({ ...use, status: statusAt(use.status, use.slot.end, now) });
    const during = (await this.#bookings.during(deviceId, slot, LONGEST_TIMELINE)).map(asOfNow);
    const alike = await this.#calendars.ofType(booking.deviceType);
    return {
      booking,
      interchangeable: alike.some((thing) => thing.id !== deviceId && isBookable(thing)),
      contenders: holds(booking.status) ? contendersIn(during, booking) : [],
      timeline: (await this.#bookings.during(deviceId, around, LONGEST_TIMELINE)).map(asOfNow),
      health: (await this.#health.read([deviceId])).get(deviceId) ?? null,
      history: (await this.#bookings.before(deviceId, Math.min(slot.start, now), LONGEST_HISTORY)).map(asOfNow),
    };
  }

  async *#parts(filter: BookingFilter | null): AsyncGenerator<OverseenBooking[]> {
    const now = this.#clock.now();
    for (let last = 0; filter;) {
      const part = await this.#bookings.after(last, filter, EXPORTED_AT_ONCE, now);
      if (part.length > 0) yield part.map((booking) => asOf(now, booking));
      if (part.length < EXPORTED_AT_ONCE) return;
      last = part[part.length - 1]?.id ?? last;
    }
  }

  /** Null when nothing can match. */
  #filterOf(actor: Actor, question: BookingQuestion): BookingFilter | null {
    const { firstDate, lastDate, search, deviceType, deviceName, ownerName, contended, awaitingAsker } = question;
    const named = (question.statuses ?? []).map(parseBookingStatus);
    if (awaitingAsker && !may(actor, 'bookings:write')) return null;
    const wishes: readonly (readonly BookingStatus[])[] = [
      ...(named.length > 0 ? [named] : []),
      ...(contended ? [['CONFLICTING'] as const] : []),
      ...(awaitingAsker ? [UNDECIDED] : []),
    ];
    const statuses = [...new Set(wishes[0] ?? [])].filter((status) => wishes.every((wish) => wish.includes(status)));
    if (wishes.length > 0 && statuses.length === 0) return null;
    return {
      statuses,
      from: firstDate === undefined ? null : this.#zone.startOfDate(firstDate),
      until: lastDate === undefined ? null : this.#endOfDate(lastDate),
      search: search ?? null,
      deviceType: deviceType ?? null,
      deviceName: deviceName ?? null,
      ownerName: ownerName ?? null,
      notOwnedBy: awaitingAsker && !mayDecideOwn(actor, this.#terms.selfApproval) ? actor.id : null,
    };
  }

  #endOfDate(date: string): Instant {
    // Read before it is counted on: it may be no date at all.
    this.#zone.startOfDate(date);
    return this.#zone.startOfDate(addToDate(date, 1));
  }

  #shown(actor: Actor, booking: OverseenBooking, now: Instant): ShownBooking {
    const { status } = asOf(now, booking);
    const isMine = booking.ownerId === actor.id;
    return {
      ...booking,
      status,
      contended: status === 'CONFLICTING',
      awaitsAsker:
        UNDECIDED.includes(status) &&
        may(actor, 'bookings:write') &&
        (!isMine || mayDecideOwn(actor, this.#terms.selfApproval)),
    };
  }
}

/** A copy only where it makes a difference: copies of a long list fill the memory faster than it is swept. */
const asOf = (now: Instant, booking: OverseenBooking): OverseenBooking => {
  const status = statusAt(booking.status, booking.slot.end, now);
  return status === booking.status ? booking : { ...booking, status };
};

const contendersIn = (uses: readonly DeviceUse[], { id, slot }: ShownBooking): ContendingUse[] =>
  uses
    .filter((use) => use.id !== id && holds(use.status) && overlaps(use.slot, slot))
    .map((use) => ({
      ...use,
      overlap: { start: Math.max(use.slot.start, slot.start), end: Math.min(use.slot.end, slot.end) },
    }));

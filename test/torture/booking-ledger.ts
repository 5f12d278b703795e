import { Deed } from './deed.js';
import {
  disagreementsWith,
  mayBeGone,
  type AcknowledgedBooking,
  type BookingFacts,
  type KnownBooking,
} from './known-booking.js';
import type { BookingRecord, Records } from './records.js';

/** A request for devices in slots. */
export interface AskedBookings {
  /** Written into the comment of its bookings; no other request has it. */
  readonly mark: string;
  readonly ownerId: number;
  /** How many bookings it asks for; null where the server counts them. */
  readonly size: number | null;
  /** How many collaborators each booking gets; null where the server knows. */
  readonly collaborators: number | null;
}

interface BookingRequest extends AskedBookings {
  readonly deed: Deed;
  bookings: readonly AcknowledgedBooking[];
}

/** More days for a whole group. */
interface GroupExtension {
  readonly deed: Deed;
  added: number;
}

interface KnownGroup {
  readonly bookings: KnownBooking[];
  readonly cancels: Deed[];
  readonly extensions: GroupExtension[];
}

/** How many of the latest bookings people find when they look for somebody else's. */
const RECENT = 200;

/** What people were told about bookings. */
export class BookingLedger {
  readonly #facts: BookingFacts;
  readonly #requests = new Map<string, BookingRequest>();
  readonly #known = new Map<number, KnownBooking>();
  readonly #groups = new Map<string, KnownGroup>();
  readonly #recent: KnownBooking[] = [];

  constructor(facts: BookingFacts) {
    this.#facts = facts;
  }

  /** Devices whose rows keep their names. */
  get settledDeviceIds(): ReadonlySet<number> {
    return this.#facts.settledDeviceIds;
  }

  /** To be called before the request is sent. */
  asks(asked: AskedBookings): Deed {
    const request = { ...asked, deed: new Deed(), bookings: [] };
    this.#requests.set(asked.mark, request);
    return request.deed;
  }

  /** To be called with the answer of a request that was granted. */
  granted(mark: string, groupId: string, bookings: readonly AcknowledgedBooking[]): void {
    const request = this.#requests.get(mark);
    if (!request) throw new Error(`nobody asked for ${mark}`);
    request.bookings = bookings;
    const { deed: made, ownerId, collaborators } = request;
    made.done();
    for (const booking of bookings) {
      const known: KnownBooking = {
        ...{ ...booking, mark, ownerId, groupId, made },
        ...{ cancels: [], deletions: [], confirmations: [], rejections: [], extensions: [] },
        company: [{ deed: made, value: collaborators }],
      };
      this.#known.set(booking.id, known);
      this.#group(groupId).bookings.push(known);
      this.#recent.push(known);
    }
    this.#recent.splice(0, this.#recent.length - RECENT);
  }

  cancels(id: number): Deed {
    return this.#noted(id, ({ cancels }) => cancels);
  }

  deletes(id: number): Deed {
    return this.#noted(id, ({ deletions }) => deletions);
  }

  decides(id: number, verdict: 'CONFIRMED' | 'REJECTED'): Deed {
    return this.#noted(id, ({ confirmations, rejections }) => (verdict === 'CONFIRMED' ? confirmations : rejections));
  }

  /** @param date the lab date to which it is to be extended. */
  extends(id: number, date: string): Deed {
    const deed = new Deed();
    this.#known.get(id)?.extensions.push({ deed, value: date });
    return deed;
  }

  shares(id: number, collaborators: number): Deed {
    const deed = new Deed();
    this.#known.get(id)?.company.push({ deed, value: collaborators });
    return deed;
  }

  cancelsGroup(groupId: string): Deed {
    const deed = new Deed();
    this.#group(groupId).cancels.push(deed);
    return deed;
  }

  /** Its `added` is to be filled in with what the answer says. */
  extendsGroup(groupId: string): GroupExtension {
    const extension = { deed: new Deed(), added: 0 };
    this.#group(groupId).extensions.push(extension);
    return extension;
  }

  /** One of the latest bookings, chosen by number, for people who look for one of somebody else. */
  recent(number: number): Pick<KnownBooking, 'id' | 'ownerId' | 'groupId' | 'endsAt'> | null {
    return this.#recent[number % RECENT] ?? null;
  }

  /** When the booking was said to end; null when nobody knows it. */
  endOf(id: number): number | null {
    return this.#known.get(id)?.endsAt ?? null;
  }

  /** All that were acknowledged. */
  get acknowledgedIds(): number[] {
    return [...this.#known.keys()];
  }

  /** Whether the booking must be in the records now: it was acknowledged and nobody tried to delete it. */
  mustExist(id: number): boolean {
    const known = this.#known.get(id);
    return known !== undefined && !mayBeGone(known, Infinity);
  }

  groupMustExist(groupId: string): boolean {
    return this.#group(groupId).bookings.some((known) => !mayBeGone(known, Infinity));
  }

  /** Everything in the records that does not agree with what people were told. */
  disagreements(records: Records): string[] {
    const found: string[] = [];
    const byMark = new Map<string, BookingRecord[]>();
    for (const record of records.bookings.values()) {
      const alike = byMark.get(record.mark);
      if (alike) alike.push(record);
      else byMark.set(record.mark, [record]);
      if (!this.#requests.has(record.mark)) found.push(`booking ${record.id}: nobody asked for ${record.mark}`);
    }
    for (const request of this.#requests.values()) {
      found.push(...this.#disagreementsOfRequest(request, byMark.get(request.mark) ?? [], records));
    }
    const strangers = new Map<string, BookingRecord[]>();
    for (const record of records.bookings.values()) {
      if (this.#known.has(record.id) || !this.#maybeExtended(record.groupId, records)) continue;
      strangers.set(record.groupId, [...(strangers.get(record.groupId) ?? []), record]);
    }
    for (const [groupId, group] of this.#groups) {
      found.push(...this.#disagreementsOfGroup(groupId, group, strangers.get(groupId) ?? [], records));
    }
    return [...found, ...this.#disagreementsWithAudit(records)];
  }

  #group(groupId: string): KnownGroup {
    const group = this.#groups.get(groupId) ?? { bookings: [], cancels: [], extensions: [] };
    this.#groups.set(groupId, group);
    return group;
  }

  #noted(id: number, listOf: (known: KnownBooking) => Deed[]): Deed {
    const deed = new Deed();
    const known = this.#known.get(id);
    if (known) listOf(known).push(deed);
    return deed;
  }

  #disagreementsOfRequest(request: BookingRequest, found: readonly BookingRecord[], records: Records): string[] {
    const { mark, deed, size } = request;
    const [first] = found;
    if (deed.isRefused) {
      return first ? [`request ${mark} was refused and left ${found.length} booking(s)`] : [];
    }
    // Time that was added to a group carries the mark of its first bookings.
    const isExtended = first !== undefined && this.#maybeExtended(first.groupId, records);
    if (deed.surelyBy(records.from)) {
      const told = request.bookings.flatMap(({ id }) => this.#disagreementsOfBooking(id, records));
      const known = new Set(request.bookings.map(({ id }) => id));
      const strangers = isExtended ? [] : found.filter(({ id }) => !known.has(id));
      return [...told, ...strangers.map(({ id }) => `request ${mark} was granted, but not with booking ${id}`)];
    }
    if (!first || isExtended) return [];
    // An answer that came while the records were read may have been followed by deletions.
    if (request.bookings.some(({ id }) => this.#mayBeGone(id, records.until))) return [];
    if (found.some((record) => record.groupId !== first.groupId) || (size !== null && found.length !== size)) {
      return [`request ${mark} was cut off and left ${found.length} of ${size ?? 'its'} booking(s)`];
    }
    const { collaborators } = request;
    const lonely = collaborators === null ? [] : found.filter((record) => record.collaborators !== collaborators);
    return lonely.map(({ id }) => `request ${mark} was cut off and left booking ${id} without all its company`);
  }

  #disagreementsOfBooking(id: number, records: Records): string[] {
    const known = this.#known.get(id);
    return known ? disagreementsWith(known, this.#group(known.groupId).cancels, records, this.#facts) : [];
  }

  /** @param added bookings of the group that nobody was told the id of. */
  #disagreementsOfGroup(
    groupId: string,
    { bookings, cancels, extensions }: KnownGroup,
    added: readonly BookingRecord[],
    { from, until, now, bookings: rows }: Records,
  ): string[] {
    const found: string[] = [];
    const possible = cancels.filter((deed) => deed.maybeBy(until));
    const statuses = bookings
      .filter(({ made, endsAt }) => endsAt > now && possible.every((deed) => made.before(deed)))
      .filter((known) => {
        const { cancels: alone, deletions, rejections } = known;
        return ![...alone, ...deletions, ...rejections].some((deed) => deed.maybeBy(until));
      })
      .map(({ id }) => rows.get(id)?.status === 'CANCELLED');
    if (new Set(statuses).size > 1) found.push(`group ${groupId} was cancelled in part`);

    const promised = extensions.reduce((sum, { deed, added: days }) => sum + (deed.surelyBy(from) ? days : 0), 0);
    if (added.length < promised)
      found.push(`group ${groupId} was extended by ${promised} and has ${added.length} more`);
    const { zone } = this.#facts;
    for (const { id, extensions: own } of bookings) {
      const reached = [rows.get(id), ...added].flatMap((row) => (row ? [zone.dateOf(row.endsAt)] : []));
      const lost = own.filter(({ deed, value }) => deed.surelyBy(from) && !reached.some((date) => date >= value));
      if (rows.has(id)) found.push(...lost.map(({ value }) => `booking ${id} was extended to ${value} and is not`));
    }
    return found;
  }

  #disagreementsWithAudit({ bookings, audited }: Records): string[] {
    const found: string[] = [];
    for (const { id, status } of bookings.values()) {
      for (const [action, result] of [
        ['booking.cancelled', 'CANCELLED'],
        ['booking.rejected', 'REJECTED'],
      ]) {
        const times = audited.get(`${action} ${id}`) ?? 0;
        if (times === (status === result ? 1 : 0)) continue;
        found.push(`booking ${id} is ${status}, and the audit trail has ${times} time(s) ${action} of it`);
      }
    }
    return found;
  }

  #mayBeGone(id: number, until: number): boolean {
    const known = this.#known.get(id);
    return known !== undefined && mayBeGone(known, until);
  }

  #maybeExtended(groupId: string, { until }: Records): boolean {
    const group = this.#groups.get(groupId);
    if (!group) return false;
    const { bookings, extensions } = group;
    return [...extensions, ...bookings.flatMap((known) => known.extensions)].some(({ deed }) => deed.maybeBy(until));
  }
}

import {
  foldLines,
  ICalAttendeeStatus,
  ICalCalendar,
  ICalCalendarMethod,
  ICalEvent,
  ICalEventStatus,
  type ICalEventData,
} from 'ical-generator';
import type { CalendarFormat, FeedEntry } from '../../application/notification/index.js';
import { nameKey, type Invitation } from '../../domain/index.js';

const PRODUCT = { company: 'OpenLab', product: 'OpenLab', language: 'EN' };
const LINE_END = '\r\n';

/** RFC 5545: longer lines are folded. Octets without the line's end. */
const LONGEST_LINE = 75;

/** Some 10 MB. */
const MOST_BLOCKS = 20_000;

const NOT_TEXT = /[\p{Cc}\p{Cs}]/gu;

/** Calendars of RFC 5545, instants in UTC so that no reader needs to know the lab's zone. */
export class IcalCalendarFormat implements CalendarFormat {
  readonly #domain: string;
  readonly #blank: ICalCalendar;
  readonly #blocks = new Map<string, string>();

  /** @param labName tells this lab's bookings from those of others in one calendar. */
  constructor(labName: string) {
    const slug = nameKey(labName)
      .normalize('NFKD')
      .replaceAll(/[^a-z0-9]+/g, '-');
    this.#domain = `${slug.replaceAll(/^-|-$/g, '') || 'lab'}.openlab`;
    this.#blank = new ICalCalendar({ prodId: PRODUCT });
  }

  invitation(
    { bookingId, method, status, sequence, changedAt, slot, summary }: Invitation,
    organizer: string,
    attendee: { readonly name: string; readonly email: string },
  ): string {
    const calendar = new ICalCalendar({ prodId: PRODUCT, method: ICalCalendarMethod[method] });
    calendar.createEvent({
      ...this.#usual(bookingId, sequence, changedAt),
      start: new Date(slot.start),
      end: new Date(slot.end),
      summary: plain(summary),
      status: ICalEventStatus[status],
      organizer: { name: plain(organizerName(organizer)), email: addressIn(organizer) },
      attendees: [{ name: plain(attendee.name), email: attendee.email, status: ICalAttendeeStatus.ACCEPTED }],
    });
    return calendar.toString();
  }

  /** The library folds letter by letter, which would be nearly all of what a long feed costs: only long lines are. */
  feed(name: string, entries: readonly FeedEntry[]): string {
    const [head = '', end = ''] = new ICalCalendar({ prodId: PRODUCT, name: plain(name) })
      .toString()
      .split(/(?=END:VCALENDAR)/);
    return `${head}${entries.map((entry) => this.#block(entry)).join('')}${end}`;
  }

  /** An event as it stands in a feed. Few change between two feeds, and writing one takes longer than all else. */
  #block(entry: FeedEntry): string {
    const { bookingId, changedAt, status, summary, description } = entry;
    const key = `${bookingId} ${changedAt} ${status ?? ''} ${summary}
${description}`;
    const kept = this.#blocks.get(key);
    if (kept !== undefined) return kept;
    if (this.#blocks.size >= MOST_BLOCKS) this.#blocks.clear();
    const lines = this.#event(entry).split(LINE_END);
    const block = lines
      .filter((line) => line !== '')
      .map((line) => `${isLong(line) ? foldLines(line) : line}${LINE_END}`)
      .join('');
    this.#blocks.set(key, block);
    return block;
  }

  #event({ bookingId, sequence, changedAt, createdAt, slot, summary, description, status }: FeedEntry): string {
    const event = new ICalEvent(
      {
        ...this.#usual(bookingId, sequence, changedAt),
        start: new Date(slot.start),
        end: new Date(slot.end),
        created: new Date(createdAt),
        summary: plain(summary),
        ...(description !== '' && {
          description: description.replaceAll(NOT_TEXT, (sign) => (sign === '\n' ? sign : ' ')),
        }),
        ...(status !== null && { status: ICalEventStatus[status] }),
      },
      this.#blank,
    );
    return event.toString();
  }

  #usual(
    bookingId: number,
    sequence: number,
    changedAt: number,
  ): Pick<ICalEventData, 'id' | 'sequence' | 'stamp' | 'lastModified'> {
    const at = new Date(changedAt);
    return { id: `booking-${bookingId}@${this.#domain}`, sequence, stamp: at, lastModified: at };
  }
}

const plain = (text: string): string => text.replaceAll(NOT_TEXT, ' ');

const isLong = (line: string): boolean => line.length > LONGEST_LINE / 3 && Buffer.byteLength(line) > LONGEST_LINE;

/** `Lab <lab@example.org>` in its two parts. */
const addressIn = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
const organizerName = (from: string): string => {
  const name = from
    .replace(/<[^<>]*>\s*$/, '')
    .replaceAll('"', '')
    .trim();
  return name === '' ? addressIn(from) : name;
};

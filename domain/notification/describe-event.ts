import type {
  BookingEvent,
  DeviceEvent,
  DigestEvent,
  EventBooking,
  FibreEvent,
  LabEvent,
  MaintenanceEvent,
  PowerEvent,
} from '../events/index.js';
import { shortened, type Instant, type LabZone } from '../shared/index.js';
import { invitationsOf } from './invitation.js';
import type { Fact, Message } from './message.js';

/** What a user is called; somebody whose account is gone has no name any more. */
export type NameOf = (userId: number) => string;

/** Longer lists end with how many more there are. */
const MOST_DEVICES = 12;
const LONGEST_QUOTE = 500;

const quoted = (text: string): string => shortened(text.trim(), LONGEST_QUOTE);

/** Facts that say nothing are left out. */
const said = (...facts: readonly (readonly [label: string, text: string])[]): Fact[] =>
  facts.filter(([, text]) => text !== '').map(([label, text]) => ({ label, text }));

const listed = (items: readonly string[], most = MOST_DEVICES): string =>
  items.length <= most ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${items.length - most} more`;

/** `2026-11-24 09:00 to 12:00`, or with the second date where it is another. */
const slotInWords = (start: Instant, end: Instant, zone: LabZone): string => {
  const [from, to] = [zone.dateOf(start), zone.dateOf(end)];
  return `${from} ${zone.timeOf(start)} to ${from === to ? '' : `${to} `}${zone.timeOf(end)}`;
};

const deviceOf = ({ deviceId, deviceName }: Pick<EventBooking, 'deviceId' | 'deviceName'>): string =>
  deviceName === '' ? `device ${deviceId}` : deviceName;

const devicesOf = (bookings: readonly EventBooking[]): string[] => [...new Set(bookings.map(deviceOf))];

const inOrder = <Booking extends EventBooking>(bookings: readonly Booking[]): Booking[] =>
  [...bookings].sort((a, b) => a.start - b.start || a.end - b.end || a.id - b.id);

const slotFacts = (bookings: readonly EventBooking[], zone: LabZone): Fact[] => {
  const ordered = inOrder(bookings);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (!first || !last) return [];
  const [from, to] = [slotInWords(first.start, first.end, zone), slotInWords(last.start, last.end, zone)];
  return from === to
    ? said(['When', `${from} (${zone.name})`])
    : said(['First slot', `${from} (${zone.name})`], ['Last slot', to]);
};

const DEEDS: Readonly<Record<BookingEvent['type'], string>> = {
  'booking.requested': 'Booking requested',
  'booking.rebooked': 'Booked again',
  'booking.extended': 'Booking extended',
  'booking.confirmed': 'Booking confirmed',
  'booking.rejected': 'Booking rejected',
  'booking.cancelled': 'Booking cancelled',
  'booking.expired': 'Booking over',
  'booking.expires-soon': 'Booking ends soon',
  'booking.deleted': 'Booking deleted',
  'booking.contended': 'Others contend for a booking',
  'booking.contention-resolved': 'Contention resolved',
  'booking.collaborators-changed': 'Collaborators changed',
  'booking.collaborators-removed': 'No longer a collaborator',
};

const UNDECIDED: readonly string[] = ['PENDING', 'CONFLICTING'];
const ASKING: readonly string[] = ['booking.requested', 'booking.rebooked', 'booking.extended'];

/** What somebody has to do about it, if anything. */
const actionOf = ({ type, bookings }: BookingEvent): string => {
  if (!ASKING.includes(type)) return '';
  const waiting = bookings.filter(({ status }) => UNDECIDED.includes(status)).length;
  if (waiting === 0) return 'none, it is confirmed';
  const contending = bookings.filter(({ status }) => status === 'CONFLICTING').length;
  return contending > 0
    ? `approve or reject (${contending} of ${bookings.length} contend for their slot)`
    : 'approve or reject';
};

const describeBooking = (event: BookingEvent, nameOf: NameOf, zone: LabZone): Message => {
  const { type, actorId, ownerId, collaboratorIds, bookings, message } = event;
  const devices = devicesOf(inOrder(bookings));
  const decided = !ASKING.includes(type);
  return {
    title: `${DEEDS[type]}: ${listed(devices, 3)} for ${nameOf(ownerId)}`,
    facts: [
      ...said(
        ['User', nameOf(ownerId)],
        ['By', actorId === null || actorId === ownerId ? '' : nameOf(actorId)],
        ['Action required', actionOf(event)],
        ['Devices', listed(devices)],
      ),
      ...slotFacts(bookings, zone),
      ...said(
        ['Collaborators', listed(collaboratorIds.map(nameOf))],
        [decided ? 'Reason' : 'Message', quoted(message)],
      ),
    ],
    about: ownerId,
    link: '/bookings',
    invitations: invitationsOf(event),
  };
};

const describeMaintenance = (
  { type, device, start, end, reason, affected }: MaintenanceEvent,
  nameOf: NameOf,
  zone: LabZone,
): Message => ({
  title: `${type === 'maintenance.announced' ? 'Maintenance' : 'Maintenance called off'}: ${device.name}`,
  facts: said(
    ['When', `${slotInWords(start, end, zone)} (${zone.name})`],
    ['Reason', quoted(reason)],
    [
      'Bookings in it',
      listed(inOrder(affected).map((hit) => `${nameOf(hit.ownerId)} ${slotInWords(hit.start, hit.end, zone)}`)),
    ],
  ),
  about: affected.length === 1 ? (affected[0]?.ownerId ?? null) : null,
  link: '/bookings',
  invitations: [],
});

const describeFibre = (
  { type, actorId, ownerId, bookings, links }: FibreEvent,
  nameOf: NameOf,
  zone: LabZone,
): Message => ({
  title: `Fibre ${type === 'fibre.removed' ? 'removed' : 'changed'}: ${listed(devicesOf(inOrder(bookings)), 3)} for ${nameOf(ownerId)}`,
  facts: [
    ...said(
      ['User', nameOf(ownerId)],
      ['By', actorId === null || actorId === ownerId ? '' : nameOf(actorId)],
      ['Action required', 'check the booking: its devices may not be connected as they were'],
      ['Fibre', listed(links.map(({ id, label, a, b }) => `${label ?? `link ${id}`} (${a} to ${b})`))],
      ['Devices', listed(devicesOf(inOrder(bookings)))],
    ),
    ...slotFacts(bookings, zone),
  ],
  about: ownerId,
  link: '/bookings',
  invitations: [],
});

const describeDigest = ({ count, waiting }: DigestEvent, zone: LabZone): Message => ({
  title: `${count} ${count === 1 ? 'booking awaits' : 'bookings await'} a decision`,
  facts: waiting.map((booking) => ({
    label: slotInWords(booking.start, booking.end, zone),
    text: `${deviceOf(booking)} for ${booking.ownerUsername}${booking.status === 'CONFLICTING' ? ', contended' : ''}`,
  })),
  about: null,
  link: '/admin/approvals',
  invitations: [],
});

const DEVICE_DEEDS = { 'device.added': 'added', 'device.changed': 'changed', 'device.removed': 'removed' } as const;

const describeDevice = ({ type, device }: DeviceEvent): Message => ({
  title: `Device ${DEVICE_DEEDS[type]}: ${device.name}`,
  facts: said(['Type', device.type], ['Status', device.status.replaceAll('_', ' ')]),
  about: null,
  link: `/devices/${device.id}`,
  invitations: [],
});

const describePower = ({ type, pdu, outlet, device, before, after, message }: PowerEvent): Message => {
  const place = outlet === null ? pdu : `${pdu} outlet ${outlet}`;
  const was = before === null ? '' : ` (was ${before})`;
  return {
    title: `${type === 'power.trouble' ? 'Power trouble' : 'Power'}: ${device?.name ?? place}`,
    facts: said(
      ['Outlet', device === null || outlet === null ? '' : place],
      ['State', after === null ? '' : `${after}${was}`],
      [type === 'power.trouble' ? 'Trouble' : 'Reason', quoted(message)],
    ),
    about: null,
    link: device ? `/devices/${device.id}` : '/admin',
    invitations: [],
  };
};

/** Of another version of the program that uses the same database. */
const describeUnknown = ({ type }: { readonly type: string }): Message => ({
  title: type.replaceAll(/[.-]/g, ' '),
  facts: [],
  about: null,
  link: '/',
  invitations: [],
});

const isBooking = (event: LabEvent): event is BookingEvent => event.type.startsWith('booking.');

/** An event in words for people, times as the lab's clocks show them. */
export const describeEvent = (event: LabEvent, nameOf: NameOf, zone: LabZone): Message => {
  if (isBooking(event)) return describeBooking(event, nameOf, zone);
  switch (event.type) {
    case 'maintenance.announced':
    case 'maintenance.removed':
      return describeMaintenance(event, nameOf, zone);
    case 'fibre.changed':
    case 'fibre.removed':
      return describeFibre(event, nameOf, zone);
    case 'approvals.pending':
      return describeDigest(event, zone);
    case 'device.added':
    case 'device.changed':
    case 'device.removed':
      return describeDevice(event);
    case 'power.changed':
    case 'power.trouble':
      return describePower(event);
    default:
      return describeUnknown(event);
  }
};

/** Everybody whom a description of the event may name. */
export const namedIn = (event: LabEvent): number[] => [
  ...event.concerns,
  ...(event.actorId === null ? [] : [event.actorId]),
  ...('ownerId' in event ? [event.ownerId] : []),
  ...('collaboratorIds' in event ? event.collaboratorIds : []),
  ...('affected' in event ? event.affected.map(({ ownerId }) => ownerId) : []),
];

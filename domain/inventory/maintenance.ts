import {
  addToDate,
  DAY,
  invalid,
  inWords,
  slotInWords,
  timeSlot,
  type Instant,
  type LabZone,
  type TimeSlot,
} from '../shared/index.js';

/** A time in which a device may not be booked. */
export interface MaintenanceWindow {
  readonly id: number;
  readonly deviceId: number;
  readonly slot: TimeSlot;
  readonly reason: string;
  readonly createdBy: number | null;
  readonly createdAt: Instant;
  /** Written through the two text fields of the first scheduler, and shown there. */
  readonly legacy: boolean;
}

/** The two text fields of the first scheduler, each `<segment>/<YYYY-MM-DD>`. */
export interface LegacyMaintenance {
  readonly start: string;
  readonly end: string;
}

const SEGMENTS = [
  { label: '7 AM - 12 PM', from: 7, to: 12 },
  { label: '12 PM - 6 PM', from: 12, to: 18 },
  { label: '6 PM - 11 PM', from: 18, to: 23 },
  { label: 'All Day', from: 0, to: 24 },
] as const;

const ALL_DAY = SEGMENTS[3];
const LATEST_FIRST = [...SEGMENTS].sort((a, b) => b.from - a.from);
const EARLIEST_FIRST = [...SEGMENTS].sort((a, b) => a.to - b.to);

const LABELS = SEGMENTS.map((segment) => segment.label);

const readEnd = (text: string, field: string) => {
  const slash = text.lastIndexOf('/');
  const label = text.slice(0, Math.max(slash, 0)).trim();
  const segment = SEGMENTS.find((known) => known.label.toLowerCase() === label.toLowerCase());
  if (slash < 0 || !segment) {
    throw invalid(
      'maintenance.malformed',
      `'${text.slice(0, 60)}' is not a ${field}: write <segment>/<YYYY-MM-DD> with one of the segments ${LABELS.join(', ')}.`,
      { segments: LABELS },
    );
  }
  return { segment, date: text.slice(slash + 1).trim() };
};

const atHour = (zone: LabZone, date: string, hour: number): Instant =>
  hour === 24
    ? zone.startOfDate(addToDate(date, 1))
    : zone.onDate(date, { hour, minute: 0, second: 0, millisecond: 0 });

/**
 * The window that the two texts mean, in lab time, the end segment included: `All Day/2026-12-02` to
 * `All Day/2026-12-03` is two full days.
 * @throws DomainError `maintenance.malformed`, `lab-time.malformed` (no such date) or `slot.invalid` (end before start).
 */
export const slotOfLegacyMaintenance = ({ start, end }: LegacyMaintenance, zone: LabZone): TimeSlot => {
  const first = readEnd(start, 'maintenance start');
  const last = readEnd(end, 'maintenance end');
  zone.startOfDate(first.date);
  zone.startOfDate(last.date);
  return timeSlot(atHour(zone, first.date, first.segment.from), atHour(zone, last.date, last.segment.to));
};

/** The narrowest pair of texts that covers the window; exact for every window written as such texts. */
export const legacyMaintenanceOf = (slot: TimeSlot, zone: LabZone): LegacyMaintenance => {
  const firstDate = zone.dateOf(slot.start);
  const lastDate = zone.dateOf(slot.end - 1);
  const start = LATEST_FIRST.find((segment) => atHour(zone, firstDate, segment.from) <= slot.start) ?? ALL_DAY;
  const end = EARLIEST_FIRST.find((segment) => atHour(zone, lastDate, segment.to) >= slot.end) ?? ALL_DAY;
  return { start: `${start.label}/${firstDate}`, end: `${end.label}/${lastDate}` };
};

/**
 * Which window the first scheduler shows for a device, since it knows only one: the one written there, else the one
 * that is on or comes next within a year.
 */
export const shownMaintenance = (windows: readonly MaintenanceWindow[], now: Instant): MaintenanceWindow | null => {
  const legacy = windows.find((window) => window.legacy);
  if (legacy) return legacy;
  const ahead = windows.filter((window) => window.slot.end > now && window.slot.start < now + 366 * DAY);
  return ahead.reduce<MaintenanceWindow | null>(
    (next, window) => (next && next.slot.start <= window.slot.start ? next : window),
    null,
  );
};

/** When and why nobody can have the device, in lab time, for people. */
export const underMaintenance = (
  { name }: { readonly name: string },
  windows: readonly MaintenanceWindow[],
  zone: LabZone,
): string => {
  const spans = windows.map(({ slot, reason }) => `${slotInWords(slot, zone)}${reason ? ` (${reason})` : ''}`);
  return `${name} is under maintenance ${inWords(spans)}.`;
};

import { DomainError, type LabZone, slotOfLegacyMaintenance, type TimeSlot } from '../../../domain/index.js';

/** What people typed into the two maintenance fields. */
export const MAINTENANCE_KINDS = [
  ...(['well_formed', 'no_slash', 'empty_segment', 'unknown_segment', 'impossible_date', 'other_date_format'] as const),
  ...(['free_text', 'one_end_missing', 'end_before_start', 'empty_string', 'whitespace'] as const),
] as const;
export type MaintenanceKind = (typeof MAINTENANCE_KINDS)[number];

export interface OldMaintenance {
  readonly maintenance_start: string | null;
  readonly maintenance_end: string | null;
}

const SEGMENTS = ['7 AM - 12 PM', '12 PM - 6 PM', '6 PM - 11 PM', 'All Day'];
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ANY_DATE = /\d{4}-\d{2}-\d{2}|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}/;

const isRealDate = (date: string): boolean => {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
};

/** The worst about one of the two texts; null where nothing is wrong with it. */
const faultIn = (text: string): MaintenanceKind | null => {
  if (!text.includes('/')) return ANY_DATE.test(text) ? 'no_slash' : 'free_text';
  const slash = text.indexOf('/');
  const [segment, date] = [text.slice(0, slash), text.slice(slash + 1)];
  if (segment.trim() === '') return 'empty_segment';
  const known = SEGMENTS.find((label) => label.toLowerCase() === segment.trim().toLowerCase());
  if (known === undefined) return 'unknown_segment';
  if (!ISO_DATE.test(date.trim())) return 'other_date_format';
  if (!isRealDate(date.trim())) return 'impossible_date';
  return segment === known && date === date.trim() ? null : 'whitespace';
};

/**
 * Of which kind the texts are, null when there are none. `whitespace` stands for spaces and letter case beside the
 * point: the text is understood all the same.
 */
export const maintenanceKindOf = (
  { maintenance_start: start, maintenance_end: end }: OldMaintenance,
  zone: LabZone,
): MaintenanceKind | null => {
  if (start === null && end === null) return null;
  const given = [start, end].flatMap((text) => (text === null || text.trim() === '' ? [] : [text]));
  if (given.length === 0) return 'empty_string';
  const faults = given.flatMap((text) => faultIn(text) ?? []);
  const worst = faults.find((fault) => fault !== 'whitespace');
  if (worst !== undefined) return worst;
  if (given.length === 1) return 'one_end_missing';
  if (slotOf({ maintenance_start: start, maintenance_end: end }, zone) === null) return 'end_before_start';
  return faults.length > 0 ? 'whitespace' : 'well_formed';
};

const slotOf = ({ maintenance_start: start, maintenance_end: end }: OldMaintenance, zone: LabZone): TimeSlot | null => {
  try {
    return start === null || end === null ? null : slotOfLegacyMaintenance({ start, end }, zone);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
};

/** The window that the texts mean; null where they mean none. */
export const maintenanceSlotOf = (texts: OldMaintenance, zone: LabZone): TimeSlot | null => {
  const kind = maintenanceKindOf(texts, zone);
  return kind === 'well_formed' || kind === 'whitespace' ? slotOf(texts, zone) : null;
};

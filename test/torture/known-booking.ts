import { holds, type BookingStatus, type LabZone } from '../../domain/index.js';
import { Deed } from './deed.js';
import type { BookingRecord, Records } from './records.js';
import { possiblyLast, type Write } from './write.js';

export interface AcknowledgedBooking {
  readonly id: number;
  readonly deviceId: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly status: string;
}

/** A booking that was acknowledged, and everything that was tried with it since. */
export interface KnownBooking extends AcknowledgedBooking {
  readonly mark: string;
  readonly ownerId: number;
  readonly groupId: string;
  /** The request that made it. */
  readonly made: Deed;
  readonly cancels: Deed[];
  readonly deletions: Deed[];
  readonly confirmations: Deed[];
  readonly rejections: Deed[];
  /** Lab dates to which it was to be extended. */
  readonly extensions: Write<string>[];
  /** How many collaborators it was given; null where nobody said. */
  readonly company: Write<number | null>[];
}

/** What holds for all bookings of a run. */
export interface BookingFacts {
  readonly zone: LabZone;
  /** Devices whose rows keep their names: their bookings stay where they are. */
  readonly settledDeviceIds: ReadonlySet<number>;
}

const any = (deeds: readonly Deed[], is: (deed: Deed) => boolean): boolean => deeds.some(is);

/** Whether the booking must be there at all. */
export const mayBeGone = ({ deletions }: KnownBooking, until: number): boolean =>
  any(deletions, (deed) => deed.maybeBy(until));

const statusDisagreements = (
  known: KnownBooking,
  record: BookingRecord,
  groupCancels: readonly Deed[],
  { from, until, now }: Records,
): string[] => {
  const status = record.status as BookingStatus;
  const maybe = (deeds: readonly Deed[]) => any(deeds, (deed) => deed.maybeBy(until));
  const surely = (deeds: readonly Deed[]) => any(deeds, (deed) => deed.surelyBy(from));
  const { cancels, confirmations, rejections } = known;
  const found: string[] = [];
  if (surely(cancels) && status !== 'CANCELLED') found.push(`was cancelled and is ${status}`);
  if (surely(rejections) && status !== 'REJECTED') found.push(`was rejected and is ${status}`);
  const groupIsGivenBack = groupCancels.some((deed) => deed.surelyBy(from) && known.made.before(deed));
  if (holds(status) && groupIsGivenBack) found.push(`was cancelled with its group and is ${status}`);
  if (status === 'CANCELLED' && !maybe([...cancels, ...groupCancels]))
    found.push('is CANCELLED and nobody asked for it');
  if (status === 'REJECTED' && !maybe(rejections)) found.push('is REJECTED and nobody asked for it');
  if (status === 'EXPIRED' && record.endsAt > now) found.push('has EXPIRED before its end');
  if (status === 'CONFIRMED' && known.status !== 'CONFIRMED' && !maybe(confirmations)) {
    found.push('is CONFIRMED and nobody confirmed it');
  }
  if ((status === 'PENDING' || status === 'CONFLICTING') && (known.status === 'CONFIRMED' || surely(confirmations))) {
    found.push(`was confirmed and is ${status}`);
  }
  return found;
};

/** Everything in which the record does not agree with what people were told. */
export const disagreementsWith = (
  known: KnownBooking,
  groupCancels: readonly Deed[],
  records: Records,
  { zone, settledDeviceIds }: BookingFacts,
): string[] => {
  const record = records.bookings.get(known.id);
  const about = (what: string) => `booking ${known.id} (${known.mark}) ${what}`;
  if (!record) return mayBeGone(known, records.until) ? [] : [about('was acknowledged and is gone')];
  const found: string[] = [];
  if (any(known.deletions, (deed) => deed.surelyBy(records.from))) found.push('was deleted and is there');
  if (record.groupId !== known.groupId) found.push(`is in group ${record.groupId}`);
  if (record.ownerId !== known.ownerId) found.push(`belongs to user ${record.ownerId}`);
  if (record.startsAt !== known.startsAt) found.push('begins at another time than was acknowledged');
  const isExtended = known.extensions.some(
    ({ deed, value }) => deed.maybeBy(records.until) && zone.dateOf(record.endsAt) === value,
  );
  if (record.endsAt !== known.endsAt && !isExtended) found.push('ends at another time than was acknowledged');
  if (settledDeviceIds.has(known.deviceId) && record.deviceId !== known.deviceId) {
    found.push(`moved from device ${known.deviceId} to ${record.deviceId}`);
  }
  const company = possiblyLast(known.company, records);
  if (!company.includes(null) && !company.includes(record.collaborators)) {
    found.push(`has ${record.collaborators} collaborators instead of ${company.join(' or ')}`);
  }
  return [...found, ...statusDisagreements(known, record, groupCancels, records)].map(about);
};

import { type BookingStatus, HOLDING_STATUSES, TERMINAL_STATUSES } from '../../../domain/index.js';

/** Words that the old lab wrote beside its own. */
const otherWords: ReadonlyMap<string, BookingStatus> = new Map([
  ['DECLINED', 'REJECTED'],
  ['APPROVED', 'CONFIRMED'],
]);

const own: readonly BookingStatus[] = [...HOLDING_STATUSES, ...TERMINAL_STATUSES];

/** Nothing, and words that nobody knows, are read as PENDING: a person decides. */
export const bookingStatusOf = (word: string | null): { readonly status: BookingStatus; readonly known: boolean } => {
  const upper = (word ?? '').trim().toUpperCase();
  const status = own.find((known) => known === upper) ?? otherWords.get(upper);
  return status ? { status, known: true } : { status: 'PENDING', known: false };
};

/** The three statuses that held a device in the old lab, in any letter case. */
export const oldHolds = (word: string | null): boolean =>
  (HOLDING_STATUSES as readonly string[]).includes((word ?? '').toUpperCase());

export const oldConfirmed = (word: string | null): boolean => (word ?? '').toUpperCase() === 'CONFIRMED';

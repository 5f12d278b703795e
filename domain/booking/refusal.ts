import { DomainError, type RefusalKind, type TimeSlot } from '../shared/index.js';
import type { ItemCheck } from './policy-rules.js';
import type { EndedHold, Hold } from './calendar.js';

/** Something else that was checked to be free when the answer was made. */
export interface Alternative {
  /** `time`: the same device at another time. `device`: another device of the same type in the wanted slot. */
  readonly kind: 'time' | 'device';
  readonly deviceId: number;
  readonly deviceName: string;
  readonly slot: TimeSlot;
}

/** One reason why one wanted slot cannot be had. */
export interface Refusal {
  readonly kind: Extract<RefusalKind, 'invalid' | 'conflict' | 'unavailable'>;
  /** Stable, for example `booking.taken`. */
  readonly code: string;
  readonly detail: string;
  readonly deviceId: number;
  readonly deviceType: string;
  readonly deviceName: string;
  /** The slot that was wanted. */
  readonly slot: TimeSlot;
  /** Bookings in the way. */
  readonly holders: readonly (Hold | EndedHold)[];
  /** Maintenance in the way. */
  readonly maintenance: readonly { readonly slot: TimeSlot; readonly reason: string }[];
  readonly alternatives: readonly Alternative[];
}

const MOST_SENTENCES = 5;

// What the requester can mend alone comes first: only when nothing of that kind is left is it a matter of who was first.
const weightiest = (refusals: readonly Refusal[]): Refusal | undefined =>
  refusals.find((refusal) => refusal.kind === 'invalid') ??
  refusals.find((refusal) => refusal.kind === 'conflict') ??
  refusals[0];

const summaryOf = (refusals: readonly Refusal[]): string => {
  const sentences = [...new Set(refusals.map((refusal) => refusal.detail))];
  const more = sentences.length - MOST_SENTENCES;
  return [
    ...sentences.slice(0, MOST_SENTENCES),
    ...(more > 0 ? [`And ${more} more ${more === 1 ? 'reason' : 'reasons'}.`] : []),
  ].join(' ');
};

/** A request that was refused as a whole, with every reason for every item. */
export class BookingRefused extends DomainError {
  readonly refusals: readonly Refusal[];
  readonly policy: readonly ItemCheck[];

  constructor(refusals: readonly Refusal[], policy: readonly ItemCheck[]) {
    const main = weightiest(refusals);
    super(main?.kind ?? 'invalid', main?.code ?? 'booking.refused', summaryOf(refusals));
    this.name = 'BookingRefused';
    this.refusals = refusals;
    this.policy = policy;
  }
}

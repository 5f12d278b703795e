import { type HoldingStatus, overlaps, peakHolders, type TimeSlot, unconfirmedStatus } from '../../../domain/index.js';

/** A booking that wants to hold its device. */
export interface Claim {
  readonly bookingId: number;
  readonly groupId: string;
  readonly slot: TimeSlot;
  readonly status: HoldingStatus;
}

/** What a claim comes to; `null` where it has no room, since the most groups that may share the device do already. */
export type Settlement = ReadonlyMap<number, HoldingStatus | null>;

const byId = (a: Claim, b: Claim): number => a.bookingId - b.bookingId;

/**
 * Decides about the claims on one device as if they had come in the order of their ids, the confirmed ones first: no two
 * confirmed overlap (I1), no more groups than allowed share an instant (I2), and the rest is PENDING or CONFLICTING as
 * the calendar has it (I3).
 */
export const settleContention = (claims: readonly Claim[], maxContenders: number): Settlement => {
  const kept: Claim[] = [];
  const settled = new Map<number, HoldingStatus | null>();
  const admit = (claim: Claim): void => {
    const fits = peakHolders(claim.slot, [...kept, claim]) <= maxContenders;
    if (fits) kept.push(claim);
    settled.set(claim.bookingId, fits ? claim.status : null);
  };

  const confirmed = claims.filter(({ status }) => status === 'CONFIRMED').sort(byId);
  const demoted: Claim[] = [];
  for (const claim of confirmed) {
    const taken = kept.some((other) => overlaps(other.slot, claim.slot));
    if (taken) demoted.push({ ...claim, status: 'CONFLICTING' });
    else admit(claim);
  }
  for (const claim of demoted) admit(claim);
  for (const claim of claims.filter(({ status }) => status !== 'CONFIRMED').sort(byId)) admit(claim);

  for (const claim of kept) {
    if (claim.status !== 'CONFIRMED') settled.set(claim.bookingId, unconfirmedStatus(claim, kept));
  }
  return settled;
};

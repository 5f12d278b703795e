import type { BookingPolicy, Instant, JudgementTerms, LabZone, Role, Thing, User } from '../../domain/index.js';

/** The lab's rules for asking, as configured. */
export interface BookingTerms {
  readonly zone: LabZone;
  readonly policy: BookingPolicy;
  /** Whether the approval policy confirms a free slot of this device at once for a requester of this role. */
  readonly automatic: (thing: Thing, role: Role) => boolean;
}

/** The terms for one requester at one time. */
export const judgementTerms = (
  { zone, policy, automatic }: BookingTerms,
  requester: Pick<User, 'id' | 'role'>,
  now: Instant,
): JudgementTerms => ({
  requesterId: requester.id,
  now,
  zone,
  policy,
  automatic: (thing) => automatic(thing, requester.role),
});

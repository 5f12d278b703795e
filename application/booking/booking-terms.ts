import {
  hasQuotas,
  type BookingPolicy,
  type HeldTime,
  type Instant,
  type JudgementTerms,
  type LabZone,
  type Role,
  type Thing,
  type User,
} from '../../domain/index.js';

/** The lab's rules for asking, as configured. */
export interface BookingTerms {
  readonly zone: LabZone;
  readonly policy: BookingPolicy;
  /** Whether the approval policy confirms a free slot of this device at once for a requester of this role. */
  readonly automatic: (thing: Thing, role: Role) => boolean;
}

/** Where it is read what somebody holds. */
interface HeldTimes {
  heldBy(userId: number, after: Instant): Promise<HeldTime[]>;
}

/**
 * The terms for one requester at one time.
 * @param groupId the group that is joined; null for a new one.
 */
export const judgementTerms = async (
  { zone, policy, automatic }: BookingTerms,
  requester: Pick<User, 'id' | 'role'>,
  groupId: string | null,
  now: Instant,
  bookings: HeldTimes,
): Promise<JudgementTerms> => ({
  requesterId: requester.id,
  role: requester.role,
  groupId,
  held: hasQuotas(policy) ? await bookings.heldBy(requester.id, now) : [],
  now,
  zone,
  policy,
  automatic: (thing) => automatic(thing, requester.role),
});

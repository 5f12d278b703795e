import {
  hasQuotas,
  holds,
  statusAt,
  type Booking,
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

/** A group that is joined, and what it holds already. */
export interface JoinedGroup {
  readonly id: string;
  readonly holding: readonly Booking[];
}

/** The group with those of its bookings that hold as of now. */
export const joinedGroup = (id: string, members: readonly Booking[], now: Instant): JoinedGroup => ({
  id,
  holding: members.filter(({ status, slot }) => holds(statusAt(status, slot.end, now))),
});

/**
 * The terms for one requester at one time.
 * @param group the one that is joined; null for a new one.
 */
export const judgementTerms = async (
  { zone, policy, automatic }: BookingTerms,
  requester: Pick<User, 'id' | 'role'>,
  group: JoinedGroup | null,
  now: Instant,
  bookings: HeldTimes,
): Promise<JudgementTerms> => ({
  requesterId: requester.id,
  role: requester.role,
  groupId: group?.id ?? null,
  joined: group?.holding ?? [],
  held: hasQuotas(policy) ? await bookings.heldBy(requester.id, now) : [],
  now,
  zone,
  policy,
  automatic: (thing) => automatic(thing, requester.role),
});

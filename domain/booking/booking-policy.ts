import type { Role } from '../identity/index.js';
import { nameKey, type Instant, type LabZone } from '../shared/index.js';

/** Limits on what may be asked for. What is left out has no limit. */
export interface BookingLimits {
  /** How many holding bookings of different groups may share one device at one instant. */
  readonly maxContenders: number;
  /** Shortest booking, in minutes. */
  readonly minMinutes?: number | undefined;
  /** Longest booking, in lab days: a day of a clock change counts as one. */
  readonly maxDays: number;
  /** How far ahead a booking may end, in lab days from now. */
  readonly horizonDays: number;
  /** How many hours of devices one user may hold at a time: two devices for an hour are two. */
  readonly maxDeviceHours?: number | undefined;
  /** How many groups of bookings one user may hold at a time. */
  readonly maxGroups?: number | undefined;
  /** How long a device stays free between two people, in minutes: room to reset it. */
  readonly turnaroundMinutes?: number | undefined;
}

/** Limits that differ for some devices; one that is there without a value takes the limit away. */
export type TypeLimits = { readonly [Limit in keyof BookingLimits]?: BookingLimits[Limit] | undefined };

/** Limits that differ for some people; how many may contend for a device is not a matter of who asks. */
export type RoleLimits = Omit<TypeLimits, 'maxContenders'>;

/** The lab's limits, with exceptions. The device type goes before the role, and both before the rest. */
export interface BookingPolicy extends BookingLimits {
  /** By type name, in any letter case. Quotas set here count only what is held of that type. */
  readonly deviceTypes?: Readonly<Record<string, TypeLimits>>;
  readonly roles?: Readonly<Partial<Record<Role, RoleLimits>>>;
}

/** What counts in a lab that sets nothing: two may contend for a slot, 31 days at once, a year ahead. */
export const defaultBookingPolicy: BookingPolicy = { maxContenders: 2, maxDays: 31, horizonDays: 366 };

/** What the policy makes an exception of for devices of that type. */
export const exceptionsFor = ({ deviceTypes = {} }: BookingPolicy, type: string): TypeLimits =>
  Object.entries(deviceTypes).find(([name]) => nameKey(name) === nameKey(type))?.[1] ?? {};

/** The limits that count for devices of that type when somebody of that role asks. */
export const limitsFor = (policy: BookingPolicy, type: string, role: Role): BookingLimits =>
  [policy.roles?.[role] ?? {}, exceptionsFor(policy, type)].reduce<BookingLimits>(
    (limits, exceptions: TypeLimits) => ({
      ...limits,
      ...exceptions,
      // These three the lab always has.
      maxContenders: exceptions.maxContenders ?? limits.maxContenders,
      maxDays: exceptions.maxDays ?? limits.maxDays,
      horizonDays: exceptions.horizonDays ?? limits.horizonDays,
    }),
    policy,
  );

/** The longest turnaround that any device has for anybody, in minutes: how far to look beyond a slot. */
export const widestTurnaround = (policy: BookingPolicy): number =>
  Math.max(
    policy.turnaroundMinutes ?? 0,
    ...Object.values(policy.deviceTypes ?? {}).map((limits) => limits.turnaroundMinutes ?? 0),
    ...Object.values(policy.roles ?? {}).map((limits) => limits.turnaroundMinutes ?? 0),
  );

/** Whether anything limits how much one user may hold, so that it needs to be counted. */
export const hasQuotas = (policy: BookingPolicy): boolean =>
  [policy, ...Object.values(policy.deviceTypes ?? {}), ...Object.values(policy.roles ?? {})].some(
    (limits) => limits.maxDeviceHours !== undefined || limits.maxGroups !== undefined,
  );

/** The last instant at which a booking may end. */
export const horizonOf = (limits: Pick<BookingLimits, 'horizonDays'>, now: Instant, zone: LabZone): Instant =>
  zone.addDays(now, limits.horizonDays);

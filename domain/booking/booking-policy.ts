import type { Instant } from '../shared/index.js';
import { isoOf } from '../shared/index.js';
import type { LabZone } from '../shared/index.js';
import type { TimeSlot } from '../shared/index.js';

/** Limits on what may be asked for, as the lab set them. */
export interface BookingPolicy {
  /** How many holding bookings of different groups may share one device at one instant. */
  readonly maxContenders: number;
  /** Longest booking, in lab days: a day of a clock change counts as one. */
  readonly maxDays: number;
  /** How far ahead a booking may end, in lab days from now. */
  readonly horizonDays: number;
}

export const defaultBookingPolicy: BookingPolicy = { maxContenders: 2, maxDays: 31, horizonDays: 366 };

/** One rule held against one slot, whether it is kept or not. */
export interface PolicyCheck {
  readonly rule: string;
  readonly limit: string | number;
  readonly actual: string | number;
  readonly ok: boolean;
  /** Code of the refusal when it is not kept. */
  readonly code: string;
  /** Sentence for people when it is not kept. */
  readonly detail: string;
}

/** The last instant at which a booking may end. */
export const horizonOf = (policy: BookingPolicy, now: Instant, zone: LabZone): Instant =>
  zone.addDays(now, policy.horizonDays);

/** Holds every rule about when and how long against the slot. */
export const checkPolicy = (slot: TimeSlot, policy: BookingPolicy, now: Instant, zone: LabZone): PolicyCheck[] => {
  const horizon = horizonOf(policy, now, zone);
  const today = zone.startOfDay(now);
  const longest = zone.addDays(slot.start, policy.maxDays);
  return [
    {
      rule: 'ends-in-future',
      limit: isoOf(now),
      actual: isoOf(slot.end),
      ok: slot.end > now,
      code: 'booking.in-past',
      detail: `The slot ended at ${isoOf(slot.end)}: bookings must end in the future.`,
    },
    {
      rule: 'starts-today-or-later',
      limit: isoOf(today),
      actual: isoOf(slot.start),
      ok: slot.start >= today,
      code: 'booking.starts-in-past',
      detail: `The slot starts at ${isoOf(slot.start)}, before today (${zone.dateOf(now)}).`,
    },
    {
      rule: 'max-days',
      limit: policy.maxDays,
      actual: Math.ceil(((slot.end - slot.start) / 86_400_000) * 100) / 100,
      ok: slot.end <= longest,
      code: 'booking.too-long',
      detail: `A booking may last at most ${policy.maxDays} days.`,
    },
    {
      rule: 'horizon-days',
      limit: policy.horizonDays,
      actual: Math.ceil(((slot.end - now) / 86_400_000) * 100) / 100,
      ok: slot.end <= horizon,
      code: 'booking.beyond-horizon',
      detail: `Bookings may end at most ${policy.horizonDays} days from now (${isoOf(horizon)}).`,
    },
  ];
};

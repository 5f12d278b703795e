import { isoOf, type Instant, type LabZone, type TimeSlot } from '../shared/index.js';

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

const inHundredths = (days: number): number => Math.ceil(days * 100) / 100;

/**
 * Every rule about when and how long as of now, to be held against slots. Days are lab days, by the clock on the wall.
 */
export const policyChecks = (
  policy: BookingPolicy,
  now: Instant,
  zone: LabZone,
): ((slot: TimeSlot, whole?: TimeSlot) => PolicyCheck[]) => {
  const midnight = zone.startOfDay(now);
  const horizon = horizonOf(policy, now, zone);
  const [moment, today, latest] = [isoOf(now), isoOf(midnight), isoOf(horizon)];
  return (slot, whole = slot) => {
    const [start, end] = [isoOf(slot.start), isoOf(slot.end)];
    const length = zone.daysBetween(whole.start, whole.end);
    return [
      {
        rule: 'ends-in-future',
        limit: moment,
        actual: end,
        ok: slot.end > now,
        code: 'booking.in-past',
        detail: `The slot ended at ${end}: bookings must end in the future.`,
      },
      {
        rule: 'starts-today-or-later',
        limit: today,
        actual: start,
        ok: slot.start >= midnight,
        code: 'booking.starts-in-past',
        detail: `The slot starts at ${start}, before today (${zone.dateOf(now)}).`,
      },
      {
        rule: 'max-days',
        limit: policy.maxDays,
        actual: inHundredths(length),
        ok: length <= policy.maxDays,
        code: 'booking.too-long',
        detail: `A booking may last at most ${policy.maxDays} days.`,
      },
      {
        rule: 'horizon-days',
        limit: latest,
        actual: end,
        ok: slot.end <= horizon,
        code: 'booking.beyond-horizon',
        detail: `Bookings may end at most ${policy.horizonDays} days from now (${latest}).`,
      },
    ];
  };
};

import {
  DAY,
  earliestCommon,
  forecastDevice,
  ForecastModel,
  horizonOf,
  invalid,
  isBookable,
  lengthOf,
  limitsFor,
  MINUTE,
  seenWhenBooked,
  timeSlot,
  type DeviceForecast,
  type Instant,
  type KnownSchedule,
  type Thing,
  type TimeSlot,
  widestTurnaround,
} from '../../domain/index.js';
import type { BookingTerms, CalendarReader } from '../booking/index.js';
import type { Clock } from '../shared/ports.js';
import type { BookingHistoryReader } from './ports.js';

const MOST_DAYS = 400;

/** How much of the past is learnt from: half a year, in whole weeks. */
export const HISTORY_DAYS = 26 * 7;

/** How long what was learnt serves. What is booked ahead is read for every question. */
const MODEL_SERVES = 10 * MINUTE;

const NOTHING: KnownSchedule = { holds: [], maintenance: [] };

/** A forecast with the device that it is about, and the first slot of that length that is free as things stand. */
export interface ForecastOfDevice extends DeviceForecast {
  /** The id that was asked for: that of any row of the device. */
  readonly deviceId: number;
  /** The first time from the wanted start on at which the device is free for as long; null when there is none. */
  readonly earliest: TimeSlot | null;
}

/** How likely devices can be had at some time, and when they can be had for certain. */
export class ForecastAvailability {
  readonly #calendars: CalendarReader;
  readonly #history: BookingHistoryReader;
  readonly #clock: Clock;
  readonly #terms: Pick<BookingTerms, 'zone' | 'policy'>;
  #learnt: { readonly model: Promise<ForecastModel>; readonly at: Instant } | null = null;

  constructor(
    calendars: CalendarReader,
    history: BookingHistoryReader,
    clock: Clock,
    terms: Pick<BookingTerms, 'zone' | 'policy'>,
  ) {
    this.#calendars = calendars;
    this.#history = history;
    this.#clock = clock;
    this.#terms = terms;
  }

  /**
   * A forecast for each of the devices, in the order in which they were asked for. Ids of no device are left out.
   * @throws DomainError `forecast.no-devices`, `slot.invalid`, `range.too-long` beyond 400 days, `forecast.past` when
   * the time is over.
   */
  async execute(deviceIds: readonly number[], start: Instant, end: Instant): Promise<ForecastOfDevice[]> {
    if (deviceIds.length === 0) throw invalid('forecast.no-devices', 'No devices were named.');
    const wanted = timeSlot(start, end);
    if (lengthOf(wanted) > MOST_DAYS * DAY) {
      throw invalid('range.too-long', `Please ask for at most ${MOST_DAYS} days at once.`);
    }
    const now = this.#clock.now();
    if (end <= now) throw invalid('forecast.past', 'That time is over; only what is to come can be forecast.');

    const ids = [...new Set(deviceIds)];
    const found = await this.#calendars.things(ids.map((id) => ({ id })));
    const things = new Map(found.flatMap((thing) => (thing ? [[thing.id, thing] as const] : [])));
    if (things.size === 0) return [];
    const slot = { start: Math.max(start, now), end };
    const ahead = await this.#history.ahead([...things.values()], this.#around(slot, [...things.values()], now));
    const model = await this.#model(now);
    const forecasts = new Map(
      [...things.values()].map((thing) => {
        const schedule = ahead.get(thing.id) ?? NOTHING;
        const forecast = forecastDevice(thing, slot, schedule, this.#gapOf(thing), model, now);
        return [thing.id, { ...forecast, earliest: this.#earliest(thing, wanted, schedule, now) }];
      }),
    );
    return ids.flatMap((deviceId, index) => {
      const forecast = forecasts.get(found[index]?.id ?? 0);
      return forecast ? [{ ...forecast, deviceId }] : [];
    });
  }

  /** The first minute from the wanted start on from which a booking as long as the wanted one is free and allowed. */
  #earliest(thing: Thing, wanted: TimeSlot, { holds, maintenance }: KnownSchedule, now: Instant): TimeSlot | null {
    const { zone, policy } = this.#terms;
    const limits = limitsFor(policy, thing.type, 'User');
    if (!isBookable(thing) || zone.daysBetween(wanted.start, wanted.end) > limits.maxDays) return null;
    const gap = this.#gapOf(thing);
    const blocks = [
      ...holds.map((hold) => ({ start: hold.slot.start - gap, end: hold.slot.end + gap })),
      ...maintenance,
    ];
    const window = { start: Math.max(wanted.start, now), end: horizonOf(limits, now, zone) };
    return earliestCommon(window, lengthOf(wanted), [{ id: thing.id, blocks }])?.slot ?? null;
  }

  /** Milliseconds that stay free between two people on the device. */
  #gapOf({ type }: Thing): number {
    return (limitsFor(this.#terms.policy, type, 'User').turnaroundMinutes ?? 0) * MINUTE;
  }

  /** All that decides: from the slot to the furthest horizon. */
  #around(slot: TimeSlot, things: readonly Thing[], now: Instant): TimeSlot {
    const { zone, policy } = this.#terms;
    const gap = widestTurnaround(policy) * MINUTE;
    const horizons = things.map(({ type }) => horizonOf(limitsFor(policy, type, 'User'), now, zone));
    return { start: slot.start - gap, end: Math.max(slot.end, ...horizons) + gap };
  }

  /** What history says, learnt anew from time to time; those who ask meanwhile wait for the same. */
  #model(now: Instant): Promise<ForecastModel> {
    const known = this.#learnt;
    if (known && now >= known.at && now - known.at < MODEL_SERVES) return known.model;
    const model = this.#history
      .read(now - HISTORY_DAYS * DAY)
      .then((history) => new ForecastModel(seenWhenBooked(history), now, this.#terms.zone));
    const learnt = { model, at: now };
    this.#learnt = learnt;
    model.catch(() => {
      if (this.#learnt === learnt) this.#learnt = null;
    });
    return model;
  }
}

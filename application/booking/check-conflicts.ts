import {
  DAY,
  dayConflictsOf,
  invalid,
  timeSlot,
  type DayConflict,
  type Instant,
  type LabZone,
  type Thing,
} from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { withoutOver } from './claim-calendars.js';
import type { CalendarReader } from './ports.js';
import { unknownDevices } from './wanted-items.js';

/** The longest time that is looked at day by day. */
const MOST_DAYS = 400;

/** What keeps one device from being booked, day by day of the lab. */
export interface DeviceConflicts {
  /** As asked for: any row of the thing. */
  readonly deviceId: number;
  readonly thing: Thing;
  readonly conflicts: readonly DayConflict[];
}

/** What stands in the way of devices, day by day in lab time. */
export class CheckConflicts {
  readonly #calendars: CalendarReader;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(calendars: CalendarReader, clock: Clock, zone: LabZone) {
    this.#calendars = calendars;
    this.#clock = clock;
    this.#zone = zone;
  }

  /**
   * Devices with nothing in the way are left out.
   * @throws DomainError `booking.unknown-device`, `slot.invalid`, or `range.too-long` beyond 400 days.
   */
  async execute(deviceIds: readonly number[], start: Instant, end: Instant): Promise<DeviceConflicts[]> {
    const range = timeSlot(start, end);
    if (end - start > MOST_DAYS * DAY) {
      throw invalid('range.too-long', `Please ask for at most ${MOST_DAYS} days at once.`);
    }
    const ids = [...new Set(deviceIds)];
    const references = ids.map((id) => ({ id }));
    const things = await this.#calendars.things(references);
    const strangers = references.filter((_, index) => !things[index]);
    if (strangers.length > 0) throw unknownDevices(strangers);
    const now = this.#clock.now();
    const calendars = await this.#calendars.read([...new Set(things.flatMap((thing) => thing?.id ?? []))], range);
    return ids.flatMap((deviceId, index) => {
      const thing = things[index];
      const calendar = thing && calendars.get(thing.id);
      if (!calendar) return [];
      const conflicts = dayConflictsOf(withoutOver(calendar, now), range, this.#zone);
      return conflicts.length > 0 ? [{ deviceId, thing: calendar.thing, conflicts }] : [];
    });
  }
}

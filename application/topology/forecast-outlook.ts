import { DAY, type DeviceChances, type Instant, type TimeSlot } from '../../domain/index.js';
import type { ForecastAvailability } from '../forecast/index.js';
import type { PlantReader } from '../plant/index.js';
import type { DeviceOutlook } from './ports.js';

const REMEMBERED = 365 * DAY;
/** As good as that many uses without a failure for every one with, before anything is known. */
const GOOD_BEFORE = 19;
const BAD_BEFORE = 1;

/**
 * How likely devices serve in a window: that they stay up, from how they did in the past, and that nobody else books
 * them first, from the forecast. The second is for those who only look: a booking holds its slot from the moment it is
 * made, also while it waits to be confirmed.
 */
export class ForecastOutlook implements DeviceOutlook {
  readonly #plant: Pick<PlantReader, 'pastUses'>;
  readonly #forecasts: Pick<ForecastAvailability, 'execute'>;

  constructor(plant: Pick<PlantReader, 'pastUses'>, forecasts: Pick<ForecastAvailability, 'execute'>) {
    this.#plant = plant;
    this.#forecasts = forecasts;
  }

  /**
   * One for each id; a device that nothing is known of is likely to serve.
   * @throws DomainError `forecast.past` when the window is over, `range.too-long` beyond 400 days.
   */
  async chancesOf(deviceIds: readonly number[], window: TimeSlot, now: Instant): Promise<Map<number, DeviceChances>> {
    if (deviceIds.length === 0) return new Map();
    const [uses, forecasts] = await Promise.all([
      this.#plant.pastUses(deviceIds, { start: now - REMEMBERED, end: now }),
      this.#forecasts.execute(deviceIds, window.start, window.end),
    ]);
    const known = new Map(uses.map((use) => [use.thingId, use]));
    const free = new Map(forecasts.map(({ deviceId, probability }) => [deviceId, probability]));
    return new Map(
      deviceIds.map((id) => {
        const { ok, faults } = known.get(id) ?? { ok: 0, faults: 0 };
        const staysUp = (GOOD_BEFORE + ok) / (GOOD_BEFORE + BAD_BEFORE + ok + faults);
        return [id, { staysUp, staysFree: free.get(id) ?? 1 }] as const;
      }),
    );
  }
}

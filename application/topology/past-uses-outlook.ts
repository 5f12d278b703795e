import { DAY, type DeviceChances, type Instant, type TimeSlot } from '../../domain/index.js';
import type { PlantReader } from '../plant/index.js';
import type { DeviceOutlook } from './ports.js';

const REMEMBERED = 365 * DAY;
/** As good as that many uses without a failure for every one with, before anything is known. */
const GOOD_BEFORE = 19;
const BAD_BEFORE = 1;

/**
 * Chances from how devices did in the past. A booking holds its slot while it waits to be confirmed, so nobody takes it.
 */
export class PastUsesOutlook implements DeviceOutlook {
  readonly #plant: PlantReader;

  constructor(plant: PlantReader) {
    this.#plant = plant;
  }

  async chancesOf(deviceIds: readonly number[], _window: TimeSlot, now: Instant): Promise<Map<number, DeviceChances>> {
    const uses = await this.#plant.pastUses(deviceIds, { start: now - REMEMBERED, end: now });
    const known = new Map(uses.map((use) => [use.thingId, use]));
    return new Map(
      deviceIds.map((id) => {
        const { ok, faults } = known.get(id) ?? { ok: 0, faults: 0 };
        const staysUp = (GOOD_BEFORE + ok) / (GOOD_BEFORE + BAD_BEFORE + ok + faults);
        return [id, { staysUp, staysFree: 1 }] as const;
      }),
    );
  }
}

import { assertMay, forbidden, hasSlotNow, may, type Actor, type Instant } from '../../domain/index.js';
import type { OutletRecord } from './power-records.js';
import type { PowerSituation, SituatedDevice } from './power-situation.js';

/** Whose power somebody may see and switch. */
export class PowerAccess {
  readonly #situation: PowerSituation;

  constructor(situation: PowerSituation) {
    this.#situation = situation;
  }

  /** @throws DomainError `permission.denied` unless the actor may read all devices. */
  assertReads(actor: Actor): void {
    assertMay(actor, 'devices:read');
  }

  /**
   * The outlets that somebody may see: all of them for those who read devices, else those of devices in whose confirmed
   * slot they are now.
   * @throws DomainError `permission.denied` for those who may see none.
   */
  async seen(actor: Actor, outlets: readonly OutletRecord[], now: Instant): Promise<'all' | readonly OutletRecord[]> {
    if (may(actor, 'devices:read')) return 'all';
    const ids = [...new Set(outlets.flatMap(({ deviceId }) => deviceId ?? []))];
    const devices = ids.length === 0 ? [] : await this.#situation.devices(now, now, ids);
    const own = new Set(devices.filter(({ facts }) => hasSlotNow(facts.bookings, actor.id, now)).map(({ id }) => id));
    const seen = outlets.filter(({ deviceId }) => deviceId !== null && own.has(deviceId));
    if (seen.length === 0) assertMay(actor, 'devices:read');
    return seen;
  }

  /** @throws DomainError `permission.denied` unless the actor may switch what feeds that device, null for nothing known. */
  assertSwitches(actor: Actor, device: SituatedDevice | null, now: Instant): void {
    if (may(actor, 'devices:write')) return;
    if (device && hasSlotNow(device.facts.bookings, actor.id, now)) return;
    throw forbidden(
      'permission.denied',
      device
        ? `Insufficient permissions: only the people of a confirmed booking of ${device.name} may switch it, while its slot lasts.`
        : 'Insufficient permissions',
      { required: 'devices:write' },
    );
  }
}

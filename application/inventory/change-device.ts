import { assertMay, notFound, type Actor, type LabZone } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import {
  assertFits,
  auditOfDevice,
  factsOf,
  typeNamedOrMade,
  writeLegacyMaintenance,
  type LegacyDeviceForm,
} from './legacy-device.js';
import type { InventoryWork } from './ports.js';
import { moveRowBetweenThings } from './thing-membership.js';

/** Changes a device from the first scheduler's form. Its bookings stay with it. */
export class ChangeDevice {
  readonly #work: InventoryWork;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(work: InventoryWork, clock: Clock, zone: LabZone) {
    this.#work = work;
    this.#clock = clock;
    this.#zone = zone;
  }

  execute(actor: Actor, id: number, form: LegacyDeviceForm): Promise<void> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const now = this.#clock.now();
      const before = await stores.devices.find(id);
      if (!before) throw notFound('device.not-found', 'Device not found');
      const type = await typeNamedOrMade(form.type, stores, now);
      const changed = factsOf(form, type);
      await moveRowBetweenThings(before, changed, stores, this.#clock);
      await assertFits(changed, id, stores);
      await stores.devices.update(id, { ...before, ...changed }, now);
      await writeLegacyMaintenance(id, form, actor, stores, this.#zone, this.#clock);
      await stores.audit.append({
        ...auditOfDevice(actor, 'device.changed', before, `${actor.username} changed ${before.name}`, now),
        metadata: { before, after: changed },
      });
    });
  }
}

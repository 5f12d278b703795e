import { assertMay, type Actor, type LabZone } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import {
  assertFits,
  auditOfDevice,
  factsOf,
  typeNamedOrMade,
  unknownDevice,
  writeLegacyMaintenance,
  type LegacyDeviceForm,
} from './legacy-device.js';
import type { InventoryWork } from './ports.js';
import { claimRow, moveRowBetweenThings } from './thing-membership.js';

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
      const found = await stores.devices.find(id);
      if (!found) throw unknownDevice();
      const changed = factsOf(form, await typeNamedOrMade(form.type, stores, this.#clock.now()));
      const before = await claimRow(found, changed, stores.devices);
      if (!before) throw unknownDevice();
      // Read after the claim, as for bookings: which of the two came first can be told by their times.
      const now = this.#clock.now();
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

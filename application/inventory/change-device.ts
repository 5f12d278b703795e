import { assertMay, type Actor, type LabZone } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { DeviceWrites } from './device-writes.js';
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
import { claimRow } from './thing-membership.js';

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

  /**
   * @param cancelBookings whether bookings to come that would be left without a device are cancelled.
   * @throws DomainError `device.not-found`, `device.has-bookings`, `device.duplicate`.
   */
  execute(actor: Actor, id: number, form: LegacyDeviceForm, cancelBookings = false): Promise<void> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const found = await stores.devices.find(id);
      if (!found) throw unknownDevice();
      const changed = factsOf(form, await typeNamedOrMade(form.type, stores, this.#clock.now()));
      const before = await claimRow(found, changed, stores.devices);
      if (!before) throw unknownDevice();
      await assertFits(changed, id, stores);
      await new DeviceWrites(stores, this.#clock).change(
        before,
        { ...before, ...changed },
        // The form has no way to say what is to become of them.
        { actor, action: 'updated', notes: null, bookings: cancelBookings ? 'cancel' : 'unless-by-status' },
      );
      await writeLegacyMaintenance(id, form, actor, stores, this.#zone, this.#clock);
      await stores.audit.append({
        ...auditOfDevice(
          ...([
            actor,
            'device.changed',
            before,
            `${actor.username} changed ${before.name}`,
            this.#clock.now(),
          ] as const),
        ),
        metadata: { before, after: changed },
      });
    });
  }
}

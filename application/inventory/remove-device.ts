import { assertMay, type Actor } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { auditOfDevice, unknownDevice } from './legacy-device.js';
import type { InventoryWork } from './ports.js';
import { claimRow, moveRowBetweenThings } from './thing-membership.js';

/** Takes a device out of the inventory. What was booked on it stays readable. */
export class RemoveDevice {
  readonly #work: InventoryWork;
  readonly #clock: Clock;

  constructor(work: InventoryWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /** @throws DomainError `device.not-found`, or `device.has-bookings` while it has bookings to come. */
  execute(actor: Actor, id: number): Promise<void> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const found = await stores.devices.find(id);
      const device = found && (await claimRow(found, null, stores.devices));
      if (!device) throw unknownDevice();
      const now = this.#clock.now();
      const type = (await stores.deviceTypes.all()).find((known) => known.id === device.typeId);
      await moveRowBetweenThings(device, null, stores, this.#clock);
      await stores.thingBookings.rememberName(id, type?.name ?? '', device.name);
      await stores.devices.remove(id);
      await stores.audit.append({
        ...auditOfDevice(actor, 'device.removed', device, `${actor.username} removed ${device.name}`, now),
        metadata: { before: device },
      });
    });
  }
}

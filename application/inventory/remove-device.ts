import { assertMay, notFound, type Actor } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { auditOfDevice } from './legacy-device.js';
import type { InventoryWork } from './ports.js';
import { moveRowBetweenThings } from './thing-membership.js';

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
      const now = this.#clock.now();
      const device = await stores.devices.find(id);
      if (!device) throw notFound('device.not-found', 'Device not found');
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

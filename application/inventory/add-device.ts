import { assertMay, type Actor, type Device, type LabZone } from '../../domain/index.js';
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

/** Adds a device from the first scheduler's form; from then on it is listed and, if its type is, bookable. */
export class AddDevice {
  readonly #work: InventoryWork;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(work: InventoryWork, clock: Clock, zone: LabZone) {
    this.#work = work;
    this.#clock = clock;
    this.#zone = zone;
  }

  execute(actor: Actor, form: LegacyDeviceForm): Promise<Device> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const facts = factsOf(form, await typeNamedOrMade(form.type, stores, this.#clock.now()));
      await assertFits(facts, null, stores);
      // Read once the thing is claimed, as for bookings: which of the two came first can be told by their times.
      const now = this.#clock.now();
      const device = await stores.devices.add(
        {
          oiId: null,
          manufacturerId: null,
          model: null,
          serialNumber: null,
          siteId: null,
          rack: null,
          uPosition: null,
          hostname: null,
          polatisPortRange: null,
          ports: [],
          ownerGroup: null,
          notes: null,
          ...facts,
        },
        now,
      );
      await writeLegacyMaintenance(device.id, form, actor, stores, this.#zone, this.#clock);
      await stores.audit.append({
        ...auditOfDevice(actor, 'device.added', device, `${actor.username} added ${device.name}`, now),
        metadata: { after: facts },
      });
      return device;
    });
  }
}

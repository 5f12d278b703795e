import { assertMay, type Actor, type Device, type DeviceFacts, type LabZone } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { DeviceWrites } from './device-writes.js';
import {
  assertFits,
  auditOfDevice,
  factsOf,
  typeNamedOrMade,
  writeLegacyMaintenance,
  type LegacyDeviceForm,
} from './legacy-device.js';
import type { InventoryWork } from './ports.js';

/** What a form leaves open. */
export const NOTHING_SAID: Omit<DeviceFacts, 'name' | 'typeId'> = {
  status: 'active',
  oiId: null,
  manufacturerId: null,
  model: null,
  serialNumber: null,
  siteId: null,
  rack: null,
  uPosition: null,
  hostname: null,
  managementIp: null,
  polatisName: null,
  polatisPortRange: null,
  inPort: null,
  outPort: null,
  ports: [],
  ownerGroup: null,
  ownerId: null,
  notes: null,
};

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

  /**
   * A type that nobody knows is made, schedulable and optical.
   * @throws DomainError `device.duplicate`, `device.duplicate-polatis-name`, `device.duplicate-address`,
   * `maintenance.half`, or for a status or a time that cannot be read.
   */
  execute(actor: Actor, form: LegacyDeviceForm): Promise<Device> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async (stores) => {
      const facts = factsOf(form, await typeNamedOrMade(form.type, stores, this.#clock.now()));
      await assertFits(facts, null, stores);
      const device = await new DeviceWrites(stores, this.#clock).add(
        { ...NOTHING_SAID, ...facts },
        { actor, action: 'created', notes: null },
      );
      await writeLegacyMaintenance(device.id, form, actor, stores, this.#zone, this.#clock);
      await stores.audit.append({
        ...auditOfDevice(actor, 'device.added', device, `${actor.username} added ${device.name}`, device.createdAt),
        metadata: { after: facts },
      });
      return device;
    });
  }
}

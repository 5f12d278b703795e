import { assertMay, type Actor } from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { DeviceWrites } from './device-writes.js';
import { forgetFiles } from './forget-files.js';
import { auditOfDevice, unknownDevice } from './legacy-device.js';
import type { FileVault, InventoryWork } from './ports.js';
import { assertSeen, type SeenVersions } from './seen-versions.js';
import { claimRow } from './thing-membership.js';

/** How somebody wants a device removed. */
export interface Removal {
  readonly seen?: SeenVersions;
  /** Whether its bookings to come are cancelled, rather than being in the way. */
  readonly cancelBookings?: boolean;
  /** Why. */
  readonly notes?: string | null;
}

/** Takes a device out of the inventory, its papers too. What was booked on it and what happened to it stays readable. */
export class RemoveDevice {
  readonly #work: InventoryWork;
  readonly #vault: FileVault;
  readonly #clock: Clock;

  constructor(work: InventoryWork, vault: FileVault, clock: Clock) {
    this.#work = work;
    this.#vault = vault;
    this.#clock = clock;
  }

  /** @throws DomainError `device.not-found`, `device.stale`, or `device.has-bookings` while it has bookings to come. */
  async execute(actor: Actor, id: number, removal: Removal = {}): Promise<void> {
    assertMay(actor, 'devices:write');
    const { seen = null, cancelBookings = false, notes = null } = removal;
    const files = await this.#work.run(async (stores) => {
      const found = await stores.devices.find(id);
      const device = found && (await claimRow(found, null, stores.devices));
      if (!device) throw unknownDevice();
      assertSeen(device, seen);
      const now = this.#clock.now();
      const papers = await stores.attachments.ofDevice(id);
      await new DeviceWrites(stores, this.#clock).remove(device, {
        ...{ actor, action: 'deleted', notes, bookings: cancelBookings ? 'cancel' : 'refuse' },
      });
      await stores.audit.append({
        ...auditOfDevice(actor, 'device.removed', device, `${actor.username} removed ${device.name}`, now),
        metadata: { before: device },
      });
      return papers.map(({ vaultName }) => vaultName);
    });
    await forgetFiles(this.#vault, files);
  }
}

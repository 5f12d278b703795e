import type { Instant } from '../../domain/index.js';
import type { UnitOfWork } from '../shared/ports.js';
import type { UserRepository } from '../identity/ports.js';
import type { InventoryStores } from './ports.js';

type Work = UnitOfWork<Pick<InventoryStores, 'devices' | 'deviceHistory'> & { readonly users: UserRepository }>;

/** Writes into the history of a device which outlets feed it. */
export class NoteOutlets {
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  /** `before` and `after` name an outlet, or are null for none. Nothing is noted of a device that is gone. */
  outletAssigned(
    deviceId: number,
    change: {
      readonly before: string | null;
      readonly after: string | null;
      readonly by: number | null;
      readonly at: Instant;
    },
  ): Promise<void> {
    const { before, after, by, at } = change;
    return this.#work.run(async ({ devices, deviceHistory, users }) => {
      const device = await devices.find(deviceId);
      if (!device) return;
      const user = by === null ? null : await users.find(by);
      await deviceHistory.add({
        ...{ deviceId, deviceName: device.name, action: 'power_mapping_changed', at, actorId: by },
        actorName: user?.username ?? 'system',
        ...{ notes: null, fields: [{ field: 'power_outlet', before, after }], metadata: null },
      });
    });
  }
}

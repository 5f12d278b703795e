import type { DeviceHealth, DeviceHealthSnapshot } from '../../application/power/index.js';

/** Remembers the last snapshot of each device. */
export class MemoryDeviceHealth implements DeviceHealth {
  readonly snapshots = new Map<number, DeviceHealthSnapshot>();

  async report(deviceId: number, snapshot: DeviceHealthSnapshot): Promise<void> {
    this.snapshots.set(deviceId, snapshot);
  }
}

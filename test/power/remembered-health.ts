import type { HealthListener, PowerSnapshot } from '../../application/power/index.js';

/** Remembers the last snapshot of each device. */
export class RememberedHealth implements HealthListener {
  readonly snapshots = new Map<number, PowerSnapshot>();

  async report(deviceId: number, snapshot: PowerSnapshot): Promise<void> {
    this.snapshots.set(deviceId, snapshot);
  }
}

import type { Instant } from '../../domain/index.js';

/** How a device is, as far as its power tells. */
export interface PowerSnapshot {
  readonly status: 'ok' | 'degraded' | 'unknown';
  readonly heartbeatAt: Instant;
  readonly metrics: Readonly<Record<string, string | number | null>>;
}

export interface HealthListener {
  report(deviceId: number, snapshot: PowerSnapshot): Promise<void>;
}

/** What was done to the outlets of a device, for its history. */
export interface PowerHistory {
  /** `before` and `after` name an outlet, or are null for none. */
  outletAssigned(
    deviceId: number,
    change: {
      readonly before: string | null;
      readonly after: string | null;
      readonly by: number | null;
      readonly at: Instant;
    },
  ): Promise<void>;
}

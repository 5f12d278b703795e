import { invalid, MINUTE, type Instant } from '../shared/index.js';

/** A figure of a device, for example its temperature or the firmware that it runs. */
export type Metric = number | string | boolean | null;

/** How a device was when it was last heard of. */
export interface HealthSnapshot {
  readonly deviceId: number;
  /** In the words of whoever reports: ok, degraded, unreachable, ... */
  readonly status: string;
  /** When the device itself was last heard of. */
  readonly heartbeatAt: Instant;
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly reportedAt: Instant;
}

/** By how much the clock of who reports may be ahead of the lab's. */
const MOST_AHEAD = 5 * MINUTE;

/** @throws DomainError `health.ahead` when the heartbeat is still to come. */
export const assertHeard = ({ heartbeatAt, reportedAt }: HealthSnapshot): void => {
  if (heartbeatAt <= reportedAt + MOST_AHEAD) return;
  throw invalid('health.ahead', 'A heartbeat cannot lie in the future.');
};

/** Reports may overtake each other: one of an earlier heartbeat says nothing new. */
export const isNews = (report: HealthSnapshot, known: HealthSnapshot | null): boolean =>
  known === null || report.heartbeatAt >= known.heartbeatAt;

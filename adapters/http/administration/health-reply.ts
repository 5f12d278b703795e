import { z } from 'zod';
import { isoOf, type HealthSnapshot } from '../../../domain/index.js';
import { isoText } from '../shared/fields.js';

export const Metrics = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));

export const HealthReply = z
  .object({ status: z.string(), heartbeat_at: isoText, metrics: Metrics, reported_at: isoText })
  .openapi('DeviceHealth');

export const healthReply = ({
  status,
  heartbeatAt,
  metrics,
  reportedAt,
}: HealthSnapshot): z.input<typeof HealthReply> => ({
  status,
  heartbeat_at: isoOf(heartbeatAt),
  metrics: { ...metrics },
  reported_at: isoOf(reportedAt),
});

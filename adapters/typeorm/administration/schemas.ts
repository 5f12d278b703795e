import { EntitySchema } from 'typeorm';
import { instant, longText, named, reference, text } from '../columns.js';

export interface HealthRow {
  deviceId: number;
  status: string;
  heartbeatAt: number;
  /** JSON object. */
  metrics: string;
  reportedAt: number;
}

export const healthSchema = new EntitySchema<HealthRow>({
  name: 'device_health',
  tableName: 'device_health',
  columns: {
    deviceId: { ...named('device_id', reference), primary: true },
    status: text(32),
    heartbeatAt: named('heartbeat_at', instant),
    metrics: longText,
    reportedAt: named('reported_at', instant),
  },
});

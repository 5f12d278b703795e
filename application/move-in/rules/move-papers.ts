import { type Attachment, fileNameOf, type HealthSnapshot, type Metric, type User } from '../../../domain/index.js';
import type { MoveLog } from './move-log.js';
import { objectIn } from './old-json.js';
import type { OldLab } from './old-lab.js';
import { utcOf } from './old-times.js';

/** A paper, and where the old server kept its content. */
export interface MovedPaper {
  readonly attachment: Attachment;
  readonly oldPath: string;
}

/** The database holds only what papers are called: their contents are files of the old server. */
export const movePapers = (
  { device_attachments: rows }: Pick<OldLab, 'device_attachments'>,
  deviceIds: ReadonlySet<number>,
  people: readonly User[],
  log: MoveLog,
): MovedPaper[] => {
  const users = new Map(people.map((user) => [user.id, user]));
  return rows.flatMap((row): MovedPaper[] => {
    const { id, device_id: deviceId } = row;
    if (!deviceIds.has(deviceId)) {
      log.refuse('device_attachments', id, 'paper.no-device', `there is no device ${deviceId}`);
      return [];
    }
    log.take('device_attachments', id);
    const vaultName = `moved-in-${id}`;
    log.note(
      'device_attachments',
      id,
      'paper.content',
      `its content is the file ${row.file_path}, kept as ${vaultName} from now on`,
    );
    const uploader = row.uploaded_by_id === null ? undefined : users.get(row.uploaded_by_id);
    const attachment: Attachment = {
      ...{ id, deviceId, fileName: fileNameOf(row.file_name), vaultName },
      ...{ mimeType: row.mime_type ?? 'application/octet-stream', sizeBytes: row.size_bytes ?? 0 },
      ...{ uploadedBy: uploader?.id ?? null, uploadedByName: uploader?.username ?? 'unknown' },
      createdAt: utcOf(row.created_at),
    };
    return [{ attachment, oldPath: row.file_path }];
  });
};

const isMetric = (value: unknown): value is Metric =>
  value === null || ['number', 'string', 'boolean'].includes(typeof value);

/** How each device was when it was last heard of. */
export const moveHealth = (
  { device_health_snapshot: rows }: Pick<OldLab, 'device_health_snapshot'>,
  deviceIds: ReadonlySet<number>,
  log: MoveLog,
): HealthSnapshot[] => {
  const latest = new Map<number, HealthSnapshot>();
  for (const row of [...rows].sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1))) {
    const { id, device_id: deviceId, status, heartbeat_at: heartbeat, updated_at: updated } = row;
    if (!deviceIds.has(deviceId))
      log.refuse('device_health_snapshot', id, 'health.no-device', `there is no device ${deviceId}`);
    else if (latest.has(deviceId))
      log.merge('device_health_snapshot', id, 'health.older', `device ${deviceId} was heard of since`);
    else {
      log.take('device_health_snapshot', id);
      const heartbeatAt = utcOf(heartbeat ?? updated);
      if (heartbeat === null)
        log.change(
          'device_health_snapshot',
          id,
          'health.no-heartbeat',
          `has no heartbeat: its report of ${updated} stands for it`,
        );
      const metrics = Object.entries(objectIn(row.metrics) ?? {}).filter(([, value]) => isMetric(value));
      latest.set(deviceId, {
        ...{ deviceId, status: status.slice(0, 32), heartbeatAt, reportedAt: Math.max(heartbeatAt, utcOf(updated)) },
        metrics: Object.fromEntries(metrics) as Record<string, Metric>,
      });
    }
  }
  return [...latest.values()].sort((a, b) => a.deviceId - b.deviceId);
};

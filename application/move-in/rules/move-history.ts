import type { Device, DeviceAction, DeviceChange, Instant, User } from '../../../domain/index.js';
import type { MoveLog } from './move-log.js';
import { objectIn } from './old-json.js';
import type { OldLab, OldMaintenanceRecord, OldTime } from './old-lab.js';
import { utcOf } from './old-times.js';

const ACTIONS: readonly DeviceAction[] = [
  ...(['created', 'updated', 'bulk_updated', 'imported', 'deleted', 'tags_changed'] as const),
  ...(['attachment_added', 'attachment_removed', 'power_mapping_changed'] as const),
];

const optionalUtc = (text: OldTime | null): string | null => (text === null ? null : `${text.replace(' ', 'T')}Z`);

const recordText = (row: OldMaintenanceRecord): string =>
  [
    `Maintenance (${row.maintenance_type}), ${row.status}`,
    ...[row.description, row.performed_by === null ? null : `by ${row.performed_by}`, row.outcome, row.notes],
  ]
    .filter((part) => part !== null && part !== '')
    .join('; ');

/** Who is named by an id of the old lab. */
const nameIn = (users: ReadonlyMap<number, User>, id: number | null): string =>
  (id === null ? undefined : users.get(id)?.username) ?? 'unknown';

/**
 * What was done to devices, who answered for them, and what was maintained: one history, the oldest first. Owners who
 * still answer for a device are returned too.
 */
export const moveHistory = (
  old: Pick<OldLab, 'device_history' | 'device_ownership' | 'maintenance_records'>,
  devices: readonly Device[],
  people: readonly User[],
  log: MoveLog,
): { readonly changes: readonly DeviceChange[]; readonly owners: ReadonlyMap<number, number> } => {
  const byId = new Map(devices.map((device) => [device.id, device]));
  const users = new Map(people.map((user) => [user.id, user]));
  const changes: DeviceChange[] = [];
  const add = (
    deviceId: number,
    at: Instant,
    actorId: number | null,
    change: Pick<DeviceChange, 'action' | 'notes' | 'fields' | 'metadata'>,
  ) => {
    const [deviceName, actorName] = [byId.get(deviceId)?.name ?? `device ${deviceId}`, nameIn(users, actorId)];
    changes.push({ ...{ deviceId, deviceName, at, actorId, actorName }, ...change });
  };

  for (const row of old.device_history) {
    const action = ACTIONS.find((known) => known === row.action) ?? 'updated';
    if (action !== row.action) log.change('device_history', row.id, 'history.action', `'${row.action}' is ${action}`);
    if (!byId.has(row.device_id)) {
      log.note('device_history', row.id, 'history.gone', `device ${row.device_id} is not in the inventory any more`);
    }
    log.take('device_history', row.id);
    const { field_name: field, old_value: before, new_value: after, notes } = row;
    const fields = field === null ? [] : [{ field, before, after }];
    add(row.device_id, utcOf(row.created_at), row.changed_by_id, {
      action,
      notes,
      fields,
      metadata: objectIn(row.extra),
    });
  }

  const owners = new Map<number, { readonly ownerId: number; readonly since: OldTime }>();
  for (const row of old.device_ownership) {
    const { device_id: deviceId, owner_id: ownerId, assigned_at: since, revoked_at: until } = row;
    if (!byId.has(deviceId) || !users.has(ownerId)) {
      log.refuse('device_ownership', row.id, 'owner.nobody', `there is no device ${deviceId}, or no user ${ownerId}`);
      continue;
    }
    log.take('device_ownership', row.id);
    const name = nameIn(users, ownerId);
    const ownerFields = (before: string | null, after: string | null) => ({
      ...{ action: 'updated' as const, notes: null, metadata: null },
      fields: [{ field: 'owner', before, after }],
    });
    add(deviceId, utcOf(since), row.assigned_by, ownerFields(null, name));
    if (until !== null) add(deviceId, utcOf(until), row.assigned_by, ownerFields(name, null));
    else if ((owners.get(deviceId)?.since ?? '') <= since) owners.set(deviceId, { ownerId, since });
  }

  for (const row of old.maintenance_records) {
    if (!byId.has(row.item_id)) {
      log.refuse('maintenance_records', row.id, 'maintenance.no-device', `item ${row.item_id} is no device`);
      continue;
    }
    log.take('maintenance_records', row.id);
    log.change(
      'maintenance_records',
      row.id,
      'maintenance.history',
      `is an entry in the history of device ${row.item_id}`,
    );
    add(row.item_id, utcOf(row.created_at), row.created_by_id, {
      ...{ action: 'updated', notes: recordText(row), fields: [] },
      metadata: {
        maintenance: {
          ...{ type: row.maintenance_type, status: row.status, cost: row.cost, parts: row.parts_used },
          ...{ scheduled: optionalUtc(row.scheduled_date), performed: optionalUtc(row.performed_date) },
          nextDue: optionalUtc(row.next_due_date),
        },
      },
    });
  }
  return {
    changes: [...changes].sort((a, b) => a.at - b.at),
    owners: new Map([...owners].map(([deviceId, { ownerId }]) => [deviceId, ownerId])),
  };
};

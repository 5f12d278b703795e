import { isoOf, type Instant } from '../../../domain/index.js';
import type { MoveLog } from './move-log.js';
import { OLD_TABLES, type OldLab, type OldTable } from './old-lab.js';
import { isTime } from './old-times.js';

/** What is done where a column holds nothing, or no time where it should hold one. */
interface ColumnRule {
  /** A row without it is refused. */
  readonly refuses?: true;
  /** Nothing is something that it may say. */
  readonly optional?: true;
  readonly time?: true;
  /** Columns whose times stand for one that is missing. */
  readonly times?: readonly string[];
  /** What stands for a value that is missing. */
  readonly value?: string | number | ((id: unknown) => string);
}

const must: ColumnRule = { refuses: true };
const may: ColumnRule = { optional: true };
const mustTime: ColumnRule = { time: true, refuses: true };
const mayTime: ColumnRule = { time: true, optional: true };
const or = (value: NonNullable<ColumnRule['value']>): ColumnRule => ({ value });
/** Where these have none either, it is the time of the move. */
const timeOr = (...times: string[]): ColumnRule => ({ time: true, times });

const written = { created_at: timeOr('updated_at'), updated_at: timeOr('created_at') };
const reference = { id: must, device_id: must };

type Columns<Row> = Readonly<Record<keyof Row & string, ColumnRule>>;

/** Every column of the old database that is read, and what is done where it holds nothing. */
const COLUMNS: { readonly [Table in OldTable]: Columns<OldLab[Table][number]> } = {
  user_table: {
    ...{ id: must, discord_id: may, username: or((id) => `user ${String(id)}`), email: may, password: or('') },
    is_admin: may,
  },
  admin_roles: { id: must, user_id: must, role: must, status: must, approval_limits: may },
  admin_invitations: {
    ...{ id: must, email: must, handle: may, role: must, invited_by: may, token: must },
    ...{ expires_at: mustTime, accepted_at: mayTime },
  },
  admin_settings: { id: must, key: must, value: must, updated_at: timeOr(), updated_by: may },
  admin_audit_log: {
    ...{ id: must, actor_id: may, actor_role: may, action: or('unknown'), entity_type: or('unknown'), entity_id: may },
    ...{ payload: may, outcome: or('unknown'), message: may, created_at: timeOr() },
  },
  device_types: {
    ...{ id: must, name: must, category: or('OPTICAL'), description: may, is_schedulable: or(0), has_ports: or(0) },
    ...written,
  },
  manufacturers: { id: must, name: must, website: may, notes: may, ...written },
  sites: { id: must, name: must, address: may, notes: may, ...written },
  tags: { id: must, name: must, description: may, color: may, created_at: timeOr() },
  devices: {
    ...{ id: must, oi_id: may, name: or(''), device_type_id: or(0), manufacturer_id: may, model: may },
    ...{ serial_number: may, status: may, site_id: may, rack: may, u_position: may, hostname: may, mgmt_ip: may },
    ...{ polatis_name: may, polatis_port_range: may, maintenance_start: may, maintenance_end: may, owner_group: may },
    ...{ notes: may, ...written, created_by_id: may, updated_by_id: may },
  },
  device_table: {
    ...{ id: must, polatis_name: may, deviceType: may, deviceName: may, ip_address: may, status: may },
    ...{ maintenance_start: may, maintenance_end: may, Out_Port: or(0), In_Port: or(0) },
  },
  inventory_device_tags: { device_id: must, tag_id: must },
  device_tags: { ...reference, tag: must, created_at: timeOr() },
  device_ownership: {
    ...{ ...reference, owner_id: must, assigned_by: may, assigned_at: timeOr(), revoked_at: mayTime },
  },
  device_history: {
    ...{ ...reference, action: or('updated'), field_name: may, old_value: may, new_value: may, changed_by_id: may },
    ...{ notes: may, extra: may, created_at: timeOr() },
  },
  maintenance_records: {
    ...{ id: must, item_id: must, maintenance_type: or('unknown'), description: may, performed_by: may },
    ...{ scheduled_date: mayTime, performed_date: mayTime, next_due_date: mayTime, cost: may, parts_used: may },
    ...{ status: or('unknown'), notes: may, outcome: may, created_at: timeOr(), created_by_id: may },
  },
  device_attachments: {
    ...{ ...reference, file_name: or('unnamed'), file_path: must, mime_type: may, size_bytes: may },
    ...{ uploaded_by_id: may, created_at: timeOr() },
  },
  // How a device is said to be now would be news where nothing says when it was so.
  device_health_snapshot: {
    ...{ ...reference, status: or('unknown'), heartbeat_at: mayTime, metrics: may },
    updated_at: { ...timeOr('heartbeat_at'), refuses: true },
  },
  booking_table: {
    ...{ booking_id: must, device_id: must, user_id: must, is_collaborator: or(0), grouped_booking_id: or('') },
    ...{ start_time: mustTime, end_time: mustTime, status: may, comment: may, collaborators: may },
    created_at: timeOr(),
  },
  booking_favorite: {
    ...{ id: must, user_id: must, name: or(''), grouped_booking_id: must, device_snapshot: or('[]'), ...written },
  },
  topology_table: {
    ...{ id: must, user_id: must, name: or((id) => `topology ${String(id)}`), nodes: must, edges: must, ...written },
  },
  topology_review: {
    ...{ id: must, topology_id: must, status: or('submitted'), conflict_count: or(0), last_checked_at: mayTime },
    ...{ resolved_at: mayTime, resolved_by: may, notes: may, created_at: timeOr() },
  },
};

/** The columns of a table of the old database without which nothing can be moved. */
export const columnsRead = (table: OldTable): readonly string[] => Object.keys(COLUMNS[table]);

type Value = string | number | null | undefined;

type Row = Readonly<Record<string, Value>>;

/** What a row is called in the report. */
export const rowName = (table: OldTable, row: object): string => {
  const { id, booking_id: bookingId, device_id: deviceId, tag_id: tagId } = row as Row;
  if (table === 'inventory_device_tags') return `${String(deviceId)}/${String(tagId)}`;
  return String(table === 'booking_table' ? bookingId : id);
};

const isThere = (row: Row, column: string, { time }: ColumnRule): boolean => {
  const value = row[column] ?? null;
  return time === true ? typeof value === 'string' && isTime(value) : value !== null;
};

/** The sound row; null where it was refused. */
const soundRow = (table: OldTable, row: Row, now: Instant, log: MoveLog): Row | null => {
  const [name, filled, gaps] = [rowName(table, row), new Map<string, Value>(), [] as string[]];
  const change = (column: string, detail: string): void => {
    const said = row[column] ?? null;
    const had = said === null ? `has no ${column}` : `${column} is '${String(said)}', which is no time`;
    log.change(table, name, 'row.gap', `${had}: ${detail}`);
  };
  for (const [column, rule] of Object.entries<ColumnRule>(COLUMNS[table])) {
    if (isThere(row, column, rule)) continue;
    const other = rule.times?.find((candidate) => isThere(row, candidate, { time: true }));
    if (other !== undefined) {
      change(column, `${other} stands for it`);
      filled.set(column, row[other]);
    } else if (rule.refuses)
      gaps.push(row[column] == null ? column : `${column} ('${String(row[column])}' is no time)`);
    else if (rule.optional) {
      if (row[column] === null) continue;
      if (row[column] !== undefined) change(column, 'nothing stands for it');
      filled.set(column, null);
    } else if (rule.time) {
      change(column, 'the time of the move stands for it');
      filled.set(column, isoOf(now).slice(0, 19).replace('T', ' '));
    } else {
      const value = typeof rule.value === 'function' ? rule.value(row.id) : rule.value;
      change(column, `'${String(value)}' stands for it`);
      filled.set(column, value);
    }
  }
  if (gaps.length > 0) {
    log.refuse(table, name, 'row.incomplete', `has no ${gaps.join(', no ')}`);
    return null;
  }
  return filled.size === 0 ? row : { ...row, ...Object.fromEntries(filled) };
};

/**
 * The rows that say what every row has to say: others are refused, or filled where that does no harm, and both is told.
 * A database that was less strict once holds such rows, whatever its columns promise now.
 */
export const soundRows = (old: OldLab, now: Instant, log: MoveLog): OldLab =>
  Object.fromEntries(
    OLD_TABLES.map((table) => [
      table,
      (old[table] as readonly object[]).flatMap((row): Row[] => {
        const sound = soundRow(table, row as Row, now, log);
        return sound ? [sound] : [];
      }),
    ]),
  ) as unknown as OldLab;

import {
  DEVICE_CATEGORIES,
  DomainError,
  isComparable,
  isIpAddress,
  parseDeviceStatus,
  type DeviceCategory,
  type DeviceStatus,
} from '../../domain/index.js';

/** Columns of an inventory file, in the order in which they are written. */
export const INVENTORY_COLUMNS = [
  'oi_id',
  'name',
  'device_type',
  'category',
  'manufacturer',
  'model',
  'serial_number',
  'status',
  'site',
  'rack',
  'u_position',
  'hostname',
  'mgmt_ip',
  'polatis_name',
  'in_port',
  'out_port',
  'tags',
  'ports',
  'owner_group',
  'notes',
] as const;

/** A column of an inventory file. */
export type InventoryColumn = (typeof INVENTORY_COLUMNS)[number];

/** One line of an inventory file as text, before anything was understood. */
export interface InventoryLine {
  /** Line number in the file, counted from 1. */
  readonly line: number;
  /** How many fields the line has; left out where lines do not come from a file. */
  readonly fieldCount?: number;
  readonly values: Readonly<Partial<Record<string, string>>>;
}

/** One line of an inventory file, understood. */
export interface InventoryRow {
  /** Columns of which the line says something, if only that there is nothing; the others stay as they are. */
  readonly said: ReadonlySet<string>;
  readonly line: number;
  /** Blank for a device that has none: it is known by type, name and patch port then. */
  readonly oiId: string;
  readonly name: string;
  readonly type: string;
  readonly category: DeviceCategory;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly serialNumber: string | null;
  readonly status: DeviceStatus;
  readonly site: string | null;
  readonly rack: string | null;
  readonly uPosition: number | null;
  readonly hostname: string | null;
  readonly managementIp: string | null;
  readonly polatisName: string | null;
  readonly inPort: number | null;
  readonly outPort: number | null;
  readonly tags: readonly string[];
  readonly ports: readonly string[];
  readonly ownerGroup: string | null;
  readonly notes: string | null;
}

/**
 * What is wrong with one line. Lines count from 1, the header included; the column is null where the line as a whole
 * is meant.
 */
export interface LineError {
  readonly line: number;
  readonly column: string | null;
  readonly detail: string;
}

/** Columns with names of catalogues and things, by which they are found. */
const NAMES: readonly InventoryColumn[] = ['name', 'device_type', 'manufacturer', 'site'];
const LONGEST_TAG = 100;

/** Longest text of each column. What is said elsewhere is no longer, or it could not be written to a file and read again. */
export const LONGEST: Readonly<Record<InventoryColumn, number>> = {
  oi_id: 50,
  name: 200,
  device_type: 100,
  category: 20,
  manufacturer: 100,
  model: 100,
  serial_number: 100,
  status: 20,
  site: 100,
  rack: 50,
  u_position: 4,
  hostname: 255,
  mgmt_ip: 45,
  polatis_name: 100,
  in_port: 6,
  out_port: 6,
  tags: 2_000,
  ports: 4_000,
  owner_group: 100,
  notes: 2_000,
};

/** A port of a device as `name:kind`. */
export const PORT = /^[^:;]{1,60}:[a-z_]{1,30}$/;
// Control characters other than tab and line ends, and halves of surrogate pairs.
const NOT_TEXT = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;

/** Understands one line, and says everything that is wrong with it: what is wrong or missing is blank in the row. */
export const readInventoryLine = ({ line, values }: InventoryLine): { row: InventoryRow; errors: LineError[] } => {
  const errors: LineError[] = [];
  const complain = (column: InventoryColumn, detail: string) => {
    errors.push({ line, column, detail });
  };
  const mistakeIn = (column: InventoryColumn, value: string): string | null => {
    if (value.length > LONGEST[column]) return `is longer than ${LONGEST[column]} characters`;
    if (NOT_TEXT.test(value)) return 'contains characters that are not text';
    if (NAMES.includes(column) && !isComparable(value, LONGEST[column])) {
      return 'is too long in comparable form (Unicode NFKC)';
    }
    return null;
  };
  const text = (column: InventoryColumn, isRequired = false): string | null => {
    const value = (values[column] ?? '').trim();
    const mistake = value === '' && isRequired ? 'is missing' : mistakeIn(column, value);
    if (mistake !== null) complain(column, mistake);
    return value === '' || mistake !== null ? null : value;
  };
  const required = (column: InventoryColumn): string => text(column, true) ?? '';
  const count = (column: InventoryColumn, lowest: number): number | null => {
    const value = text(column);
    if (value === null) return null;
    if (/^\d{1,6}$/.test(value) && Number(value) >= lowest) return Number(value);
    complain(column, `'${value}' is not a whole number of at least ${lowest}`);
    return null;
  };
  const list = (column: InventoryColumn): string[] => {
    const items = (text(column) ?? '').split(';').map((item) => item.trim());
    const present = items.filter((item) => item !== '');
    const repeated = present.find((item, index) => present.indexOf(item) !== index);
    if (repeated !== undefined) complain(column, `'${repeated}' is named twice`);
    return present;
  };

  const category = required('category').toUpperCase();
  if (category !== '' && !(DEVICE_CATEGORIES as readonly string[]).includes(category)) {
    complain('category', `'${category}' is none of ${DEVICE_CATEGORIES.join(', ')}`);
  }
  let status: DeviceStatus = 'active';
  try {
    status = parseDeviceStatus(text('status') ?? 'active');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    complain('status', error.message);
  }
  let managementIp = text('mgmt_ip');
  if (managementIp !== null && !isIpAddress(managementIp)) {
    complain('mgmt_ip', `'${managementIp}' is not an IP address`);
    managementIp = null;
  }
  const tags = list('tags');
  for (const tag of tags) {
    if (tag.length > LONGEST_TAG || !isComparable(tag, LONGEST_TAG)) {
      complain('tags', `'${tag.slice(0, 40)}…' is longer than ${LONGEST_TAG} characters`);
    }
  }
  const ports = list('ports');
  for (const port of ports) if (!PORT.test(port)) complain('ports', `'${port}' is not <name>:<kind>`);

  const row: InventoryRow = {
    line,
    said: new Set(Object.keys(values)),
    oiId: text('oi_id') ?? '',
    name: required('name'),
    type: required('device_type'),
    category: category as DeviceCategory,
    manufacturer: text('manufacturer'),
    model: text('model'),
    serialNumber: text('serial_number'),
    status,
    site: text('site'),
    rack: text('rack'),
    uPosition: count('u_position', 0),
    hostname: text('hostname'),
    managementIp,
    polatisName: text('polatis_name'),
    inPort: count('in_port', 1),
    outPort: count('out_port', 1),
    tags,
    ports,
    ownerGroup: text('owner_group'),
    notes: text('notes'),
  };
  return { row, errors };
};

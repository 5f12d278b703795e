import { randomUUID } from 'node:crypto';
import { BcryptPasswordHasher } from '../adapters/crypto/bcrypt-password-hasher.js';
import { remembering } from '../adapters/http/shared/remembering.js';
import { openDatabase } from '../adapters/typeorm/open-database.js';
import { inParts } from '../adapters/typeorm/sql.js';
import { addToDate, DAY, HOUR, LabZone, MINUTE, nameKey, type Instant } from '../domain/index.js';

export interface LabSize {
  readonly devices: number;
  /** How many bookings each device has, one after the other from the busy week on. */
  readonly bookingsEach: number;
  /** Nobody has decided about any of them yet. */
  readonly undecided?: boolean;
  /** How many groups there are besides, of five devices on one day each, far behind the busy week. */
  readonly groups?: number;
  /** How many it had in the half year before now; none unless given. */
  readonly pastBookingsEach?: number;
}

/** The lab that the measured calls ask about. */
export interface SeededLab {
  readonly url: string;
  readonly size: LabSize;
  /** The lab date on which the busy week begins. */
  readonly week: string;
  readonly weekStart: Instant;
}

const zone = new LabZone('Europe/Dublin');
const TYPES = ['ROADM', 'Transceiver', 'EDFA', 'Fiber', 'OSA', 'Switch', 'Server', 'Scope', 'Laser', 'DUT'];
const OWNERS = 20;
/** Devices of one group. */
const TOGETHER = 5;

/** Who asks: an administrator, and one of those who own the bookings. */
export const ASKER = { id: 1, username: 'bench', password: 'a'.repeat(64) };
/** Of each catalogue. */
const ENTRIES = 20;
const BOOKING_LENGTH = 3 * HOUR;
/** bcrypt's least work factor: nobody guesses at this lab. */
const CHEAP = 4;
/** Days. */
const HALF_YEAR = 180;

/** The first seven days, at least a week ahead, in which the clocks do not change. */
const quietWeek = (now: Instant): string => {
  for (let date = addToDate(zone.dateOf(now), 7); ; date = addToDate(date, 1)) {
    const [start, end] = [zone.startOfDate(date), zone.startOfDate(addToDate(date, 7))];
    if (end - start === 7 * DAY) return date;
  }
};

/** Columns of one row after another, `undefined` never: what is not known is null. */
type Rows = readonly (readonly (string | number | null)[])[];

/** Fills an empty database with a lab of that size, past the use cases: nobody would wait for 10,000 requests. */
export const seedLab = async (url: string, size: LabSize): Promise<SeededLab> => {
  const database = await openDatabase(url);
  const now = Date.now();
  const week = quietWeek(now);
  const weekStart = zone.startOfDate(week);
  const insert = async (table: string, columns: readonly string[], rows: Rows): Promise<void> => {
    const one = `(${columns.map(() => '?').join(', ')})`;
    for (const part of inParts(rows, columns.length)) {
      const values = part.map(() => one).join(', ');
      await database.source.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values}`, part.flat());
    }
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  await insert(
    'device_types',
    ['name', 'name_key', 'category', 'is_schedulable', 'has_ports', 'created_at', 'updated_at'],
    TYPES.map((type) => [type, nameKey(type), 'OPTICAL', 1, 1, now, now]),
  );
  for (const table of ['manufacturers', 'sites', 'tags']) {
    await insert(
      table,
      ['name', 'name_key', 'created_at', 'updated_at'],
      numbers(ENTRIES).map((n) => [`${table} ${n}`, `${table} ${n}`, now, now]),
    );
  }
  await insert(
    'devices',
    [
      ...['oi_id', 'name', 'name_key', 'device_type_id', 'status', 'mgmt_ip', 'polatis_name'],
      ...['in_port', 'out_port', 'ports', 'manufacturer_id', 'site_id', 'serial_number', 'model', 'hostname', 'rack'],
      ...['notes', 'search_text', 'created_at', 'updated_at'],
    ],
    numbers(size.devices).map((n) => {
      const name = `${TYPES[n % TYPES.length] ?? ''}-${Math.floor(n / TYPES.length) + 1}`;
      const address = `10.${10 + Math.floor(n / 62_500)}.${Math.floor(n / 250) % 250}.${(n % 250) + 1}`;
      const labelled = [`OI-${n}`, name, nameKey(name), (n % TYPES.length) + 1, 'active', address, `P${n}`];
      const [serial, model, host, rack] = [`SN${n * 7919}`, 'FSP 3000', `${nameKey(name)}.lab.example`, `D${n % 40}`];
      const searched = [name, `OI-${n}`, serial, model, host, address, `P${n}`, rack, ''].map(nameKey).join('\n');
      const kept = [
        (n % ENTRIES) + 1,
        ((n * 3) % ENTRIES) + 1,
        serial,
        model,
        host,
        rack,
        'Further port row.',
        searched,
      ];
      return [...labelled, n + 1, n + 1, '["L1:line","C1:client","C2:client"]', ...kept, now, now];
    }),
  );
  await insert(
    'device_tags',
    ['device_id', 'tag_id'],
    numbers(size.devices).flatMap((n) => [0, 1, 2].map((nth) => [n + 1, ((n + nth) % ENTRIES) + 1])),
  );
  // One device in twenty has a maintenance to come, long after the bookings.
  await insert(
    'maintenance_windows',
    ['device_id', 'starts_at', 'ends_at', 'reason', 'created_at', 'legacy'],
    numbers(size.devices / 20).map((n) => {
      const start = zone.onDate(addToDate(week, 300), { hour: 7, minute: 0, second: 0, millisecond: 0 });
      return [n * 20 + 1, start, start + 5 * HOUR, 'calibration', now, 1];
    }),
  );
  const hash = await new BcryptPasswordHasher(CHEAP).hash(ASKER.password);
  await insert(
    'users',
    ['id', 'username', 'username_key', 'role', 'status', 'password_hash', 'created_at'],
    numbers(OWNERS).map((n) =>
      n + 1 === ASKER.id
        ? [ASKER.id, ASKER.username, ASKER.username, 'Super Admin', 'active', hash, now]
        : [n + 1, `researcher-${n}`, nameKey(`researcher-${n}`), 'User', 'active', '-', now],
    ),
  );
  const bookings = numbers(size.devices).flatMap((device) =>
    numbers(size.bookingsEach).map((nth) => ({ device, nth })),
  );
  const groupIds = remembering((key: string) => `${key}/${randomUUID()}`.slice(0, 36));
  const insertBookings = (rows: Rows) =>
    insert(
      'bookings',
      [
        ...['group_id', 'device_id', 'owner_id', 'starts_at', 'ends_at', 'status', 'comment'],
        ...['created_at', 'updated_at'],
      ],
      rows,
    );
  await insertBookings(
    bookings.map(({ device, nth }) => {
      const start = weekStart + nth * BOOKING_LENGTH;
      const status = size.undecided === true || nth % 3 === 0 ? 'PENDING' : 'CONFIRMED';
      const set = Math.floor(device / TOGETHER);
      const held = [groupIds(`${set}/${nth}`), device + 1, ((set + nth) % OWNERS) + 1, start, start + BOOKING_LENGTH];
      return [...held, status, 'characterising the amplifier', now, now];
    }),
  );
  await insertBookings(
    numbers(size.groups ?? 0).flatMap((nth) =>
      numbers(TOGETHER).map((place) => {
        const { groupId, device, start } = oneDayGroup({ size, weekStart }, nth, place);
        return [groupId, device, ASKER.id, start, start + GROUP_LENGTH, 'PENDING', '', now, now];
      }),
    ),
  );
  await insert(
    'bookings',
    [
      ...['group_id', 'device_id', 'owner_id', 'starts_at', 'ends_at', 'status', 'comment'],
      ...['created_at', 'updated_at'],
    ],
    numbers(size.devices).flatMap((device) =>
      numbers(size.pastBookingsEach ?? 0).map((nth) => {
        // Some devices are mostly used in the morning, some later; one booking in eight was given up.
        const daysAgo = 1 + Math.floor((nth * HALF_YEAR) / (size.pastBookingsEach ?? 1));
        const start = zone.startOfDay(now) - daysAgo * DAY + (8 + (device % 4) * 3) * HOUR;
        const [status, changed] = nth % 8 === 7 ? ['CANCELLED', start - DAY] : ['EXPIRED', start + BOOKING_LENGTH];
        const held = [randomUUID(), device + 1, ((device + nth) % OWNERS) + 1, start, start + BOOKING_LENGTH, status];
        return [...held, 'characterising the amplifier', start - (2 + ((device + nth) % 9)) * DAY, changed];
      }),
    ),
  );
  await insert(
    'booking_collaborators',
    ['booking_id', 'user_id'],
    // One booking in ten is shared.
    numbers(Math.floor(bookings.length / 10)).map((n) => [n * 10 + 1, (n % OWNERS) + 1]),
  );
  await database.close();
  return { url, size, week, weekStart };
};

/** The nth of many hours in which nobody has booked anything, far behind the busy week. */
export const freeHour = ({ size, weekStart }: SeededLab, nth: number): { deviceId: number; start: Instant } => ({
  deviceId: (nth % size.devices) + 1,
  start: weekStart + 14 * DAY + Math.floor(nth / size.devices) * HOUR,
});

/** A day on which nobody else has the devices of the seeded groups. */
const GROUP_DAY = 60;
const GROUP_LENGTH = 5 * MINUTE;

/** The nth seeded group, and one of its devices: groups of the same devices follow on each other within the day. */
export const oneDayGroup = (
  { size, weekStart }: Pick<SeededLab, 'size' | 'weekStart'>,
  nth: number,
  place = 0,
): { readonly groupId: string; readonly device: number; readonly start: Instant; readonly day: string } => {
  const sets = Math.floor(size.devices / TOGETHER);
  const start = weekStart + GROUP_DAY * DAY + 2 * HOUR + Math.floor(nth / sets) * 2 * GROUP_LENGTH;
  return { groupId: `group-${nth}`, device: (nth % sets) * TOGETHER + place + 1, start, day: zone.dateOf(start) };
};

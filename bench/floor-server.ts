/**
 * The least that any server could do for the same answers: `node:http`, one session looked up, the same SQL through
 * the driver, JSON. Started by the benchmark with the path of a floor plan.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type Sqlite from 'better-sqlite3';
import { sqliteDriver as Driver } from '../adapters/sqlite-driver.js';
import { createPool } from 'mysql2/promise';
import { legacyStatusOf, type DeviceStatus } from '../domain/index.js';
import type { Floor, FloorPlan, Statement } from './floor-plan.js';

type Row = Record<string, unknown>;

interface Driver {
  read(statement: Statement): Row[] | Promise<Row[]>;
  writeAll(statements: readonly Statement[]): unknown;
}

const sqliteDriver = (path: string): Driver => {
  const database = new Driver(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('busy_timeout = 10000');
  const prepared = new Map<string, Sqlite.Statement>();
  const statementOf = (sql: string): Sqlite.Statement => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const all = database.transaction((statements: readonly Statement[]) => {
    for (const { sql, parameters } of statements) statementOf(sql).run(...parameters);
  });
  return {
    read: ({ sql, parameters }) => statementOf(sql).all(...parameters) as Row[],
    writeAll: (statements) => all.immediate(statements),
  };
};

const mysqlDriver = (url: string): Driver => {
  const pool = createPool({ uri: url, connectionLimit: 10, timezone: 'Z', charset: 'utf8mb4' });
  return {
    read: async ({ sql, parameters }) => (await pool.query(sql, [...parameters]))[0] as Row[],
    writeAll: async (statements) => {
      const connection = await pool.getConnection();
      await connection.beginTransaction();
      for (const { sql, parameters } of statements) await connection.query(sql, [...parameters]);
      await connection.commit();
      connection.release();
    },
  };
};

const isoOf = (instant: unknown): string => new Date(instant as number).toISOString();

const deviceReply = ([devices = [], windows = []]: Row[][]): unknown => {
  const maintained = new Map(windows.map((window) => [window.deviceId, window]));
  return devices.map((device) => {
    const window = maintained.get(device.id);
    // Every maintenance of the seeded lab is a morning.
    const text = window ? `7 AM - 12 PM/${isoOf(window.startsAt).slice(0, 10)}` : null;
    return {
      id: device.id,
      polatis_name: device.polatisName,
      deviceType: device.type,
      deviceName: device.name,
      ip_address: device.managementIp,
      status: legacyStatusOf(device.status as DeviceStatus),
      maintenance_start: text,
      maintenance_end: text,
      Out_Port: device.outPort,
      In_Port: device.inPort,
    };
  });
};

const weekReply = ([bookings = [], devices = [], users = [], names = []]: Row[][]): unknown => {
  const deviceOf = new Map(devices.map((device) => [device.id, device]));
  const usernameOf = new Map(users.map((user) => [user.id, user.username]));
  const collaborators = new Map<unknown, unknown[]>();
  for (const { bookingId, username } of names) {
    collaborators.set(bookingId, [...(collaborators.get(bookingId) ?? []), username]);
  }
  return bookings.map((booking) => ({
    booking_id: booking.id,
    user_id: booking.ownerId,
    username: usernameOf.get(booking.ownerId),
    owner_username: usernameOf.get(booking.ownerId),
    device_id: booking.deviceId,
    device_type: deviceOf.get(booking.deviceId)?.deviceType,
    device_name: deviceOf.get(booking.deviceId)?.deviceName,
    start_time: isoOf(booking.startsAt),
    end_time: isoOf(booking.endsAt),
    status: booking.status,
    grouped_booking_id: booking.groupId,
    collaborators: collaborators.get(booking.id) ?? [],
    is_collaborator: false,
  }));
};

/** The long replies are shaped from what the database gave; for a short one this is not worth a line. */
const replyTo = ({ name, reply }: Floor, results: Row[][]): unknown => {
  if (name.startsWith('GET /api/devices')) return deviceReply(results);
  if (name.startsWith('GET /bookings/for-week')) return weekReply(results);
  return reply;
};

const { databaseUrl, session, floors } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FloorPlan;
const driver = databaseUrl.startsWith('mysql:')
  ? mysqlDriver(databaseUrl)
  : sqliteDriver(databaseUrl.slice('sqlite:'.length));

const answer = async (request: IncomingMessage): Promise<string> => {
  const floor = floors[Number(request.url?.slice(1))];
  if (!floor) throw new RangeError(`there is no floor ${String(request.url)}`);
  if (request.method === 'POST') JSON.parse((await buffer(request)).toString());
  if (floor.signedIn) {
    const found = await driver.read({
      sql: session.sql,
      parameters: [request.headers.cookie ?? '', ...session.parameters],
    });
    if (found.length !== 1) throw new Error('the floor found no session');
  }
  const results: Row[][] = [];
  if (floor.writes) await driver.writeAll(floor.statements);
  else for (const statement of floor.statements) results.push(await driver.read(statement));
  return JSON.stringify(replyTo(floor, results));
};

const server = createServer((request, response) => {
  answer(request).then(
    (text) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    },
    (error: unknown) => {
      response.writeHead(500).end(String(error));
    },
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`The floor is at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

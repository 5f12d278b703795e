import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import type { OldLabReader } from '../../application/move-in/index.js';
import { DomainError, invalid } from '../../domain/index.js';
import { OLD_TABLES, type OldLab, type OldTable } from '../../application/move-in/rules/index.js';

/** By what rows of a table come in order: its key. */
const KEYS: Partial<Record<OldTable, string>> = {
  booking_table: 'booking_id',
  inventory_device_tags: 'device_id, tag_id',
};

/** Columns without which a table is not the one that is meant; what else it has is read along. */
const SIGNS: Partial<Record<OldTable, readonly string[]>> = {
  user_table: ['username', 'password', 'is_admin'],
  device_table: ['deviceType', 'deviceName', 'In_Port', 'Out_Port'],
  booking_table: ['grouped_booking_id', 'is_collaborator', 'start_time', 'end_time'],
};

/** The Python drivers' names for the same servers. */
const SCHEME = /^(?:mysql(?:\+\w+)?|mariadb(?:\+\w+)?):\/\//;

export const isOldLabUrl = (url: string): boolean => SCHEME.test(url);

const unreadable = (detail: string) => invalid('move-in.not-an-old-lab', detail);

/** The old lab in MySQL or MariaDB. Nothing is ever written there. */
export class MysqlOldLab implements OldLabReader {
  readonly #url: string;

  /** @param url `mysql://user:password@host:port/database`, also with the names of Python's drivers. */
  constructor(url: string) {
    this.#url = url.replace(SCHEME, 'mysql://');
  }

  async read(): Promise<OldLab> {
    const connection = await this.#connect();
    try {
      await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      const tables: Partial<Record<OldTable, unknown>> = {};
      for (const table of OLD_TABLES) tables[table] = await rowsOf(connection, table);
      return tables as OldLab;
    } finally {
      connection.destroy();
    }
  }

  async #connect(): Promise<Connection> {
    try {
      const { hostname, port, username, password, pathname } = new URL(this.#url);
      return await createConnection({
        ...{ host: decodeURIComponent(hostname), port: port === '' ? 3306 : Number(port) },
        ...{ user: decodeURIComponent(username), password: decodeURIComponent(password) },
        ...{ database: decodeURIComponent(pathname.slice(1)), charset: 'utf8mb4' },
        ...{ dateStrings: true, jsonStrings: true },
      });
    } catch (error) {
      // The driver's own words may hold the address with its password.
      const { code = 'it is no address of a database' } = error as NodeJS.ErrnoException;
      throw new DomainError('unavailable', 'move-in.unreachable', `The old database cannot be opened: ${code}.`);
    }
  }
}

const rowsOf = async (connection: Connection, table: OldTable): Promise<object[]> => {
  const key = KEYS[table] ?? 'id';
  try {
    const [rows, fields] = await connection.query<RowDataPacket[]>(`SELECT * FROM \`${table}\` ORDER BY ${key}`);
    const names = new Set(fields.map(({ name }) => name));
    const missing = (SIGNS[table] ?? []).filter((name) => !names.has(name));
    if (missing.length > 0) throw unreadable(`The table ${table} of the old database has no ${missing.join(', ')}.`);
    return rows.map((row) => ({ ...row }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ER_NO_SUCH_TABLE' || code === 'ER_BAD_FIELD_ERROR') {
      throw unreadable(`The old database has no table ${table} with the column ${key}: is it the right one?`);
    }
    throw error;
  }
};

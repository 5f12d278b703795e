import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import type { OldLabReader } from '../../application/move-in/index.js';
import { DomainError, groupBy, invalid } from '../../domain/index.js';
import { columnsRead, OLD_TABLES, type OldLab, type OldTable } from '../../application/move-in/rules/index.js';

/** By what rows of a table come in order: its key. */
const KEYS: Partial<Record<OldTable, string>> = {
  booking_table: 'booking_id',
  inventory_device_tags: 'device_id, tag_id',
};

/** The Python drivers' names for the same servers. */
const SCHEME = /^(?:mysql(?:\+\w+)?|mariadb(?:\+\w+)?):\/\//;

export const isOldLabUrl = (url: string): boolean => SCHEME.test(url);

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
      await assertComplete(connection);
      const tables: Partial<Record<OldTable, unknown>> = {};
      for (const table of OLD_TABLES) tables[table] = await rowsOf(connection, table);
      return tables as OldLab;
    } finally {
      connection.destroy();
    }
  }

  /**
   * Which database on which server that is, in words that are the same by whatever name it was reached.
   * @throws DomainError `move-in.unreachable`.
   */
  async place(): Promise<string> {
    const connection = await this.#connect();
    try {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT @@hostname, @@port, @@datadir, DATABASE()');
      return JSON.stringify(rows);
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

/** All that is missing is told at once: an old lab of another version lacks more than one thing. */
const assertComplete = async (connection: Connection): Promise<void> => {
  const [rows] = await connection.query<(RowDataPacket & { place: string; name: string })[]>(
    `SELECT TABLE_NAME AS place, COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()`,
  );
  const columns = new Map([...groupBy(rows, ({ place }) => place)].map(([table, of]) => [table, namesOf(of)]));
  const tables = OLD_TABLES.filter((table) => !columns.has(table));
  const incomplete = OLD_TABLES.flatMap((table) => {
    const there = columns.get(table);
    const missing = there ? columnsRead(table).filter((column) => !there.has(column)) : [];
    return missing.length > 0 ? [`${table} has no ${missing.join(', no ')}`] : [];
  });
  if (tables.length === 0 && incomplete.length === 0) return;
  const missing = tables.length > 0 ? [`there is no table ${tables.join(', no ')}`] : [];
  throw invalid(
    'move-in.not-an-old-lab',
    `The old database is not as the move knows it: ${[...missing, ...incomplete].join('; ')}. ` +
      'Is it the right one, and was it brought up to date by the last version of the old server?',
    { tables, incomplete },
  );
};

const namesOf = (columns: readonly { readonly name: string }[]): ReadonlySet<string> =>
  new Set(columns.map(({ name }) => name));

const rowsOf = async (connection: Connection, table: OldTable): Promise<object[]> => {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM \`${table}\` ORDER BY ${KEYS[table] ?? 'id'}`);
  return rows.map((row) => ({ ...row }));
};

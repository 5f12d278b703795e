import { expect } from 'chai';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sqliteDriver as Sqlite } from '../../adapters/sqlite-driver.js';
import { lookIntoDatabase } from '../../adapters/typeorm/look-into-database.js';
import { openDatabase, refuseForeignDatabase } from '../../adapters/typeorm/open-database.js';
import { refusal } from '../contracts/refusal.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { Program } from '../support/server-process.js';

const TYPEORMS = 'CREATE TABLE migrations (id int PRIMARY KEY, timestamp bigint, name varchar(200))';

/** What somebody else may have in a database, in words of both families. */
const FOREIGN: readonly (readonly [name: string, ...sql: string[]])[] = [
  ['tables of which some have names of the lab’s', 'CREATE TABLE devices (id int)', 'CREATE TABLE user_table (id int)'],
  ['a view', 'CREATE VIEW v AS SELECT 1 AS a'],
  ['the migrations of another framework', 'CREATE TABLE migrations (id int, migration varchar(9), batch int)'],
  ['migrations that this lab never had', TYPEORMS, `INSERT INTO migrations VALUES (1, 1, 'Theirs1')`],
  ['no migration yet, but a table of their own', TYPEORMS, 'CREATE TABLE user_table (id int)'],
];

const saysWhat = /^this is no OpenLab database; it has tables that no lab made \(.+\)\. Nothing was written\. Name an /;

/** Every way to a database that makes its tables, or looks whether it has them. */
const WAYS = {
  opening: openDatabase,
  looking: lookIntoDatabase,
  restoring: (url: string) => refuseForeignDatabase(url, { cutOff: true }),
};

describe('an SQLite file of somebody else', () => {
  let folder = '';
  let files = 0;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'openlab-foreign-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const made = (...sql: string[]): string => {
    const file = path.join(folder, `${++files}.sqlite`);
    const database = new Sqlite(file);
    for (const statement of sql) database.exec(statement);
    database.close();
    return file;
  };

  for (const [what, ...sql] of FOREIGN) {
    it(`is refused, and not touched, with ${what}`, async () => {
      const file = made(...sql);
      const before = [readFileSync(file), readdirSync(folder)];
      for (const [way, go] of Object.entries(WAYS)) {
        const { code, message } = await refusal(go(`sqlite:${file}`));
        expect([way, code]).to.deep.equal([way, 'database.foreign']);
        expect(message).to.match(saysWhat);
      }
      expect([readFileSync(file), readdirSync(folder)]).to.deep.equal(before);
    });
  }

  it('is nobody’s when only SQLite has a table in it', async () => {
    const file = made('CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)', 'DROP TABLE t');
    expect(await lookIntoDatabase(`sqlite:${file}`)).to.equal(null);
    await (await openDatabase(`sqlite:${file}`)).close();
  });

  it('is left to the restore when it is damaged, and to nobody else', async () => {
    const file = path.join(folder, 'damaged.sqlite');
    writeFileSync(file, 'no database at all, and long enough to be seen as none. '.repeat(99));
    await refuseForeignDatabase(`sqlite:${file}`, { cutOff: true });
    const error: unknown = await openDatabase(`sqlite:${file}`).catch((failure: unknown) => failure);
    expect(error).to.include({ code: 'SQLITE_NOTADB' });
  });

  it('ends a server that is to open it, and a restore that is to replace it, with one line', async function () {
    this.timeout(60_000);
    const file = made('CREATE TABLE devices (id int)');
    const before = readFileSync(file);
    for (const [program, ...args] of [['main.ts'], ['restore.ts', 'no-backup', '--replace']]) {
      const run = new Program(program ?? '', folder, { DATABASE_URL: `sqlite:${file}` }, args);
      expect(await run.ended, program).to.equal(1);
      expect(run.stderr).to.match(/^[^\n]+ cannot be [^\n]+: this is no OpenLab database;[^\n]+\n$/);
    }
    expect(readFileSync(file)).to.deep.equal(before);
  });
});

onMariaDb('a MariaDB database of somebody else', () => {
  const made = async (...sql: string[]): Promise<string> => {
    const url = await freshDatabase();
    const connection = await createConnection(url);
    for (const statement of sql) await connection.query(statement);
    await connection.end();
    return url;
  };

  const tablesOf = async (url: string): Promise<unknown[]> => {
    const connection = await createConnection(url);
    const [rows] = await connection.query<RowDataPacket[]>('SHOW TABLES');
    await connection.end();
    return rows.flatMap((row) => Object.values(row) as unknown[]);
  };

  for (const [what, ...sql] of FOREIGN) {
    it(`is refused, and not touched, with ${what}`, async () => {
      const url = await made(...sql);
      const before = await tablesOf(url);
      for (const [way, go] of Object.entries(WAYS)) {
        const { code, message } = await refusal(go(url));
        expect([way, code]).to.deep.equal([way, 'database.foreign']);
        expect(message).to.match(saysWhat);
      }
      expect(await tablesOf(url)).to.deep.equal(before);
    });
  }

  it('ends a server that is started with what the old one was started with', async function () {
    this.timeout(60_000);
    const url = await made('CREATE TABLE devices (id int)', 'CREATE TABLE user_table (id int)');
    const environment = {
      DATABASE_URL: url.replace('mysql:', 'mysql+pymysql:'),
      SESSION_SECRET: 'a secret of a server that never was',
    };
    const server = new Program('main.ts', tmpdir(), environment);
    expect(await server.ended).to.equal(1);
    expect(server.stderr).to.match(/^The database cannot be opened: this is no OpenLab database;[^\n]+\n$/m);
    expect(await tablesOf(url)).to.have.members(['devices', 'user_table']);
  });

  it('is the lab’s own when its first migration was cut off, and that goes on', async function () {
    this.timeout(20_000);
    const url = await freshDatabase();
    await (await openDatabase(url)).close();
    const connection = await createConnection(url);
    await connection.query('DELETE FROM migrations');
    await connection.query('DROP TABLE power_outlets, audit_log');
    await connection.end();
    await (await openDatabase(url)).close();
    expect(await tablesOf(url)).to.include('power_outlets');
  });

  it('is the lab’s own, for a restore only, when another restore was cut off', async () => {
    const url = await made('CREATE TABLE access_tokens (id int)', 'CREATE TABLE devices (id int)');
    await refuseForeignDatabase(url, { cutOff: true });
    expect((await refusal(openDatabase(url))).code).to.equal('database.foreign');
  });

  it('is not seen in one where another process makes its tables at this moment', async function () {
    this.timeout(30_000);
    const url = await freshDatabase();
    let done = false;
    const opening = openDatabase(url).finally(() => (done = true));
    const codes = new Set<string>();
    do {
      const code = await lookIntoDatabase(url).then(
        async (database) => {
          await database?.close();
          return 'none';
        },
        (error: unknown) => String((error as { code?: unknown }).code),
      );
      codes.add(code);
    } while (!(done as boolean));
    await (await opening).close();
    expect([...codes].filter((code) => code !== 'none' && code !== 'database.old')).to.deep.equal([]);
  });
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import supertest from 'supertest';
import type { EntityMetadata, Table } from 'typeorm';
import type { Database } from '../../adapters/typeorm/database.js';
import { migrations } from '../../adapters/typeorm/migrations/index.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { builtProgram } from '../support/built-program.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { tablesIn } from '../support/stores.js';
import { startServer, type RunningServer } from '../support/server-process.js';

const allMigrations = migrations.map((Migration) => new Migration().name);

const migrationsRun = async (url: string): Promise<string[]> => {
  const database = await openDatabase(url);
  try {
    const rows = await database.source.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
    return rows.map(({ name }) => name);
  } finally {
    await database.close();
  }
};

/** What MySQL calls the kinds that the schemas name. */
const kinds: Readonly<Record<string, string>> = { int: 'integer', tinyint: 'boolean', mediumtext: 'text' };

/** A table in few words, so that two can be compared: `email varchar(254) null`. */
interface Outline {
  readonly columns: readonly string[];
  readonly indices: readonly string[];
}

const columnLine = (name: string, type: string, length: string, ...marks: readonly (string | false)[]): string => {
  const kind = (kinds[type] ?? type) + (length === '' ? '' : `(${length})`);
  return [name, kind, ...marks.filter((mark) => mark !== false)].join(' ');
};

const indexLine = (name: string, columns: readonly string[], unique: boolean): string =>
  `${name} ${unique ? 'unique ' : ''}on ${columns.join(', ')}`;

const outlineOfTable = ({ columns, indices }: Table): Outline => ({
  columns: columns
    .map(({ name, type, length, isNullable, isPrimary, isGenerated }) =>
      columnLine(name, type, length, isNullable && 'null', isPrimary && 'primary', isGenerated && 'generated'),
    )
    .sort(),
  indices: indices.map((index) => indexLine(index.name ?? '', index.columnNames, index.isUnique)).sort(),
});

const outlineOfSchema = ({ columns, indices }: EntityMetadata): Outline => ({
  columns: columns
    .map(({ databaseName, type, length, isNullable, isPrimary, isGenerated }) =>
      columnLine(
        databaseName,
        String(type),
        length,
        isNullable && 'null',
        isPrimary && 'primary',
        isGenerated && 'generated',
      ),
    )
    .sort(),
  indices: indices
    .map(({ name, columns: of, isUnique }) =>
      indexLine(
        name,
        of.map((column) => column.databaseName),
        isUnique,
      ),
    )
    .sort(),
});

const tablesOf = async (database: Database): Promise<Map<string, Outline>> => {
  const runner = database.source.createQueryRunner();
  try {
    const tables = await runner.getTables(await tablesIn(database));
    return new Map(tables.map((table): [string, Outline] => [table.name, outlineOfTable(table)]));
  } finally {
    await runner.release();
  }
};

const migrated = (emptyDatabase: () => Promise<string>, sharedBy: 'one process' | 'many processes'): void => {
  it('has run every migration once, in order', async () => {
    expect(await migrationsRun(await emptyDatabase())).to.deep.equal(allMigrations);
  });

  it('has exactly the tables, columns and indices that the entity schemas describe', async () => {
    const database = await openDatabase(await emptyDatabase());
    try {
      const tables = await tablesOf(database);
      expect(tables.delete('migrations')).to.equal(true);
      const described = database.source.entityMetadatas.map((schema): [string, Outline] => [
        schema.tableName,
        outlineOfSchema(schema),
      ]);
      expect(Object.fromEntries(tables)).to.deep.equal(Object.fromEntries(described));
    } finally {
      await database.close();
    }
  });

  it('can be taken back to nothing, and brought up again', async () => {
    const database = await openDatabase(await emptyDatabase());
    try {
      const before = await tablesOf(database);
      for (let left = migrations.length; left > 0; left -= 1) {
        await database.source.undoLastMigration({ transaction: 'none' });
      }
      expect([...(await tablesOf(database)).keys()]).to.deep.equal(['migrations']);
      await database.source.runMigrations({ transaction: 'none' });
      expect(Object.fromEntries(await tablesOf(database))).to.deep.equal(Object.fromEntries(before));
    } finally {
      await database.close();
    }
  });

  if (sharedBy === 'one process') return;

  it('runs nothing again when it is opened again', async () => {
    const url = await emptyDatabase();
    for (let round = 0; round < 3; round += 1) expect(await migrationsRun(url)).to.deep.equal(allMigrations);
  });

  it('runs each migration once, however many open it at once', async () => {
    const url = await emptyDatabase();
    const seen = await Promise.all(Array.from({ length: 6 }, () => migrationsRun(url)));
    for (const run of seen) expect(run).to.deep.equal(allMigrations);
  });

  it('runs each migration once for processes that open it at the same moment', async () => {
    const url = await emptyDatabase();
    const program = builtProgram(path.join(import.meta.dirname, '../support/migrating-process.ts'));
    const processes = Array.from({ length: 4 }, () => fork(program, { execArgv: [] }));
    try {
      await Promise.all(processes.map((child) => once(child, 'message')));
      const answers = processes.map((child) => Promise.race([once(child, 'message'), once(child, 'exit')]));
      for (const child of processes) child.send(url);
      expect(await Promise.all(answers)).to.deep.equal(processes.map(() => [allMigrations, undefined]));
    } finally {
      for (const child of processes) child.kill('SIGKILL');
    }
  });

  it('makes two servers ready that begin together on nothing, and runs each migration once', async () => {
    const url = await emptyDatabase();
    const folder = await mkdtemp(path.join(tmpdir(), 'openlab-migrations-'));
    const environment = { DATABASE_URL: url, SESSION_SECRET: 'a secret of two servers', SEED: 'none' };
    const starts = [startServer(folder, environment), startServer(folder, environment)];
    const ready = async (start: Promise<RunningServer>) => {
      const server = await start;
      try {
        return (await supertest(server.url).get('/ready')).status;
      } finally {
        await server.kill();
      }
    };
    const outcomes = await Promise.allSettled(starts.map(ready));
    await rm(folder, { recursive: true });
    expect(outcomes).to.deep.equal(starts.map(() => ({ status: 'fulfilled', value: 200 })));
    expect(await migrationsRun(url)).to.deep.equal(allMigrations);
  });
};

describe('an SQLite database that was empty', () => {
  let folder = '';
  let files = 0;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-migrations-'));
  });
  after(() => rm(folder, { recursive: true }));

  migrated(() => Promise.resolve(`sqlite:${path.join(folder, `${++files}.sqlite`)}`), 'many processes');

  it('is left alone by a comparison with the entity schemas', async () => {
    const database = await openDatabase('sqlite::memory:');
    try {
      // MariaDB's answer is long: its own names for the same kinds.
      const { upQueries } = await database.source.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).to.deep.equal([]);
    } finally {
      await database.close();
    }
  });
});

describe('an SQLite database in memory', () => {
  migrated(() => Promise.resolve('sqlite::memory:'), 'one process');
});

onMariaDb('a MariaDB database that was empty', () => {
  migrated(freshDatabase, 'many processes');

  it('takes values as they are and cuts nothing off, whatever the server is set up for', async () => {
    const url = await freshDatabase();
    const root = await createConnection(url);
    const [[usual]] = await root.query<(RowDataPacket & { mode: string })[]>('SELECT @@GLOBAL.sql_mode AS mode');
    await root.query("SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH'");
    try {
      const database = await openDatabase(url);
      const manufacturers = (name: string, id: number) =>
        database.source.query(
          'INSERT INTO manufacturers (id, name, name_key, created_at, updated_at) VALUES (?, ?, ?, 0, 0)',
          [id, name, id],
        );
      try {
        const odd = String.raw`a \ and a ' and a " and a \'`;
        await manufacturers(odd, 1);
        expect(await database.source.query('SELECT name FROM manufacturers')).to.deep.equal([{ name: odd }]);
        const outcomes = await Promise.allSettled(
          Array.from({ length: 5 }, (_, n) => manufacturers('x'.repeat(1000), n + 2)),
        );
        expect(outcomes.map(({ status }) => status)).to.deep.equal(Array(5).fill('rejected'));
      } finally {
        await database.close();
      }
    } finally {
      await root.query('SET GLOBAL sql_mode = ?', [usual?.mode]);
      await root.end();
    }
  });

  it('compares text byte by byte, whatever the collation of the database', async () => {
    const database = await openDatabase(await freshDatabase());
    try {
      const columns = await database.source.query<{ name: string; collation: string }[]>(
        `SELECT CONCAT(table_name, '.', column_name) AS name, collation_name AS collation
           FROM information_schema.columns
          WHERE table_schema = DATABASE() AND table_name <> 'migrations' AND collation_name IS NOT NULL`,
      );
      expect(columns).not.to.be.empty;
      expect(columns.filter(({ collation }) => collation !== 'utf8mb4_bin')).to.deep.equal([]);
    } finally {
      await database.close();
    }
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ContainerModule } from 'inversify';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import type { Database } from '../../adapters/typeorm/database.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { memoryPersistence, typeormPersistence } from '../../composition/adapters.js';
import { freshDatabase, onMariaDb } from './private-mariadb.js';

export type KeptRows = Readonly<Record<string, readonly unknown[]>>;

/** Somewhere to keep a lab. */
export interface OpenStore {
  /** To be passed to `compose`. */
  readonly persistence: ContainerModule;
  /** How many entries the audit trail has; there is no port to read it by yet. */
  auditEntries(): Promise<number>;
  /** Every row by table, as it is kept: to see that nothing was changed, or what must not be kept. */
  rows(): Promise<KeptRows>;
  /** The same data as another server process sees it, through connections of its own. */
  again(): Promise<OpenStore>;
  close(): Promise<void>;
}

export type Open = () => Promise<OpenStore>;

const memoryStore = (lab = new MemoryLab()): OpenStore => ({
  persistence: memoryPersistence(lab),
  auditEntries: () => Promise.resolve(lab.tables.audit.size),
  rows: () =>
    Promise.resolve(
      Object.fromEntries(
        Object.entries(lab.tables).map(([table, rows]) => [table, [...(rows as Map<unknown, unknown>)]]),
      ),
    ),
  again: () => Promise.resolve(memoryStore(lab)),
  close: () => Promise.resolve(),
});

/** The names of all tables, that of the migrations included. */
export const tablesIn = async ({ source }: Database): Promise<string[]> => {
  const tables = await source.query<{ name: string }[]>(
    source.options.type === 'mysql'
      ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name'
      : `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
  );
  return tables.map(({ name }) => name);
};

const rowsIn = async (database: Database): Promise<KeptRows> => {
  const kept: Record<string, unknown[]> = {};
  for (const name of await tablesIn(database)) {
    kept[name] = await database.source.query<unknown[]>(`SELECT * FROM \`${name}\` ORDER BY 1`);
  }
  return kept;
};

/** A store in a database that is open already. */
export const databaseStore = (database: Database, again: Open, close = () => database.close()): OpenStore => ({
  persistence: typeormPersistence(database),
  auditEntries: async () => {
    const [row] = await database.source.query<{ entries: number }[]>('SELECT COUNT(*) AS entries FROM audit_log');
    return Number(row?.entries);
  },
  rows: () => rowsIn(database),
  again,
  close,
});

const openUrl = async (url: string): Promise<OpenStore> =>
  databaseStore(await openDatabase(url), () =>
    url === 'sqlite::memory:'
      ? Promise.reject(new Error('nobody else sees an SQLite database in memory: use onSqliteFile'))
      : openUrl(url),
  );

/** Databases that served a test and were emptied: that takes a tenth of the time of making one. */
const spareDatabases: string[] = [];

const openOnMariaDb = async (): Promise<OpenStore> => {
  const url = spareDatabases.pop() ?? (await freshDatabase());
  const database = await openDatabase(url);
  let othersLook = false;
  return databaseStore(
    database,
    () => {
      othersLook = true;
      return openUrl(url);
    },
    async () => {
      if (!othersLook) {
        for (const name of await tablesIn(database)) {
          if (name !== 'migrations') await database.source.query(`DELETE FROM \`${name}\``);
        }
        spareDatabases.push(url);
      }
      await database.close();
    },
  );
};

/** Passes on what `opening` opens, and closes all of it after the suite, the last first. */
const closingAfterwards = (opening: Open): Open => {
  const opened: OpenStore[] = [];
  const noted = async (pending: Promise<OpenStore>): Promise<OpenStore> => {
    const store = await pending;
    let closed = false;
    const tracked: OpenStore = {
      ...store,
      again: () => noted(store.again()),
      close: async () => {
        if (closed) return;
        closed = true;
        await store.close();
      },
    };
    opened.push(tracked);
    return tracked;
  };
  after(async () => {
    for (const store of opened.reverse()) await store.close();
  });
  return () => noted(opening());
};

/** A suite that runs in one kind of store. */
export type OnStore = (title: string, body: (open: Open) => void) => void;

export const onMemory: OnStore = (title, body) => {
  describe(`${title}, in memory`, () => {
    body(closingAfterwards(() => Promise.resolve(memoryStore())));
  });
};

export const onSqlite: OnStore = (title, body) => {
  describe(`${title}, on SQLite`, () => {
    body(closingAfterwards(() => openUrl('sqlite::memory:')));
  });
};

/** Slower than `onSqlite`, for what needs a second process or what outlives the first. */
export const onSqliteFile: OnStore = (title, body) => {
  describe(`${title}, on SQLite in a file`, () => {
    let folder = '';
    let files = 0;
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'openlab-sqlite-'));
    });
    body(closingAfterwards(() => openUrl(`sqlite:${path.join(folder, `lab-${++files}.sqlite`)}`)));
    after(() => rm(folder, { recursive: true, force: true }));
  });
};

export const onMariaDbStore: OnStore = (title, body) => {
  onMariaDb(`${title}, on MariaDB`, () => {
    body(closingAfterwards(openOnMariaDb));
  });
};

/**
 * The suite once for each kind of store. `open` gives an empty one, which is closed after the suite if not before. Its
 * first id need not be 1.
 *
 *     everyStore('keeping bookings', (open) => {
 *       it('loses none', async () => compose(config, { persistence: (await open()).persistence }));
 *     });
 */
export const everyStore: OnStore = (title, body) => {
  for (const onStore of [onMemory, onSqlite, onMariaDbStore]) onStore(title, body);
};

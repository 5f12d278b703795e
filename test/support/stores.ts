import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ContainerModule } from 'inversify';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import type { Database } from '../../adapters/typeorm/database.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { memoryPersistence, typeormPersistence } from '../../composition/adapters.js';
import { closingInTime } from './closing-in-time.js';
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
  /** Has something done before it is closed, the last first. */
  beforeClosing(deed: () => Promise<void>): void;
  close(): Promise<void>;
}

/** A store as its adapter opens it. */
export type BareStore = Omit<OpenStore, 'beforeClosing' | 'again'> & { again(): Promise<BareStore> };

export type Open = () => Promise<OpenStore>;

const memoryStore = (lab = new MemoryLab()): BareStore => ({
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
export const databaseStore = (
  database: Database,
  again: () => Promise<BareStore>,
  close = () => database.close(),
): BareStore => ({
  persistence: typeormPersistence(database),
  auditEntries: async () => {
    const [row] = await database.source.query<{ entries: number }[]>('SELECT COUNT(*) AS entries FROM audit_log');
    return Number(row?.entries);
  },
  rows: () => rowsIn(database),
  again,
  close,
});

const openUrl = async (url: string): Promise<BareStore> => databaseStore(await openDatabase(url), () => openUrl(url));

interface Spare {
  readonly url: string;
  readonly database: Database;
}

/** Databases that served a test and were emptied: that takes a tenth of the time of making one. */
const spares: Record<'MariaDB' | 'SQLite', Spare[]> = { MariaDB: [], SQLite: [] };

/** For the end of the run; a test gives back what it opened. */
export const closeSpares = async (): Promise<void> => {
  for (const { database } of Object.values(spares).flat()) await database.close();
};

const empty = async (database: Database): Promise<void> => {
  for (const name of await tablesIn(database)) {
    if (name !== 'migrations') await database.source.query(`DELETE FROM \`${name}\``);
  }
};

const openSpare = async (
  kept: Spare[],
  make: () => Promise<string>,
  again: (url: string) => Promise<BareStore>,
): Promise<BareStore> => {
  const fresh = async (): Promise<Spare> => {
    const url = await make();
    return { url, database: await openDatabase(url) };
  };
  const spare = kept.pop() ?? (await fresh());
  let othersLook = false;
  return databaseStore(
    spare.database,
    () => {
      othersLook = true;
      return again(spare.url);
    },
    async () => {
      if (othersLook) {
        await spare.database.close();
      } else {
        await empty(spare.database);
        kept.push(spare);
      }
    },
  );
};

const openOnMariaDb = () => openSpare(spares.MariaDB, freshDatabase, openUrl);

const openOnSqlite = () =>
  openSpare(
    spares.SQLite,
    () => Promise.resolve('sqlite::memory:'),
    () => Promise.reject(new Error('nobody else sees an SQLite database in memory: use onSqliteFile')),
  );

/** The body with what opens its stores, and closes them in time. */
const withStores = (opening: () => Promise<BareStore>, body: (open: Open) => void): void => {
  closingInTime((note) => {
    const noted = async (pending: Promise<BareStore>): Promise<OpenStore> => {
      const store = await pending;
      const deeds: (() => Promise<void>)[] = [];
      let closed = false;
      const tracked: OpenStore = {
        ...store,
        again: () => noted(store.again()),
        beforeClosing: (deed) => void deeds.push(deed),
        close: async () => {
          if (closed) return;
          closed = true;
          for (const deed of deeds.reverse()) await deed();
          await store.close();
        },
      };
      note(tracked);
      return tracked;
    };
    body(() => noted(opening()));
  });
};

/** A suite that runs in one kind of store. */
export type OnStore = (title: string, body: (open: Open) => void) => void;

export const onMemory: OnStore = (title, body) => {
  describe(`${title}, in memory`, () => {
    withStores(() => Promise.resolve(memoryStore()), body);
  });
};

export const onSqlite: OnStore = (title, body) => {
  describe(`${title}, on SQLite`, () => {
    withStores(openOnSqlite, body);
  });
};

/** Slower than `onSqlite`, for what needs a second process or what outlives the first. */
export const onSqliteFile: OnStore = (title, body) => {
  describe(`${title}, on SQLite in a file`, () => {
    let folder = '';
    let files = 0;
    const empty = () => path.join(folder, 'empty.sqlite');
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'openlab-sqlite-'));
      await (await openDatabase(`sqlite:${empty()}`)).close();
    });
    const copied = async (): Promise<BareStore> => {
      const file = path.join(folder, `lab-${++files}.sqlite`);
      await copyFile(empty(), file);
      return openUrl(`sqlite:${file}`);
    };
    withStores(copied, body);
    after(() => rm(folder, { recursive: true, force: true }));
  });
};

export const onMariaDbStore: OnStore = (title, body) => {
  onMariaDb(`${title}, on MariaDB`, () => {
    withStores(openOnMariaDb, body);
  });
};

/**
 * The suite once for each kind of store. `open` gives an empty one, which is closed after the test or hook of a suite
 * that opened it. Its first id need not be 1.
 *
 *     everyStore('keeping bookings', (open) => {
 *       it('loses none', async () => compose(config, { persistence: (await open()).persistence }));
 *     });
 */
export const everyStore: OnStore = (title, body) => {
  for (const onStore of [onMemory, onSqlite, onMariaDbStore]) onStore(title, body);
};

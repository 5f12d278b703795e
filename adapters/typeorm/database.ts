import { setTimeout } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { DomainError } from '../../domain/index.js';
import { isLostRace, isUnreachable } from './sql.js';
import { Turnstile } from './turnstile.js';

/** How long a transaction is tried again before the client is told, in milliseconds; the pauses in between. */
const LONGEST_TRY = 10_000;
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 200;

const busy = () =>
  new DomainError('unavailable', 'database.busy', 'The database is busy with others. Please try again in a moment.');

/** The cause is kept for whoever looks at the error, and told to nobody. */
const unreachable = (cause: unknown): DomainError =>
  Object.assign(
    new DomainError(
      'unavailable',
      'database.unreachable',
      'The database cannot be reached now. Please look whether a change was made, and try again in a moment.',
    ),
    { cause },
  );

/** @throws DomainError `database.unreachable` in place of what the driver says then. */
const reaching = async <Result>(query: Promise<Result>): Promise<Result> => {
  try {
    return await query;
  } catch (error) {
    throw isUnreachable(error) ? unreachable(error) : error;
  }
};

/** Connections at one moment. */
export interface DatabaseLoad {
  readonly open: number;
  readonly busy: number;
  /** Pieces of work that wait for a connection. */
  readonly waiting: number;
}

/** As mysql2 keeps them: it counts them for nobody else. */
interface ServerPool {
  readonly _allConnections: { readonly length: number };
  readonly _freeConnections: { readonly length: number };
  readonly _connectionQueue: { readonly length: number };
}

const loadOfPool = (source: DataSource): DatabaseLoad => {
  const { pool } = source.driver as unknown as { readonly pool?: ServerPool };
  const open = pool?._allConnections.length ?? 0;
  return { open, busy: open - (pool?._freeConnections.length ?? 0), waiting: pool?._connectionQueue.length ?? 0 };
};

/** One database of either family: transactions that are done again when lost, and reads that see committed rows only. */
export class Database {
  readonly source: DataSource;
  readonly #turnstile: Turnstile | null;

  constructor(source: DataSource) {
    this.source = source;
    this.#turnstile = source.options.type === 'better-sqlite3' ? new Turnstile() : null;
  }

  /** Whether it is a server that several processes may use. */
  get isServer(): boolean {
    return this.source.options.type === 'mysql';
  }

  /**
   * `work` in one transaction. It runs again when the database undid it because of another one.
   * @throws DomainError `database.busy` when that went on for ten seconds, `database.unreachable` when there is none.
   * READ COMMITTED: after a calendar is locked, the next statement sees what the previous holder of the lock wrote.
   */
  async transaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    const deadline = performance.now() + LONGEST_TRY;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await (this.#turnstile
          ? this.#turnstile.pass(() => this.#immediate(work))
          : this.source.transaction('READ COMMITTED', work));
      } catch (error) {
        if (isUnreachable(error)) throw unreachable(error);
        if (!isLostRace(error)) throw error;
        if (performance.now() > deadline) throw busy();
        // Uneven, so that those who collided do not meet again at once.
        await setTimeout(Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt));
      }
    }
  }

  /** A read outside of any transaction. With one connection it takes a turn, or its second query would look into one. */
  read<Result>(query: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    const { manager } = this.source;
    return this.#turnstile ? this.#turnstile.pass(() => query(manager)) : reaching(query(manager));
  }

  /** Several reads that all see the same moment. */
  snapshot<Result>(query: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#turnstile
      ? this.#turnstile.pass(() => this.#within('BEGIN', query))
      : reaching(this.source.transaction('REPEATABLE READ', query));
  }

  /** How busy its connections are now. */
  load(): DatabaseLoad {
    return this.#turnstile ? this.#turnstile.load() : loadOfPool(this.source);
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.source.query('SELECT 1');
  }

  close(): Promise<void> {
    return this.source.destroy();
  }

  // A deferred transaction that turns into a writing one fails when another process wrote since it began to read.
  #immediate<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#within('BEGIN IMMEDIATE', work);
  }

  async #within<Result>(begin: string, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    const { manager } = this.source;
    await manager.query(begin);
    try {
      const result = await work(manager);
      await manager.query('COMMIT');
      return result;
    } catch (error) {
      await manager.query('ROLLBACK');
      throw error;
    }
  }
}

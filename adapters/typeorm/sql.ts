import { QueryFailedError, type EntityManager } from 'typeorm';

/** A query and its parameters, ready to be joined into a longer one. */
export const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** Databases limit the parameters of one statement; long lists go in parts of this size. */
const MOST_PARAMETERS = 900;

export const inParts = <T>(items: readonly T[], parametersEach = 1): T[][] => {
  const size = Math.max(1, Math.floor(MOST_PARAMETERS / parametersEach));
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
};

/** Rows of a hand-written query. It is the caller who knows their shape. */
export const rowsOf = async <Row>(
  manager: Pick<EntityManager, 'query'>,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> => await manager.query<Row[]>(sql, [...parameters]);

export const isMysql = (manager: EntityManager): boolean => manager.dataSource.options.type === 'mysql';

const driverErrorOf = (error: unknown): { code?: string; message?: string } =>
  error instanceof QueryFailedError ? (error.driverError as { code?: string; message?: string }) : {};

/** Whether the statement failed because a unique index holds the value already. */
export const isDuplicate = (error: unknown): boolean =>
  ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'ER_DUP_ENTRY'].includes(
    driverErrorOf(error).code ?? '',
  );

/** Whether a duplicate was found by this column's index: SQLite names the column, MySQL the index. */
export const isDuplicateOf = (error: unknown, column: string, indexName: string): boolean => {
  const message = driverErrorOf(error).message ?? '';
  return isDuplicate(error) && (message.includes(`.${column}`) || message.includes(indexName));
};

/** Whether the database undid the transaction because of others, so that doing it again is right. */
export const isLostRace = (error: unknown): boolean =>
  ['ER_LOCK_DEADLOCK', 'ER_CHECKREAD', 'ER_LOCK_WAIT_TIMEOUT', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT'].includes(
    driverErrorOf(error).code ?? '',
  );

const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR', 'ER_SERVER_SHUTDOWN', 'ER_NORMAL_SHUTDOWN'],
  ...['ER_CON_COUNT_ERROR', 'ER_CONNECTION_KILLED', 'ER_NEW_ABORTING_CONNECTION', 'POOL_CLOSED'],
]);

/** Whether the database server could not be reached, or went away in the middle. */
export const isUnreachable = (error: unknown): boolean =>
  UNREACHABLE.has(driverErrorOf(error).code ?? (error as { code?: string }).code ?? '');

/** Text for LIKE that matches itself: the wildcards in it are escaped with `!`. */
export const likeText = (text: string): string => text.replace(/[!%_]/g, '!$&');

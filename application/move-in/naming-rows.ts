import { DomainError, invalid } from '../../domain/index.js';
import { OLD_TABLES, rowName, type OldLab } from './rules/index.js';

/** The rows as they are, telling which of them is read. */
const watched = (old: OldLab, onRead: (row: string) => void): OldLab =>
  Object.fromEntries(
    OLD_TABLES.map((table) => [
      table,
      (old[table] as readonly object[]).map(
        (row) =>
          new Proxy(row, {
            get: (target, column) => {
              onRead(`${table} ${rowName(table, target)}`);
              return Reflect.get(target, column) as unknown;
            },
          }),
      ),
    ]),
  ) as unknown as OldLab;

/**
 * Does what reads the rows of an old lab. Where it stumbles over a row that no rule provides for, it is done once more,
 * to see which row it read last.
 * @param work has the rows from the function that it is given, and does the same each time.
 * @throws DomainError `move-in.unreadable-row` that names table and row.
 */
export const namingRows = <Result>(work: (rowsOf: (old: OldLab) => OldLab) => Result): Result => {
  try {
    return work((old) => old);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    let last = null as string | null;
    try {
      work((old) => watched(old, (row) => (last = row)));
    } catch {
      // As before.
    }
    throw Object.assign(
      invalid(
        'move-in.unreadable-row',
        `The move cannot go on at ${last ?? 'a row that is not known'}: ${error instanceof Error ? error.message : String(error)}. ` +
          'Nothing was written. Please mend or remove that row, and report this: the move should have said more.',
      ),
      { cause: error },
    );
  }
};

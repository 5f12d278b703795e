/**
 * A spreadsheet takes a cell that begins like this for a formula, and runs it on the machine of whoever opens the file. An
 * apostrophe in front makes it text; one that was there already gets another, so that reading takes away exactly one.
 */
const FORMULA = /^'*[=+\-@\t\r]/;
const GUARDED = /^'+[=+\-@\t\r]/;

/** The cell as it is written to a file. */
export const guarded = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);

/** The cell as it was before it was written. */
export const unguarded = (cell: string): string => (GUARDED.test(cell) ? cell.slice(1) : cell);

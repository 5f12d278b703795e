import { stringify } from 'csv-stringify/sync';
import { guarded } from './formula-guard.js';

/** Rows as comma separated text, a line end after each. */
export const writeTableCsv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => row.map(guarded)),
    { quoted_match: /[\r\n]/ },
  );

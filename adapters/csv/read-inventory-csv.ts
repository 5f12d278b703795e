import { CsvError, parse } from 'csv-parse/sync';
import type { InventoryLine } from '../../application/inventory/inventory-row.js';
import { malformed } from '../../domain/index.js';
import { unguarded } from './formula-guard.js';

export interface InventoryFile {
  readonly columns: readonly string[];
  readonly lines: readonly InventoryLine[];
}

/**
 * Reads comma separated UTF-8 with a header line.
 * @throws DomainError `import.unreadable` when it is not that.
 */
export const readInventoryCsv = (content: Uint8Array): InventoryFile => {
  const [header, ...records] = recordsOf(textOf(content));
  const columns = header?.fields.map((name) => name.trim()) ?? [];
  return {
    columns,
    lines: records.map(({ line, fields }) => ({
      line,
      fieldCount: fields.length,
      values: Object.fromEntries(columns.map((column, index) => [column, unguarded(fields[index] ?? '')])),
    })),
  };
};

/** A byte order mark in front of it is left out. */
const textOf = (content: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw malformed('import.unreadable', 'The file is not UTF-8 text.');
  }
};

/** Every line that is not empty, with its number in the file; a quoted field may go on over several. */
const recordsOf = (text: string): { line: number; fields: string[] }[] => {
  try {
    const records = parse(text, {
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({
      line: info.lines - record.join('').split('\n').length + 1,
      fields: record,
    }));
  } catch (error) {
    if (error instanceof CsvError) throw malformed('import.unreadable', `The file is not CSV: ${error.message}`);
    throw error;
  }
};

import { CsvError, parse } from 'csv-parse/sync';
import type { InventoryLine } from '../../application/inventory/inventory-row.js';
import { malformed } from '../../domain/index.js';

export interface InventoryFile {
  readonly columns: readonly string[];
  readonly lines: readonly InventoryLine[];
}

/**
 * Reads comma separated UTF-8 with a header line.
 * @throws DomainError `import.unreadable` when it is not that.
 */
export const readInventoryCsv = (content: Buffer): InventoryFile => {
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  if (text.includes('\uFFFD')) throw malformed('import.unreadable', 'The file is not UTF-8 text.');
  try {
    let columns: string[] = [];
    const records = parse(text, {
      columns: (header: string[]) => (columns = header.map((name) => name.trim())),
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    return { columns, lines: records.map(({ record, info }) => ({ line: info.lines, values: record })) };
  } catch (error) {
    if (error instanceof CsvError) throw malformed('import.unreadable', `The file is not CSV: ${error.message}`);
    throw error;
  }
};

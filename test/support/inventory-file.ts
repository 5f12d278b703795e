import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInventoryCsv } from '../../adapters/csv/read-inventory-csv.js';
import { INVENTORY_COLUMNS, SYSTEM, type ImportReport, type InventoryColumn } from '../../application/index.js';
import type { Lab } from '../../composition/compose.js';
import { packageRoot } from '../../composition/package-root.js';

/** One line of an inventory file by column, to be changed by a test. */
export type FileLine = Record<InventoryColumn, string>;

/** The lab's inventory: 202 rows of 167 devices. */
export const LAB_FILE = join(packageRoot, 'test', 'data', 'lab', 'devices.csv');

export const labText = (): string => readFileSync(LAB_FILE, 'utf8');

/** The lines of the lab's inventory; the first ones when a test needs no more. */
export const labLines = (most = Infinity): FileLine[] =>
  parse<FileLine>(labText(), { columns: true, skip_empty_lines: true }).slice(0, most);

const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** An inventory file of these lines. */
export const fileOf = (
  lines: readonly Partial<FileLine>[],
  columns: readonly InventoryColumn[] = INVENTORY_COLUMNS,
): string =>
  [columns.join(','), ...lines.map((line) => columns.map((column) => quoted(line[column] ?? '')).join(','))]
    .map((line) => `${line}\n`)
    .join('');

/** Imports a file as `npm run import` does. */
export const importFile = (lab: Lab, content: string | Buffer): Promise<ImportReport> => {
  const { columns, lines } = readInventoryCsv(Buffer.from(content));
  return lab.importInventory.execute(SYSTEM, columns, lines);
};

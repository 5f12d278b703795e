import { INVENTORY_COLUMNS, type InventoryColumn } from '../../application/inventory/inventory-row.js';
import { writeTableCsv } from './write-table-csv.js';

/** The lines as comma separated text with a header, which `readInventoryCsv` reads as they were. */
export const writeInventoryCsv = (lines: readonly Readonly<Record<InventoryColumn, string>>[]): string =>
  writeTableCsv([INVENTORY_COLUMNS, ...lines.map((line) => INVENTORY_COLUMNS.map((column) => line[column]))]);

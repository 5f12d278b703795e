import { stringify } from 'csv-stringify/sync';
import { INVENTORY_COLUMNS, type InventoryColumn } from '../../application/inventory/inventory-row.js';
import { guarded } from './formula-guard.js';

/** The lines as comma separated text with a header, which `readInventoryCsv` reads as they were. */
export const writeInventoryCsv = (lines: readonly Readonly<Record<InventoryColumn, string>>[]): string =>
  stringify(
    lines.map((line) => INVENTORY_COLUMNS.map((column) => guarded(line[column]))),
    { header: true, columns: [...INVENTORY_COLUMNS], quoted_match: /[\r\n]/ },
  );

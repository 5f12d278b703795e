import { raw } from 'express';
import { z } from 'zod';
import {
  INVENTORY_COLUMNS,
  MOST_IMPORT_LINES,
  type ExportInventory,
  type ImportInventory,
  type InventoryColumn,
  type InventoryFileFormat,
} from '../../../application/inventory/index.js';
import { read, type Api } from '../shared/api.js';

export interface TransferUseCases {
  readonly importInventory: ImportInventory;
  readonly exportInventory: ExportInventory;
  readonly inventoryFile: InventoryFileFormat;
}

const LARGEST_FILE = '16mb';
const CSV = 'text/csv';
const tag = 'Inventory';

const cell = z
  .union([z.string(), z.number(), z.array(z.string()), z.null()])
  .transform((value) => (Array.isArray(value) ? value.join(';') : String(value ?? '')));

const Entry = z.strictObject(
  Object.fromEntries(INVENTORY_COLUMNS.map((column) => [column, cell.optional()])) as Record<
    InventoryColumn,
    z.ZodOptional<typeof cell>
  >,
);

const Entries = z.array(Entry).max(MOST_IMPORT_LINES);

const ImportBody = z.union([Entries, z.object({ devices: Entries })]).openapi({
  description:
    'Devices by `oi_id`, with the columns of the CSV file as keys. What an entry leaves out stays as it is; `tags` and `ports` may be lists.',
});

const ImportReply = z.object({
  dry_run: z.boolean(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  errors: z.array(z.object({ line: z.int(), column: z.string().nullable(), detail: z.string() })),
  changes: z.array(
    z.object({
      line: z.int(),
      oi_id: z.string().nullable(),
      action: z.enum(['created', 'updated', 'unchanged']),
      fields: z.array(z.string()),
    }),
  ),
});

/** A list has no lines: its first entry counts as line 1. */
const linesOf = (body: z.output<typeof ImportBody>) =>
  (Array.isArray(body) ? body : body.devices).map((values, index) => ({
    line: index + 1,
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  }));

/** The whole inventory in and out. */
export const transferRoutes = (api: Api, useCases: TransferUseCases): Api => {
  const { importInventory, exportInventory, inventoryFile } = useCases;
  return api
    .signedIn({
      method: 'post',
      paths: ['/api/inventory/import'],
      tag,
      summary: 'Read an inventory: all of it, or nothing where there is a mistake',
      query: z.object({ dry_run: z.enum(['true', 'false']).optional() }),
      otherBodies: { 'application/json': ImportBody, [CSV]: z.string() },
      before: [raw({ type: CSV, limit: LARGEST_FILE })],
      refusals: [400, 403, 409],
      reply: {
        status: 200,
        schema: ImportReply,
        description: 'What was done, or with `dry_run` would be, line by line',
      },
      handle: async ({ query }, { caller, request }) => {
        const body: unknown = request.body;
        const file = Buffer.isBuffer(body)
          ? inventoryFile.read(body)
          : { columns: INVENTORY_COLUMNS, lines: linesOf(read(ImportBody, body)) };
        const dryRun = query.dry_run === 'true';
        const report = await importInventory.execute(caller, file.columns, file.lines, dryRun);
        return {
          ...{ dry_run: dryRun, created: report.created, updated: report.updated, unchanged: report.unchanged },
          errors: [],
          changes: report.changes.map(({ line, oiId, action, fields }) => ({
            ...{ line, oi_id: oiId, action, fields: [...fields] },
          })),
        };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/export.csv'],
      tag,
      summary: 'The whole inventory as a file that can be imported',
      reply: {
        status: 200,
        schema: z.string(),
        description: 'UTF-8; cells that a spreadsheet would take for formulas begin with an apostrophe',
        contentType: CSV,
      },
      handle: async (_input, { response }) => {
        const text = inventoryFile.write(await exportInventory.execute());
        response.attachment('inventory.csv').type(`${CSV}; charset=utf-8`).send(text);
        return '';
      },
    });
};

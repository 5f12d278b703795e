import { readFileSync } from 'node:fs';
import { readInventoryCsv } from '../adapters/csv/read-inventory-csv.js';
import { ImportRefused, SYSTEM } from '../application/index.js';
import { DomainError } from '../domain/index.js';
import { configOrExit, openLab } from './open-lab.js';

const paths = process.argv.slice(2);
if (paths.length === 0 || paths.some((path) => path.startsWith('-'))) {
  process.stderr.write('Usage: npm run import -- DEVICES.csv [LINKS.csv]\n');
  process.exit(2);
}

/** A file of links is told from one of devices by its header. */
const LINK_FILE_COLUMN = 'link_id';

const { lab, database } = await openLab(configOrExit({ serving: false }));
try {
  for (const path of paths) {
    const { columns, lines } = readInventoryCsv(readFileSync(path));
    const into = columns.includes(LINK_FILE_COLUMN) ? lab.importLinks : lab.importInventory;
    const report = await into.execute(SYSTEM, columns, lines);
    const { created, updated, unchanged } = report;
    process.stdout.write(`${path}: ${created} created, ${updated} updated, ${unchanged} unchanged\n`);
    const affected = 'affected' in report ? report.affected : [];
    if (affected.length > 0) {
      const ids = affected.map(({ bookingId }) => bookingId).join(', ');
      process.stdout.write(`  fibre of these bookings changed: ${ids}\n`);
    }
  }
} catch (error) {
  if (!(error instanceof DomainError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof ImportRefused) {
    for (const { line, column, detail } of error.errors) {
      process.stderr.write(`  line ${line}${column === null ? '' : `, ${column}`}: ${detail}\n`);
    }
  }
  process.exitCode = 1;
} finally {
  await database.close();
}

import { readFileSync } from 'node:fs';
import { readInventoryCsv } from '../adapters/csv/read-inventory-csv.js';
import { ImportRefused, SYSTEM } from '../application/index.js';
import { DomainError } from '../domain/index.js';
import { configOrExit, openLab } from './open-lab.js';

const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write('Usage: npm run import -- PATH.csv\n');
  process.exit(2);
}

const { lab, database } = await openLab(configOrExit({ serving: false }));
try {
  const { columns, lines } = readInventoryCsv(readFileSync(path));
  const { created, updated, unchanged } = await lab.importInventory.execute(SYSTEM, columns, lines);
  process.stdout.write(`${path}: ${created} created, ${updated} updated, ${unchanged} unchanged\n`);
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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInventoryCsv } from '../adapters/csv/read-inventory-csv.js';
import { SYSTEM } from '../application/index.js';
import type { Lab } from './compose.js';
import { packageRoot } from './package-root.js';

/** Fills a lab that has no device types yet with a few devices, so that a newcomer can book at once. */
export const seedExampleLab = async (lab: Lab): Promise<boolean> => {
  const pristine = await lab.work.run(async ({ deviceTypes }) => (await deviceTypes.all()).length === 0);
  if (!pristine) return false;
  const { columns, lines } = readInventoryCsv(readFileSync(join(packageRoot, 'examples', 'lab.csv')));
  await lab.importInventory.execute(SYSTEM, columns, lines);
  return true;
};

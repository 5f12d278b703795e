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
  const read = (file: string) => readInventoryCsv(readFileSync(join(packageRoot, 'examples', file)));
  const [devices, links] = [read('lab.csv'), read('links.csv')];
  await lab.importInventory.execute(SYSTEM, devices.columns, devices.lines);
  await lab.importLinks.execute(SYSTEM, links.columns, links.lines);
  return true;
};

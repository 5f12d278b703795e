import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInventoryCsv } from '../adapters/csv/read-inventory-csv.js';
import { SYSTEM, type PduForm } from '../application/index.js';
import type { Lab } from './compose.js';
import { packageRoot } from './package-root.js';
import { seedPdus } from './seed-pdus.js';

/** Simulated, like nothing else in the lab: two devices are on only while somebody has them. */
const EXAMPLE_PDU: PduForm = {
  ...{ name: 'PDU1', driver: 'simulated', host: 'example-rack', port: 161, credentials: 'none' },
  ...{ user: null, pduPath: null, externalId: null },
  outlets: [
    { number: 1, device: { name: 'ROADM 1' }, mode: 'on_demand' },
    { number: 2, device: { name: 'ILA 1' }, mode: 'on_demand' },
    { number: 3, device: { name: 'Server 1' }, mode: 'manual' },
    { number: 4, device: { name: 'Switch 1' }, mode: 'always_on' },
  ],
};

/** Fills a lab that has no device types yet with a few devices, so that a newcomer can book at once. */
export const seedExampleLab = async (lab: Lab): Promise<boolean> => {
  const pristine = await lab.work.run(async ({ deviceTypes }) => (await deviceTypes.all()).length === 0);
  if (!pristine) return false;
  const read = (file: string) => readInventoryCsv(readFileSync(join(packageRoot, 'examples', file)));
  const [devices, links] = [read('lab.csv'), read('links.csv')];
  await lab.importInventory.execute(SYSTEM, devices.columns, devices.lines);
  await lab.importLinks.execute(SYSTEM, links.columns, links.lines);
  await seedPdus(lab, [EXAMPLE_PDU]);
  return true;
};

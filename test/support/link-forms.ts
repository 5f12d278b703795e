import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInventoryCsv } from '../../adapters/csv/read-inventory-csv.js';
import { SYSTEM, type LinkImportReport } from '../../application/index.js';
import type { Lab } from '../../composition/compose.js';
import { packageRoot } from '../../composition/package-root.js';
import { importFile, labText } from './inventory-file.js';

/** The links of the lab, as the file has them. */
export const linksText = (): string => readFileSync(join(packageRoot, 'test', 'data', 'lab', 'links.csv'), 'utf8');

/** Imports a file of links as the command does. */
export const importLinkFile = (lab: Lab, content: string, dryRun = false): Promise<LinkImportReport> => {
  const { columns, lines } = readInventoryCsv(Buffer.from(content));
  return lab.importLinks.execute(SYSTEM, columns, lines, { dryRun });
};

/** The whole lab: 167 devices in 202 rows, and the 317 pieces of fibre between them. */
export const importWiredLab = async (lab: Lab): Promise<void> => {
  await importFile(lab, labText());
  await importLinkFile(lab, linksText());
};

/** An end at a port of a device. */
export const atPort = (device_id: number, port: string) => ({ device_id, port });

/** A permanent duplex fibre between two ports. */
export const aFibre = (a: ReturnType<typeof atPort>, b: ReturnType<typeof atPort>) => ({
  ...{ kind: 'direct', a, b, length_km: 0.005, loss_db: 0.4 },
});

/** A duplex pair from a port to a patch switch. */
export const aPatch = (a: ReturnType<typeof atPort>, device_id: number, in_port: number, out_port: number) => ({
  ...{ kind: 'patch', a, b: { device_id, in_port, out_port }, length_km: 0.01, loss_db: 0.5 },
});

/** `npm run restore -- FOLDER [--replace]`: puts a backup in the place of the lab, and checks it. */
import { parseArgs } from 'node:util';
import { BackupProblem } from '../adapters/backup/backup-problem.js';
import { refuseForeignDatabase } from '../adapters/typeorm/open-database.js';
import { papersWithoutFile, restoreLab } from './lab-backup.js';
import { configOrExit, exitOver, openLab } from './open-lab.js';

const given = () => {
  try {
    const { values, positionals } = parseArgs({
      options: { replace: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [folder, ...more] = positionals;
    return folder === undefined || more.length > 0 ? null : { folder, replace: values.replace };
  } catch {
    return null;
  }
};

/** Whoever filed a paper chose its name: no line ends there, and no terminal takes it for an order. */
const printable = (name: string): string => name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');

const wanted = given();
if (wanted === null) {
  process.stderr.write('Usage: npm run restore -- FOLDER [--replace]\n');
  process.exit(2);
}

try {
  const config = configOrExit({ serving: false });
  const { folder, ...how } = wanted;
  // What somebody else made is not replaced either.
  await refuseForeignDatabase(config.env.DATABASE_URL, { cutOff: true });
  const warn = (text: string): void => void process.stderr.write(`WARNING: ${text}\n`);
  const { manifest, putAside, papersPutAside } = await restoreLab(config, folder, { ...how, warn });
  process.stdout.write(`${folder}, made at ${manifest.madeAt} by version ${manifest.version}, is in place.\n`);
  if (putAside !== null) process.stdout.write(`What was there is ${putAside}.\n`);
  if (papersPutAside !== null) process.stdout.write(`Other papers of the same names are in ${papersPutAside}.\n`);
  const { lab, database } = await openLab(config);
  try {
    const lost = await papersWithoutFile(config, database);
    let unforeseen = 0;
    for (const { fileName, vaultName } of lost) {
      const known = manifest.missing.includes(vaultName);
      if (!known) unforeseen += 1;
      const more = known ? '' : ', and the backup does not say so';
      warn(`the paper ${printable(fileName)} (${printable(vaultName)}) has no file${more}`);
    }
    const { bookings, violations } = await lab.checkInvariants.execute();
    process.stdout.write(`${bookings} bookings checked, ${violations.length} violations of I1 to I5\n`);
    process.exitCode = violations.length + unforeseen > 0 ? 1 : 0;
  } finally {
    await database.close();
  }
} catch (error) {
  if (!(error instanceof BackupProblem)) exitOver('The backup cannot be restored', error);
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

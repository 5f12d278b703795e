/** `npm run backup -- FOLDER`: copies the lab while its servers go on. */
import { BackupProblem } from '../adapters/backup/backup-problem.js';
import { backUpLab } from './lab-backup.js';
import { configOrExit, exitOver } from './open-lab.js';

const [folder, ...more] = process.argv.slice(2);
if (folder === undefined || more.length > 0 || folder.startsWith('-')) {
  process.stderr.write('Usage: npm run backup -- FOLDER\n');
  process.exit(2);
}

try {
  const { files, missing } = await backUpLab(configOrExit({ serving: false }), folder);
  const papers = Object.keys(files).length - 1;
  process.stdout.write(`${folder}: the database and ${papers} papers\n`);
  if (missing.length > 0) {
    process.stderr.write(`WARNING: the lab has ${missing.length} papers without a file: ${missing.join(', ')}\n`);
  }
} catch (error) {
  if (!(error instanceof BackupProblem)) exitOver('The backup cannot be made', error);
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

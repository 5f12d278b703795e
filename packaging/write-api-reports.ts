/** `npm run api [-- --check]`: writes docs/api/, or fails and says what of the public surface has changed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../composition/package-root.js';
import { apiReports } from './api-reports.js';
import { changedReports } from './changed-reports.js';
import { surface } from './surface.js';

const folder = join(packageRoot, 'docs/api');
const texts = {
  ...Object.fromEntries(Object.entries(await apiReports()).map(([entry, text]) => [`${entry}.api.md`, text])),
  'surface.md': await surface(),
};

if (process.argv.includes('--check')) {
  const changes = await changedReports(folder, texts);
  for (const change of changes) process.stderr.write(change);
  if (changes.length > 0) {
    process.exitCode = 1;
    process.stderr.write('If that is meant: npm run api, and docs/versioning.md.\n');
  }
} else {
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(texts)) await writeFile(join(folder, file), text);
}

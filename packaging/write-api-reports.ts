/** `npm run api [-- --check]`: writes docs/api/*.api.md, or fails and says what of the public surface has changed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../composition/package-root.js';
import { apiReports } from './api-reports.js';

const folder = join(packageRoot, 'docs/api');
const check = process.argv.includes('--check');

const linesOnlyIn = (text: string, other: string): string[] => {
  const known = new Set(other.split('\n'));
  return text.split('\n').filter((line) => !known.has(line));
};

await mkdir(folder, { recursive: true });
for (const [entry, text] of Object.entries(await apiReports())) {
  const path = join(folder, `${entry}.api.md`);
  if (!check) await writeFile(path, text);
  else {
    const kept = await readFile(path, 'utf8').catch(() => '');
    if (kept === text) continue;
    process.exitCode = 1;
    const gone = linesOnlyIn(kept, text).map((line) => `- ${line}\n`);
    const come = linesOnlyIn(text, kept).map((line) => `+ ${line}\n`);
    process.stderr.write(`What openlab/${entry} shows has changed:\n${gone.join('')}${come.join('')}`);
  }
}
if (process.exitCode) process.stderr.write('If that is meant: npm run api, and docs/versioning.md.\n');

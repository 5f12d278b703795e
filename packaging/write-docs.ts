/** `npm run docs:domain [-- --check]`: writes docs/domain.md, or fails when it would be another. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../composition/package-root.js';
import { domainText } from './domain-text.js';

const path = join(packageRoot, 'docs/domain.md');
const text = await domainText();
if (!process.argv.includes('--check')) await writeFile(path, text);
else if ((await readFile(path, 'utf8')) !== text) {
  process.stderr.write('docs/domain.md is not what the comments in domain/ say: run npm run docs:domain\n');
  process.exitCode = 1;
}

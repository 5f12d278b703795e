/** `npm run docs:domain [-- --check]`: writes docs/domain.md and docs/application.md, or fails when one would be another. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../composition/package-root.js';
import { layerTexts } from './layer-texts.js';

const check = process.argv.includes('--check');

for (const [layer, text] of Object.entries(await layerTexts())) {
  const path = join(packageRoot, `docs/${layer}.md`);
  if (!check) await writeFile(path, text);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`docs/${layer}.md is not what the comments in ${layer}/ say: run npm run docs:domain\n`);
    process.exitCode = 1;
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openApiText } from './openapi-text.js';
import { packageRoot } from './package-root.js';

const path = join(packageRoot, 'docs', 'openapi.json');
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, openApiText());

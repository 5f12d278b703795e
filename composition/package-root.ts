import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const findUp = (from: string): string => (existsSync(join(from, 'package.json')) ? from : findUp(dirname(from)));

/** The folder of package.json, both from sources and from `dist`. */
export const packageRoot = findUp(dirname(fileURLToPath(import.meta.url)));

export const packageVersion = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

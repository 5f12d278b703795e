import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OldLab } from '../../domain/move-in/index.js';
import { packageRoot } from '../../composition/package-root.js';
import { rowsOfDump } from './old-dump.js';

export const legacyFile = (name: string): string => path.join(packageRoot, 'test', 'data', 'legacy', name);

let kept: OldLab | undefined;

/** The example of an old lab with every oddity, as its dump has it. */
export const legacyLab = (): OldLab => (kept ??= rowsOfDump(legacyFile('lab.sql')) as unknown as OldLab);

/** What is known of it. */
export const legacyCounts = () => JSON.parse(readFileSync(legacyFile('counts.json'), 'utf8'));

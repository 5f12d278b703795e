import { rmSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { packageRoot } from '../../composition/package-root.js';
import { atTheEnd } from './at-the-end.js';

/** Inside the project, so that packages are found from there; of this process, so that runs do not share it. */
const folder = path.join(packageRoot, 'dist', 'programs', String(process.pid));

/** What programs start in a thread, looked for beside them. */
const thread = path.join(packageRoot, 'adapters/solver/solver-thread.ts');

const built = new Map<string, string>();

const build = (source: string): string => {
  if (built.size === 0) atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  const name = `${built.size + 1}`;
  const outdir = path.join(folder, name);
  buildSync({
    entryPoints: { program: source, 'solver-thread': thread },
    ...{ outdir, bundle: true, splitting: true, platform: 'node', format: 'esm', packages: 'external' },
  });
  const program = path.join(outdir, 'program.js');
  built.set(source, program);
  return program;
};

/**
 * A program of these sources in one file: started from the sources, each process would spend more than a second on
 * reading a thousand of them.
 */
export const builtProgram = (source: string): string => built.get(source) ?? build(source);

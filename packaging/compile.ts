import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../composition/package-root.js';

const run = promisify(execFile);

/** A tsconfig.json. Its paths are absolute. */
export interface Project {
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  readonly include: readonly string[];
}

/**
 * Compiles with the settings of this repository, and those of the project over them.
 * @throws Error with what the compiler says when something does not compile.
 */
export const compile = async ({ compilerOptions, include }: Project): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'openlab-compile-'));
  try {
    const project = join(folder, 'tsconfig.json');
    const settings = {
      ...{ extends: join(packageRoot, 'tsconfig.json'), include },
      compilerOptions: { rootDir: packageRoot, ...compilerOptions },
    };
    await writeFile(project, JSON.stringify(settings));
    await run(process.execPath, [join(packageRoot, 'node_modules/typescript/bin/tsc'), '-p', project]);
  } catch (error) {
    throw new Error(`it does not compile: ${(error as { stdout?: string }).stdout ?? ''}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
};

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stageDomain } from './stage-domain.js';

const run = promisify(execFile);

/** What npm says of a tarball that it made. Sizes are bytes. */
export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Packs the folder as `npm publish` would, without running any of its scripts. */
export const pack = async (folder: string, into: string): Promise<Packed> => {
  await mkdir(into, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', into], {
    ...{ cwd: folder, maxBuffer: 16 * 1024 * 1024 },
  });
  const [packed] = JSON.parse(stdout) as Packed[];
  if (!packed) throw new Error('npm packed nothing');
  return packed;
};

/** Makes the tarball of domain and application. */
export const packDomain = async (into: string): Promise<Packed> => {
  const stage = await mkdtemp(join(tmpdir(), 'openlab-pack-'));
  try {
    await stageDomain(stage);
    return await pack(stage, into);
  } finally {
    await rm(stage, { recursive: true });
  }
};

/** `npm run sbom`: what a production install holds, as CycloneDX JSON on standard output. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../composition/package-root.js';

interface Locked {
  readonly dev?: boolean;
  readonly devDependencies?: object;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(packageRoot, file), 'utf8'));

const { devDependencies: _, ...manifest } = read('package.json') as Record<string, unknown>;
const lock = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const production = Object.entries(lock.packages)
  .filter(([, { dev = false }]) => !dev)
  .map(([path, { devDependencies: __, ...locked }]) => [path, locked] as const);

// `npm sbom --omit dev` also leaves out what a package for development needs as well, express for one. And it calls the
// whole after the folder that it runs in.
const parent = mkdtempSync(join(tmpdir(), 'openlab-sbom-'));
try {
  const folder = join(parent, 'openlab');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ ...lock, packages: Object.fromEntries(production) }),
  );
  const options = ['--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  execFileSync('npm', ['sbom', ...options], { cwd: folder, stdio: 'inherit' });
} finally {
  rmSync(parent, { recursive: true });
}

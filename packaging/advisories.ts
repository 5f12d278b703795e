import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../composition/package-root.js';

/** One advisory that stands against a package that ships. */
export interface Advisory {
  readonly package: string;
  /** Its address. */
  readonly url: string;
  readonly severity: string;
  readonly title: string;
}

/** An advisory that does not hold here; docs/dependencies.md says the same to people. */
export interface Exception {
  readonly url: string;
  readonly reason: string;
}

/** `npm audit --json`; `vulnerabilities` is missing where the registry gave no answer. */
interface Audit {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<
      string,
      { readonly via: readonly (string | { name: string; url: string; severity: string; title: string })[] }
    >
  >;
}

const audited = (folder: string): Promise<Audit> =>
  new Promise((resolve, reject) => {
    // It exits with 1 as well when it found something.
    execFile('npm', ['audit', '--omit=dev', '--json'], { cwd: folder }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout) as Audit);
      } catch {
        reject(error ?? new Error('npm audit said nothing'));
      }
    });
  });

/** The advisories against what a production install holds; null when the registry does not answer such questions. */
export const advisories = async (folder = packageRoot): Promise<Advisory[] | null> => {
  const { vulnerabilities } = await audited(folder);
  if (!vulnerabilities) return null;
  const found = Object.values(vulnerabilities).flatMap(({ via }) =>
    via.filter((cause) => typeof cause !== 'string').map(({ name, ...rest }) => ({ package: name, ...rest })),
  );
  return [...new Map(found.map((advisory) => [advisory.url, advisory])).values()];
};

/** Those that count, less those that are excused. */
export const unexcused = (found: readonly Advisory[], exceptions: readonly Exception[]): Advisory[] =>
  found.filter(({ url }) => !exceptions.some((exception) => exception.url === url));

/** Packages of the lock file that their makers call deprecated, as `name: what they say`. */
export const deprecatedIn = (folder = packageRoot): { readonly direct: string[]; readonly indirect: string[] } => {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, object>;
  const manifest = read('package.json');
  const names = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
  const said = Object.entries(read('package-lock.json').packages as Record<string, { deprecated?: string }>)
    .filter(([, { deprecated }]) => deprecated !== undefined)
    .map(([path, { deprecated = '' }]) => ({ path, line: `${path.replace('node_modules/', '')}: ${deprecated}` }));
  const isDirect = ({ path }: { path: string }) => names.has(path.replace('node_modules/', ''));
  return {
    direct: said.filter(isDirect).map(({ line }) => line),
    indirect: said.filter((item) => !isDirect(item)).map(({ line }) => line),
  };
};

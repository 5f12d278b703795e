import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { packageRoot } from '../../composition/package-root.js';

interface Manifest {
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

const SHIPPED = ['domain', 'application', 'adapters', 'composition'];
const LAYERS = [...SHIPPED, 'packaging', 'bench', 'test'];

const own = manifestIn(packageRoot);

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const textsIn = async (folder: string, shape: RegExp): Promise<string[]> => {
  const root = path.join(packageRoot, folder);
  return (await readdir(root, { recursive: true }))
    .filter((file) => shape.test(file))
    .map((file) => readFileSync(path.join(root, file), 'utf8'));
};

/** Packages that these sources import, types included. */
const importedIn = (sources: readonly string[]): Set<string> =>
  new Set(
    sources
      .flatMap((source) => ts.preProcessFile(source, true, true).importedFiles)
      .map(({ fileName }) => fileName)
      .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('/') && !isBuiltin(specifier))
      .map(packageOf),
  );

const typesOf = (name: string): string => `@types/${name.replace('@', '').replace('/', '__')}`;

describe('The packages that are installed', () => {
  let shipped: Set<string>;
  let imported: Set<string>;
  let texts: string;

  before(async () => {
    const code = /\.[cm]?[jt]s$/;
    shipped = importedIn((await Promise.all(SHIPPED.map((layer) => textsIn(layer, code)))).flat());
    const configurations = ['eslint.config.js', '.dependency-cruiser.cjs', '.ci/reporter.cjs', '.mocharc.json'].map(
      (file) => readFileSync(path.join(packageRoot, file), 'utf8'),
    );
    const all = [...(await Promise.all(LAYERS.map((layer) => textsIn(layer, code)))).flat(), ...configurations];
    imported = importedIn(all);
    texts = [...all, ...(await textsIn('packaging', /\.json$/))].join('\n');
  });

  /** Named by a path or a setting, or run in a script. */
  const isRun = (name: string): boolean => {
    const { bin = {} } = manifestIn(path.join(packageRoot, 'node_modules', name));
    const programs = typeof bin === 'string' ? [name] : Object.keys(bin);
    const words = Object.values(own.scripts ?? {}).flatMap((script) => script.split(/[\s"]+/));
    return (
      programs.some((program) => words.includes(program)) ||
      [`node_modules/${name}/`, `"${name}"`].some((mention) => texts.includes(mention))
    );
  };

  it('are all imported by what ships, or loaded by a package that is', () => {
    const loaded = new Set(
      [...shipped].flatMap((name) => {
        const folder = path.join(packageRoot, 'node_modules', name);
        return existsSync(folder) ? Object.keys(manifestIn(folder).peerDependencies ?? {}) : [];
      }),
    );
    const unused = Object.keys(own.dependencies).filter((name) => !shipped.has(name) && !loaded.has(name));
    expect(unused).to.deep.equal([]);
  });

  it('are used in development, where they are for development', () => {
    const typed = new Set([...imported, 'node'].map(typesOf));
    const unused = Object.keys(own.devDependencies).filter(
      (name) => !imported.has(name) && !typed.has(name) && !isRun(name),
    );
    expect(unused).to.deep.equal([]);
  });

  it('are declared, also those that happen to be there for the sake of others', () => {
    const declared = new Set([...Object.keys(own.dependencies), ...Object.keys(own.devDependencies), 'openlab']);
    expect([...imported].filter((name) => !declared.has(name))).to.deep.equal([]);
  });
});

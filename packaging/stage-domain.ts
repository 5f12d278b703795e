import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../composition/package-root.js';
import { compile } from './compile.js';

/** Where a program finds an entry, by its kind of module; the types follow the kind. */
const entry = (path: string) => ({
  import: { types: `./esm/${path}/index.d.ts`, default: `./esm/${path}/index.js` },
  require: { types: `./cjs/${path}/index.d.ts`, default: `./cjs/${path}/index.js` },
});

/** package.json of the domain package. */
export const domainManifest = async () => {
  const whole = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { version, license } = whole;
  return {
    name: 'openlab-domain',
    version,
    description:
      'The rules and use cases of a shared research lab: bookings, inventory, topologies, power. No dependencies.',
    license,
    // No native driver ties it to the versions that the whole system runs on.
    engines: { node: '>=20.19.0' },
    type: 'module',
    sideEffects: false,
    exports: {
      '.': entry('domain'),
      './domain': entry('domain'),
      './domain/*': entry('domain/*'),
      './application': entry('application'),
      './package.json': './package.json',
    },
    // For what does not read exports: TypeScript with the module resolution of Node 10.
    main: './cjs/domain/index.js',
    types: './cjs/domain/index.d.ts',
  };
};

/** What can be imported, as paths of folders. */
const entries = async (): Promise<string[]> => {
  const contexts = await readdir(join(packageRoot, 'domain'), { withFileTypes: true });
  return [
    'domain',
    ...contexts.filter((item) => item.isDirectory()).map(({ name }) => `domain/${name}`),
    'application',
  ];
};

const write = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
};

const pathBetween = (folder: string, file: string): string => relative(folder, file).replaceAll('\\', '/');

/** All code in one file, of which every entry shows its part. */
const writeCommonJs = async (folder: string, paths: readonly string[]): Promise<void> => {
  const partOf = (path: string) => path.replaceAll('/', '_');
  const contents = paths.map((path) => `export * as ${partOf(path)} from './${path}/index.js';`).join('\n');
  await build({
    ...{ stdin: { contents, resolveDir: packageRoot, loader: 'ts' }, outfile: join(folder, 'lab.js') },
    ...{ bundle: true, minifyWhitespace: true, format: 'cjs', target: 'es2023', platform: 'neutral' },
  });
  await write(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  for (const path of paths) {
    const lab = pathBetween(join(folder, path), join(folder, 'lab.js'));
    await write(join(folder, path, 'index.js'), `module.exports = require('${lab}').${partOf(path)};\n`);
  }
};

/** ES modules that show the same code, so that a program of both kinds has every class once. */
const writeEsModules = async (folder: string, paths: readonly string[]): Promise<void> => {
  const require = createRequire(join(folder, 'package.json'));
  for (const path of paths) {
    const common = join(folder, '../cjs', path, 'index.js');
    const from = pathBetween(join(folder, path), common);
    const names = Object.keys(require(common) as object).sort();
    const shown = names.map((name) => `  ${name},\n`).join('');
    const text = `import lab from '${from}';\n\nexport const {\n${shown}} = lab;\n`;
    await write(join(folder, path, 'index.js'), text);
    await write(join(folder, path, 'index.d.ts'), `export * from '${from}';\n`);
  }
};

/** Writes the declarations of both layers. Neither Node nor a browser is there for them: only the language. */
const writeDeclarations = (outDir: string): Promise<void> =>
  compile({
    compilerOptions: { outDir, emitDeclarationOnly: true, sourceMap: false, types: [], lib: ['ES2023'] },
    include: ['domain', 'application'].map((layer) => join(packageRoot, layer)),
  });

/** Lays out the package of domain and application in the folder as it is to be packed. */
export const stageDomain = async (folder: string): Promise<void> => {
  const paths = await entries();
  const modules = async () => {
    await writeCommonJs(join(folder, 'cjs'), paths);
    await writeEsModules(join(folder, 'esm'), paths);
  };
  await Promise.all([
    writeDeclarations(join(folder, 'cjs')),
    modules(),
    write(join(folder, 'package.json'), `${JSON.stringify(await domainManifest(), null, 2)}\n`),
    cp(join(packageRoot, 'packaging/domain-readme.md'), join(folder, 'README.md')),
    ...['LICENSE', 'CHANGELOG.md'].map((file) => cp(join(packageRoot, file), join(folder, file))),
  ]);
};

import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel, ExtractorMessageCategory } from '@microsoft/api-extractor';
import { packageRoot } from '../composition/package-root.js';
import { compile } from './compile.js';

/** Exports of the package, and where their declarations are. A later one may use those before it. */
const ENTRIES = { domain: 'domain', application: 'application', contracts: 'test/contracts' } as const;
export type Entry = keyof typeof ENTRIES;

/** What one export uses of another it imports as everybody else does, so that a report is about that export alone. */
const withPublicImports = (text: string): string =>
  text.replaceAll(/(['"])(?:\.\.\/)+(domain|application)\/(?:[\w-]+\/)*[\w-]+\.js\1/g, `'openlab/$2'`);

/** Moves an entry's declarations into a package of its own. */
const isolate = async (declarations: string, project: string): Promise<void> => {
  await mkdir(project, { recursive: true });
  await cp(declarations, project, { recursive: true });
  for (const file of await readdir(project, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue;
    const path = join(project, file);
    await writeFile(path, withPublicImports(await readFile(path, 'utf8')));
  }
};

const extract = async (entry: Entry, project: string, reports: string): Promise<string> => {
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: `openlab-${entry}`, type: 'module' }));
  const compilerOptions = { module: 'NodeNext', target: 'ES2023', strict: true, types: [], noEmit: true };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.d.ts'] }));
  const extractorConfig = ExtractorConfig.prepare({
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: join(project, 'index.d.ts'),
      compiler: { tsconfigFilePath: join(project, 'tsconfig.json') },
      apiReport: {
        ...{ enabled: true, reportFileName: `${entry}.api.md`, includeForgottenExports: true },
        ...{ reportFolder: reports, reportTempFolder: join(project, 'temp') },
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(project, 'package.json'),
  });
  const unresolved: string[] = [];
  Extractor.invoke(extractorConfig, {
    localBuild: true,
    messageCallback: (message) => {
      // What the compiler does not find is missing for everybody else, too.
      if (message.category === ExtractorMessageCategory.Compiler) unresolved.push(message.text);
      message.handled = true;
    },
  });
  if (unresolved.length > 0) throw new Error(`openlab/${entry} names what cannot be had:\n${unresolved.join('\n')}`);
  const report = await readFile(join(reports, `${entry}.api.md`), 'utf8');
  // Whether something has a comment is a matter of docs/domain.md and docs/application.md.
  return report.replaceAll(/^ *\/\/ (?:@public )?\(undocumented\)\n/gm, '');
};

/** What each export shows to the world, in files that change when, and only when, that changes. */
export const apiReports = async (): Promise<Record<Entry, string>> => {
  const folder = await mkdtemp(join(tmpdir(), 'openlab-api-'));
  try {
    const declarations = join(folder, 'declarations');
    await compile({
      compilerOptions: {
        ...{ outDir: declarations, emitDeclarationOnly: true, sourceMap: false, removeComments: true },
        typeRoots: [join(packageRoot, 'node_modules/@types')],
      },
      include: [join(packageRoot, ENTRIES.contracts), join(packageRoot, 'application')],
    });
    const modules = join(folder, 'node_modules/openlab');
    const exports = Object.fromEntries(
      Object.keys(ENTRIES).map((entry) => [`./${entry}`, { types: `./${entry}/index.d.ts` }]),
    );
    await mkdir(modules, { recursive: true });
    await writeFile(join(modules, 'package.json'), JSON.stringify({ name: 'openlab', type: 'module', exports }));
    const reports = join(folder, 'reports');
    await mkdir(reports);
    const texts: Partial<Record<Entry, string>> = {};
    for (const [entry, path] of Object.entries(ENTRIES) as [Entry, string][]) {
      const project = join(folder, entry);
      await isolate(join(declarations, path), project);
      await cp(project, join(modules, entry), { recursive: true });
      texts[entry] = await extract(entry, project, reports);
    }
    return texts as Record<Entry, string>;
  } finally {
    await rm(folder, { recursive: true });
  }
};

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../composition/package-root.js';
import { domainManifest } from './stage-domain.js';

/** What can be imported of a package, by `exports` of its package.json. */
const entriesOf = (title: string, { exports }: { readonly exports: Readonly<Record<string, unknown>> }): string =>
  [`## Entries of ${title}`, '', ...Object.keys(exports).map((entry) => `- \`${entry}\``)].join('\n');

const sourcesIn = async (folder: string): Promise<string[]> => {
  const files = await readdir(join(packageRoot, folder), { recursive: true });
  return files.filter((file) => file.endsWith('.ts')).map((file) => join(packageRoot, folder, file));
};

/** What each context of the domain exports, types as well: the whole says nothing of how it is divided. */
const namesByContext = async (): Promise<string> => {
  const contexts = (await readdir(join(packageRoot, 'domain'), { withFileTypes: true }))
    .filter((item) => item.isDirectory())
    .map(({ name }) => name)
    .sort();
  const index = (context: string): string => join(packageRoot, 'domain', context, 'index.ts');
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, noLib: true, types: [] };
  const program = ts.createProgram(contexts.map(index), options);
  const checker = program.getTypeChecker();
  const namesOf = (context: string): string[] => {
    const source = program.getSourceFile(index(context));
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`domain/${context} is no module`);
    return checker
      .getExportsOfModule(module)
      .map(({ name }) => name)
      .sort();
  };
  return contexts
    .flatMap((context) => [`### domain/${context}`, '', ...namesOf(context).map((name) => `- ${name}`), ''])
    .join('\n');
};

/** Words in two parts, as codes of refusals, kinds of events and deeds in the audit trail are. */
const WORD = /'([a-z][a-z-]*(?:\.[a-z][a-z-]*)+)'/g;
const NO_WORD = /\.(csv|yaml|too\.large)$/;
/** Moving in tells reasons to people in a report that no program reads. */
const NOT_PUBLIC = /[/\\]move-in[/\\]/;

const words = async (): Promise<string> => {
  const files = (await Promise.all(['domain', 'application', 'adapters'].map(sourcesIn))).flat();
  const found = new Set<string>();
  for (const file of files.filter((each) => !NOT_PUBLIC.test(each))) {
    for (const [, word = ''] of (await readFile(file, 'utf8')).matchAll(WORD)) if (!NO_WORD.test(word)) found.add(word);
  }
  return [...found]
    .sort()
    .map((word) => `- \`${word}\``)
    .join('\n');
};

/** What can be imported, and by which words the lab answers: a text that changes when, and only when, those do. */
export const surface = async (): Promise<string> => {
  const whole = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { exports: object };
  return [
    '# What is public beside the signatures',
    '',
    '`npm run api` writes this. What stands here is what others import, compare with and wait for.',
    '',
    entriesOf('openlab', whole as { exports: Readonly<Record<string, unknown>> }),
    '',
    entriesOf('openlab-domain', await domainManifest()),
    '',
    '## Names by context',
    '',
    await namesByContext(),
    '## Codes, kinds of events and deeds',
    '',
    await words(),
    '',
  ].join('\n');
};

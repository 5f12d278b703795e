import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../composition/package-root.js';

const run = promisify(execFile);

const HEADING = `# The rules of the lab

Everything that \`openlab-domain\` and \`openlab/domain\` export, by context. \`npm run docs:domain\` writes this from the comments in \`domain/\`: change it there.

An instant is a number of milliseconds since 1970 in UTC; a slot is half-open. What a rule throws is a \`DomainError\` unless it says otherwise.
`;

/** One level deeper, and with links that lead within one file. */
const asPart = (text: string): string =>
  text.replaceAll(/^(#{1,5}) /gm, '#$1 ').replaceAll(/\]\((?:[\w-]+\.md)?#/g, '](#');

/**
 * The text of docs/domain.md.
 * @throws Error that names everything that is exported without a word on its meaning, or with a type that is not.
 */
export const domainText = async (): Promise<string> => {
  const out = await mkdtemp(join(tmpdir(), 'openlab-docs-'));
  try {
    const typedoc = join(packageRoot, 'node_modules/typedoc/bin/typedoc');
    const options = join(packageRoot, 'packaging/typedoc.json');
    await run(process.execPath, [typedoc, '--options', options, '--out', out]).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`not all of the domain is documented:\n${stdout}${stderr}`);
    });
    const files = (await readdir(out)).filter((file) => file !== 'README.md').sort();
    const parts = await Promise.all(files.map((file) => readFile(join(out, file), 'utf8')));
    return [HEADING, ...parts.map(asPart)].join('\n');
  } finally {
    await rm(out, { recursive: true });
  }
};

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../composition/package-root.js';

const run = promisify(execFile);

const HEADINGS = {
  domain: `# The rules of the lab

Everything that \`openlab-domain\` and \`openlab/domain\` export, by context. \`npm run docs:domain\` writes this from the comments in \`domain/\`: change it there.

An instant is a number of milliseconds since 1970 in UTC; a slot is half-open. What a rule throws is a \`DomainError\` unless it says otherwise.
`,
  application: `# The use cases of the lab, and the ports that they need

Everything that \`openlab-domain/application\` and \`openlab/application\` export, by context; what all contexts share comes first. \`npm run docs:domain\` writes this from the comments in \`application/\`: change it there. The rules are in [domain.md](domain.md).

An instant is a number of milliseconds since 1970 in UTC; lengths are milliseconds too unless a name says minutes, hours or days; a day is one of the lab's time zone.

- A use case that refuses throws a \`DomainError\`, \`permission.denied\` when the actor's role does not allow it; what it began to write is undone.
- A port answers null for what there is not; removing what is not there does nothing.
- What is there "within a unit of work" comes from \`UnitOfWork.run\`: it sees what that work wrote, and is of no use after it. What reads "outside of any transaction" sees what was committed.
- A work that claims something waits for whoever has it, and has it until it ends. A method that makes others wait says so.
`,
} as const;

/** A layer whose exports are written down. */
export type Layer = keyof typeof HEADINGS;

/** One level deeper, without the layer before each context, and with links that lead to the file of a layer. */
const asPart = (text: string, layer: Layer): string =>
  text
    .replace(/^# (?:domain|application)\//, '# ')
    .replaceAll(/^(#{1,5}) /gm, '#$1 ')
    .replaceAll(/\]\(([\w./-]*)#/g, (_, path: string) => {
      const other = /(domain|application)[/.]/.exec(path)?.[1] ?? layer;
      return other === layer ? '](#' : `](${other}.md#`;
    });

/** Where each export of a layer is, as pages count headings that read alike. */
const anchorsIn = (text: string): Map<string, string> => {
  const seen = new Map<string, number>();
  const anchors = new Map<string, string>();
  for (const [, level = '', title = ''] of text.matchAll(/^(#{2,6}) (.+)$/gm)) {
    const plain = title.replaceAll('\\', '').replaceAll(/[^\w\- ]/g, '');
    const slug = plain.toLowerCase().replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    if (level === '####') anchors.set(plain, before === 0 ? slug : `${slug}-${before}`);
  }
  return anchors;
};

/** Typedoc counts the headings of each context by itself: links to exports are led to where those are in the whole. */
const pointed = (texts: Record<Layer, string>, layer: Layer): string => {
  const anchors = { domain: anchorsIn(texts.domain), application: anchorsIn(texts.application) };
  return texts[layer].replaceAll(
    /(\[`(\w+)`\]\((?:(domain|application)\.md)?#)([\w-]+)/g,
    (whole, start: string, name: string, other: Layer | undefined, given: string) => {
      const anchor = anchors[other ?? layer].get(name);
      return anchor?.replace(/-\d+$/, '') === given.replace(/-\d+$/, '') ? `${start}${anchor}` : whole;
    },
  );
};

/** What is exported for all contexts is in a file beside the folder of the others. */
const filesOf = async (out: string, layer: Layer): Promise<string[]> => {
  const contexts = (await readdir(join(out, layer))).sort().map((file) => join(layer, file));
  const whole = `${layer}.md`;
  return (await readdir(out)).includes(whole) ? [whole, ...contexts] : contexts;
};

/**
 * The texts of docs/domain.md and docs/application.md.
 * @throws Error that names everything that is exported without a word on its meaning, or with a type that is not.
 */
export const layerTexts = async (): Promise<Record<Layer, string>> => {
  const out = await mkdtemp(join(tmpdir(), 'openlab-docs-'));
  try {
    const typedoc = join(packageRoot, 'node_modules/typedoc/bin/typedoc');
    const options = join(packageRoot, 'packaging/typedoc.json');
    await run(process.execPath, [typedoc, '--options', options, '--out', out]).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`not all of domain and application is documented:\n${stdout}${stderr}`);
    });
    const textOf = async (layer: Layer): Promise<string> => {
      const parts = await Promise.all((await filesOf(out, layer)).map((file) => readFile(join(out, file), 'utf8')));
      return [HEADINGS[layer], ...parts.map((part) => asPart(part, layer))].join('\n');
    };
    const texts = { domain: await textOf('domain'), application: await textOf('application') };
    return { domain: pointed(texts, 'domain'), application: pointed(texts, 'application') };
  } finally {
    await rm(out, { recursive: true });
  }
};
